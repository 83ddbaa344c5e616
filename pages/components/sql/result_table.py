"""What a query gave, as a table on the screen."""

from typing import Any, Literal

import pandas as pd
import streamlit as st
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from pages.components.text.texts import BIDI, CONTROL

CELL_LIMIT = 1_000
ROW_HEIGHT, MOST_AS_THEY_ARE = 32, 6


def result_table(rows: pd.DataFrame, alt: str) -> None:
    """The rows, long texts cut: as high as they are where they are few, else as what holds them."""
    shown = rows.copy()
    for column in shown:
        if not is_numeric_dtype(shown[column]) and not is_bool_dtype(shown[column]):
            shown[column] = [_cell(value) for value in shown[column].astype(object)]
    height: Literal["stretch", "content"] = "stretch" if len(shown) > MOST_AS_THEY_ARE else "content"
    st.dataframe(shown, hide_index=True, height=height, row_height=ROW_HEIGHT, placeholder="–", alt=alt)


def _cell(value: Any) -> str | None:
    """Anything as a text that a table can show: without control characters and those that turn the direction."""
    if value is None or value is pd.NA:
        return None
    text = str(value)
    cleaned = CONTROL.sub("\ufffd", BIDI.sub("", text[:CELL_LIMIT]))
    return cleaned + (f"… ({len(text):,} characters)" if len(text) > CELL_LIMIT else "")
