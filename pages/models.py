"""Source models: which ones does this scorer prefer, and how surely?"""

from typing import Any

import streamlit as st

from charts import source_models as charts
from data_access.plurals import things
from data_access.questions.checks import one_answer_check
from data_access.questions.filters import PromptFilter
from data_access.questions.source_models import ROUNDS, Standing, standing
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.notices import complaints
from pages.components.feedback.progress import progress
from pages.components.filter.scope import Scope, scope_asked_for
from pages.components.models.model_table import model_table
from pages.components.state import links
from pages.components.state.results import cached, cached_query
from pages.components.state.session import current
from pages.components.table.check_rows import check_row
from pages.components.text.texts import inline

FOREST_HEIGHT = 620


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
    cells = st.session_state["head_to_head"].selection.get(charts.CELL, [])
    if cells:
        _show_prompts(beat=(cells[0]["model"], cells[0]["other"]))


open_now = current()
unknown: list[str] = []
st.title("Source models", anchor=False)
st.caption("As this reward model ranks them; what it gets wrong is not in the intervals.")
scope = scope_asked_for(open_now.choices, unknown)
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
inline(
    [
        f"{len(models):,} source models",
        used,
        f"{table['scored'].sum():,} of {things(int(table['candidates'].sum()), 'candidate')} scored",
    ]
)
effect, low, high = found.length_effect
if low < high:
    st.markdown(
        f"One standard deviation more log-length is worth **{effect:+.2f}** logits to this scorer "
        f"(95 % interval {low:+.2f} to {high:+.2f})."
    )

if scope == Scope() and (one_answer := cached_query(open_now, one_answer_check)) and one_answer.concerned:
    check_row(one_answer)

st.header("Scores", anchor=False)
ranked = table.dropna(subset="score")
with st.container(height=min(FOREST_HEIGHT, 90 + 30 * len(ranked)), border=False, key="forest"):
    show_chart(
        charts.forest(ranked),
        alt=f"Scores of {things(len(ranked), 'source model')} with their 95 % intervals, best first",
    )
st.caption(
    "Bradley-Terry scores from one outcome a prompt and pair of source models (the share of their pairs of candidates that "
    "the first wins, ties ½); each model has one imaginary draw with an average model, so that all stay finite. Intervals: "
    f"{ROUNDS:,} resamples of the prompts, one Newton step each. With length held equal: the difference of log-length is a "
    "covariate."
)
if len(ranked) < len(table):
    st.caption(f"Without a score, as they meet no other source model on any prompt: {len(table) - len(ranked):,}.")
if ranked["low"].isna().any():
    st.caption(
        "Where no interval is shown, resampling says nothing of how sure the score is: it needs more prompts, and outcomes "
        "that differ."
    )

st.header("Table", anchor=False)
model_table(table, _open_prompts)
st.caption("*won* and *lost* open the prompts where that source model has the best or the worst reward.")
if table["component"].max() > 1:
    st.warning(
        "Some source models share no prompts with others. Scores compare within a group only.",
        icon=":material/call_split:",
    )

st.header("Head to head", anchor=False)
with st.container(key="matrix", border=False, height=charts.matrix_height(len(models))):  # scrolls sideways
    show_chart(
        charts.head_to_head(models, found.wins, found.shared),
        key="head_to_head",
        on_select=_open_cell,
        width="content",
        alt=f"Win rates of {len(models)} source models against each other, ordered by score",
    )
st.caption(
    "How often the row's source model beats the column's on shared prompts, ties ½. A click opens the prompts where it did."
)
