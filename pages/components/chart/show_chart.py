"""Charts on the screen: the one place that hands them to Streamlit, each with a way to save it as a picture."""

from typing import Any, Literal, cast

import altair
import streamlit as st
from altair.utils import schemapi

from charts import Chart
from pages.components.chart.save_picture import save_picture, slug


class _Drawn:
    """What Streamlit asks a chart for: its specification, checked against Altair's schema in debug mode only."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    def to_dict(self) -> dict[str, Any]:
        return self.chart.to_dict(validate=schemapi.DEBUG_MODE)


def show_chart(chart: Chart, alt: str, name: str = "", **options: Any) -> None:
    """`st.altair_chart` of this chart with its options; `alt` says in words what one sees in it: first, up to a full stop,
    colon or semicolon, what it is. `name`, ours, is what it is saved as; needed where that beginning changes with a control.

    The schema is checked in tests, where Altair's debug mode is on. The server (app.py) has it off: the check took a third of
    the time of a rerun.
    """
    if isinstance(chart.height, int):
        options.setdefault("height", chart.height)  # its room is kept before it is drawn: nothing jumps
    name = slug(name or options.get("key") or alt)
    height: Literal["stretch", "content"] = "stretch" if options.get("height") == "stretch" else "content"
    with st.container(key=f"chart_{name}", gap=None, height=height):
        st.altair_chart(cast(altair.Chart, _Drawn(chart)), alt=alt, **options)
        save_picture(chart, alt, name)


def picked(key: str, name: str) -> dict[str, Any] | None:
    """For a chart's callback: what was clicked in this selection, field -> value; None where that was taken back."""
    marks: list[dict[str, Any]] = st.session_state[key].selection.get(name, [])
    return marks[0] if marks else None
