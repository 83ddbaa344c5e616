"""The charts of source models: scores with their intervals in the table's order, and a cell for each pair that met."""

import altair as alt
import numpy as np
import pandas as pd

from charts import source_models as charts
from tests.charts.test_prompt import data_of, layers, spec

TABLE = pd.DataFrame(
    [("cow", 0.5, 0.2, 0.9, 0.1, -0.2, 0.4), ("ant", -0.5, -0.9, -0.2, -0.1, -0.4, 0.2)],
    columns=["model", "score", "low", "high", "adjusted", "adjusted_low", "adjusted_high"],
)


def test_each_source_model_has_its_score_as_it_is_and_with_length_equal_each_with_its_interval() -> None:
    found = spec(charts.forest(TABLE))
    (points,), (intervals,) = layers(found, "point"), layers(found, "rule")
    rows = data_of(found, found)
    assert [(row["model"], row["kind"], row["low"], row["score"], row["high"]) for row in rows] == [
        ("cow", "score", 0.2, 0.5, 0.9),
        ("ant", "score", -0.9, -0.5, -0.2),
        ("cow", "length held equal", -0.2, 0.1, 0.4),
        ("ant", "length held equal", -0.4, -0.1, 0.2),
    ]
    assert points["encoding"]["x"]["field"] == "score"
    assert [intervals["encoding"][end]["field"] for end in ("x", "x2")] == ["low", "high"]
    assert "logits" in intervals["encoding"]["x"]["title"]


def test_the_forest_keeps_the_tables_order_and_tells_the_kinds_apart_without_colour() -> None:
    found = spec(charts.forest(TABLE))
    for layer in found["layer"]:
        assert layer["encoding"]["y"]["sort"] == ["cow", "ant"]
        assert layer["encoding"]["yOffset"]["field"] == "kind"
    (points,) = layers(found, "point")
    assert points["encoding"]["shape"]["field"] == "kind"
    assert len(set(points["encoding"]["shape"]["scale"]["range"])) == 2


def test_a_cell_is_the_rows_win_rate_over_the_column_and_those_that_never_met_have_none() -> None:
    wins = np.array([[np.nan, 0.75, np.nan], [0.25, np.nan, 0.5], [np.nan, 0.5, np.nan]])
    found = spec(charts.head_to_head(["cow", "ant", "bee"], wins, np.array([[0, 4, 0], [4, 0, 2], [0, 2, 0]])))
    assert [tuple(row.values()) for row in data_of(found, found)] == [
        ("cow", "ant", 0.75, 4),
        ("ant", "cow", 0.25, 4),
        ("ant", "bee", 0.5, 2),
        ("bee", "ant", 0.5, 2),
    ]
    assert found["encoding"]["y"]["field"] == "model"
    assert found["encoding"]["x"]["field"] == "other"
    assert [found["encoding"][axis]["sort"] for axis in ("x", "y")] == [["cow", "ant", "bee"]] * 2
    assert [tip["title"] for tip in found["encoding"]["tooltip"]] == [
        "source model", "against", "win rate", "shared prompts",
    ]  # fmt: skip


def test_a_win_rate_of_one_half_is_the_middle_of_the_colours() -> None:
    found = spec(charts.head_to_head(["a", "b"], np.full((2, 2), 0.5), 1 - np.eye(2, dtype=int)))
    scale = found["encoding"]["color"]["scale"]
    assert (scale["domain"], scale["domainMid"]) == ([0, 1], 0.5)


def test_a_click_on_a_cell_selects_its_two_source_models() -> None:
    found = spec(charts.head_to_head(["a", "b"], np.full((2, 2), 0.5), 1 - np.eye(2, dtype=int)))
    (selection,) = found["params"]
    assert selection["name"] == charts.CELL
    assert selection["select"]["fields"] == ["model", "other"]


def test_a_hundred_source_models_each_keep_a_label_and_a_cell_that_can_be_seen() -> None:
    names = [f"model-{i}" for i in range(100)]
    with alt.data_transformers.enable("default", max_rows=None):
        found = spec(charts.head_to_head(names, np.full((100, 100), 0.5), 1 - np.eye(100, dtype=int)))
    assert len(data_of(found, found)) == 100 * 99
    for axis, side in (("x", "width"), ("y", "height")):
        assert found["encoding"][axis]["axis"]["labelOverlap"] is False
        assert found["encoding"][axis]["axis"]["labelFontSize"] >= 8
        assert 10 <= found[side]["step"] <= 15  # wide enough for the label, and all of it on two screens
