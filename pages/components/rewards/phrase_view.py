"""Which words, word pairs and openings the better candidates of a prompt have."""

from collections.abc import Callable
from functools import partial
from typing import cast

import pandas as pd
import streamlit as st

from charts import phrases as charts
from charts.signed import PICKED
from data_access.derived.phrases import phrases
from data_access.questions.phrases import Found, Kind, distinguishing, pattern
from data_access.questions.said import words as said
from pages.components.chart.show_chart import picked, show_chart
from pages.components.feedback.made import COUNTING, see_made
from pages.components.rewards.asked import Asked
from pages.components.state import links
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.results import cached
from pages.components.table.plain_tables import tall_table
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline, one_line

NUMBER = st.column_config.NumberColumn
KEY = "phrase_prompts"
LABELS = said.LABELS
ALSO = 4


def phrase_view(asked: Asked) -> Callable[[], None]:
    """The controls, a chart, and beside it its table; comes back with the notes for below."""
    kind = cast(Kind, option_asked_for("phrases", list(LABELS), asked.unknown))
    without_asked = links.parameter("asked") == "out"
    length_equal = links.parameter("length") != "any"
    with st.container(key="phrase_tools", horizontal=True, vertical_alignment="center", gap="small"):
        option_control("Phrases", "phrases", list(LABELS), kind, LABELS.__getitem__, hidden=True)
        st.toggle(
            "Length held equal",
            key=links.seeded("length", length_equal),
            on_change=links.on_change,
            args=("length", "length", lambda on: None if on else "any"),
            help="Compare the best and the worst of each four responses that are next in length. Off, the best and "
            "the worst quarter of all: longer responses have more of every word, so most of what stands out then is length",
        )
        st.toggle(
            "Without the prompt's own",
            key=links.seeded("asked", without_asked),
            on_change=links.on_change,
            args=("asked", "asked", lambda on: "out" if on else None),
            help="Leave out, prompt by prompt, the words that the prompt has too",
        )
        counts = st.empty()
    dataset, scorer = asked.opened.dataset, asked.opened.scorer
    making = partial(phrases, scorer=scorer, length_equal=length_equal)
    see_made(dataset, dataset.phrases_relation(scorer, length_equal), making, COUNTING)
    question = partial(distinguishing, dataset, scorer, kind, *asked.scope)
    comparing = partial(question, without_asked=without_asked, length_equal=length_equal)
    found = asked.some(
        cached(
            dataset, "phrases", scorer, kind, asked.scope, without_asked, length_equal, compute=comparing, lasts=True
        ),
        said.NOTHING,
    )
    with counts:
        inline(said.counted(found), is_line=True)
    table = found.table

    def open_prompts(phrase: str) -> None:
        asked.show_prompts(text=pattern(phrase, kind), where="responses", regex=True)

    def open_row() -> None:
        open_prompts(table["phrase"][st.session_state[KEY].row])

    def open_mark() -> None:
        if mark := picked("phrase_chart", PICKED):
            open_prompts(mark["phrase"])

    with st.container(key="panes", horizontal=True, gap="medium"):
        with st.container(key="view_phrases"):
            show_chart(
                partial(charts.log_odds, charts.drawn(table)),
                key="phrase_chart",
                on_select=open_mark,
                alt=said.seen(table),
            )
        with st.container(key="view_table"):
            _table(table, open_row)
    return partial(_notes, found, length_equal)


def _notes(found: Found, length_equal: bool) -> None:
    """How the figures are made, and what they do not say; and the table as a file."""
    for note in said.notes(length_equal):
        st.caption(note)
    table_download("phrases", found.table.assign(also=found.table["also"].map(", ".join)))


def _table(table: pd.DataFrame, open_row: Callable[[], None]) -> None:
    shown = table.assign(
        open="prompts",
        phrase=table["phrase"].map(one_line),
        also=[one_line(", ".join(others[:ALSO]) + (" …" if len(others) > ALSO else "")) for others in table["also"]],
        stands_out=table["stands_out"].map({True: "stands out", False: ""}),
        upper=table["upper"] * 100,
        lower=table["lower"] * 100,
    )
    tall_table(
        shown,
        alt="Phrases with their log-odds, counts and shares, those of the best quarter first",
        column_order=[
            "phrase",
            "open",
            "log_odds",
            "upper",
            "lower",
            "stands_out",
            "prompts",
            "z",
            "low",
            "high",
            *(["also"] if shown["also"].any() else []),
        ],
        column_config={
            "phrase": st.column_config.TextColumn("phrase", pinned=True, width=140),
            "open": st.column_config.ButtonColumn("", key=KEY, width=70, on_click=open_row),
            "log_odds": NUMBER("log-odds", format="%+.2f", width=72, help="Above 0: more in the best quarter"),
            "upper": NUMBER("best", format="%.1f %%", width=66, help="Share of the best quarter’s texts that have it"),
            "lower": NUMBER(
                "worst", format="%.1f %%", width=66, help="Share of the worst quarter’s texts that have it"
            ),
            "prompts": NUMBER(
                "in prompts",
                format="localized",
                width=80,
                help="Prompts with it in either quarter; the button opens all prompts where any response has it",
            ),
            "z": NUMBER("z", format="%+.1f", width=56, help="Difference ÷ its standard error, prompts as the sample"),
            "low": NUMBER("95 % low", format="%+.2f", width=72),
            "high": NUMBER("95 % high", format="%+.2f", width=72),
            "stands_out": st.column_config.TextColumn("", width=84, help="Or one of the first ten of its side"),
            "also": st.column_config.TextColumn(
                "in the same texts", width=200, help="Phrases that occur in the very same texts"
            ),
        },
    )
