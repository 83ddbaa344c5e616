"""All prompts as points."""

import pandas as pd

from charts import prompts as charts
from tests.charts.test_prompt import data_of, spec

POINTS = pd.DataFrame(
    {"prompt_id": [1, 3], "prompt": ["a", "b"], "subset": ["s", None], "spread": [0.5, 3.0], "gap": [0.1, 2.0]}
)


def test_each_prompt_is_a_point_at_the_two_figures_with_their_units() -> None:
    found = spec(charts.scatter(POINTS, "spread", "gap", None, None))
    assert [(row["spread"], row["gap"]) for row in data_of(found, found)] == [(0.5, 0.1), (3.0, 2.0)]
    assert found["encoding"]["x"]["title"] == "spread of rewards (sd, logits)"
    assert found["encoding"]["y"]["title"] == "gap of best to second (logits)"


def test_the_brush_stands_where_the_link_has_it() -> None:
    (brush,) = spec(charts.scatter(POINTS, "spread", "gap", (0.25, 1.0), (0.0, 0.5)))["params"]
    assert (brush["name"], brush["value"]) == ("brush", {"x": [0.25, 1.0], "y": [0.0, 0.5]})
    (without,) = spec(charts.scatter(POINTS, "spread", "gap", None, None))["params"]
    assert "value" not in without
