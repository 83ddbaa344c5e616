"""What a query gave, as a table on the screen and as files."""

from typing import Any

import pandas as pd
import streamlit as st
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from pages.components.table.table_download import table_download
from pages.components.text.texts import BIDI, CONTROL

CELL_LIMIT = 1_000
HEIGHT = 460


def result_table(rows: pd.DataFrame, name: str, alt: str) -> None:
    """The rows, long texts cut, and below them the whole as CSV and Parquet under this name."""
    shown = rows.copy()
    for column in shown:
        if not is_numeric_dtype(shown[column]) and not is_bool_dtype(shown[column]):
            shown[column] = [_cell(value) for value in shown[column].astype(object)]
    st.dataframe(shown, hide_index=True, height=min(38 + 35 * max(len(shown), 1), HEIGHT), placeholder="–", alt=alt)
    table_download(name, rows)


def _cell(value: Any) -> str | None:
    """Anything as a text that a table can show: without control characters and those that turn the direction."""
    if value is None or value is pd.NA:
        return None
    text = str(value)
    cleaned = CONTROL.sub("\ufffd", BIDI.sub("", text[:CELL_LIMIT]))
    return cleaned + (f"… ({len(text):,} characters)" if len(text) > CELL_LIMIT else "")
