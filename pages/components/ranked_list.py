"""The ranked list of a prompt's candidates; selecting a row selects the candidate."""

import pandas as pd
import streamlit as st

from data_access.frames import records
from data_access.prompt import rank_label
from pages.components import links
from pages.components.phrases import flags, reward_range
from pages.components.texts import one_line

HEIGHT = 640


def ranked_list(candidates: pd.DataFrame, selected: int | None, is_collapsed: bool) -> None:
    """One row a candidate, or a text where `is_collapsed`, in the frame's order; writes `candidate` to the URL."""
    numbers = candidates["candidate"].tolist()
    rows = records(candidates)
    table = pd.DataFrame(
        {
            "rank": [rank_label(row["place"], row["tied"]) for row in rows],
            "reward": candidates["reward"].to_numpy(),
            "gap": candidates["gap"].to_numpy(),
            "percentile": candidates["percentile"].to_numpy(),
            "model": [one_line(row["model"]) or "–" for row in rows],
            "candidate": numbers,
            "chars": candidates["chars"].to_numpy(),
            "same_text": [
                reward_range(row) if is_collapsed else f"×{row['same_text']}" * (row["same_text"] > 1) for row in rows
            ],
            "flags": [", ".join(flags(row)) for row in rows],
        }
    )
    at = [] if selected is None else [numbers.index(selected)]
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    with st.container(key="ranked_list"):
        st.dataframe(
            table,
            key=links.seeded("ranked", {"selection": {"rows": at, "cells": []}}),
            on_select=lambda: _select(numbers),
            selection_mode=["single-row", "single-cell"],
            hide_index=True,
            height=HEIGHT,
            placeholder="–",
            alt="Candidates of this prompt, best reward first",
            column_config={
                "rank": text("rank", width=50, help="1 is best; = marks a tie"),
                "reward": number("reward", format="%.2f", width=62),
                "gap": number("gap", format="%.2f", width=55, help="Best reward minus this one"),
                "percentile": number("pct", format="%.0f", width=45, help="100 is best; ties share the mid-rank"),
                "model": text("source model", width=150),
                "candidate": number("#", format="%d", width=50, help="The candidate's number in the source"),
                "chars": number("chars", format="localized", width=75, help="Length of the response in characters"),
                "same_text": text(
                    "same text", width=130, help="How many candidates have this very text, and their rewards"
                ),
                "flags": text("flags", width=150),
            },
        )


def _select(numbers: list[int]) -> None:
    selection = st.session_state["ranked"].selection
    if selection.cells or selection.rows:
        links.go(candidate=numbers[selection.cells[0][0] if selection.cells else selection.rows[0]])
