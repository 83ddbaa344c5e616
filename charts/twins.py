"""What small changes of a text did to its reward: the frame of `data_access.questions.twins.by_change`."""

from typing import cast

import altair as alt
import pandas as pd

from charts import PALETTE, Chart
from charts.signed import signed_x, zero_line

PICKED = "picked"
ROW_HEIGHT = 40
AXIS = 96  # pixels of the axis with its title, and of the legend
KINDS = ("mean, with − without", "mean, ignoring its sign")


def by_change(table: pd.DataFrame, unit: str) -> Chart:
    """One row a kind of change, in the table's order: the mean difference, where it has a direction, and its mean size, with
    intervals. A click selects `change` as PICKED."""
    label = [f"{name} ({prompts:,})" for name, prompts in zip(table["label"], table["prompts"], strict=True)]
    parts = [
        table[["change", name, f"{name}_low", f"{name}_high", "prompts"]]
        .set_axis(["change", "value", "low", "high", "prompts"], axis=1)
        .assign(kind=kind, label=label)
        for kind, name in zip(KINDS, ("mean", "size"), strict=True)
    ]
    rows = pd.concat(parts, ignore_index=True).dropna(subset="value")
    legend = alt.Legend(orient="top", title=None, offset=2, labelLimit=260, columns=1)
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "label:N",
            title=None,
            sort=label,
            axis=alt.Axis(labelLimit=230, labelOverlap=False, labelFlush=False, grid=True),
        ),
        yOffset=alt.YOffset("kind:N", sort=list(KINDS)),
        color=alt.Color("kind:N", scale=alt.Scale(domain=list(KINDS), range=PALETTE[:2]), legend=legend),
        tooltip=[
            alt.Tooltip("label:N", title="change (prompts)"),
            alt.Tooltip("kind:N", title="figure"),
            alt.Tooltip("value:Q", format="+.2f"),
            alt.Tooltip("low:Q", title="95 % from", format="+.2f"),
            alt.Tooltip("high:Q", title="to", format="+.2f"),
            alt.Tooltip("prompts:Q", format=","),
        ],
    )
    shape = alt.Shape("kind:N", scale=alt.Scale(domain=list(KINDS), range=["circle", "diamond"]), legend=legend)
    title = f"difference of rewards ({unit})"
    layers = alt.layer(
        zero_line(),
        base.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=1.5)
        .encode(x=signed_x("low", title), x2=alt.X2("high:Q")),
        base.mark_point(filled=True, size=46, opacity=1)
        .encode(x=signed_x("value", title), shape=shape)
        .add_params(alt.selection_point(name=PICKED, fields=["change"], toggle=False)),
    )
    return cast(Chart, layers.properties(height=len(table) * ROW_HEIGHT + AXIS))
