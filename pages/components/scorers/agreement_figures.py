"""How two scorers agree, in four figures: each with its interval, its prompts, and what a random pick would give."""

import pandas as pd
import streamlit as st

from data_access.questions.said.scorers import FIGURES, written

BELOW = "Below: 95 % interval, prompts where it is defined, and what a random order or pick gives."


def agreement_figures(known: pd.DataFrame) -> None:
    """One row of the frame of `data_access.questions.agreement.summary`."""
    rows = known.to_dict("index")
    with st.container(key="agreement"):
        for place, (name, figure) in zip(st.columns(4), FIGURES.items(), strict=True):
            told = written(name, rows)
            place.metric(
                figure.title,
                told.mean,
                delta=" · ".join(part for part in told[1:] if part),
                delta_color="off",
                delta_arrow="off",
                help=f"{figure.meaning} {BELOW}",
            )
