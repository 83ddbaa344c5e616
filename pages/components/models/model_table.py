"""The table of source models."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages.components.text.texts import one_line

NUMBER = st.column_config.NumberColumn


def model_table(table: pd.DataFrame, open_prompts: Callable[[str, list[str]], None]) -> None:
    """One row a source model, as `source_models.standing` has them; `open_prompts`, a callback, is given "won" or "lost" and
    all models, and finds the row that was clicked under that key."""
    models = table["model"].tolist()
    shown = table.assign(model=table["model"].map(one_line), won_prompts="won", lost_prompts="lost")
    shown[["win_rate", "won", "share"]] *= 100
    with st.container(key="model_table", height="stretch"):
        st.dataframe(
            shown,
            hide_index=True,
            height="stretch",
            row_height=32,
            placeholder="–",
            alt="Source models with their scores, win rates, lengths and counts, best first",
            column_order=[
                "model",
                "won_prompts",
                "lost_prompts",
                "score",
                "win_rate",
                "won",
                "chars",
                "percentile",
                "share",
                "low",
                "high",
                "adjusted",
                "candidates",
                "scored",
                "prompts",
                *(["component"] if table["component"].max() > 1 else []),
            ],
            column_config={
                "model": st.column_config.TextColumn("source model", pinned=True, width=200),
                "score": NUMBER("score", format="%+.2f", width=65, help="Bradley-Terry, in logits"),
                "low": NUMBER("95 % low", format="%+.2f", width=80, help="95 % interval of the score"),
                "high": NUMBER("95 % high", format="%+.2f", width=80, help="95 % interval of the score"),
                "adjusted": NUMBER("length equal", format="%+.2f", width=95, help="The score with length held equal"),
                "win_rate": NUMBER(
                    "win rate",
                    format="%.1f %%",
                    width=80,
                    help="Against the field, on shared prompts; ties count one half",
                ),
                "percentile": NUMBER(
                    "percentile", format="%.0f", width=80, help="Mean within-prompt percentile; 100 is best"
                ),
                "won": NUMBER(
                    "best in",
                    format="%.1f %%",
                    width=80,
                    help="Share of prompts whose best reward is its; shared bests are split",
                ),
                "share": NUMBER(
                    "of candidates",
                    format="%.1f %%",
                    width=100,
                    help="Share of all candidates: what *best in* would be by chance",
                ),
                "chars": NUMBER("length", format="%.0f", width=70, help="Mean characters of a response"),
                "candidates": NUMBER("candidates", format="localized", width=85),
                "scored": NUMBER("scored", format="localized", width=75),
                "prompts": NUMBER("prompts", format="localized", width=75),
                "component": NUMBER(
                    "group", width=60, help="Source models in different groups share no prompts: not comparable"
                ),
                "won_prompts": st.column_config.ButtonColumn(
                    "prompts", key="won", width=65, on_click=open_prompts, args=("won", models)
                ),
                "lost_prompts": st.column_config.ButtonColumn(
                    "", key="lost", width=60, on_click=open_prompts, args=("lost", models)
                ),
            },
        )
