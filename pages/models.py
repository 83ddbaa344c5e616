"""Source models: which ones does this scorer prefer, and how surely?"""

from functools import partial
from typing import Any

import streamlit as st

from charts import source_models as charts
from data_access.questions.checks import one_answer_check
from data_access.questions.filters import PromptFilter
from data_access.questions.said import models as said
from data_access.questions.scope import Scope
from data_access.questions.source_models import Standing, standing
from pages.components.chart.show_chart import picked, show_chart
from pages.components.feedback.notices import complaints
from pages.components.feedback.progress import progress
from pages.components.filter.scope import scope_asked_for, scope_control
from pages.components.models.model_table import model_table
from pages.components.report.add import add_to_report
from pages.components.state import links
from pages.components.state.analysed import analysed, of_drawn
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.results import cached, cached_query
from pages.components.state.session import current
from pages.components.table.check_rows import check_row
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline

SHOWS = ("scores", "head to head")


def _stands() -> Standing | None:
    with progress("Comparing the source models on the prompts that they share.") as report:
        return standing(part.dataset, part.scorer, *scope, progress=report)


def _show_prompts(**chosen: Any) -> None:
    """The prompts of the scope that this page shows, filtered further."""
    within: dict[str, Any] = {name: (value,) for name, value in scope._asdict().items() if value}
    # Streamlit leaves this page with the new parameters as a step in the history: Back finds the scope among them.
    of = {"of": [asked]} if (asked := links.parameter("of")) else {}
    st.switch_page("prompts.py", query_params=links.to_prompts(PromptFilter(**within, **chosen)) | of)


def _open_prompts(key: str, models: list[str]) -> None:
    """Callback of the table's buttons: the prompts that the row's source model won or lost."""
    click = st.session_state[key]
    _show_prompts(**{key: models[click.row]})


def _open_cell() -> None:
    """Callback of the matrix: the prompts where the row's source model beat the column's."""
    if cell := picked("head_to_head", charts.CELL):
        _show_prompts(beat=(cell["model"], cell["other"]))


open_now = current()
unknown: list[str] = []
scope = scope_asked_for(open_now.choices, unknown)
show = option_asked_for("show", SHOWS, unknown)
desk = st.container(key="desk")
with desk, st.container(key="page_title", horizontal=True, vertical_alignment="center", gap="small"):
    st.title("Source models", anchor=False, width="content")
    figures = st.empty()
    st.space("stretch")
    add_to_report(open_now, "models")
    scope_control(open_now.choices, scope)
    option_control("Show", "show", SHOWS, show, hidden=True)
with desk:
    complaints(unknown)
    if len(open_now.choices.model) < 2:
        st.info(said.TOO_FEW, icon=":material/block:")
        st.stop()
    part = analysed(open_now)
    found = cached(part.dataset, "standing", open_now.scorer, scope, compute=_stands, lasts=True)
    if found is None:
        st.info(said.NONE_MEET, icon=":material/block:")
        st.stop()

table = found.table
models = table["model"].tolist()
with figures.container(horizontal=True, vertical_alignment="center", gap="small"):
    inline(said.counted(found), is_line=True)
    of_drawn(open_now, part)

with desk:
    if table["component"].max() > 1:
        st.warning(said.GROUPS, icon=":material/call_split:")
    if sentence := said.length_sentence(found):
        inline([sentence])
    if scope == Scope() and (one_answer := cached_query(open_now, one_answer_check)) and one_answer.concerned:
        check_row(one_answer)
    if show == "head to head":
        with st.container(key="view_matrix", height="stretch"):
            show_chart(
                partial(charts.head_to_head, models, found.wins, found.shared),
                key="head_to_head",
                on_select=_open_cell,
                width="content",
                alt=said.wins_seen(found),
            )
    else:
        with st.container(key="panes", horizontal=True, gap="medium"):
            with st.container(key="view_forest"):
                show_chart(partial(charts.forest, said.ranked(found)), alt=said.scores_seen(found), name="scores")
            with st.container(key="view_table"):
                model_table(table, _open_prompts)

if show == "head to head":
    st.caption(f"{said.WINS} A click on a cell opens the prompts where the row's source model did better.")
else:
    st.caption(
        f"{said.PREFERENCES} *won* and *lost* open the prompts where that source model has the best or the worst reward."
    )
    for note in said.notes(found):
        st.caption(note)
    table_download("source_models", table)
