"""The tables of Checks, a row a subset."""

from typing import Any

import pandas as pd
import streamlit as st

from data_access.questions.matched_pairs import Agreement
from pages.components.table.table_download import table_download

NUMBER = st.column_config.NumberColumn


def length_table(by_subset: pd.DataFrame) -> None:
    """How reward and length go together: `checks.length_by_subset`, with a `note` on the subset."""
    shown = by_subset.copy()
    shown[["longest_wins", "chance", "chosen_is_longer"]] *= 100
    _table(
        shown,
        alt="Length and reward by subset",
        column_order=[
            "subset",
            "correlation",
            "prompts",
            "longest_wins",
            "chance",
            "compared",
            "chosen_is_longer",
            "pairs",
            *(["note"] if shown["note"].any() else []),
        ],
        column_config={
            "subset": st.column_config.TextColumn("subset", width=150, pinned=True),
            "correlation": NUMBER("length ρ", format="%+.2f", width=75, help="Mean rank correlation within a prompt"),
            "prompts": NUMBER("prompts", format="localized", width=70, help="Prompts with a correlation"),
            "longest_wins": NUMBER(
                "longest wins", format="%.1f %%", width=95, help="How often the longest candidate has the best reward"
            ),
            "chance": NUMBER("by chance", format="%.1f %%", width=80, help="How often any candidate has it"),
            "compared": NUMBER(
                "of prompts", format="localized", width=85, help="Prompts with two or more scored candidates"
            ),
            "chosen_is_longer": NUMBER(
                "chosen longer",
                format="%.1f %%",
                width=95,
                help="“Always pick the longer answer” on RewardBench's pairs",
            ),
            "pairs": NUMBER("of pairs", format="localized", width=70),
        },
    )
    table_download("length_by_subset", by_subset)


def agreement_table(agreements: list[Agreement]) -> None:
    """Agreement with matched pairs; the first row is over all subsets."""
    shown = pd.DataFrame(agreements, columns=Agreement._fields)
    shown[["low", "high", "longer"]] *= 100
    shown.loc[shown["decided"] == 0, ["low", "high"]] = None
    _table(
        shown,
        alt="Agreement with matched pairs by subset",
        column_config={
            "subset": st.column_config.TextColumn("subset", pinned=True),
            "wins": NUMBER("chosen above", format="localized"),
            "decided": NUMBER("decided", format="localized", help="More pairs of candidates go one way than the other"),
            "ties": NUMBER("tied", format="localized", help="All rewards are equal"),
            "splits": NUMBER("split", format="localized", help="As many pairs of candidates go one way as the other"),
            "low": NUMBER("95 % low", format="%.0f %%", help="95 % interval of chosen above, of those decided"),
            "high": NUMBER("95 % high", format="%.0f %%", help="95 % interval of chosen above, of those decided"),
            "longer": NUMBER(
                "always the longer", format="%.0f %%", help="In which share of those decided it is longer"
            ),
        },
    )
    table_download("matched_pairs", pd.DataFrame(agreements, columns=Agreement._fields))


def refusal_table(refused: pd.DataFrame) -> None:
    """Refusals among scored candidates: `checks.refusals`."""
    shown = refused.assign(chosen=refused["chosen"].map({True: "refusing", False: ""}))
    shown[["share", "share_of_best"]] *= 100
    _table(
        shown,
        alt="Refusals by subset",
        column_order=[str(name) for name in shown if name != "chosen" or shown["chosen"].any()],
        column_config={
            "subset": st.column_config.TextColumn("subset", pinned=True),
            "candidates": NUMBER("scored", format="localized"),
            "refusals": NUMBER("refusals", format="localized"),
            "share": NUMBER("of candidates", format="%.1f %%"),
            "share_of_best": NUMBER("of the best", format="%.1f %%"),
            "centred": NUMBER("mean of reward − prompt mean", format="%+.2f"),
            "chosen": st.column_config.TextColumn("RewardBench chooses"),
        },
    )
    table_download("refusals", refused)


def _table(shown: pd.DataFrame, **said: Any) -> None:
    """As many rows as there are, up to nine in view."""
    st.dataframe(shown, hide_index=True, height=min(320, 38 + 35 * len(shown)), placeholder="–", **said)
