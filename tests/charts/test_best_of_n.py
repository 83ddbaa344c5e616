"""The charts of best-of-N: the gain with its band, one line a source model, and who supplies the winners."""

import pandas as pd
import pytest

from charts import best_of_n as charts
from tests.charts.test_prompt import data_of, layers, spec

POINTS = pd.DataFrame({"n": [1, 2, 3], "gain": [0.0, 0.5, 0.7], "low": [0.0, 0.4, 0.6], "high": [0.0, 0.6, 0.8]})
MODELS = pd.DataFrame({"n": [1, 2, 1], "gain": [0.0, 0.5, 0.0], "model": ["ant", "ant", "cow"], "prompts": [9, 9, 8]})
SHARES = pd.DataFrame({"model": ["cow", "ant"], "share": [0.75, 0.25], "candidates": [0.5, 0.5]})


def test_the_gain_is_a_line_in_its_band_with_the_n_that_is_looked_at_marked() -> None:
    found = spec(charts.gain(POINTS, 2, is_log=True))
    (band,), (line,), (mark,) = layers(found, "area"), layers(found, "line"), layers(found, "point")
    assert [band["encoding"][end]["field"] for end in ("y", "y2")] == ["low", "high"]
    assert line["encoding"]["y"]["field"] == "gain"
    assert data_of(found, line) == POINTS.to_dict("records")
    assert data_of(found, mark) == [{"n": 2, "gain": 0.5, "low": 0.4, "high": 0.6}]
    assert "logits" in line["encoding"]["y"]["title"]


@pytest.mark.parametrize(("is_log", "scale"), [(True, "log"), (False, "linear")])
def test_n_is_on_the_axis_that_was_asked_for(is_log: bool, scale: str) -> None:
    found = spec(charts.gain(POINTS, 1, is_log=is_log))
    assert {layer["encoding"]["x"]["scale"]["type"] for layer in found["layer"]} == {scale}
    of_models = spec(charts.by_model(MODELS, is_log=is_log))
    assert {layer["encoding"]["x"]["scale"]["type"] for layer in of_models["layer"]} == {scale}


def test_each_source_model_has_a_line_of_its_own_that_tells_over_how_many_prompts() -> None:
    found = spec(charts.by_model(MODELS, is_log=False))
    for line in found["layer"]:
        assert line["mark"]["type"] == "line"
        assert line["encoding"]["detail"]["field"] == "model"
        assert line["encoding"]["tooltip"][-1]["field"] == "prompts"
    assert data_of(found, found["layer"][1]) == MODELS.to_dict("records")


def test_the_four_source_models_that_gain_most_have_a_colour_and_the_others_are_grey() -> None:
    points = pd.DataFrame({"n": 2, "gain": [0.1, 0.5, 0.3, 0.2, 0.4], "model": list("abcde"), "prompts": 9})
    found = spec(charts.by_model(points, is_log=False))
    grey, coloured = found["layer"]
    assert coloured["encoding"]["color"]["scale"]["domain"] == ["b", "e", "c", "d"]
    assert [row["model"] for row in data_of(found, coloured)] == ["b", "c", "d", "e"]
    assert [row["model"] for row in data_of(found, grey)] == ["a"]
    assert "color" not in grey["encoding"]


def test_winners_are_bars_in_the_frames_order_with_a_tick_for_the_share_of_candidates() -> None:
    found = spec(charts.winners(SHARES))
    (bar,), (tick,) = layers(found, "bar"), layers(found, "tick")
    assert bar["encoding"]["x"]["field"] == "share"
    assert tick["encoding"]["x"]["field"] == "candidates"
    for layer in (bar, tick):
        assert layer["encoding"]["y"]["sort"] == ["cow", "ant"]
    assert data_of(found, found) == SHARES.to_dict("records")


def test_one_prompts_curve_is_a_line_of_all_its_points() -> None:
    found = spec(charts.of_prompt(POINTS[["n", "gain"]]))
    assert (found["mark"]["type"], found["encoding"]["y"]["field"]) == ("line", "gain")
    assert data_of(found, found) == POINTS[["n", "gain"]].to_dict("records")
