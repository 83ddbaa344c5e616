"""Charts on the screen: the one place that hands them to Streamlit, each with a way to save it as a picture."""

import json
import pickle
from functools import partial
from hashlib import blake2b
from typing import Any, Literal, NamedTuple, TypeVar, cast

import altair
import streamlit as st
from altair.utils import schemapi
from streamlit.dataframe_util import convert_pandas_df_to_arrow_bytes
from streamlit.elements.vega_charts import _convert_altair_to_vega_lite_spec

from charts import AnyChart, Chart
from charts.written import Written
from pages.components.chart.save_picture import save_picture, slug
from pages.components.state.kept_results import KeptResults
from pages.components.state.results import session

C = TypeVar("C", bound=AnyChart)

KEPT, KEPT_EACH = 1024, 64  # specifications of all sessions and of one
LARGEST = 1_000_000  # bytes of a chart's data that are kept


class _Drawn(NamedTuple):
    """A chart as Streamlit sends it: its specification as JSON, the data that it names in Arrow's format, its height."""

    specification: str
    data: dict[str, bytes]
    height: object

    def to_dict(self) -> dict[str, Any]:
        """A specification of one's own, as Streamlit changes it."""
        return {**json.loads(self.specification), "datasets": self.data}


class _Checked:
    """What Streamlit asks a chart for: its specification, checked against Altair's schema in debug mode only."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    def to_dict(self) -> dict[str, Any]:
        return self.chart.to_dict(validate=schemapi.DEBUG_MODE)


def show_chart(chart: AnyChart | partial[C], alt: str, name: str = "", **options: Any) -> None:
    """`st.altair_chart` of this chart with its options; `alt` says in words what one sees in it: first, up to a full stop,
    colon or semicolon, what it is. `name`, ours, is what it is saved as; needed where that beginning changes with a control.

    A chart takes Altair 5 to 30 ms to make. One that is given as `partial(charts.…, frame, …)` is made once for all viewers
    who see the same frame.

    The schema is checked in tests, where Altair's debug mode is on. The server (app.py) has it off: the check took a third of
    the time of a rerun.
    """
    drawn = _kept_or_drawn(chart) if isinstance(chart, partial) else _draw(chart)
    if isinstance(drawn.height, int):
        options.setdefault("height", drawn.height)  # its room is kept before it is drawn: nothing jumps
    name = slug(name or options.get("key") or alt)
    height: Literal["stretch", "content"] = "stretch" if options.get("height") == "stretch" else "content"
    with st.container(key=f"chart_{name}", gap=None, height=height):
        st.vega_lite_chart(spec=drawn.to_dict(), alt=alt, **options)
        save_picture(chart, alt, name)


def _draw(chart: AnyChart) -> _Drawn:
    if isinstance(chart, Written):
        return _draw_written(chart)
    found = _convert_altair_to_vega_lite_spec(cast(altair.Chart, _Checked(chart)))
    data = found.pop("datasets")
    return _Drawn(json.dumps(found), data, chart.height)


def _draw_written(chart: Written) -> _Drawn:
    if schemapi.DEBUG_MODE:
        chart.to_dict(validate=True)
    tables = {
        one: convert_pandas_df_to_arrow_bytes(frame.reset_index(drop=True)) for one, frame in chart.frames().items()
    }
    # By their content, as Streamlit's own names are: a chart with other data is another one.
    names = {one: blake2b(table, digest_size=16).hexdigest() for one, table in tables.items()}
    return _Drawn(
        json.dumps(chart.specification(names)), {names[one]: table for one, table in tables.items()}, chart.height
    )


def _kept_or_drawn(chart: partial[C]) -> _Drawn:
    """What this function draws of these frames and values; by their content, as frames are made anew for each run."""
    key = blake2b(pickle.dumps(chart, protocol=5), digest_size=16).digest()
    kept = _charts()
    drawn = kept.worked_out(key, lambda: _draw(chart()), session())
    if sum(map(len, drawn.data.values())) > LARGEST:
        kept.drop(lambda one: one == key)
    return drawn


@st.cache_resource(show_spinner=False)
def _charts() -> KeptResults[bytes, _Drawn]:
    return KeptResults(KEPT, KEPT_EACH)


def picked(key: str, name: str) -> dict[str, Any] | None:
    """For a chart's callback: what was clicked in this selection, field -> value; None where that was taken back."""
    marks: list[dict[str, Any]] = st.session_state[key].selection.get(name, [])
    return marks[0] if marks else None
