"""Scorers: the page compares two, says what to open where there is one, and every control is in the link; other pages show the
other scorers' ranks, and published scores beside the pair."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import wide_table
from tests.pages.conftest import ROWS, component, ranked, said

Visit = Callable[..., AppTest]


def figures(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def test_with_one_scorer_the_page_says_what_to_open(visit: Visit) -> None:
    at = visit("scorers.py")
    assert not at.exception
    assert "rewards by one scorer only" in said(at)
    assert at.code[0].value == 'REWARDSCOPE_DATA="first.parquet + second.parquet"'
    assert not at.metric


def test_two_scorers_are_compared_with_coverage_match_rate_and_n(visit: Visit, joined: str) -> None:
    at = visit("scorers.py", data=joined)
    assert not at.exception
    # Prompt 1: 3 1 2 against 1 3 2; prompt 2: the reverse order. All pairs are the other way round.
    assert figures(at) == {
        "Rank correlation τ-b": "-1.00",
        "A's best is also B's best": "0.0 %",
        "Regret of A's pick under B": "1.71 sd",  # (3 − 1)/1 and (2 − 1)/√½
        "Regret of B's pick under A": "1.71 sd",
    }
    words = said(at)
    assert (
        "other: 83.3 % of its 6 scored candidates (in 2 of its 2 prompts) were found by their text; left out: 1."
        in words
    )
    assert "tiny</span> · <span" in words
    assert "6 of 7 candidates scored (85.7 %), in 3 prompts" in words
    assert "5 of 7 candidates scored (71.4 %), in 2 prompts" in words
    assert [metric.delta for metric in at.metric][2].endswith("2 prompts · random 0.85")  # (3 − 2)/1 and (2 − 1.5)/√½
    assert "Agreement is not correctness" in words


def test_the_pair_is_in_the_link_and_can_be_changed_and_swapped(visit: Visit, joined: str) -> None:
    at = visit("scorers.py", data=joined)
    at.selectbox(key="other_scorer").select("mean percentile").run()
    assert at.query_params["other"] == "mean percentile"
    assert "is made from the other scorers" in said(at)
    assert figures(at)["Rank correlation τ-b"] == "–"  # for each prompt it ties all candidates
    at.button(key="swap_scorers").click().run()
    assert (at.query_params["scorer"], at.query_params["other"]) == ("mean percentile", "tiny")
    assert at.selectbox(key="first_scorer").value == "mean percentile"
    assert "not a logit" in said(at)
    at.selectbox(key="first_scorer").select("tiny").run()  # which was B: they change places
    assert (at.query_params["scorer"], at.query_params["other"]) == ("tiny", "mean percentile")


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ({"other": "nobody"}, "B cannot be 'nobody', as there is no such scorer here; other is shown."),
        ({"other": "tiny"}, "B cannot be 'tiny', as it is A already; other is shown."),
        ({"scorer": "nobody"}, "There is no scorer 'nobody' here; tiny is shown."),
        ({"most": "x"}, "There is no most 'x' here; tau is shown."),
        ({"by": "x"}, "There is no by 'x' here; subset is shown."),
        ({"id": "99"}, "There is no prompt '99' here (1 to 3); the first listed is shown."),
    ],
)
def test_a_link_to_what_is_not_here_falls_back_with_a_word(
    visit: Visit, joined: str, link: dict[str, str], sentence: str
) -> None:
    at = visit("scorers.py", data=joined, **link)
    assert not at.exception
    assert sentence in said(at)
    assert figures(at)["Rank correlation τ-b"] == "-1.00"


def test_prompts_are_listed_by_how_far_apart_the_two_are_and_one_is_shown(visit: Visit, joined: str) -> None:
    at = visit("scorers.py", data=joined)
    assert at.dataframe[-1].value["open"].tolist() == ["1", "2"]
    assert "Open prompt 1" in said(at)
    at.button_group(key="most").set_value("regret").run()
    assert at.query_params["most"] == "regret"
    assert at.dataframe[-1].value["open"].tolist() == ["1", "2"]
    at.query_params["id"] = "2"
    at.run()
    assert "2 candidates scored by both; τ-b -1.00" in said(at)
    at.query_params["id"] = "3"  # nothing there is scored by both
    at.run()
    assert "No candidate of this prompt is scored by both." in said(at)


def test_a_prompt_is_ranked_by_any_scorer_with_the_others_ranks_beside(visit: Visit, joined: str) -> None:
    at = visit("prompt.py", data=joined, id="1", scorer="other", each="1")
    assert not at.exception
    rows = ranked(at)
    assert {row["candidate"]: row["rank"] for row in rows} == {"2": "1", "3": "2", "1": "3", "4": "–"}
    assert {row["candidate"]: row["tiny"] for row in rows} == {"2": "3", "3": "2", "1": "1", "4": "–"}
    # All have the mean percentile 50; a column's label is as short as its ranks.
    assert {row["candidate"]: row["mean percent"] for row in rows} == {"2": "1=", "3": "1=", "1": "1=", "4": "–"}
    helps = [column["help"] for column in component(at, "ranked")["columns"]]
    assert helps[3:5] == ["Rank by tiny", "Rank by mean percentile"]
    single = visit("prompt.py", data=str(joined).partition(" + ")[0], id="1")
    assert list(ranked(single)[0]) == ["rank", "reward", "gap", "source model", "chars", "flags", "candidate"]


def test_a_mean_percentile_implies_no_preference(visit: Visit, joined: str) -> None:
    at = visit("compare.py", data=joined, id="2", a="1", b="2")
    assert "RM-implied preference" in said(at)
    at = visit("compare.py", data=joined, id="2", a="1", b="2", scorer="mean percentile")
    assert "reward +0.00" in said(at)
    assert "RM-implied" not in said(at)
    assert "not a logit" in said(at)
    assert "they are not logits" in said(visit("export.py", data=joined, scorer="mean percentile"))


def test_published_scores_stand_beside_the_pair_with_how_far_they_are_from_the_rewards(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "model.json"
    file.write_text(
        json.dumps(
            {
                "text_chosen": [f"[INST] {ROWS[0]['prompt']} [/INST] Two."],
                "text_rejected": [f"[INST] {ROWS[0]['prompt']} [/INST] Nine."],
                "scores_chosen": [2.75],
                "scores_rejected": [-0.5],
                "model": "<b>mine</b>",
            }
        )
    )
    assert "ublished" not in said(visit("prompt.py", id="1"))
    monkeypatch.setenv("REWARDSCOPE_REWARDBENCH_SCORES", str(file))
    words = said(visit("prompt.py", id="1"))
    assert "published score 2.75, another run" in words
    assert "published score -0.50, another run" in words
    assert "Published scores: by &lt;b&gt;mine&lt;/b&gt; on RewardBench" in words
    # Two. is candidates 1 and 3, with rewards 3 and 2.
    assert "On the 1 pair text with" in words
    assert "has the mean +0.25, and without sign 0.25" in words
    words = said(visit("compare.py", id="1", a="1", b="rejected"))
    assert "published score 2.75, another run" in words
    assert "published score -0.50, another run" in words
    joined = f"{tmp_path / 'tiny.parquet'} + {tmp_path / 'tiny.parquet'}"
    pq.write_table(wide_table(ROWS), tmp_path / "tiny.parquet")
    assert "A mean percentile is no reward of that model" in said(visit("prompt.py", joined, scorer="mean percentile"))
    file.write_text("{}")
    at = visit("compare.py", id="1")
    assert not at.exception
    assert "does not hold published scores" in said(at)
