"""Any table as a file: a link each for CSV and Parquet, made when it is clicked."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from data_access import tables


def table_download(name: str, rows: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
    """Offer `rows`, or what it gives when it is called, as `name`.csv and `name`.parquet; `name` is ours, not the data's."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"download_{name}"):
        st.caption("Download the table", width="content")
        for kind, mime, written in (("csv", "text/csv", tables.csv), ("parquet", None, tables.parquet)):
            st.download_button(
                kind.upper() if kind == "csv" else kind.capitalize(),
                _deferred(rows, written),
                f"{name}.{kind}",
                mime,
                key=f"download_{name}_{kind}",
                type="tertiary",
                icon=":material/download:",
                on_click="ignore",
            )


def _deferred(
    rows: pd.DataFrame | Callable[[], pd.DataFrame], written: Callable[[pd.DataFrame], bytes]
) -> Callable[[], bytes]:
    return lambda: written(rows() if callable(rows) else rows)
