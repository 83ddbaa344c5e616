"""Source models: which ones does this scorer prefer, and how surely?"""

from typing import Any

import streamlit as st

from charts import source_models as charts
from data_access.plurals import things
from data_access.questions.checks import one_answer_check
from data_access.questions.filters import PromptFilter
from data_access.questions.source_models import ROUNDS, Standing, reading, standing
from pages.components.chart.show_chart import picked, show_chart
from pages.components.feedback.notices import complaints
from pages.components.feedback.progress import progress
from pages.components.filter.scope import Scope, scope_asked_for, scope_control
from pages.components.models.model_table import model_table
from pages.components.state import links
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.results import cached, cached_query
from pages.components.state.session import current
from pages.components.table.check_rows import check_row
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline

SHOWS = ("scores", "head to head")


def _stands() -> Standing | None:
    with progress("Comparing the source models on the prompts that they share.") as report:
        return standing(open_now.dataset, open_now.scorer, *scope, progress=report)


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
    scope_control(open_now.choices, scope)
    option_control("Show", "show", SHOWS, show, hidden=True)
with desk:
    complaints(unknown)
    if len(open_now.choices.model) < 2:
        st.info("This dataset has fewer than two source models, so there is nothing to rank.", icon=":material/block:")
        st.stop()
    found = cached(open_now.dataset, "standing", open_now.scorer, scope, compute=_stands)
    if found is None:
        st.info(
            "No two source models have scored candidates for the same prompt. Choose another subset.",
            icon=":material/block:",
        )
        st.stop()

table = found.table
models = table["model"].tolist()
total = things(found.total, "prompt")
used = total if found.prompts == found.total else f"a random {found.prompts:,} of {total}"
with figures:
    inline(
        [
            things(len(models), "source model"),
            used,
            f"{table['scored'].sum():,} of {things(int(table['candidates'].sum()), 'candidate')} scored",
        ],
        is_line=True,
    )
ranked = table.dropna(subset="score")

with desk:
    if table["component"].max() > 1:
        st.warning(
            "Some source models share no prompts with others. Scores compare within a group only.",
            icon=":material/call_split:",
        )
    effect, low, high = found.length_effect
    if low < high:
        inline(
            [
                f"One standard deviation more log-length is worth {effect:+.2f} logits to this scorer "
                f"(95 % interval {low:+.2f} to {high:+.2f})."
            ]
        )
    if scope == Scope() and (one_answer := cached_query(open_now, one_answer_check)) and one_answer.concerned:
        check_row(one_answer)
    if show == "head to head":
        with st.container(key="view_matrix", height="stretch"):
            show_chart(
                charts.head_to_head(models, found.wins, found.shared),
                key="head_to_head",
                on_select=_open_cell,
                width="content",
                alt=f"Win rates of {things(len(models), 'source model')} against each other, ordered by score. "
                + reading(found),
            )
    else:
        with st.container(key="panes", horizontal=True, gap="medium"):
            with st.container(key="view_forest"):
                show_chart(
                    charts.forest(ranked),
                    alt=f"Scores of {things(len(ranked), 'source model')} with 95 % intervals, best first. "
                    + reading(found),
                    name="scores",
                )
            with st.container(key="view_table"):
                model_table(table, _open_prompts)

if show == "head to head":
    st.caption(
        "How often the row's source model beats the column's on the prompts that they share, ties ½; source models in the "
        "order of their scores. A click on a cell opens the prompts where the row's source model did better."
    )
else:
    st.caption(
        "These are this scorer's preferences: what it gets wrong is not in the intervals. *won* and *lost* open the prompts "
        "where that source model has the best or the worst reward."
    )
    st.caption(
        "Bradley-Terry scores from one outcome per prompt and pair of source models (the share of their pairs of candidates "
        "that the first wins, ties ½); each model has one imaginary draw with an average model, so that all stay finite. "
        f"Intervals: {ROUNDS:,} resamples of the prompts, one Newton step each. Length held equal: the difference of "
        "log-length is a covariate."
    )
    if len(ranked) < len(table):
        st.caption(f"Without a score, as they meet no other source model on any prompt: {len(table) - len(ranked):,}.")
    if ranked["low"].isna().any():
        st.caption(
            "Where no interval is shown, resampling says nothing of how sure the score is: it needs more prompts, and outcomes "
            "that differ."
        )
    table_download("source_models", table)
