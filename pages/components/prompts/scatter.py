"""All prompts as points; brushing them narrows the list by both figures."""

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from charts import prompts as charts
from data_access.plurals import things
from data_access.questions import prompts
from data_access.questions.filters import EVERY, Range, without
from pages.components.chart.show_chart import show_chart
from pages.components.filter.widgets import passing_prompts
from pages.components.state import links
from pages.components.state.link_values import option_asked_for
from pages.components.state.session import View

MOST = 5_000  # points: more take the browser seconds


def scatter(view: View, unknown: list[str]) -> None:
    """The prompts that pass the filter but for the two figures' ranges, at the two figures that the link asks for."""
    figures = list(charts.TITLES)
    x = option_asked_for("x", figures, unknown)
    y = option_asked_for("y", ["gap", *(name for name in figures if name != "gap")], unknown)
    others = without(without(view.filter, x), y)
    ids = passing_prompts(replace(view, filter=others), so_far=True) or []
    step = -(-len(ids) // MOST)  # every so many, where there are more
    points = prompts.prompt_figures(view.dataset, view.scorer, ids[:: max(step, 1)]).dropna(subset=[x, y])
    kept = {axis: getattr(view.filter, axis) for axis in (x, y)}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, name, shown in (("Across", "x", x), ("Up", "y", y)):
            st.selectbox(
                label,
                figures,
                key=links.seeded(name, shown),
                format_func=charts.TITLES.__getitem__,
                label_visibility="collapsed",
                width=290,
                on_change=links.on_change,
                args=(name, name),
            )
        st.caption(
            f"{len(points):,} of {things(len(ids), 'prompt')} drawn"
            + (f", every {step}th of the list" if step > 1 else "")
            + ". Brush to narrow the list; a double click on the chart shows all.",
        )
    is_brushed = any(one != EVERY for one in kept.values())
    key = "scatter_brushed" if is_brushed else "scatter"
    show_chart(
        partial(charts.scatter, points, x, y, _ends(kept[x], points[x]), _ends(kept[y], points[y])),
        key=f"{key}_{x}_{y}",
        on_select=lambda: _brush(f"{key}_{x}_{y}", x, y, is_brushed),
        alt=f"{things(len(points), 'prompt')}: {charts.TITLES[y]} against {charts.TITLES[x]}",
    )


def _ends(kept: Range, values: pd.Series) -> tuple[float, float] | None:
    if kept == EVERY:
        return None
    return (
        float(values.min()) if kept.low is None else kept.low,
        float(values.max()) if kept.high is None else kept.high,
    )


def _brush(key: str, x: str, y: str, is_brushed: bool) -> None:
    """Callback: both ranges into the link; an empty brush takes them out."""
    ends = st.session_state[key].selection.get(charts.BRUSH, {})
    spans = {name: Range.brushed(*ends[name]) for name in {x, y} if name in ends}
    if spans:
        links.go(**{name: str(span) for name, span in spans.items()}, page=None)
    elif is_brushed:
        links.go(**dict.fromkeys((x, y)), page=None)
