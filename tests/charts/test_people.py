"""The charts of what people prefer: agreement with intervals, and calibration with its diagonal and fitted curve."""

from math import nan

import pandas as pd

from charts import people as charts
from tests.charts.test_prompt import data_of, spec

TABLE = pd.DataFrame(
    [("reward", 20, 0.75, 0.5, 0.875, 18, 0.5, 0.25, 0.75), ("length", 12, 0.25, 0.125, 0.5, 3, nan, nan, nan)],
    columns=["scorer", "n", "share", "low", "high", "length_n", "length_share", "length_low", "length_high"],
)
BINS = pd.DataFrame(
    [(0.5, 0.6, 12, 6, 0.55, 0.5, 0.25, 0.75), (0.9, 1.0, 3, 3, 0.95, nan, nan, nan)],
    columns=["low", "high", "n", "prompts", "implied", "share", "share_low", "share_high"],
)
CURVE = pd.DataFrame({"p": [0.5, 0.75], "share": [0.5, 0.625]})


def test_agreement_has_the_scorers_share_and_the_longer_texts_with_intervals_and_half_as_a_line() -> None:
    found = spec(charts.agreement(TABLE))
    half, rule, points = found["layer"]
    assert data_of(found, half) == [{"half": 0.5}]
    assert [(row["label"], row["kind"], row["low"], row["share"], row["high"]) for row in data_of(found, points)] == [
        ("reward (20)", charts.KINDS[0], 0.5, 0.75, 0.875),
        ("length (12)", charts.KINDS[0], 0.125, 0.25, 0.5),
        ("reward (20)", charts.KINDS[1], 0.25, 0.5, 0.75),  # too few of the other
    ]
    assert [rule["encoding"][end]["field"] for end in ("x", "x2")] == ["low", "high"]
    assert points["encoding"]["x"]["scale"]["domain"] == [0, 1]
    assert points["encoding"]["shape"]["scale"]["range"] == ["circle", "diamond"]
    assert charts.agreement(TABLE).height == charts.AXIS + 2 * charts.ROW_HEIGHT


def test_calibration_has_bins_with_enough_answers_the_diagonal_and_the_curve_that_fits() -> None:
    found = spec(charts.calibration(BINS, CURVE))
    lines, rule, points = found["layer"]
    assert [(row["p"], row["share"], row["line"]) for row in data_of(found, lines)] == [
        (0.5, 0.5, charts.LINES[0]),
        (1.0, 1.0, charts.LINES[0]),
        (0.5, 0.5, charts.LINES[1]),
        (0.75, 0.625, charts.LINES[1]),
    ]
    assert lines["encoding"]["strokeDash"]["scale"]["domain"] == list(charts.LINES)
    assert [(row["implied"], row["share"]) for row in data_of(found, points)] == [(0.55, 0.5)]
    assert [rule["encoding"][end]["field"] for end in ("y", "y2")] == ["share_low", "share_high"]
    assert "σ(Δ)" in lines["encoding"]["x"]["title"]
    assert [tip["title"] for tip in points["encoding"]["tooltip"]][-2:] == ["answers", "prompts"]


def test_without_a_temperature_there_is_no_curve_in_the_legend() -> None:
    lines = spec(charts.calibration(BINS, CURVE.head(0)))["layer"][0]
    assert lines["encoding"]["color"]["scale"]["domain"] == [charts.LINES[0]]
