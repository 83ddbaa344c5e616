"""What Scorers says of how two or more scorers agree."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE, percent
from data_access.questions.agreement import ROUNDS

ONE_ONLY = "This dataset has rewards by one scorer only, so there is nothing to compare."
NO_PROMPT = "No prompt has two candidates that both scorers have scored. Choose another pair."
OF_ENSEMBLE = "is made from the other scorers, so it agrees with them."
HOW = (
    "Figures are computed within each prompt, on the candidates that both scorers have scored, then averaged over prompts. "
    f"Intervals: 95 %, {ROUNDS:,} resamples of the prompts."
)
NOT_CORRECT = "Agreement is not correctness: two scorers can share a fault."
PICK = "in standard deviations of its rewards within the prompt; ties are averaged. 0 is no loss"


class Figure(NamedTuple):
    """How a row of `agreement.summary` is called and written, what it means, and the row of what chance would give."""

    title: str
    form: str
    unit: str
    meaning: str
    chance: str


FIGURES = {
    "tau": Figure(
        "Rank correlation τ-b", "+.2f", "", "Kendall's τ-b: 1 is the same order, 0 no relation, −1 the reverse", ""
    ),
    "top_1": Figure(
        "A's best is also B's best",
        ".1%",
        "",
        "Share of A's best candidates that are among B's best. Each may be one candidate, or several that tie.",
        "top_1_by_chance",
    ),
    "regret": Figure(
        "Regret of A's pick under B",
        ".2f",
        " sd",
        f"How much reward by B is lost if A picks the candidate: {PICK}.",
        "regret_by_chance",
    ),
    "back_regret": Figure(
        "Regret of B's pick under A",
        ".2f",
        " sd",
        f"How much reward by A is lost if B picks the candidate: {PICK}.",
        "back_regret_by_chance",
    ),
}


class Written(NamedTuple):
    """A figure as it is written: its mean, its 95 % interval ('' of one prompt), its prompts, and what chance would give."""

    mean: str
    interval: str
    prompts: str
    chance: str


def written(name: str, rows: Mapping[Any, Mapping[Any, Any]]) -> Written:
    """The figure of this name; `rows` are those of `agreement.summary`, by name."""
    figure, row = FIGURES[name], rows[name]
    mean, low, high = (f"{row[end]:{figure.form}}".replace("%", " %") for end in ("mean", "low", "high"))
    by_chance = f"{rows[figure.chance]['mean']:{figure.form}}".replace("%", " %") if figure.chance else "0"
    return Written(
        f"{mean}{figure.unit}" if row["n"] else "–",
        f"{low} to {high}" if row["n"] > 1 else "",
        things(int(row["n"]), "prompt"),
        f"random {by_chance}" if row["n"] else "",
    )


def scored_of(row: dict[str, Any]) -> str:
    """What a scorer has scored: a row of `scorers.coverage`."""
    share = percent(row["scored"], row["candidates"])
    scored = f"{row['scored']:,} of {things(row['candidates'], 'candidate')} scored ({share})"
    return f"{scored}, in {things(row['prompts'], 'prompt')}"


def ensemble_note() -> str:
    return (
        f"{ENSEMBLE}: for each candidate that all scorers have scored, the mean of its percentiles. It is not a logit."
    )


def apart_columns() -> dict[str, str]:
    """Of a list of prompts where two scorers disagree, column -> what it is called."""
    return {
        "tau": "τ-b",
        "regret": "regret of A's pick",
        "back_regret": "regret of B's pick",
        "shared": "scored by both",
    }


def points_said(points: pd.DataFrame, tau: float) -> str:
    """Of a prompt's candidates by two scorers: how many, and how they correlate."""
    correlation = "not defined" if pd.isna(tau) else f"{tau:+.2f}"
    return f"{things(len(points), 'candidate')} scored by both; τ-b {correlation}"
