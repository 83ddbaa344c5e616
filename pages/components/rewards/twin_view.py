"""What a small change does to the reward: candidates of a prompt with nearly the same text."""

import math
from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from charts import twins as charts
from charts.signed import PICKED
from data_access.derived import changes
from data_access.derived.twins import twins
from data_access.frames import records
from data_access.plurals import things
from data_access.questions.twins import IDENTICAL, ROUNDS, Twins, by_change, twin_pairs
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
CHANGES = {kind.key: kind.label for kind in changes.CHANGES}
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
        said = st.container(key="counts")
        st.page_link(
            "prompts.py",
            label="Prompts",
            icon=":material/arrow_forward:",
            help="Show the prompts with such twins",
            query_params=asked.prompts(twin=change or "any"),
        )
    dataset, scorer, scope = asked.opened.dataset, asked.opened.scorer, asked.scope
    see_made(dataset, "twins", twins, FINDING)
    kinds = cached(dataset, "by_change", scorer, scope, compute=partial(by_change, dataset, scorer, *scope))
    listing = partial(twin_pairs, dataset, scorer, *scope, change, MOST, one_each=each)
    found = cached(dataset, "twins", scorer, scope, change, each, compute=listing)
    pairs = asked.some(
        found.pairs if found.total else None,
        "No two scored candidates of a prompt have nearly the same text. Choose another change or subset.",
    )
    with said:
        inline(_counts(found, kinds), is_line=True)

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
                charts.by_change(kinds, asked.unit),
                key=chart_key,
                on_select=pick,
                alt="Differences of rewards by kind of change, with 95 % intervals. " + _reading(kinds, asked.unit),
            )
        with st.container(key="view_table"):
            _table(pairs, asked.unit, open_row)
    source, question = asked.opened.source, (scorer, *scope, change)
    return lambda: _notes(kinds, lambda: twin_pairs(dataset_after_the_run(source), *question).pairs)


def _counts(found: Twins, kinds: pd.DataFrame) -> list[str]:
    """How many there are, and what identical texts differ by."""
    said = [f"{things(found.total, 'pair')} in {things(found.prompts, 'prompt')}"]
    for same in records(kinds[kinds["change"] == IDENTICAL]):
        said.append(f"identical texts ({same['pairs']:,} pairs) differ by {same['size']:.2g} on average")
    if math.isfinite(found.limit):
        said.append(f"noise limit {found.limit:.2f}")
    return said


def _notes(kinds: pd.DataFrame, pairs: Callable[[], pd.DataFrame]) -> None:
    """What twins are, and what they do not say; and the tables as files."""
    st.caption(
        "Observational. Twins: two candidates of a prompt with nearly the same text: 90 % or more of their "
        "characters are the same. Of what is observed this is nearest to an experiment, but it is none: nothing was "
        "randomised, different models wrote them, a change may correct a mistake, and in a short answer "
        "one word can be the answer."
    )
    st.caption(
        "In brackets: prompts. Mean over prompts, each prompt's pairs first, of with − without a heading, list "
        "items, markup or words; other changes have no direction. To judge by: identical texts, and any two "
        "candidates of these prompts. A text that several candidates have has the mean of their rewards. Noise "
        f"limit: 1.96 · √2 · sd of the rewards of identical texts of all prompts (ISO 5725-6). Intervals: 95 %, "
        f"{ROUNDS:,} resamples of the prompts; none where there are fewer than ten."
    )
    table_download("twins", pairs)
    table_download("twins_by_change", kinds)


def _reading(kinds: pd.DataFrame, unit: str) -> str:
    said = []
    for row in records(kinds[kinds["change"].isin(CHANGES)]):
        value = f"{row['mean']:+.2f}" if row["has_direction"] else f"{row['size']:.2f} ignoring sign"
        said.append(f"{row['label']} {value}")
    return f"In {unit}: {', '.join(said)}."


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
