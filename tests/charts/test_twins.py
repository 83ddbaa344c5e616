"""The chart of twins: by kind of change the mean difference, where it has a direction, and the mean size."""

from math import nan

import pandas as pd

from charts import twins as charts
from charts.signed import PICKED
from tests.charts.test_attributes import intervals
from tests.charts.test_prompt import data_of, spec

TABLE = pd.DataFrame(
    [
        ("heading", "headings added", 1069, 69, 0.5, 0.25, 0.75, 0.625, 0.5, 0.75),
        ("words", "words replaced", 7, 7, nan, nan, nan, 0.375, nan, nan),
        ("identical", "identical texts", 40, 20, nan, nan, nan, 0.25, 0.125, 0.375),
    ],
    columns=["change", "label", "pairs", "prompts", "mean", "mean_low", "mean_high", "size", "size_low", "size_high"],
)
DIRECTED, SIZE = charts.KINDS


def test_a_change_has_its_mean_difference_and_its_size_and_one_without_direction_its_size_only() -> None:
    found = spec(charts.by_change(TABLE, "logits"))
    rule, points = intervals(found)
    rows = data_of(found, points)
    assert [(row["change"], row["kind"], row["low"], row["value"], row["high"]) for row in rows] == [
        ("heading", DIRECTED, 0.25, 0.5, 0.75),
        ("heading", SIZE, 0.5, 0.625, 0.75),
        ("words", SIZE, None, 0.375, None),
        ("identical", SIZE, 0.125, 0.25, 0.375),
    ]
    assert [rule["encoding"][end]["field"] for end in ("x", "x2")] == ["low", "high"]
    assert rule["transform"] == [{"filter": "isValid(datum.low)"}]  # else a point alone
    assert "transform" not in points


def test_rows_keep_the_tables_order_with_their_prompts_and_kinds_are_told_apart_without_colour() -> None:
    rule, points = intervals(spec(charts.by_change(TABLE, "logits")))
    for layer in (rule, points):
        assert layer["encoding"]["y"]["sort"] == [
            "headings added (69)", "words replaced (7)", "identical texts (20)",
        ]  # fmt: skip
        assert (layer["encoding"]["yOffset"]["field"], layer["encoding"]["yOffset"]["sort"]) == (
            "kind",
            [DIRECTED, SIZE],
        )
    assert points["encoding"]["shape"]["scale"] == {"domain": [DIRECTED, SIZE], "range": ["circle", "diamond"]}


def test_the_axis_tells_the_unit_on_every_layer() -> None:
    for layer in intervals(spec(charts.by_change(TABLE, "percentiles"))):
        assert layer["encoding"]["x"]["title"] == "difference of rewards (percentiles)"


def test_a_point_tells_the_change_the_figure_its_interval_and_its_prompts() -> None:
    _, points = intervals(spec(charts.by_change(TABLE, "logits")))
    assert [tip.get("title", tip["field"]) for tip in points["encoding"]["tooltip"]] == [
        "change (prompts)", "figure", "value", "95 % from", "to", "prompts",
    ]  # fmt: skip


def test_a_click_on_a_point_selects_its_change_and_the_height_is_a_row_each() -> None:
    (selection,) = spec(charts.by_change(TABLE, "logits"))["params"]
    assert (selection["name"], selection["select"]["fields"]) == (PICKED, ["change"])
    assert [charts.by_change(TABLE.head(rows), "logits").height for rows in (1, 3)] == [
        charts.AXIS + rows * charts.ROW_HEIGHT for rows in (1, 3)
    ]
