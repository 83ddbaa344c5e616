"""Where two scorers part in what goes with their rewards."""

import streamlit as st

from charts import attributes as charts
from data_access.plurals import things
from data_access.questions.attribute_effects import Parting
from pages.components.chart.show_chart import show_chart
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline, one_line

NUMBER = st.column_config.NumberColumn


def scorer_view(found: Parting, scorer: str, other: str) -> None:
    """A chart of both beside a table of where they part."""
    table, names = found.table, (one_line(scorer), one_line(other))
    inline(
        [
            f"They part in {int(table['parts'].sum())} of {things(len(table), 'attribute')}",
            f"{things(found.candidates, 'candidate')} scored by both, of {things(found.prompts, 'prompt')}",
        ]
    )
    with st.container(key="panes", horizontal=True, gap="medium"):
        with st.container(key="view_effects"):
            first = table.iloc[0]
            show_chart(
                charts.parting(table, names),
                alt=f"What goes with the rewards of two scorers, where they part most first: {first['label']} with "
                f"{first['first']:+.2f} and {first['second']:+.2f} standard deviations",
            )
        with st.container(key="view_table"):
            st.dataframe(
                table.assign(parts=table["parts"].map({True: "part", False: ""})),
                hide_index=True,
                height="stretch",
                row_height=30,
                placeholder="–",
                alt="Attributes with their association with the rewards of two scorers, and the difference",
                column_order=["label", "first", "second", "difference", "difference_low", "difference_high", "parts"],
                column_config={
                    "label": st.column_config.TextColumn("attribute", pinned=True, width=130),
                    "first": NUMBER(names[0], format="%+.2f", width=110),
                    "second": NUMBER(names[1], format="%+.2f", width=110),
                    "difference": NUMBER("difference", format="%+.2f", width=82),
                    "difference_low": NUMBER("95 % low", format="%+.2f", width=72, help="Of the difference"),
                    "difference_high": NUMBER("95 % high", format="%+.2f", width=72, help="Of the difference"),
                    "parts": st.column_config.TextColumn("", width=50, help="The interval is without 0"),
                },
            )


def scorer_notes(found: Parting) -> None:
    """What is compared, and the table as a file."""
    st.caption(
        "Together with the other attributes, in standard deviations of each scorer's rewards within prompts, as scorers have "
        "scales of their own. The intervals resample the prompts, the same ones for both."
    )
    table_download("attributes_of_two_scorers", found.table)
