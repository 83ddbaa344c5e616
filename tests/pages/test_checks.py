"""The page Checks: what it says of the tiny dataset and the sample, what it says where there is nothing, and its links."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pyarrow.parquet as pq
from streamlit.testing.v1 import AppTest

from tests.conftest import wide_table
from tests.pages.conftest import said

Visit = Callable[..., AppTest]

SECTIONS = {
    "preferences": ["Does it reward length?", "Does it reward formatting?", "Does it like refusals?"],
    "reliability": ["Does one text get one reward?", "Does it agree with RewardBench's pairs?"],
    "data quality": ["Is the data as it should be?"],
}
NO_COLUMNS = "The source has no columns prompt_response_i or rformatted_prompt_response_i."
REFUSAL = "I cannot help with that."


def written(file: Path, *rows: dict[str, Any]) -> str:
    """The rows as a Parquet file; its path."""
    file.parent.mkdir(exist_ok=True)
    pq.write_table(wide_table([*rows]), file)
    return str(file)


def linked(at: AppTest) -> list[tuple[str, dict[str, list[str]]]]:
    """The page's own links to prompts: their label and parameters."""
    links = [link.proto for link in at.get("page_link") if link.proto.page == "prompts"]
    return [(link.label, parse_qs(link.query_string)) for link in links if link.label != "Prompts"]


def views(visit: Visit, **asked: Any) -> dict[str, AppTest]:
    """Each of the page's three views, with the headings that belong to it."""
    found = {show: visit("checks.py", show=show, **asked) for show in SECTIONS}
    for show, at in found.items():
        assert not at.exception
        assert not at.error
        assert [heading.value for heading in at.header] == SECTIONS[show]
    return found


def test_the_sample_has_every_section(visit: Visit) -> None:
    found = views(visit, data="sample", formatted="1")
    preferences, reliability, quality = found.values()
    assert "The best and the median candidate of each of 69 prompts with three or more scored candidates." in said(
        preferences
    )
    words = said(reliability)
    assert "their rewards differ with a standard deviation of 0.35. That is this scorer's noise." in words
    assert "chosen is above rejected in 33 of 33 decided prompts (95 % interval 90 % to 100 %);" in words
    words = said(quality)
    assert "32 of 6,900 candidates, in 32 prompts, have no reward" in words
    assert "0 of 13,800 formatted texts do not contain their response." in words
    by_subset, refusals = (frame.value for frame in preferences.dataframe)
    (agreement,) = (frame.value for frame in reliability.dataframe)
    assert (len(by_subset), len(refusals)) == (23, 23)
    assert agreement["decided"].tolist() == [33, *agreement["decided"].tolist()[1:]]
    assert agreement["decided"].sum() == 2 * 33
    refusing = refusals[refusals["chosen"] == "refusing"]["subset"].tolist()
    assert refusing == ["refusals-dangerous", "refusals-offensive", "xstest-should-refuse", "donotanswer"]


def test_each_chart_says_what_one_sees_in_it(visit: Visit) -> None:
    found = views(visit, data="sample")
    alts = [chart.proto.alt for at in found.values() for chart in at.get("vega_lite_chart")]
    assert alts == [
        "Mean centred reward by relative length: -1.69 at 0.15 times the prompt's mean length, +1.07 at 1.95 times",
        "Formatting of best against median candidates. Of the best have lists 18 %, headers 7 %, bold 37 %, code 26 %, "
        "emoji 0 %",
        "Noise of the scorer: standard deviation 0.35",
    ]


def test_each_figure_has_its_n(visit: Visit) -> None:
    preferences, reliability, quality = (said(at) for at in views(visit).values())
    # Rewards 3 1 2 with lengths 4 6 4: -√3/2; rewards and lengths of the other prompt go together.
    assert "a rank correlation of +0.07 (Spearman, mean over 2 prompts)" in preferences
    assert "each of 1 prompt with three or more scored candidates" in preferences
    # The same text at 3 and 2: √(0.25 + 0.25).
    assert "2 candidates with 1 text that several candidates of a prompt have" in reliability
    assert "a standard deviation of 0.71" in reliability
    assert "Chosen was found in 1 and rejected in 0 of 1 prompt with a pair;" in reliability
    assert "1 of 7 candidates, in 1 prompt, repeats the text of another" in quality
    assert "1 of 7 candidates, in 1 prompt, has no text." in quality


def test_links_lead_to_the_prompts_concerned(visit: Visit) -> None:
    assert [linked(at) for at in views(visit).values()] == [
        [
            ("All prompts, sorted", {"sort": ["-length"]}),
            ("Prompts with formatting in a best response", {"flag": ["formatted_best"]}),
        ],
        # Each with as many prompts as its link keeps: what they are is checked in data_access. None, no link.
        [("1 prompt with unequal rewards for the same text", {"flag": ["unequal_same_text"]})],
        [("1 prompt", {"flag": [flag]}) for flag in ("same_text", "unscored", "empty")],
    ]


def test_a_dataset_with_nothing_to_check_says_so_in_each_section(visit: Visit, tmp_path: Path) -> None:
    data = written(tmp_path / "one.parquet", {"prompt": "?", "candidates": [("ant", "a", 1.0)]})
    found = views(visit, data=data)
    assert not any(at.dataframe for at in found.values())
    words = "\n".join(said(at) for at in found.values())
    for sentence in (
        "No prompt has candidates of different lengths and rewards.",
        "No prompt has three scored candidates.",
        "No two scored candidates of a prompt have the same text.",
        "No prompt has both texts of its pair among its scored candidates.",
        "No scored candidate opens with a refusal phrase.",
    ):
        assert sentence in words
    assert "bfloat16" not in words


def test_a_matched_pair_is_told_with_its_interval_and_the_length_baseline(visit: Visit, tmp_path: Path) -> None:
    pair = {"rewardbench_chosen": "Sure.", "rewardbench_rejected": REFUSAL, "subset": "llmbar-adver-manual"}
    candidates = [("ant", "Sure.", 2.0), ("bee", REFUSAL, 1.0)]
    data = written(tmp_path / "pair.parquet", pair | {"prompt": "?", "candidates": candidates})
    preferences, reliability, _ = views(visit, data=data).values()
    words = said(reliability)
    assert "chosen is above rejected in 1 of 1 decided prompt (95 % interval 21 % to 100 %);" in words
    assert "“always the longer” would agree in 0 % of them. Tied: 0; split: 0." in words.replace("&#x27;", "'")
    assert "Mean percentiles over these prompts: chosen 100, rejected 0." in words
    by_subset, refusing = preferences.dataframe
    assert "note" not in by_subset.proto.column_order
    agreement, refusals = reliability.dataframe[0].value, refusing.value
    assert agreement["subset"].tolist() == ["all", "llmbar-adver-manual"]
    assert refusals[["subset", "candidates", "refusals", "share", "share_of_best", "centred"]].to_numpy().tolist() == [
        ["llmbar-adver-manual", 2, 1, 50.0, 0.0, -0.5]
    ]
    assert ("1 prompt", {"flag": ["scored_pair"]}) in linked(reliability)
    assert ("1 prompt", {"flag": ["refusal"]}) in linked(preferences)


def test_the_seeds_scorer_has_its_official_accuracy_beside_a_subset(visit: Visit, tmp_path: Path) -> None:
    candidates = [("ant", "a", 1.0), ("bee", "bb", 2.0)]
    row = {"prompt": "?", "subset": "llmbar-adver-manual", "candidates": candidates}
    file = tmp_path / "rewarded-Mistral-RM-for-RAFT-GSHF-v0" / "train.parquet"
    table = visit("checks.py", data=written(file, row)).dataframe[0]
    assert table.value["note"].tolist() == ["official accuracy 0.348, below one half"]
    assert "note" in table.proto.column_order


def test_a_view_that_is_not_here_falls_back_with_a_word_and_a_link_to_the_switch_opens_its_view(visit: Visit) -> None:
    at = visit("checks.py", show="everything")
    assert [heading.value for heading in at.header] == SECTIONS["preferences"]
    assert "There is no view 'everything' here; preferences is shown." in said(at)
    at = visit("checks.py", formatted="1")
    assert [heading.value for heading in at.header] == SECTIONS["data quality"]
    assert NO_COLUMNS in said(at)


def test_the_toggle_is_written_to_the_link_and_read_from_it(visit: Visit) -> None:
    at = visit("checks.py", show="data quality")
    assert not at.toggle(key="formatted").value
    assert NO_COLUMNS not in said(at)
    at.toggle(key="formatted").set_value(True).run()
    assert at.query_params["formatted"] == "1"
    assert NO_COLUMNS in said(at)
    at.toggle(key="formatted").set_value(False).run()
    assert "formatted" not in at.query_params
    assert NO_COLUMNS not in said(at)
