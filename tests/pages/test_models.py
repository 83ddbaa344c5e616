"""Source models: the page ranks, narrows to a section or subset, and says what cannot be ranked; its links narrow Prompts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import wide_table
from tests.pages.conftest import chips, said

Visit = Callable[..., AppTest]


def written(folder: Path, *prompts: list[tuple[str | None, str, float | None]]) -> str:
    """A dataset of these candidates, for visit(data=...)."""
    rows: list[dict[str, Any]] = [{"prompt": "?", "subset": "own", "candidates": prompt} for prompt in prompts]
    pq.write_table(wide_table(rows), folder / "written.parquet")
    return str(folder / "written.parquet")


def standings(at: AppTest) -> dict[str, float]:
    """Source model -> score, as the table shows them."""
    table = at.dataframe[0].value
    return dict(zip(table["model"], table["score"].round(4), strict=True))


def test_the_sample_is_ranked_in_a_table_and_a_forest_or_a_matrix_each_with_words_for_it(visit: Visit) -> None:
    at = visit("models.py", data="sample")
    assert not at.exception
    table = at.dataframe[0].value
    assert len(table) == 12
    assert table["score"].is_monotonic_decreasing
    words = said(at)
    assert "12 source models" in words
    assert "69 prompts" in words
    assert "500 resamples of the prompts" in words
    standing = (
        "heron-34b has the highest score (+0.46, 95 % interval +0.36 to +0.57) and wren-3b the lowest (-0.86); heron-34b "
        "does worst against badger-13b, which it beats 50 % of the time."
    )
    assert [chart.proto.alt for chart in at.get("vega_lite_chart")] == [
        f"Scores of 12 source models with 95 % intervals, best first. {standing}"
    ]
    at.get_by_key("show").set_value("head to head").run()
    assert at.query_params["show"] == "head to head"
    assert not at.dataframe
    assert [chart.proto.alt for chart in at.get("vega_lite_chart")] == [
        f"Win rates of 12 source models against each other, ordered by score. {standing}"
    ]


def test_rates_are_in_percent_and_counts_are_said(visit: Visit) -> None:
    at = visit("models.py")
    table = at.dataframe[0].value.set_index("model")
    # ant beats bee and cow in the first prompt and loses to bee in the second; the third it wins alone
    assert table.loc["ant", ["win_rate", "won", "share"]].tolist() == pytest.approx([200 / 3, 200 / 3, 400 / 7])
    assert "6 of 7 candidates scored" in said(at)
    assert not at.warning


def test_the_scope_is_written_to_the_link_and_ranks_anew(visit: Visit) -> None:
    at = visit("models.py")
    everywhere = standings(at)
    at.selectbox(key="of").select("section:Chat").run()
    assert at.query_params["of"] == "section:Chat"
    assert list(standings(at)) == ["bee", "ant"]
    assert standings(visit("models.py", of="section:Chat")) == standings(at)
    at.selectbox(key="of").select("all prompts").run()
    assert "of" not in at.query_params
    assert standings(at) == everywhere


def test_a_scope_that_is_not_here_falls_back_with_a_word_and_one_without_meetings_says_what_to_change(
    visit: Visit,
) -> None:
    at = visit("models.py", of="section:Poetry")
    assert "There is no 'section:Poetry' here; all prompts are shown." in said(at)
    assert len(standings(at)) == 3
    at.query_params["of"] = "subset:house rules"
    at.run()
    assert not at.dataframe
    assert "No two source models have scored candidates for the same prompt. Choose another subset." in said(at)
    assert at.selectbox(key="of").value == "subset:house rules"


def test_one_source_model_only_leaves_nothing_to_rank(visit: Visit, tmp_path: Path) -> None:
    at = visit("models.py", data=written(tmp_path, [("ant", "a", 1.0), ("ant", "b", 2.0), (None, "c", 0.0)]))
    assert not at.exception
    assert not at.dataframe
    assert "fewer than two source models, so there is nothing to rank" in said(at)


def test_source_models_that_share_no_prompts_are_told_apart_as_groups(visit: Visit, tmp_path: Path) -> None:
    data = written(tmp_path, [("ant", "a", 1.0), ("bee", "b", 2.0)], [("cow", "c", 1.0), ("dog", "d", 2.0)])
    at = visit("models.py", data=data)
    assert at.warning[0].value.startswith("Some source models share no prompts with others.")
    assert at.dataframe[0].value["component"].tolist() == [1, 1, 2, 2]


def test_prompts_without_a_reward_are_not_taken_for_a_random_choice(visit: Visit, tmp_path: Path) -> None:
    at = visit("models.py", data=written(tmp_path, [("ant", "a", 1.0), ("bee", "b", 2.0)], [("ant", "c", None)]))
    assert "random" not in said(at)


def test_a_hostile_name_of_a_source_model_is_shown_as_it_is(visit: Visit, tmp_path: Path) -> None:
    name = "**x**<img src=x> :red[y]"
    at = visit("models.py", data=written(tmp_path, [(name, "a", 1.0), ("bee", "b", 2.0)]))
    assert not at.exception
    assert at.dataframe[0].value["model"].tolist() == ["bee", "**x**<img src=x> :red[y]"]
    assert "<img" not in said(at)


def test_the_prompts_that_a_source_model_won_or_lost_are_a_filter_that_can_be_taken_out(visit: Visit) -> None:
    at = visit("prompts.py")
    for link, left, phrase in (
        ({"won": "ant"}, [1, 3], "ant has the best reward"),
        ({"lost": "bee"}, [1], "bee has the worst reward"),
        ({"beat": "bee", "over": "ant"}, [2], "bee did better than ant"),
    ):
        for name, value in link.items():
            at.query_params[name] = value
        at.run()
        assert at.dataframe[0].value["prompt_id"].tolist() == left
        assert chips(at) == [phrase]
        at.multiselect(key="in_force").unselect(next(iter(link))).run()
        assert at.dataframe[0].value["prompt_id"].tolist() == [1, 2, 3]
        assert not at.query_params
