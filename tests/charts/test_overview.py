"""The charts of a dataset: spread per prompt, and centred reward by subset."""

import math

import pandas as pd

from charts import overview as charts
from tests.charts.test_prompt import data_of, layers, spec

SUBSETS = pd.DataFrame(
    [
        ("Chat", "mt-bench-easy", 28, 2800, -2.0, -1.0, 0.1, 1.0, 2.0, 1.2),
        ("Safety", "donotanswer", 136, 0, math.nan, math.nan, math.nan, math.nan, math.nan, math.nan),
        ("Reasoning", "hep-cpp", 164, 1640, -3.0, -1.5, 0.0, 1.5, 3.0, 1.8),
    ],
    columns=["section", "subset", "prompts", "scored", "p5", "p25", "p50", "p75", "p95", "median_spread"],
)


def test_the_spread_is_a_bar_for_each_bin() -> None:
    histogram = pd.DataFrame({"low": [0.0, 0.5], "high": [0.5, 1.0], "n": [3, 0]})
    found = spec(charts.spread(histogram))
    assert found["mark"]["type"] == "bar"
    assert data_of(found, found) == [{"low": 0.0, "high": 0.5, "n": 3}, {"low": 0.5, "high": 1.0, "n": 0}]
    assert found["encoding"]["x"]["title"] == "standard deviation of a prompt's rewards"
    assert found["encoding"]["y"]["title"] == "prompts"


def test_subsets_are_rows_in_the_frames_order_without_those_that_have_no_reward() -> None:
    found = spec(charts.by_subset(SUBSETS))
    for layer in found["layer"]:
        assert layer["encoding"]["y"]["sort"] == ["mt-bench-easy", "hep-cpp"]
    assert [row["subset"] for row in data_of(found, found)] == ["mt-bench-easy", "hep-cpp"]


def test_a_line_spans_nine_tenths_a_bar_one_half_and_a_diamond_is_the_median() -> None:
    found = spec(charts.by_subset(SUBSETS))
    drawn = {mark: layers(found, mark)[0]["encoding"] for mark in ("rule", "bar", "point")}
    assert [drawn["rule"][end]["field"] for end in ("x", "x2")] == ["p5", "p95"]
    assert [drawn["bar"][end]["field"] for end in ("x", "x2")] == ["p25", "p75"]
    assert drawn["point"]["x"]["field"] == "p50"
    assert drawn["rule"]["x"]["title"] == "reward − prompt mean"


def test_sections_have_a_legend_only_where_there_are_sections() -> None:
    for subsets, has_legend in ((SUBSETS, True), (SUBSETS.assign(section=""), False)):
        (bar,) = layers(spec(charts.by_subset(subsets)), "bar")
        assert (bar["encoding"]["color"]["legend"] is not None) is has_legend
