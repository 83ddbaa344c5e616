"""The page What it rewards: what each view says of the tiny dataset and the sample, and its links."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import wide_table
from tests.pages.conftest import chips, lines, said

Visit = Callable[..., AppTest]
REFUSAL = "I cannot help with that."
FORM = ["Do longer responses score higher?", "Do formatted responses score higher?", "Do refusals score higher?"]


def written(file: Path, *rows: dict[str, Any]) -> str:
    """The rows as a Parquet file; its path."""
    file.parent.mkdir(exist_ok=True)
    pq.write_table(wide_table([*rows]), file)
    return str(file)


def linked(at: AppTest) -> list[tuple[str, dict[str, list[str]]]]:
    """The page's own links to prompts: their label and parameters."""
    links = [link.proto for link in at.get("page_link") if link.proto.page == "prompts"]
    return [
        (link.label, parse_qs(link.query_string))
        for link in links
        if link.label != "Prompts" or "=" in link.query_string
    ]


def alts(at: AppTest) -> list[str]:
    return [chart.proto.alt for chart in at.get("vega_lite_chart")]


@pytest.mark.usefixtures("charts_are_checked")
@pytest.mark.parametrize("show", ["attributes", "words", "twins", "form"])
def test_each_view_of_the_sample_has_its_charts_a_table_and_its_caveat(visit: Visit, show: str) -> None:
    at = visit("rewards.py", data="sample", show=show)
    assert not at.exception
    assert not at.error
    assert alts(at)
    assert len(at.dataframe) == (2 if show == "form" else 1)
    if show != "form":
        assert "Observational. " in said(at)
        assert "causes" not in said(at)


def test_attributes_are_told_with_what_they_predict_and_what_chance_would_give(visit: Visit) -> None:
    at = visit("rewards.py", data="sample")
    (line,) = lines(at)[1:]
    assert line.startswith("Together they predict 39 % of how rewards differ within prompts, length alone 32 % · ")
    assert line.endswith(" · 69 prompts, 6,846 candidates")
    table = at.dataframe[0].value
    assert table["attribute"][0] == "length"
    assert (table["joint_low"][0], table["joint_high"][0]) == pytest.approx((0.3, 0.8), abs=0.2)
    n = table["joint_low"].notna().sum()
    assert f"of {n} intervals are without 0, about 1 by chance" in line
    assert alts(at)[0].startswith(
        "Association of attributes with the reward, with 95 % intervals, the strongest first. With the others held equal "
        "length goes with the reward most (+"
    )


def test_a_scope_is_in_the_link_and_narrows_both_views(visit: Visit) -> None:
    at = visit("rewards.py", data="sample")
    at.selectbox(key="of").select("section:Chat").run()
    assert at.query_params["of"] == "section:Chat"
    assert any(" · 15 prompts, " in line for line in lines(at))
    narrowed = visit("rewards.py", data="sample", of="section:Chat")
    assert narrowed.dataframe[0].value.equals(at.dataframe[0].value)
    at = visit("rewards.py", data="sample", show="words", of="section:Chat")
    assert "of 15 prompts" in said(at)


def test_attributes_by_section_are_a_view_of_their_own_in_the_link(visit: Visit) -> None:
    at = visit("rewards.py", data="sample")
    at.button_group(key="by").set_value("section").run()
    assert at.query_params["by"] == "section"
    assert not at.dataframe
    assert alts(at)[0].startswith("Association of attributes with the reward by section")
    assert "would be without 0 by chance" in said(at)
    assert alts(visit("rewards.py", data="sample", by="section")) == alts(at)
    assert "No subset has ten prompts" in said(visit("rewards.py", data="sample", by="subset"))


def test_source_models_and_length_are_held_equal_or_not_as_the_link_says(visit: Visit) -> None:
    at = visit("rewards.py", data="sample")
    assert not at.toggle(key="within").value
    at.toggle(key="within").set_value(True).run()
    assert at.query_params["within"] == "models"
    assert "of how rewards differ within prompts and source models" in lines(at)[1]
    assert "above all in which model wrote them" not in said(at)
    at = visit("rewards.py", data="sample", show="words")
    assert at.toggle(key="length").value
    equal = at.dataframe[0].value
    at.toggle(key="length").set_value(False).run()
    assert at.query_params["length"] == "any"
    assert "Longer texts have more of every word." in said(at)
    assert not at.dataframe[0].value.equals(equal)


def test_a_scope_without_identical_texts_says_nothing_of_them(visit: Visit, tmp_path: Path) -> None:
    text = "A kettle boils water, and tea is made of leaves that are left in it for some minutes."
    twin = {"prompt": "?", "subset": "hep-go", "candidates": [("ant", text, 1.0), ("bee", f"## Tea\n{text}", 2.0)]}
    same = {
        "prompt": "?",
        "subset": "hep-js",
        "candidates": [("ant", text, 1.0), ("bee", text, 2.0), ("cow", f"{text} Enjoy!", 3.0)],
    }
    data = written(tmp_path / "scoped.parquet", *([twin] * 10), *([same] * 10))
    at = visit("rewards.py", data=data, show="twins", of="subset:hep-go")
    assert not at.exception
    assert lines(at)[1] == "10 pairs in 10 prompts · noise limit 1.96"
    assert "identical texts (10 pairs) differ by 1 on average" in said(visit("rewards.py", data=data, show="twins"))


def test_a_filter_in_force_is_said_not_to_be_used(visit: Visit) -> None:
    word = "The filter is not used on this page"
    assert word in said(visit("rewards.py", data="sample", subset="math-prm"))
    assert word not in said(visit("rewards.py", data="sample"))


def test_the_kind_of_phrase_and_the_prompts_own_words_are_in_the_link(visit: Visit) -> None:
    at = visit("rewards.py", data="sample", show="words")
    words = at.dataframe[0].value["phrase"].tolist()
    assert all(" " not in word for word in words)
    at.button_group(key="phrases").set_value("pairs").run()
    assert at.query_params["phrases"] == "pairs"
    assert all(phrase.count(" ") == 1 for phrase in at.dataframe[0].value["phrase"])
    at.toggle(key="asked").set_value(True).run()
    assert at.query_params["asked"] == "out"
    again = visit("rewards.py", data="sample", show="words", phrases="pairs", asked="out")
    assert again.dataframe[0].value.equals(at.dataframe[0].value)


def test_where_there_is_nothing_to_compare_the_page_says_so(visit: Visit, tmp_path: Path) -> None:
    data = written(tmp_path / "one.parquet", {"prompt": "?", "candidates": [("ant", "a", 1.0)]})
    for show, sentence in (
        ("attributes", "No two scored candidates of a prompt differ in reward and in an attribute."),
        ("words", "No such phrase is in ten prompts."),
        ("twins", "No two scored candidates of a prompt have nearly the same text."),
        ("form", "No prompt has candidates of different lengths and rewards."),
        ("form", "No prompt has three scored candidates."),
        ("form", "No scored candidate opens with a refusal phrase."),
    ):
        at = visit("rewards.py", data=data, show=show)
        assert not at.exception
        assert not at.error
        assert sentence in said(at)
        assert not at.dataframe


def test_a_dataset_without_source_models_has_it_all(visit: Visit, tmp_path: Path) -> None:
    texts = ["Mars.", "**Mars**, maybe.", "Is it Mars?", "Mars! It is **Mars**."]
    rows = [
        {"prompt": f"{i}?", "candidates": [(None, f"{text} {i}", float(j + i % 3)) for j, text in enumerate(texts)]}
        for i in range(12)
    ]
    data = written(tmp_path / "no-models.parquet", *rows)
    for show in ("attributes", "words", "form"):
        at = visit("rewards.py", data=data, show=show)
        assert not at.exception
        assert not at.error
        assert alts(at)


def test_twins_are_one_per_prompt_or_all_by_kind_of_change_with_a_link_to_their_prompts(visit: Visit) -> None:
    at = visit("rewards.py", data="sample", show="twins")
    pairs = at.dataframe[0].value
    assert pairs["prompt_id"].is_unique
    assert pairs["size"].is_monotonic_decreasing
    assert "identical texts (1,767 pairs) differ by 0.39 on average" in said(at)
    assert "nearest to an experiment, but it is none" in said(at)
    at.toggle(key="each").set_value(False).run()
    assert at.query_params["each"] == "pair"
    assert not at.dataframe[0].value["prompt_id"].is_unique
    at.selectbox(key="change").select("heading").run()
    assert at.query_params["change"] == "heading"
    table = at.dataframe[0].value
    assert set(table["change"]) == {"headings added"}
    assert (table["difference"].round(6) == 0.75).sum() == 68
    (link,) = (parameters for label, parameters in linked(at) if label == "Prompts")
    assert link == {"twin": ["heading"]}


def test_a_filter_by_twins_is_a_chip_and_keeps_the_prompts_that_have_them(visit: Visit) -> None:
    at = visit("prompts.py", data="sample", twin="heading")
    assert chips(at) == ["has twins: headings added"]
    assert "**68** of" in said(at) or "68 of 69" in said(at)
    assert "There is no twin 'x' here; it was left out." in said(visit("prompts.py", twin="x"))


def test_two_scorers_are_compared_where_there_are_two(visit: Visit, joined: str) -> None:
    assert "Between scorers" not in str(visit("rewards.py").button_group(key="show").options)
    at = visit("rewards.py", data=joined, show="scorers")
    assert not at.exception
    assert "candidates scored by both, of 2 prompts" in said(at)
    assert {"first", "second", "difference", "open"} <= set(at.dataframe[0].value)


def test_unknown_values_fall_back_with_a_word(visit: Visit) -> None:
    at = visit("rewards.py", show="everything", of="section:Poetry")
    words = said(at)
    assert "There is no view 'everything' here; attributes is shown." in words
    assert "There is no 'section:Poetry' here; all prompts are shown." in words
    assert "There is no phrases 'x' here; words is shown." in said(visit("rewards.py", show="words", phrases="x"))


def test_a_filter_by_an_attribute_is_a_chip_a_column_and_an_order(visit: Visit) -> None:
    at = visit("prompts.py", attribute="length", sort="-attribute")
    table = at.dataframe[0]
    assert table.value["prompt_id"].tolist() == [2, 1]
    assert chips(at) == ["candidates differ in length"]
    assert table.value["r"].tolist() == pytest.approx([1.0, -0.87], abs=0.01)
    assert "r" in table.proto.column_order
    at.multiselect(key="in_force").unselect("attribute").run()
    assert at.dataframe[0].value["prompt_id"].tolist() == [1, 2, 3]
    assert not at.query_params
    at = visit("prompts.py", sort="attribute")
    assert "A link that sorts by an attribute names one, as attribute=bold; it was left out." in said(at)


def test_length_formatting_and_refusals_each_have_their_n_and_their_link(visit: Visit) -> None:
    at = visit("rewards.py", show="form")
    assert [heading.value for heading in at.header] == FORM
    words = said(at)
    # Rewards 3 1 2 with lengths 4 6 4: -√3/2; rewards and lengths of the other prompt go together.
    assert "a rank correlation of +0.07 (Spearman, mean over 2 prompts)" in words
    assert "each of 1 prompt with three or more scored candidates" in words
    assert linked(at) == [
        ("All prompts, sorted", {"sort": ["-length"]}),
        ("Prompts with formatting in a best response", {"flag": ["formatted_best"]}),
    ]


def test_the_samples_length_and_refusals_are_a_row_a_subset(visit: Visit) -> None:
    at = visit("rewards.py", data="sample", show="form")
    by_subset, refusals = (frame.value for frame in at.dataframe)
    assert (len(by_subset), len(refusals)) == (23, 23)
    refusing = refusals[refusals["chosen"] == "refusing"]["subset"].tolist()
    assert refusing == ["refusals-dangerous", "refusals-offensive", "xstest-should-refuse", "donotanswer"]
    assert [alt.partition(":")[0].partition(".")[0] for alt in alts(at)] == [
        "Mean centred reward by relative length",
        "Formatting of best against median candidates",
    ]


def test_refusals_are_counted_and_lead_to_their_prompts(visit: Visit, tmp_path: Path) -> None:
    candidates = [("ant", "Sure.", 2.0), ("bee", REFUSAL, 1.0)]
    data = written(
        tmp_path / "refusal.parquet", {"prompt": "?", "subset": "llmbar-adver-manual", "candidates": candidates}
    )
    at = visit("rewards.py", data=data, show="form")
    by_subset, refusals = at.dataframe
    assert "note" not in by_subset.proto.column_order
    columns = ["subset", "candidates", "refusals", "share", "share_of_best", "centred"]
    assert refusals.value[columns].to_numpy().tolist() == [["llmbar-adver-manual", 2, 1, 50.0, 0.0, -0.5]]
    assert ("1 prompt", {"flag": ["refusal"]}) in linked(at)


def test_the_seeds_scorer_has_its_official_accuracy_beside_a_subset(visit: Visit, tmp_path: Path) -> None:
    candidates = [("ant", "a", 1.0), ("bee", "bb", 2.0)]
    row = {"prompt": "?", "subset": "llmbar-adver-manual", "candidates": candidates}
    file = tmp_path / "rewarded-Mistral-RM-for-RAFT-GSHF-v0" / "train.parquet"
    table = visit("rewards.py", data=written(file, row), show="form").dataframe[0]
    assert table.value["note"].tolist() == ["official accuracy 0.348, below one half"]
    assert "note" in table.proto.column_order


def test_back_finds_the_view_in_what_the_link_to_the_prompts_kept_of_it(visit: Visit) -> None:
    at = visit("rewards.py", data="sample", left="words", phrases="pairs", attribute="bold")
    assert at.button_group(key="show").value == "words"
    assert at.button_group(key="phrases").value == "pairs"
    at.button_group(key="show").set_value("attributes").run()
    assert at.button_group(key="show").value == "attributes"
    assert "left" not in at.query_params
