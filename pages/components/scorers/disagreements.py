"""The prompts where two scorers disagree most, and one prompt's candidates by both."""

from functools import partial

import pandas as pd
import streamlit as st

from charts import scorers as charts
from data_access.dataset import Dataset
from data_access.questions import scorers
from data_access.questions.agreement import most_apart
from data_access.questions.said.scorers import points_said
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.notices import complaints
from pages.components.state import links
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.text.texts import inline, one_line

# How disagreement is measured: a column of `of_pair` -> the label of its option.
MEASURES = {"tau": "Lowest τ-b", "regret": "Regret of A's pick", "back_regret": "Regret of B's pick"}
MOST = 25
HEIGHT, ROW_HEIGHT = 370, 32


def disagreements(dataset: Dataset, pair: pd.DataFrame, first: str, other: str) -> None:
    """A list of prompts, each a link, and beside it the one that the link's `id` names, else the list's first."""
    unknown: list[str] = []
    by = option_asked_for("most", list(MEASURES), unknown)
    with st.container(key="disagreements_title", horizontal=True, vertical_alignment="center", gap="small"):
        st.header(
            "Where A and B disagree most",
            anchor=False,
            width="content",
            help=f"At most {MOST} prompts. Click an id to open the prompt, ranked by A. Select a row to show its candidates "
            "here.",
        )
        option_control("Measured by", "most", list(MEASURES), by, MEASURES.__getitem__, hidden=True)
    listed = most_apart(pair, by, MOST)
    ids = [int(number) for number in listed["prompt_id"]]
    total = dataset.contents.prompts
    asked = links.number("id")
    if links.parameter("id") and not (asked and 1 <= asked <= total):
        unknown.append(
            f"There is no prompt {links.parameter('id')!r} here (1 to {total:,}); the first listed is shown."
        )
        asked = None
    prompt_id = asked or next(iter(ids), 1)
    complaints(unknown)
    listing, reading = st.columns([12, 8], gap="medium")
    with listing:
        if ids:
            _list(listed, ids, prompt_id)
        else:
            st.info("Not defined for any prompt: one of the two scorers gives all candidates the same reward.")
    with reading:
        _scatter(dataset, pair, prompt_id, first, other)


def _list(listed: pd.DataFrame, ids: list[int], prompt_id: int) -> None:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    table = listed.assign(
        open=listed["prompt_id"].astype(str),
        prompt=listed["prompt"].map(one_line),
        subset=listed["subset"].map(one_line),
    )
    rows = [ids.index(prompt_id)] if prompt_id in ids else []
    with st.container(key="disagreements"):
        st.dataframe(
            table,
            key=links.seeded("apart", {"selection": {"rows": rows}}),
            on_select=lambda: _select(ids, prompt_id),
            selection_mode="single-row",
            hide_index=True,
            height=HEIGHT,
            row_height=ROW_HEIGHT,
            placeholder="–",
            alt="Prompts where A and B disagree most",
            column_order=["open", "prompt", "tau", "regret", "back_regret", "shared", "subset"],
            column_config={
                "open": st.column_config.ButtonColumn(
                    "id", key="open_apart", width=70, on_click=_open, args=(ids,), help="Open the prompt"
                ),
                "prompt": text("prompt", width=225),
                "tau": number("τ-b", format="%+.2f", width=60),
                "regret": number("A's pick", format="%.2f", width=70, help="Regret of A's pick under B, in sd"),
                "back_regret": number("B's pick", format="%.2f", width=70, help="Regret of B's pick under A, in sd"),
                "shared": number(
                    "scored", format="localized", width=65, help="Candidates that both scorers have scored"
                ),
                "subset": text("subset", width=120),
            },
        )


def _scatter(dataset: Dataset, pair: pd.DataFrame, prompt_id: int, first: str, other: str) -> None:
    """One prompt's candidates, by both scorers."""
    row = pair.loc[pair["prompt_id"] == prompt_id].iloc[0]
    with st.container(key="disagreement_title", horizontal=True, vertical_alignment="center", gap="small"):
        inline([f"Prompt {prompt_id}", one_line(row["prompt"], 160)], is_line=True)
        st.page_link(
            "prompt.py",
            label=f"Open prompt {prompt_id}",
            icon=":material/leaderboard:",
            query_params=links.carried(id=prompt_id, scorer=first),
        )
    points = scorers.paired_percentiles(scorers.standings(dataset, prompt_id), first, other).dropna(
        subset=["x_percentile", "y_percentile"]
    )
    if points.empty:
        st.info("No candidate of this prompt is scored by both. Choose another prompt.")
    else:
        scored = points_said(points, row["tau"])
        show_chart(
            partial(charts.percentiles, points, f"A, {one_line(first, 60)}", f"B, {one_line(other, 60)}"),
            alt=f"Percentiles by A and by B of prompt {prompt_id}: {scored}",
            name="percentiles",
        )
        st.caption(f"{scored}. 100 is best. On the line, A and B agree.")


def _select(ids: list[int], shown: int) -> None:
    """Callback: the selected row's prompt. Giving the table its selection calls this too: then there is nothing to do."""
    rows = st.session_state["apart"].selection.rows
    if rows and rows[0] < len(ids) and ids[rows[0]] != shown:
        links.go(id=ids[rows[0]])


def _open(ids: list[int]) -> None:
    """Callback of the table's buttons: the row's prompt."""
    click = st.session_state["open_apart"]
    # With all that this page's address says: Back leads to this page under the parameters that are given here.
    st.switch_page("prompt.py", query_params=links.changed(id=ids[click.row]))
