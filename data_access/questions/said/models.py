"""What Source models says of a standing."""

import pandas as pd

from data_access.plurals import things
from data_access.questions.source_models import ROUNDS, Standing, reading

TOO_FEW = "This dataset has fewer than two source models, so there is nothing to rank."
NONE_MEET = "No two source models have scored candidates for the same prompt. Choose another subset."
GROUPS = "Some source models share no prompts with others. Scores compare within a group only."
WINS = (
    "How often the row's source model beats the column's on the prompts that they share, ties ½; source models in the order of "
    "their scores."
)
PREFERENCES = "These are this scorer's preferences: what it gets wrong is not in the intervals."


def ranked(found: Standing) -> pd.DataFrame:
    """The rows of the table with a score."""
    return found.table.dropna(subset="score")


def counted(found: Standing) -> list[str]:
    """How many source models, on how many prompts, and how many of their candidates are scored."""
    total, table = things(found.total, "prompt"), found.table
    return [
        things(len(table), "source model"),
        total if found.prompts == found.total else f"a random {found.prompts:,} of {total}",
        f"{table['scored'].sum():,} of {things(int(table['candidates'].sum()), 'candidate')} scored",
    ]


def length_sentence(found: Standing) -> str:
    """What a longer text is worth; '' where that is not known."""
    effect, low, high = found.length_effect
    if not low < high:
        return ""
    return (
        f"One standard deviation more log-length is worth {effect:+.2f} logits to this scorer (95 % interval {low:+.2f} to "
        f"{high:+.2f})."
    )


def scores_seen(found: Standing) -> str:
    n = things(len(ranked(found)), "source model")
    return f"Scores of {n} with 95 % intervals, best first. {reading(found)}"


def wins_seen(found: Standing) -> str:
    n = things(len(found.table), "source model")
    return f"Win rates of {n} against each other, ordered by score. {reading(found)}"


def notes(found: Standing) -> list[str]:
    """How scores and intervals are made, and where there is none."""
    said = [
        "Bradley-Terry scores from one outcome per prompt and pair of source models (the share of their pairs of candidates "
        "that the first wins, ties ½); each model has one imaginary draw with an average model, so that all stay finite. "
        f"Intervals: {ROUNDS:,} resamples of the prompts, one Newton step each. Length held equal: the difference of "
        "log-length is a covariate."
    ]
    with_score = ranked(found)
    if without := len(found.table) - len(with_score):
        said.append(f"Without a score, as they meet no other source model on any prompt: {without:,}.")
    if with_score["low"].isna().any():
        said.append(
            "Where no interval is shown, resampling says nothing of how sure the score is: it needs more prompts, and outcomes "
            "that differ."
        )
    return said
