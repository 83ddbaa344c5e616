"""Agreement with RewardBench's pairs, a row a subset."""

import pandas as pd
import streamlit as st

from data_access.questions.matched_pairs import Agreement
from pages.components.table.plain_tables import short_table
from pages.components.table.table_download import table_download

NUMBER = st.column_config.NumberColumn


def agreement_table(agreements: list[Agreement]) -> None:
    """Agreement with matched pairs; the first row is over all subsets."""
    shown = pd.DataFrame(agreements, columns=Agreement._fields)
    shown[["low", "high", "longer"]] *= 100
    shown.loc[shown["decided"] == 0, ["low", "high"]] = None
    short_table(
        shown,
        alt="Agreement with matched pairs by subset",
        column_config={
            "subset": st.column_config.TextColumn("subset", pinned=True),
            "wins": NUMBER("chosen above", format="localized"),
            "decided": NUMBER("decided", format="localized", help="More pairs of candidates go one way than the other"),
            "ties": NUMBER("tied", format="localized", help="All rewards are equal"),
            "splits": NUMBER("split", format="localized", help="As many pairs of candidates go one way as the other"),
            "low": NUMBER("95 % low", format="%.0f %%", help="95 % interval of chosen above, of those decided"),
            "high": NUMBER("95 % high", format="%.0f %%", help="95 % interval of chosen above, of those decided"),
            "longer": NUMBER(
                "always the longer", format="%.0f %%", help="In which share of those decided it is longer"
            ),
        },
    )
    table_download("matched_pairs", pd.DataFrame(agreements, columns=Agreement._fields))
