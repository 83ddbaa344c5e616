"""How two scorers agree, in four figures: each with its interval, its prompts, and what a random pick would give."""

import pandas as pd
import streamlit as st

from data_access.plurals import things

PICK = "in standard deviations of its rewards within the prompt; ties are averaged. 0 is no loss"
# Row of `data_access.questions.agreement.summary` -> title, format, unit, what it means, the row of what chance would give.
TITLES = {
    "tau": (
        "Rank correlation τ-b",
        "+.2f",
        "",
        "Kendall's τ-b: 1 is the same order, 0 no relation, −1 the reverse",
        "",
    ),
    "top_1": (
        "A's best is also B's best",
        ".1%",
        "",
        "Share of A's best candidates that are among B's best. Each may be one candidate, or several that tie.",
        "top_1_by_chance",
    ),
    "regret": (
        "Regret of A's pick under B",
        ".2f",
        " sd",
        f"How much reward by B is lost if A picks the candidate: {PICK}.",
        "regret_by_chance",
    ),
    "back_regret": (
        "Regret of B's pick under A",
        ".2f",
        " sd",
        f"How much reward by A is lost if B picks the candidate: {PICK}.",
        "back_regret_by_chance",
    ),
}


def agreement_figures(known: pd.DataFrame) -> None:
    """One row of the frame of `data_access.questions.agreement.summary`."""
    rows = known.to_dict("index")
    with st.container(key="agreement"):
        for place, (name, (title, form, unit, meaning, chance)) in zip(st.columns(4), TITLES.items(), strict=True):
            row = rows[name]
            mean, low, high = (f"{row[end]:{form}}".replace("%", " %") for end in ("mean", "low", "high"))
            beside = [f"{low} to {high}"] * (row["n"] > 1) + [things(int(row["n"]), "prompt")]
            if row["n"]:
                beside.append(f"random {rows[chance]['mean']:{form}}".replace("%", " %") if chance else "random 0")
            place.metric(
                title,
                f"{mean}{unit}" if row["n"] else "–",
                delta=" · ".join(beside),
                delta_color="off",
                delta_arrow="off",
                help=f"{meaning} Below: 95 % interval, prompts where it is defined, and what a random order or pick gives.",
            )
