"""What is said of the words, word pairs and openings of the better responses."""

import pandas as pd

from data_access.plurals import things
from data_access.questions.phrases import ROUNDS, STANDS_OUT, Found

LABELS = {"words": "Words", "pairs": "Two words", "openings": "First three words"}
NOTHING = "No such phrase is in ten prompts. Choose another kind, or more prompts."


def counted(found: Found) -> list[str]:
    """How many were compared, how many stand out, and how many would by chance."""
    return [
        f"{found.beyond:,} of {things(found.tried, 'phrase')} stand out, about {found.by_chance:.0f} would by chance",
        f"in ten or more of {things(found.prompts, 'prompt')}",
    ]


def seen(table: pd.DataFrame) -> str:
    above, below = table[table["z"] > 0], table[table["z"] < 0]
    said = [
        f"More in the {side} quarter: {', '.join(some)}."
        for side, some in (("best", above["phrase"].head(5)), ("worst", below["phrase"].tail(5)[::-1]))
        if len(some)
    ]
    return " ".join(["Phrases that distinguish the best from the worst quarter, with 95 % intervals.", *said])


def notes(length_equal: bool) -> list[str]:
    """How the figures are made, and what they do not say."""
    compared = (
        "of each four different scored texts of a prompt that are next in length, the best and the worst by reward"
        if length_equal
        else "a quarter each of a prompt's different scored texts, by reward. Longer texts have more of every word"
    )
    return [
        "Observational. A word is in the better responses, and so is what they say with it. Best and worst quarter: "
        f"{compared}. Equal rewards at its edge share the place. A text counts a phrase once, each prompt weighs the "
        "same. Phrases that stand in the very same texts share a row.",
        "Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008): about ±3 by that prior "
        f"where only one quarter has it, and the interval is open then. Intervals: 95 %, {ROUNDS:,} resamples of the "
        f"prompts. Stands out: |z| ≥ {STANDS_OUT:g}, and more texts of that quarter have it. By chance: with best "
        "and worst exchanged in prompts that are drawn at random. A text that half of all prompts or more are "
        "given is left out.",
    ]
