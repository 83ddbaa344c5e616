"""A table beneath a chart or a sentence, or beside a chart."""

from typing import Any

import pandas as pd
import streamlit as st


def short_table(shown: pd.DataFrame, **said: Any) -> None:
    """A table without an index: as many rows as there are, up to nine in view."""
    st.dataframe(shown, hide_index=True, height=min(320, 38 + 35 * len(shown)), placeholder="–", **said)


def tall_table(shown: pd.DataFrame, **said: Any) -> None:
    """A table without an index that fills the pane beside a chart."""
    st.dataframe(shown, hide_index=True, height="stretch", row_height=30, placeholder="–", **said)
