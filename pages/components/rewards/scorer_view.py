"""Where two scorers part in what goes with their rewards."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from charts import attributes as charts
from charts.signed import PICKED
from data_access.derived.attributes import attributes
from data_access.questions.attribute_effects import Parting, parting
from data_access.questions.said import attributes as said
from pages.components.chart.show_chart import picked, show_chart
from pages.components.feedback.made import MEASURING, see_made
from pages.components.rewards.asked import Asked
from pages.components.scorers.scorer_pair import pair_asked_for
from pages.components.state.results import cached
from pages.components.table.plain_tables import tall_table
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline, one_line

NUMBER = st.column_config.NumberColumn
KEY = "parting_prompts"


def scorer_view(asked: Asked) -> Callable[[], None]:
    """The choice of two, a chart of both, and beside it a table of where they part; comes back with the notes for below."""
    dataset = asked.opened.dataset
    with st.container(key="pair_tools", horizontal=True, vertical_alignment="center", gap="small"):
        pair = pair_asked_for(asked.opened.scorer, dataset.contents.scorers, asked.unknown)
        counts = st.empty()
    see_made(dataset, "attributes", attributes, MEASURING)
    found = asked.some(
        cached(
            dataset, "parting", pair, asked.scope, compute=partial(parting, dataset, *pair, *asked.scope), lasts=True
        ),
        said.NOTHING_OF_TWO,
    )
    table, names = found.table, (one_line(pair[0]), one_line(pair[1]))

    def open_prompts(place: int) -> None:
        """Those whose candidates differ in it, in the order of its correlation with A's rewards."""
        key, value = table["attribute"][place], table["first"][place]
        asked.show_prompts(attribute=key, sort="attribute", descending=bool(value > 0))

    def open_mark() -> None:
        if mark := picked("parting_chart", PICKED):
            open_prompts(table["attribute"].tolist().index(mark["attribute"]))

    with counts:
        inline(said.parting_counted(found), is_line=True)
    with st.container(key="panes", horizontal=True, gap="medium"):
        with st.container(key="view_effects"):
            show_chart(
                partial(charts.parting, table, names),
                key="parting_chart",
                on_select=open_mark,
                alt=said.parting_seen(found),
            )
        with st.container(key="view_table"):
            tall_table(
                table.assign(open="prompts", parts=table["parts"].map({True: "differ", False: ""})),
                alt="Attributes with their association with the rewards of two scorers, and the difference",
                column_order=[
                    "label",
                    "open",
                    "first",
                    "second",
                    "difference",
                    "difference_low",
                    "difference_high",
                    "parts",
                ],
                column_config={
                    "label": st.column_config.TextColumn("attribute", pinned=True, width=130),
                    "open": st.column_config.ButtonColumn(
                        "", key=KEY, width=70, on_click=lambda: open_prompts(st.session_state[KEY].row)
                    ),
                    "first": NUMBER(names[0], format="%+.2f", width=110),
                    "second": NUMBER(names[1], format="%+.2f", width=110),
                    "difference": NUMBER("difference", format="%+.2f", width=82),
                    "difference_low": NUMBER("95 % low", format="%+.2f", width=72, help="Of the difference"),
                    "difference_high": NUMBER("95 % high", format="%+.2f", width=72, help="Of the difference"),
                    "parts": st.column_config.TextColumn(
                        "", width=58, help="The interval of the difference is without 0"
                    ),
                },
            )
    return partial(_notes, found)


def _notes(found: Parting) -> None:
    """What is compared, and the table as a file."""
    st.caption(said.PARTING_NOTE)
    table_download("attributes_of_two_scorers", found.table)
