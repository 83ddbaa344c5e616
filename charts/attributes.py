"""What goes with a reward: intervals in rows, for the frames of `data_access.questions.attribute_effects`."""

from collections.abc import Sequence
from typing import cast

import altair as alt
import pandas as pd

from charts import Chart
from charts.signed import PICKED, points_of_kinds, rows_y

ROW_HEIGHT = 21
AXIS = 78  # pixels of the axis with its title, and of the legend
LINE = 20  # a legend of long names has two
LONG = 14  # characters
KINDS = ("all together", "one at a time")


def effects(table: pd.DataFrame, unit: str) -> Chart:
    """One row an attribute, in the table's order: its association with the reward together with the others and alone."""
    rows = intervals(table, {KINDS[0]: "joint", KINDS[1]: "alone"})
    return forest(rows, KINDS, f"{unit} per standard deviation of the attribute")


def parting(table: pd.DataFrame, scorers: tuple[str, str]) -> Chart:
    """One row an attribute, in the table's order: its association with the rewards of two scorers."""
    rows = intervals(table, {scorers[0]: "first", scorers[1]: "second"})
    return forest(rows, scorers, "sd of the scorer's rewards per sd of the attribute")


def by_part(table: pd.DataFrame, unit: str) -> Chart:
    """A cell for each attribute and part, coloured by its association with the reward together with the others; faint where its
    interval is not without 0. Columns as `attribute_effects.by_part`. A click selects `attribute` and `part` as PICKED."""
    order = table.groupby("label")["joint"].apply(lambda joint: joint.abs().max()).sort_values(ascending=False)
    part = [f"{name} ({prompts:,})" for name, prompts in zip(table["part"], table["prompts"], strict=True)]
    rows = table.assign(named=part, sure=(table["joint_low"] > 0) | (table["joint_high"] < 0))
    most = float(rows["joint"].abs().quantile(0.98)) or 1.0
    base = alt.Chart(rows).encode(
        x=alt.X(
            "named:N",
            title=None,
            sort=rows["named"].drop_duplicates().tolist(),
            axis=alt.Axis(orient="top", labelAngle=-35 if rows["part"].nunique() > 6 else 0, labelLimit=150),
        ),
        y=alt.Y(
            "label:N",
            title=None,
            sort=order.index.tolist(),
            axis=alt.Axis(labelLimit=170, labelOverlap=False, labelFlush=False),
        ),
        tooltip=[
            alt.Tooltip("part:N"),
            alt.Tooltip("label:N", title="attribute"),
            alt.Tooltip("joint:Q", title=f"together ({unit} per sd)", format="+.2f"),
            alt.Tooltip("joint_low:Q", title="95 % from", format="+.2f"),
            alt.Tooltip("joint_high:Q", title="to", format="+.2f"),
            alt.Tooltip("varies:Q", title="differs in prompts", format=","),
            alt.Tooltip("prompts:Q", title="of prompts", format=","),
        ],
    )
    colour = alt.Color(
        "joint:Q",
        title=f"{unit} per sd",
        scale=alt.Scale(scheme="blueorange", domain=[-most, most], domainMid=0, clamp=True, reverse=True),
        legend=alt.Legend(orient="right"),
    )
    is_dark = f"datum.sure && abs(datum.joint) > {0.7 * most}"
    opacity = alt.Opacity("sure:N", scale=alt.Scale(domain=[True, False], range=[1, 0.25]), legend=None)
    layers = alt.layer(
        base.mark_rect()
        .encode(color=colour, opacity=opacity)
        .add_params(alt.selection_point(name=PICKED, fields=["attribute", "part"], toggle=False)),
        *(
            base.transform_filter(where)
            .mark_text(fontSize=10, color=ink)
            .encode(text=alt.Text("joint:Q", format="+.2f"), opacity=opacity)
            for where, ink in ((f"!({is_dark})", "black"), (is_dark, "white"))
        ),
    )
    height = rows["label"].nunique() * ROW_HEIGHT + AXIS
    return cast(Chart, layers.properties(height=height))


def intervals(table: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """One row per attribute and kind -> column: label, attribute, kind, value, low, high."""
    parts = [
        table[["attribute", "label", name, f"{name}_low", f"{name}_high"]]
        .set_axis(["attribute", "label", "value", "low", "high"], axis=1)
        .assign(kind=kind)
        for kind, name in columns.items()
    ]
    return pd.concat(parts, ignore_index=True)


def forest(rows: pd.DataFrame, kinds: Sequence[str], title: str) -> Chart:
    """Points with their 95 % intervals, a row a label in the order of `rows`; a click selects `attribute` as PICKED."""
    labels = rows["label"].drop_duplicates().tolist()
    long = max(map(len, kinds)) > LONG
    base = alt.Chart(rows).encode(
        y=rows_y("label", labels, 170),
        tooltip=[
            alt.Tooltip("label:N", title="attribute"),
            alt.Tooltip("kind:N", title="fitted"),
            alt.Tooltip("value:Q", title="value", format="+.3f"),
            alt.Tooltip("low:Q", title="95 % from", format="+.3f"),
            alt.Tooltip("high:Q", title="to", format="+.3f"),
        ],
    )
    layers = alt.layer(*points_of_kinds(base, kinds, title, "attribute", size=36, legend_columns=1 if long else 2))
    return cast(Chart, layers.properties(height=len(labels) * ROW_HEIGHT + AXIS + LINE * long))
