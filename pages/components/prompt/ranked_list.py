"""The ranked list of a prompt's candidates; selecting a row selects the candidate."""

import pandas as pd
import streamlit as st

from data_access.frames import records
from data_access.questions.prompt import rank_label
from pages.components.state import links
from pages.components.text.phrases import flags, reward_range
from pages.components.text.texts import one_line

HEIGHT = 560


def ranked_list(candidates: pd.DataFrame, selected: int | None, ranks: pd.DataFrame) -> None:
    """One row a candidate, or the first of a text, in the frame's order; writes `candidate` to the URL.

    `ranks`: by other scorers, as `data_access.prompt.other_ranks`.
    """
    numbers = candidates["candidate"].tolist()
    rows = records(candidates)
    table = pd.DataFrame(
        {
            "rank": [rank_label(row["place"], row["tied"]) for row in rows],
            "reward": candidates["reward"].to_numpy(),
            **{f"by_{place}": ranks[name].reindex(numbers).fillna("–") for place, name in enumerate(ranks)},
            "percentile": candidates["percentile"].to_numpy(),
            "model": [one_line(row["model"]) or "–" for row in rows],
            "chars": candidates["chars"].to_numpy(),
            "same_text": [f"×{row['same_text']}" * (row["same_text"] > 1) for row in rows],
            "flags": [", ".join(flags(row)) for row in rows],
            "gap": candidates["gap"].to_numpy(),
            "candidate": numbers,
            "same_rewards": [reward_range(row) for row in rows],
        },
        index=numbers,
    )
    at = [] if selected is None else [numbers.index(selected)]
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    with st.container(key="ranked_list"):
        st.dataframe(
            table,
            key=links.seeded("ranked", {"selection": {"rows": at, "cells": []}}),
            on_select=lambda: _select(numbers, selected),
            selection_mode=["single-row", "single-cell"],
            hide_index=True,
            height=HEIGHT,
            placeholder="–",
            alt="Candidates of this prompt, best reward first",
            column_config={
                "rank": text("rank", width=45, help="1 is best; = marks a tie"),
                "reward": number("reward", format="%.2f", width=58),
                "gap": number("gap", format="%.2f", width=55, help="Best reward minus this one"),
                **{
                    f"by_{place}": text(
                        f"by {one_line(name, 40)}", width=62, help="Rank by another scorer of this dataset"
                    )
                    for place, name in enumerate(ranks)
                },
                "percentile": number("pct", format="%.0f", width=42, help="100 is best; ties share the mid-rank"),
                "model": text("source model", width=125),
                "candidate": number("#", format="%d", width=50, help="The candidate's number in the source"),
                "chars": number("chars", format="localized", width=58, help="Length of the response in characters"),
                "same_text": text("texts", width=50, help="How many candidates have this very text"),
                "same_rewards": text("rewards of the text", width=150, help="Rewards of all candidates with this text"),
                "flags": text("flags", width=130),
            },
        )


def _select(numbers: list[int], shown: int | None) -> None:
    """Callback: the clicked row's candidate. Giving the table its selection calls this too: then there is nothing to do."""
    selection = st.session_state["ranked"].selection
    rows = [cell[0] for cell in selection.cells] or selection.rows
    if rows and rows[0] < len(numbers) and numbers[rows[0]] != shown:
        links.go(candidate=numbers[rows[0]])
