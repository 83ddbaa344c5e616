"""The chart of phrases: the first of each side, in the table's order, with intervals that may be open."""

from math import nan

import pandas as pd

from charts import phrases as charts
from tests.charts.test_attributes import intervals
from tests.charts.test_prompt import data_of, layers, spec

COLUMNS = ["phrase", "log_odds", "low", "high", "z", "upper", "lower", "prompts"]
TABLE = pd.DataFrame(
    [
        ("thanks", 1.5, 0.5, nan, 4.0, 0.25, 0.0, 12),
        ("mars", 0.5, 0.25, 0.75, 2.0, 0.5, 0.25, 1200),
        ("venus", -0.5, -0.75, -0.25, -2.0, 0.25, 0.5, 40),
        ("sorry", -1.5, nan, -0.5, -5.0, 0.0, 0.25, 30),
    ],
    columns=COLUMNS,
)


def many(above: int, below: int) -> pd.DataFrame:
    """So many phrases of each side, from the one that most has in the upper quarter to that of the lower."""
    z = [*range(above, 0, -1), *range(-1, -below - 1, -1)]
    return pd.DataFrame([(f"{at:+}", at, at - 1, at + 1, at, 0.5, 0.5, 10) for at in z], columns=COLUMNS)


def test_the_strongest_twelve_of_each_side_are_drawn_in_the_tables_order() -> None:
    found = charts.drawn(many(20, 30))["phrase"].tolist()
    assert found == [f"{at:+}" for at in (*range(20, 8, -1), *range(-19, -31, -1))]
    assert charts.drawn(many(2, 1))["phrase"].tolist() == ["+2", "+1", "-1"]
    assert charts.drawn(many(0, 1))["phrase"].tolist() == ["-1"]


def test_each_phrase_is_a_row_in_the_tables_order_with_its_side_in_words() -> None:
    found = spec(charts.log_odds(TABLE))
    rule, points = intervals(found)
    rows = [(row["phrase"], row["low"], row["log_odds"], row["high"], row["side"]) for row in data_of(found, points)]
    assert rows == [
        ("thanks", 0.5, 1.5, None, charts.SIDES[0]),
        ("mars", 0.25, 0.5, 0.75, charts.SIDES[0]),
        ("venus", -0.75, -0.5, -0.25, charts.SIDES[1]),
        ("sorry", None, -1.5, -0.5, charts.SIDES[1]),
    ]
    for layer in (rule, points):
        y = layer["encoding"]["y"]
        assert (y["field"], y["sort"]) == ("phrase", ["thanks", "mars", "venus", "sorry"])
        assert (y["axis"]["labelOverlap"], y["axis"]["labelFlush"]) == (False, False)
    assert charts.SIDES == ("more in the best quarter", "more in the worst quarter")


def test_an_open_interval_is_drawn_from_its_one_end_to_the_point() -> None:
    rule, points = intervals(spec(charts.log_odds(TABLE)))
    assert {step["as"]: step["calculate"] for step in rule["transform"]} == {
        "low_end": "isValid(datum.low) ? datum.low : datum.log_odds",
        "high_end": "isValid(datum.high) ? datum.high : datum.log_odds",
    }
    assert [rule["encoding"][end]["field"] for end in ("x", "x2")] == ["low_end", "high_end"]
    assert points["encoding"]["x"]["field"] == "log_odds"


def test_the_axis_has_one_title_and_a_line_at_zero() -> None:
    found = spec(charts.log_odds(TABLE))
    for layer in intervals(found):  # an axis whose layers differ in it has none
        assert layer["encoding"]["x"]["title"] == "log-odds, best against worst quarter"
    zero = next(layer for layer in layers(found, "rule") if "x2" not in layer["encoding"])
    assert data_of(found, zero) == [{"zero": 0}]


def test_a_point_tells_its_phrase_its_interval_and_the_shares_behind_it() -> None:
    _, points = intervals(spec(charts.log_odds(TABLE)))
    assert [(tip["field"], tip.get("title")) for tip in points["encoding"]["tooltip"]] == [
        ("phrase", None),
        ("log_odds", "log-odds"),
        ("low", "95 % from"),
        ("high", "to"),
        ("upper", "of the best quarter’s texts"),
        ("lower", "of the worst quarter’s texts"),
        ("prompts", None),
    ]


def test_a_click_on_a_point_selects_its_phrase_and_the_height_is_a_row_each() -> None:
    (selection,) = spec(charts.log_odds(TABLE))["params"]
    assert (selection["name"], selection["select"]["fields"]) == (charts.PICKED, ["phrase"])
    assert [charts.log_odds(TABLE.head(rows)).height for rows in (1, 4)] == [
        charts.AXIS + rows * charts.ROW_HEIGHT for rows in (1, 4)
    ]
