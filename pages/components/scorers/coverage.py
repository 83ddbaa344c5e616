"""What each scorer has scored, and how the figures of the page are made: a click away."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from data_access.dataset import Dataset
from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE, percent
from data_access.questions import agreement
from pages.components.text.texts import inline


def coverage(dataset: Dataset, scored: Iterable[dict[str, Any]]) -> None:
    """A popover; `scored` are the rows of `data_access.questions.scorers.coverage`."""
    with (
        st.popover("Coverage", icon=":material/info:", type="tertiary"),
        st.container(key="coverage", gap="xsmall", width=620),
    ):
        for row in scored:
            share = percent(row["scored"], row["candidates"])
            scored_of = f"{row['scored']:,} of {things(row['candidates'], 'candidate')} scored ({share})"
            inline([row["scorer"], f"{scored_of}, in {things(row['prompts'], 'prompt')}"])
        for join in dataset.contents.joins:
            inline([join.sentence()], muted=True, limit=700)
        st.caption(
            f"*{ENSEMBLE}*: for each candidate that all scorers have scored, the mean of its percentiles. It is not a logit."
        )
        st.caption(
            "Figures are computed within each prompt, on the candidates that both scorers have scored, then averaged over "
            f"prompts. Intervals: 95 %, {agreement.ROUNDS:,} resamples of the prompts."
        )
        st.caption("Agreement is not correctness: two scorers can share a fault.")
