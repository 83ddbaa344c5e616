"""The figures of a chart as a table, and as files: a click away, and made then."""

import pandas as pd
import streamlit as st

from pages.components.table.table_download import table_download

WIDTH = 640


def table_popover(name: str, shown: pd.DataFrame, whole: pd.DataFrame, alt: str) -> None:
    """A button that opens `shown` as a table; `whole` is what is downloaded under this name."""
    popover = st.popover("Table", icon=":material/table:", type="tertiary", key=f"table_of_{name}", on_change="rerun")
    if popover.open:
        with popover:
            st.dataframe(shown, hide_index=True, width=WIDTH, alt=alt)
            table_download(name, whole)
