"""How two scorers agree, in four figures: each with its interval, its prompts, and what a random pick would give."""

import pandas as pd
import streamlit as st

from data_access.plurals import things

PICKS = "Ties averaged; in standard deviations of its rewards within the prompt"
# Row of `data_access.questions.agreement.summary` -> title, format, what it means, the row of what chance would give.
TITLES = {
    "tau": ("Rank correlation τ-b", "+.2f", "Kendall's τ-b: 1 is the same order, 0 no relation, −1 the reverse", ""),
    "top_1": (
        "A's best is B's best",
        ".1%",
        "The share of A's best candidates (one, or several that tie) that are among B's best",
        "top_1_by_chance",
    ),
    "regret": ("Regret of A's pick under B", ".2f", f"How much B's reward loses by it. {PICKS}", "regret_by_chance"),
    "back_regret": (
        "Regret of B's pick under A",
        ".2f",
        f"How much A's reward loses by it. {PICKS}",
        "back_regret_by_chance",
    ),
}


def agreement_figures(known: pd.DataFrame) -> None:
    """Cards of the frame of `data_access.questions.agreement.summary`."""
    rows = known.to_dict("index")
    with st.grid(4):
        for name, (title, form, meaning, chance) in TITLES.items():
            row = rows[name]
            mean, low, high = (f"{row[end]:{form}}".replace("%", " %") for end in ("mean", "low", "high"))
            with st.container(border=True):
                st.metric(title, mean if row["n"] else "–", help=meaning)
                beside = [f"{low} to {high}"] * (row["n"] > 1) + [things(int(row["n"]), "prompt")]
                if row["n"]:
                    random = f"a random pick: {rows[chance]['mean']:{form}}" if chance else "a random order: 0"
                    beside.append(random.replace("%", " %"))
                st.caption(" · ".join(beside))
