"""What each scorer has scored, and how the figures of the page are made: a click away."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from data_access.dataset import Dataset
from data_access.questions.said import scorers as said
from pages.components.text.texts import inline


def coverage(dataset: Dataset, scored: Iterable[dict[str, Any]]) -> None:
    """A popover; `scored` are the rows of `data_access.questions.scorers.coverage`."""
    with (
        st.popover("Coverage", icon=":material/info:", type="tertiary"),
        st.container(key="coverage", gap="xsmall", width=620),
    ):
        for row in scored:
            inline([row["scorer"], said.scored_of(row)])
        for join in dataset.contents.joins:
            inline([join.sentence()], muted=True, limit=700)
        for sentence in (said.ensemble_note(), said.HOW, said.NOT_CORRECT):
            st.caption(sentence)
