"""The charts of what goes with a reward: in the table's order, an interval where there is one."""

from math import nan
from typing import Any

import pandas as pd

from charts import attributes as charts
from tests.charts.test_prompt import data_of, layers, spec

EFFECTS = pd.DataFrame(
    [
        ("length", "length", 0.5, 0.25, 0.75, 0.625, 0.5, 0.75),
        ("bold", "bold", -0.25, -0.5, -0.125, 0.125, 0.0, 0.25),
        ("emoji", "emoji", 0.125, nan, nan, 0.25, nan, nan),
    ],
    columns=["attribute", "label", "joint", "joint_low", "joint_high", "alone", "alone_low", "alone_high"],
)
PARTING = pd.DataFrame(
    [("bold", "bold", 0.5, 0.25, 0.75, -0.5, -0.75, -0.25), ("length", "length", 0.25, nan, nan, 0.5, nan, nan)],
    columns=["attribute", "label", "first", "first_low", "first_high", "second", "second_low", "second_high"],
)


def intervals(found: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The layers of the intervals and of the points."""
    rule = next(layer for layer in layers(found, "rule") if "x2" in layer["encoding"])
    (points,) = layers(found, "point")
    return rule, points


def test_each_attribute_has_its_figure_together_and_alone_each_with_its_interval() -> None:
    found = spec(charts.effects(EFFECTS, "logits"))
    rule, points = intervals(found)
    assert [tuple(row.values()) for row in data_of(found, points)] == [
        ("length", "length", 0.5, 0.25, 0.75, "all together"),
        ("bold", "bold", -0.25, -0.5, -0.125, "all together"),
        ("emoji", "emoji", 0.125, None, None, "all together"),
        ("length", "length", 0.625, 0.5, 0.75, "one at a time"),
        ("bold", "bold", 0.125, 0.0, 0.25, "one at a time"),
        ("emoji", "emoji", 0.25, None, None, "one at a time"),
    ]
    assert data_of(found, rule) == data_of(found, points)
    assert points["encoding"]["x"]["field"] == "value"
    assert [rule["encoding"][end]["field"] for end in ("x", "x2")] == ["low", "high"]


def test_a_figure_without_an_interval_is_a_point_without_a_rule() -> None:
    rule, points = intervals(spec(charts.effects(EFFECTS, "logits")))
    assert rule["transform"] == [{"filter": "isValid(datum.low)"}]
    assert "transform" not in points


def test_rows_keep_the_tables_order_and_kinds_are_told_apart_without_colour() -> None:
    found = spec(charts.effects(EFFECTS, "logits"))
    rule, points = intervals(found)
    for layer in (rule, points):
        assert (layer["encoding"]["y"]["field"], layer["encoding"]["y"]["sort"]) == (
            "label",
            ["length", "bold", "emoji"],
        )
        assert layer["encoding"]["y"]["axis"]["labelOverlap"] is False
        assert (layer["encoding"]["yOffset"]["field"], layer["encoding"]["yOffset"]["sort"]) == (
            "kind",
            ["all together", "one at a time"],
        )
    assert dict(zip(*(points["encoding"]["shape"]["scale"][side] for side in ("domain", "range")), strict=True)) == {
        "all together": "circle",
        "one at a time": "diamond",
    }


def test_the_axis_tells_the_unit_on_every_layer_and_zero_has_a_line_and_no_sign() -> None:
    found = spec(charts.effects(EFFECTS, "percentiles"))
    for layer in intervals(found):
        x = layer["encoding"]["x"]
        assert x["title"] == "percentiles per standard deviation of the attribute"
        assert (x["axis"]["format"], x["axis"]["labelExpr"]) == ("+f", "datum.value ? datum.label : '0'")
    zero = next(layer for layer in layers(found, "rule") if "x2" not in layer["encoding"])
    assert data_of(found, zero) == [{"zero": 0}]


def test_a_point_tells_its_attribute_how_it_was_fitted_and_its_interval() -> None:
    _, points = intervals(spec(charts.effects(EFFECTS, "logits")))
    assert [tip["title"] for tip in points["encoding"]["tooltip"]] == [
        "attribute", "fitted", "value", "95 % from", "to",
    ]  # fmt: skip


def test_a_click_on_a_point_selects_its_attribute() -> None:
    (selection,) = spec(charts.effects(EFFECTS, "logits"))["params"]
    assert (selection["name"], selection["select"]["fields"]) == (charts.PICKED, ["attribute"])
    assert selection["views"]


def test_the_height_grows_by_a_row_for_each_attribute() -> None:
    heights = [charts.effects(EFFECTS.head(rows), "logits").height for rows in (1, 2, 3)]
    assert heights == [charts.AXIS + rows * charts.ROW_HEIGHT for rows in (1, 2, 3)]


def test_two_scorers_stand_in_one_row_each_with_its_own_mark() -> None:
    found = spec(charts.parting(PARTING, ("safe", "helpful")))
    _, points = intervals(found)
    assert [tuple(row.values())[1:] for row in data_of(found, points)] == [
        ("bold", 0.5, 0.25, 0.75, "safe"),
        ("length", 0.25, None, None, "safe"),
        ("bold", -0.5, -0.75, -0.25, "helpful"),
        ("length", 0.5, None, None, "helpful"),
    ]
    assert points["encoding"]["y"]["sort"] == ["bold", "length"]
    assert points["encoding"]["color"]["scale"]["domain"] == ["safe", "helpful"]
    assert points["encoding"]["x"]["title"] == "sd of the scorer's rewards per sd of the attribute"


def test_long_names_of_scorers_stand_one_below_the_other_in_the_legend() -> None:
    for names, columns, room in ((("safe", "helpful"), 2, 0), (("safe", "a scorer with a long name"), 1, charts.LINE)):
        chart = charts.parting(PARTING, names)
        _, points = intervals(spec(chart))
        assert points["encoding"]["color"]["legend"]["columns"] == columns
        assert chart.height == charts.AXIS + 2 * charts.ROW_HEIGHT + room


def test_a_cell_has_its_figure_in_an_ink_that_is_seen_and_is_faint_where_its_interval_has_zero() -> None:
    table = pd.DataFrame(
        [
            ("Chat", 15, "length", "length", 15, 0.8, 0.5, 1.0),
            ("Chat", 15, "bold", "bold", 12, -0.1, -0.3, 0.1),
            ("Safety", 1200, "bold", "bold", 3, 0.2, nan, nan),
        ],
        columns=["part", "prompts", "attribute", "label", "varies", "joint", "joint_low", "joint_high"],
    )
    found = spec(charts.by_part(table, "logits"))
    cells, *figures = found["layer"]
    (rows,) = found["datasets"].values()
    assert [row["sure"] for row in rows] == [True, False, False]
    assert cells["encoding"]["x"]["sort"] == ["Chat (15)", "Safety (1,200)"]
    assert cells["encoding"]["y"]["sort"] == ["length", "bold"]  # the strongest anywhere first
    assert [figure["mark"]["color"] for figure in figures] == ["black", "white"]
    assert found["params"][0]["select"]["fields"] == ["attribute", "part"]
