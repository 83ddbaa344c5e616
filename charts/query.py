"""The first columns of a query's result, where they make a chart: a number by category, or two numbers."""

from typing import NamedTuple, cast

import altair as alt
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype, is_string_dtype

from charts import PALETTE, Chart

MOST_BARS = 100  # the charts of a hundred source models
MOST_POINTS = 5_000
MOST_COLUMNS = 12  # more are somebody's look at whole rows
LOOKED_AT = 4
HEIGHT = 280
# Numbers that say which, not how much.
NAMES = ("prompt_id", "candidate", "text_hash")


class Shown(NamedTuple):
    """What is drawn: rows with `category` and `number`, or with `x` and `y`, and the names of these two."""

    rows: pd.DataFrame
    first: str
    second: str


def first_columns(rows: pd.DataFrame) -> Chart | None:
    """Bars where the first text is different in each of up to 100 rows and there is a number, else points where there are two
    numbers, else None. Of the first four columns; those that only number things are left out."""
    shown = _shown(rows)
    if shown is None:
        return None
    return _bars(*shown) if "category" in shown.rows else _points(*shown)


def finding(rows: pd.DataFrame) -> str:
    """What one sees in that chart, in a sentence; '' without one."""
    shown = _shown(rows)
    if shown is None:
        return ""
    drawn = shown.rows.dropna()
    if drawn.empty:
        return f"{shown.second} by {shown.first}: no values"
    if "category" in drawn:
        ordered = drawn.sort_values("number", kind="stable")
        (low, high), (least, most) = (ordered[column].iloc[[0, -1]] for column in ("number", "category"))
        return (
            f"{shown.second} by {shown.first}: highest for {most} ({high:,.4g}), lowest for {least} ({low:,.4g}), "
            f"{len(drawn):,} bars"
        )
    ends = (
        f"{name} from {drawn[axis].min():,.4g} to {drawn[axis].max():,.4g}"
        for axis, name in (("x", shown.first), ("y", shown.second))
    )
    return f"{len(drawn):,} points: {', '.join(ends)}"


def _shown(rows: pd.DataFrame) -> Shown | None:
    if len(rows.columns) > MOST_COLUMNS:
        return None
    rows = rows.iloc[:, :LOOKED_AT]
    texts = [str(name) for name in rows if is_string_dtype(rows[name]) or is_bool_dtype(rows[name])]
    numbers = [
        str(name)
        for name in rows
        if is_numeric_dtype(rows[name]) and not is_bool_dtype(rows[name]) and name not in NAMES
    ]
    if not numbers or len(rows) < 2:
        return None
    plain = pd.DataFrame({name: rows[name].astype("float64") for name in numbers[:2]})
    if texts and len(rows) <= MOST_BARS and rows[texts[0]].nunique(dropna=False) == len(rows):
        category = rows[texts[0]].astype("str").str.slice(0, 80)
        if category.nunique() == len(rows):
            data = pd.DataFrame({"number": plain[numbers[0]].to_numpy(), "category": category.tolist()})
            return Shown(data, texts[0], numbers[0])
    if len(numbers) > 1 and len(rows) <= MOST_POINTS:
        return Shown(plain.set_axis(["x", "y"], axis=1), *numbers[:2])
    return None


def _bars(data: pd.DataFrame, category: str, number: str) -> Chart:
    chart = (
        alt.Chart(data)
        .mark_bar(color=PALETTE[0])
        .encode(
            # At the top: a long chart scrolls.
            x=alt.X("number:Q", title=_title(number), axis=alt.Axis(orient="top")),
            y=alt.Y("category:N", title=None, sort=None, axis=alt.Axis(labelLimit=180)),
            tooltip=[
                alt.Tooltip("category:N", title=category),
                alt.Tooltip("number:Q", title=number, format=",.4~g"),
            ],
        )
        .properties(height=alt.Step(20))
    )
    return cast(Chart, chart)


def _points(data: pd.DataFrame, x: str, y: str) -> Chart:
    chart = (
        alt.Chart(data)
        .mark_point(filled=True, color=PALETTE[0], opacity=0.6)
        .encode(
            x=alt.X("x:Q", title=_title(x), scale=alt.Scale(zero=False)),
            y=alt.Y("y:Q", title=_title(y), scale=alt.Scale(zero=False)),
            tooltip=[alt.Tooltip("x:Q", title=x, format=",.4~g"), alt.Tooltip("y:Q", title=y, format=",.4~g")],
        )
        .properties(height=HEIGHT)
    )
    return cast(Chart, chart)


def _title(number: str) -> str:
    return "reward (offset differs by prompt)" if number == "reward" else number
