"""What a small change does to the reward: candidates of a prompt with nearly the same text."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from charts import twins as charts
from charts.signed import PICKED
from data_access.derived.twins import twins
from data_access.questions.said import twins as said
from data_access.questions.twins import by_change, twin_pairs
from pages.components.chart.show_chart import picked, show_chart
from pages.components.feedback.made import FINDING, see_made
from pages.components.rewards.asked import Asked
from pages.components.state import links
from pages.components.state.link_values import option_asked_for
from pages.components.state.open_datasets import dataset_after_the_run
from pages.components.state.results import cached
from pages.components.table.plain_tables import tall_table
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline, one_line

NUMBER = st.column_config.NumberColumn
KEY = "compare_twins"
CHANGES = said.CHANGES
ALL = "all changes"
MOST = 150  # pairs in the table


def twin_view(asked: Asked) -> Callable[[], None]:
    """The controls, a chart by kind of change, and beside it the pairs; comes back with the notes for below."""
    chosen = option_asked_for("change", [ALL, *CHANGES], asked.unknown)
    change = None if chosen == ALL else chosen
    each = links.parameter("each") != "pair"
    with st.container(key="twin_tools", horizontal=True, vertical_alignment="center", gap="small"):
        st.selectbox(
            "Change",
            [ALL, *CHANGES],
            key=links.seeded("change", chosen),
            format_func=lambda key: CHANGES.get(key, ALL).capitalize(),
            label_visibility="collapsed",
            width=240,
            on_change=links.on_change,
            args=("change", "change", lambda value: None if value == ALL else value),
        )
        st.toggle(
            "One per prompt",
            key=links.seeded("each", each),
            on_change=links.on_change,
            args=("each", "each", lambda on: None if on else "pair"),
            help="Of each prompt the pair that differs most: examples, not typical ones. Off, every pair",
        )
        counts = st.container(key="counts")
        st.page_link(
            "prompts.py",
            label="Prompts",
            icon=":material/arrow_forward:",
            help="Show the prompts with such twins",
            query_params=asked.prompts(twin=change or "any"),
        )
    dataset, scorer, scope = asked.opened.dataset, asked.opened.scorer, asked.scope
    see_made(dataset, "twins", twins, FINDING)
    kinds = cached(dataset, "by_change", scorer, scope, compute=partial(by_change, dataset, scorer, *scope), lasts=True)
    listing = partial(twin_pairs, dataset, scorer, *scope, change, MOST, one_each=each)
    found = cached(dataset, "twins", scorer, scope, change, each, compute=listing, lasts=True)
    pairs = asked.some(
        found.pairs if found.total else None,
        said.NOTHING,
    )
    with counts:
        inline(said.counted(found, kinds), is_line=True)

    def open_row() -> None:
        """Both side by side, A with the change, so that A − B is the table's difference; what differs is marked by itself."""
        row = pairs.iloc[st.session_state[KEY].row]
        # With all that this page's address says: Back leads to this page under the parameters that are given here.
        both = links.changed(id=int(row["prompt_id"]), a=int(row["twin"]), b=int(row["candidate"]))
        st.switch_page("compare.py", query_params=both)

    chart_key = f"twin_chart_{change}"  # a new one for each choice: a mark that was picked can be picked again

    def pick() -> None:
        mark = picked(chart_key, PICKED)
        if mark and mark["change"] in CHANGES:
            links.go(change=mark["change"])

    with st.container(key="panes", horizontal=True, gap="medium"):
        with st.container(key="view_changes"):
            show_chart(
                partial(charts.by_change, kinds, asked.unit),
                key=chart_key,
                on_select=pick,
                alt=said.seen(kinds, asked.unit),
            )
        with st.container(key="view_table"):
            _table(pairs, asked.unit, open_row)
    source, question = asked.opened.source, (scorer, *scope, change)
    return lambda: _notes(kinds, lambda: twin_pairs(dataset_after_the_run(source), *question).pairs)


def _notes(kinds: pd.DataFrame, pairs: Callable[[], pd.DataFrame]) -> None:
    """What twins are, and what they do not say; and the tables as files."""
    for note in said.NOTES:
        st.caption(note)
    table_download("twins", pairs)
    table_download("twins_by_change", kinds)


def _table(pairs: pd.DataFrame, unit: str, open_row: Callable[[], None]) -> None:
    shown = pairs.assign(
        compare="compare",
        what=pairs["what"].map(one_line),
        change=pairs["change"].map(CHANGES),
        prompt=pairs["prompt"].map(one_line),
        models=pairs["models"].map(lambda models: one_line(models) if models else None),
        beyond=pairs["beyond"].map({True: "beyond", False: "within"}),
    )
    tall_table(
        shown,
        alt="Pairs of nearly the same texts, the largest difference of rewards first",
        column_order=[
            "compare",
            "difference",
            "what",
            "change",
            "prompt_id",
            *(["beyond"] if pairs["beyond"].notna().any() else []),
            *(["models"] if pairs["models"].notna().any() else []),
            "prompt",
        ],
        column_config={
            "compare": st.column_config.ButtonColumn("", key=KEY, width=76, on_click=open_row),
            "difference": NUMBER(
                "Δ reward",
                format="%+.2f",
                width=78,
                help=f"With − without the change, in {unit}; where the kind has no direction, longer − shorter text",
            ),
            "what": st.column_config.TextColumn("what was changed", width=250),
            "change": st.column_config.TextColumn("kind", width=110),
            "prompt_id": NUMBER("prompt", format="%d", width=60),
            "beyond": st.column_config.TextColumn(
                "noise", width=98, help="Whether it is more than the noise limit: what identical texts differ by"
            ),
            "models": st.column_config.TextColumn("source models", width=180),
            "prompt": st.column_config.TextColumn("prompt's text", width=240),
        },
    )
