"""What charts of differences from zero share: rows, the axis, the line at zero, and points with their intervals."""

from collections.abc import Sequence
from typing import cast

import altair as alt
import pandas as pd

from charts import GREY, PALETTE, Chart

PICKED = "picked"  # the selection of what was clicked


def signed_x(field: str, title: str) -> alt.X:
    """The field on an axis whose ticks have a sign and as many decimals, but for zero; a mark at its end is drawn whole."""
    # The labels at both ends a pixel inwards: they are measured narrower than they are drawn.
    axis = alt.Axis(format="+f", labelExpr="datum.value ? datum.label : '0'", tickCount=7, labelFlushOffset=-1)
    return alt.X(f"{field}:Q", title=title, axis=axis, scale=alt.Scale(padding=6))


def zero_line() -> alt.Chart:
    """A dashed line at zero, seen on white and on black."""
    line = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(strokeDash=[3, 3], strokeWidth=1.5, color=GREY)
    return cast(alt.Chart, line.encode(x=alt.X("zero:Q")))


def rows_y(field: str, labels: Sequence[str], limit: int) -> alt.Y:
    """A row for each of these labels, in this order, of at most so many pixels."""
    axis = alt.Axis(labelLimit=limit, labelOverlap=False, labelFlush=False, grid=True)
    return alt.Y(f"{field}:N", title=None, sort=list(labels), axis=axis)


def points_of_kinds(
    base: alt.Chart, kinds: Sequence[str], title: str, picked: str, *, size: int, legend_columns: int
) -> list[Chart]:
    """The layers of `base`, with columns kind, value, low, high: the line at zero; 95 % intervals, where there are some; and
    points, told apart by colour and shape. A click selects the field `picked` as PICKED."""
    legend = alt.Legend(orient="top", title=None, offset=2, labelLimit=260, columns=legend_columns)
    color = alt.Color("kind:N", scale=alt.Scale(domain=list(kinds), range=PALETTE[: len(kinds)]), legend=legend)
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=list(kinds), range=["circle", "diamond"]), legend=legend)
    told_apart = base.encode(yOffset=alt.YOffset("kind:N", sort=list(kinds)), color=color)
    return [
        zero_line(),
        told_apart.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=1.5)
        .encode(x=signed_x("low", title), x2=alt.X2("high:Q")),
        told_apart.mark_point(filled=True, size=size, opacity=1)
        .encode(x=signed_x("value", title), shape=shape)
        .add_params(alt.selection_point(name=PICKED, fields=[picked], toggle=False)),
    ]
