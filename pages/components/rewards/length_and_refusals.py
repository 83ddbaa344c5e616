"""How reward goes with length and with refusing, a row a subset."""

import pandas as pd
import streamlit as st

from pages.components.table.plain_tables import short_table
from pages.components.table.table_download import table_download

NUMBER = st.column_config.NumberColumn


def length_table(by_subset: pd.DataFrame) -> None:
    """How reward and length go together: `checks.length_by_subset`, with a `note` on the subset."""
    shown = by_subset.copy()
    shown[["longest_wins", "chance", "chosen_is_longer"]] *= 100
    short_table(
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


def refusal_table(refused: pd.DataFrame) -> None:
    """Refusals among scored candidates: `checks.refusals`."""
    shown = refused.assign(chosen=refused["chosen"].map({True: "refusing", False: ""}))
    shown[["share", "share_of_best"]] *= 100
    short_table(
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
