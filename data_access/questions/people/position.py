"""Whether people prefer what stands on the left: as sides are drawn, they should do so half of the time."""

from typing import NamedTuple

import pandas as pd

from data_access.questions.matched_pairs import wilson
from data_access.questions.people.answered import ENOUGH, Answered


class Position(NamedTuple):
    """Of `n` answers that prefer one side how many the left one: share with its 95 % Wilson interval over answers (1927), NaN
    below ENOUGH."""

    n: int
    left: int
    share: float
    low: float
    high: float


def position(found: Answered) -> Position:
    """How often the left one is preferred."""
    return _position(found.answers)


def position_by_person(found: Answered) -> pd.DataFrame:
    """One row per person: person, answers, both_good, both_bad, and n, left, share, low, high as in Position."""
    rows = []
    for person, some in found.answers.groupby("person"):
        ties = {name.replace(" ", "_"): int((some["answer"] == name).sum()) for name in ("both good", "both bad")}
        rows.append({"person": person, "answers": len(some), **ties, **_position(some)._asdict()})
    return pd.DataFrame(rows, columns=["person", "answers", "both_good", "both_bad", *Position._fields])


def _position(answers: pd.DataFrame) -> Position:
    decided = answers[answers["answer"].isin(["first", "second"])]
    n, left = len(decided), int((decided["answer"] == decided["left"]).sum())
    if n < ENOUGH:
        return Position(n, left, float("nan"), float("nan"), float("nan"))
    return Position(n, left, left / n, *wilson(left, n))
