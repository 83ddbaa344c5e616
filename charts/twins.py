"""What small changes of a text did to its reward: the frame of `data_access.questions.twins.by_change`."""

from typing import cast

import altair as alt
import pandas as pd

from charts import Chart
from charts.signed import points_of_kinds, rows_y

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
    base = alt.Chart(rows).encode(
        y=rows_y("label", label, 230),
        tooltip=[
            alt.Tooltip("label:N", title="change (prompts)"),
            alt.Tooltip("kind:N", title="figure"),
            alt.Tooltip("value:Q", format="+.2f"),
            alt.Tooltip("low:Q", title="95 % from", format="+.2f"),
            alt.Tooltip("high:Q", title="to", format="+.2f"),
            alt.Tooltip("prompts:Q", format=","),
        ],
    )
    title = f"difference of rewards ({unit})"
    layers = alt.layer(*points_of_kinds(base, KINDS, title, "change", size=46, legend_columns=1))
    return cast(Chart, layers.properties(height=len(table) * ROW_HEIGHT + AXIS))
