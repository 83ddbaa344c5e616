"""The chart of a query's first columns: where it makes sense, and where there had better be none."""

import pandas as pd
import pytest

from charts.query import finding, first_columns


def described(rows: pd.DataFrame) -> dict[str, str]:
    """The kind of mark and the titles of the axes; {} without a chart."""
    chart = first_columns(rows)
    if chart is None:
        return {}
    spec = chart.to_dict()
    return {"mark": spec["mark"]["type"], **{axis: spec["encoding"][axis]["title"] or "" for axis in ("x", "y")}}


MODELS = ["ant", "bee", "cow"]


def test_a_number_by_category_is_bars_in_the_order_of_the_rows() -> None:
    rows = pd.DataFrame({"prompt_id": [1, 2, 3], "model": MODELS, "wins": [3, 1, 2]}).astype({"wins": "int64[pyarrow]"})
    assert described(rows) == {"mark": "bar", "x": "wins", "y": ""}
    chart = first_columns(rows)
    assert chart is not None
    assert chart.to_dict()["encoding"]["y"]["sort"] is None
    assert finding(rows) == "wins by model: highest for ant (3), lowest for bee (1), 3 bars"


def test_two_numbers_are_points_with_missing_values_left_out() -> None:
    rows = pd.DataFrame({"ratio": [0.5, 1.0, None], "scorer": ["a", "a", "a"], "centred": [1.0, 2.0, 3.0]})
    assert described(rows.convert_dtypes(dtype_backend="pyarrow")) == {"mark": "point", "x": "ratio", "y": "centred"}
    assert finding(rows) == "2 points: ratio from 0.5 to 1, centred from 1 to 2"


def test_a_raw_reward_says_that_its_offset_differs_by_prompt() -> None:
    rows = pd.DataFrame({"chars": [1, 2], "reward": [0.5, 1.5]})
    assert described(rows) == {"mark": "point", "x": "chars", "y": "reward (offset differs by prompt)"}


@pytest.mark.parametrize(
    "rows",
    [
        pd.DataFrame({"model": MODELS}),
        pd.DataFrame({"model": ["ant"], "wins": [3]}),
        pd.DataFrame({"model": ["ant", "ant", "bee"], "wins": [1, 2, 3]}),
        pd.DataFrame({"prompt_id": [1, 2], "candidate": [1, 2], "text_hash": [5, 6]}),
        pd.DataFrame({"model": [f"m{i}" for i in range(101)], "wins": range(101)}),
        pd.DataFrame({"a": range(5001), "b": range(5001)}),
        pd.DataFrame({"a": [[1], [2]], "b": [1, 2]}),
        pd.DataFrame({"text": ["x" * 80 + "1", "x" * 80 + "2"], "n": [1, 2]}),
        pd.DataFrame({f"c{i}": [1.0, 2.0] for i in range(13)}),
        pd.DataFrame({**{f"t{i}": [["a"], ["b"]] for i in range(4)}, "n": [1, 2], "m": [1, 2]}),
        pd.DataFrame(),
    ],
    ids=[
        "no number",
        "one row",
        "category twice",
        "ids only",
        "too many bars",
        "too many points",
        "list",
        "long",
        "whole rows",
        "late",
        "empty",
    ],
)
def test_where_a_chart_would_say_nothing_there_is_none(rows: pd.DataFrame) -> None:
    assert described(rows) == {}
    assert finding(rows) == ""
