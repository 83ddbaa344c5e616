"""The charts of scorers: what stands where, and that candidates which stand on one spot are one larger point."""

import pandas as pd

from charts import scorers as charts
from data_access.questions.agreement import tau_bins
from tests.charts.test_prompt import data_of, layers, spec


def test_candidates_on_one_spot_are_one_point_that_names_them_all() -> None:
    points = pd.DataFrame(
        {
            "candidate": [1, 2, 3],
            "model": ["ant", None, "bee"],
            "x_percentile": [100.0, 25.0, 25.0],
            "x_place": [1, 2, 2],
            "x_tied": [1, 2, 2],
            "y_percentile": [0.0, 75.0, 75.0],
            "y_place": [3, 1, 1],
            "y_tied": [1, 2, 2],
        }
    )
    found = spec(charts.percentiles(points, "A, one", "B, [two](x)"))
    (dots,) = layers(found, "point")
    assert [(row["x_percentile"], row["n"], row["which"], row["models"]) for row in data_of(found, dots)] == [
        (25, 2, "#2, #3", "unknown, bee"),
        (100, 1, "#1", "ant"),
    ]
    assert dots["encoding"]["y"]["title"] == "percentile by B, [two](x)"


def test_the_matrix_has_each_pair_on_both_sides_of_its_diagonal() -> None:
    pairs = pd.DataFrame({"first": ["a"], "other": ["b"], "tau": [0.25], "low": [0.1], "high": [0.4], "n": [7]})
    found = spec(charts.matrix(pairs, ["a", "b"]))
    (cells,) = layers(found, "rect")
    rows = found["datasets"][(cells.get("data") or found["data"])["name"]]
    assert [(row["first"], row["other"], row["tau"]) for row in rows] == [("a", "b", 0.25), ("b", "a", 0.25)]
    assert charts.seen_in_matrix(pairs) == "a and b agree most (τ-b +0.25), a and b least (+0.25)"


def test_parts_stand_in_their_own_order_with_their_interval() -> None:
    parts = pd.DataFrame(
        {"part": ["z", "a"], "tau": [0.5, 0.1], "low": [0.4, float("nan")], "high": [0.6, float("nan")], "n": [9, 1]}
    )
    found = spec(charts.by_part(parts))
    (rule,) = layers(found, "rule")
    assert rule["encoding"]["y"]["sort"] == ["z", "a"]
    assert (rule["encoding"]["x"]["field"], rule["encoding"]["x2"]["field"]) == ("low", "high")
    assert charts.seen_in_parts(parts) == "A and B agree most in z (τ-b +0.50) and least in a (+0.10), of 2"
    undefined = parts.assign(tau=float("nan"))
    assert charts.seen_in_parts(undefined) == "Rank correlation of A and B is not defined in any part"


def test_prompts_are_counted_by_their_rank_correlation() -> None:
    bins = tau_bins(pd.DataFrame({"tau": [-1.0, -0.05, 0.05, 1.0, float("nan")]}))
    assert bins.loc[bins["n"] > 0, "low"].round(1).tolist() == [-1.0, -0.1, 0.0, 0.9]
    assert charts.seen_in_bins(bins, 0.0) == "Rank correlation of A and B: mean +0.00; below 0 in 2 of 4 prompts"
    assert spec(charts.by_prompt(bins))["encoding"]["y"]["title"] == "prompts"
