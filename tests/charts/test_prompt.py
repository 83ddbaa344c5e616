"""The charts of one prompt: what is drawn where, of 5 candidates, and that any candidates give a valid chart."""

import json
from typing import Any

import pandas as pd
import pytest

from charts import prompt as charts

NONE: dict[str, tuple[int, ...]] = {}


def candidates(*rows: tuple[int, str | None, float | None]) -> pd.DataFrame:
    """(candidate, model, reward), best first, as `data_access.prompt` gives them."""
    frame = pd.DataFrame(rows, columns=["candidate", "model", "reward"])
    return frame.assign(
        reward=frame["reward"].astype(float),
        place=frame["reward"].astype(float).rank(ascending=False, method="min"),
        percentile=50.0,
    )


FIVE = candidates((4, "ant", 3.0), (2, "bee", 1.0), (3, "ant", 1.0), (1, "cow", -2.0), (5, "ant", None))
BINS = pd.DataFrame({"low": [-2.0, 0.0, 2.0], "high": [0.0, 2.0, 4.0], "n": [1, 2, 1]})


def spec(chart: Any) -> dict[str, Any]:
    """The chart as the browser gets it: JSON, in which NaN is no number."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    found: dict[str, Any] = json.loads(json.dumps(chart.to_dict()), parse_constant=refuse)
    return found


def data_of(found: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = found["datasets"][layer["data"]["name"]]
    return rows


def layers(found: dict[str, Any], mark: str) -> list[dict[str, Any]]:
    return [layer for layer in found["layer"] if layer["mark"]["type"] == mark]


def test_the_distribution_draws_every_bin_and_a_tick_for_each_scored_candidate() -> None:
    found = spec(charts.distribution(FIVE, BINS, 4, NONE, None))
    (bars,) = layers(found, "bar")
    assert [(row["low"], row["high"], row["n"]) for row in data_of(found, bars)] == [(-2, 0, 1), (0, 2, 2), (2, 4, 1)]
    (ticks,) = layers(found, "tick")
    assert [(row["candidate"], row["reward"]) for row in data_of(found, ticks)] == [(4, 3), (2, 1), (3, 1), (1, -2)]
    assert bars["encoding"]["x"]["title"] == "reward (logit; compare within this prompt only)"
    assert bars["encoding"]["y"]["title"] == "candidates"
    assert bars["encoding"]["y"]["axis"]["values"] == [0, 2]


def test_a_tick_tells_its_candidate_source_model_reward_rank_and_percentile() -> None:
    (ticks,) = layers(spec(charts.distribution(FIVE, BINS, 4, NONE, None)), "tick")
    assert [tip["title"] for tip in ticks["encoding"]["tooltip"]] == [
        "candidate",
        "source model",
        "reward",
        "rank",
        "percentile",
    ]


def test_the_selected_candidate_is_pointed_at_and_one_without_a_reward_is_not() -> None:
    for selected, pointed in ((2, [2]), (5, [])):
        found = spec(charts.distribution(FIVE, BINS, selected, NONE, None))
        (circle,) = layers(found, "point")
        assert [row["candidate"] for row in data_of(found, circle)] == pointed


def test_a_brush_starts_where_the_link_has_it_and_only_there() -> None:
    (brush,) = spec(charts.distribution(FIVE, BINS, 4, NONE, (0.5, 2.0)))["params"]
    assert (brush["name"], brush["select"]["type"], brush["value"]) == ("brush", "interval", {"x": [0.5, 2.0]})
    (brush,) = spec(charts.distribution(FIVE, BINS, 4, NONE, None))["params"]
    assert "value" not in brush


def test_each_match_of_the_pair_has_a_triangle_of_its_own_and_a_word() -> None:
    found = spec(charts.distribution(FIVE, BINS, 4, {"chosen": (4, 1), "rejected": (2, 5)}, None))
    (triangles,) = (layer for layer in layers(found, "point") if "shape" in layer["encoding"])
    shapes = triangles["encoding"]["shape"]["scale"]
    assert dict(zip(shapes["domain"], shapes["range"], strict=True)) == {
        "chosen": "triangle-up",
        "rejected": "triangle-down",
    }
    (words,) = layers(found, "text")
    assert words["encoding"]["text"]["field"] == "side"
    # Candidate 5 is not scored. Words point away from the nearer edge: the middle between -2 and 3 is 0.5.
    for layer in (triangles, words):
        marked = [(row["side"], row["candidate"], row["is_right"]) for row in data_of(found, layer)]
        assert marked == [("chosen", 4, True), ("chosen", 1, False), ("rejected", 2, True)]


def test_a_pair_that_no_scored_candidate_has_is_not_marked() -> None:
    for matches in (NONE, {"chosen": (), "rejected": (5,)}):
        found = spec(charts.distribution(FIVE, BINS, 4, matches, None))
        assert layers(found, "text") == []


def test_named_candidates_have_a_letter_those_of_one_candidate_together_and_one_without_a_reward_none() -> None:
    found = spec(charts.distribution(FIVE, BINS, 4, NONE, None, named={"A": 4, "B": 1, "C": 4}))
    for words in layers(found, "text"):
        assert [(row["candidate"], row["letter"]) for row in data_of(found, words)] == [(4, "A, C"), (1, "B")]
    assert len(layers(found, "text")) == 2  # the letters and their rim
    assert layers(spec(charts.distribution(FIVE, BINS, 4, NONE, None, named={"A": 5})), "text") == []


def test_words_and_marks_are_as_much_larger_as_is_asked_for() -> None:
    def sizes(size: float) -> list[float]:
        found = spec(charts.distribution(FIVE, BINS, 4, {"chosen": (4,)}, None, size=size))
        (bars,), (ticks,), (word,) = layers(found, "bar"), layers(found, "tick"), layers(found, "text")
        x, y, legend = (
            bars["encoding"]["x"]["axis"],
            bars["encoding"]["y"]["axis"],
            ticks["encoding"]["color"]["legend"],
        )
        return [
            *(axis[kind] for axis in (x, y) for kind in ("titleFontSize", "labelFontSize")),
            *(legend[kind] for kind in ("labelFontSize", "labelLimit", "symbolSize")),
            *(ticks["mark"][kind] for kind in ("thickness", "size")),
            word["mark"]["fontSize"],
        ]

    assert sizes(1) == [11, 10, 11, 10, 10, 230, 40, 2, 16, 11]
    assert sizes(2) == [2 * size for size in sizes(1)]


def colours(shown: pd.DataFrame, selected: int) -> tuple[list[str], dict[int, str]]:
    """The source models with a colour of their own, and what each candidate is coloured by."""
    found = spec(charts.distribution(shown, BINS, selected, NONE, None))
    (ticks,) = layers(found, "tick")
    scale = ticks["encoding"]["color"]["scale"]
    assert len(scale["domain"]) == len(set(scale["range"]))
    names = [name for name in scale["domain"] if name != charts.OTHERS]
    return names, {row["candidate"]: row["colour"] for row in data_of(found, ticks)}


def test_a_few_source_models_all_have_a_colour() -> None:
    assert colours(FIVE, 2) == (["ant", "bee", "cow"], {4: "ant", 2: "bee", 3: "ant", 1: "cow"})


def test_of_a_hundred_source_models_with_one_candidate_each_only_the_selected_one_has_a_colour() -> None:
    many = candidates(*((number, f"model {number}", float(-number)) for number in range(1, 101)))
    names, of = colours(many, 17)
    assert names == ["model 17"]
    assert of == {number: "model 17" if number == 17 else charts.OTHERS for number in range(1, 101)}


def test_of_many_source_models_the_most_frequent_and_the_selected_one_have_a_colour() -> None:
    # model n has n candidates, of 10 models
    models = [number for number in range(1, 11) for _ in range(number)]
    many = candidates(*((at, f"model {number}", float(-at)) for at, number in enumerate(models, start=1)))
    names, of = colours(many, 1)
    assert names == [f"model {number}" for number in (1, 5, 6, 7, 8, 9, 10)]
    assert sum(name == charts.OTHERS for name in of.values()) == 2 + 3 + 4


@pytest.mark.parametrize("model", [None, float("nan")])
def test_a_candidate_without_a_source_model_is_one_of_the_others(model: Any) -> None:
    assert colours(candidates((1, "ant", 3.0), (2, "ant", 2.0), (3, model, 1.0)), 3) == (
        ["ant"],
        {1: "ant", 2: "ant", 3: charts.OTHERS},
    )


def test_without_source_models_all_are_the_others_and_there_is_no_legend() -> None:
    nameless = candidates((1, None, 3.0), (2, None, 2.0))
    assert colours(nameless, 1) == ([], {1: charts.OTHERS, 2: charts.OTHERS})
    (ticks,) = layers(spec(charts.distribution(nameless, BINS, 1, NONE, None)), "tick")
    assert ticks["encoding"]["color"]["legend"] is None


def test_the_strip_has_a_row_for_each_source_model_best_median_first() -> None:
    rows = [(1, "ant", 9.0), (2, "bee", 3.0), (3, "bee", 2.0), (4, "ant", 1.0), (5, "ant", 1.0), (6, None, 7.0)]
    found = spec(charts.by_model(candidates(*rows, (7, "cow", None))))
    assert found["encoding"]["y"]["sort"] == ["bee", "ant"]  # medians 2.5 and 1
    assert [row["candidate"] for row in data_of(found, found)] == [1, 2, 3, 4, 5]
    assert found["encoding"]["x"]["title"] == "reward (logit; compare within this prompt only)"
