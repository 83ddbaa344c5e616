"""A source model that gives most prompts one and the same text, as an attack on a judge does."""

from typing import NamedTuple

from data_access.database import read
from data_access.dataset import Dataset
from data_access.frames import records

ENOUGH = 10  # prompts with that text, as in the check that asks the same


class OneAnswer(NamedTuple):
    """The source model, to how many prompts it gives the text, and of how many that it answers."""

    model: str
    prompts: int
    total: int


def one_answer(dataset: Dataset, scorer: str) -> OneAnswer | None:
    """Of such source models the one that wins most, as `questions/sql/one_answer.sql` finds it; None where there is none."""
    rows = records(read(dataset, "questions/one_answer", scorer=scorer, enough=ENOUGH))
    return OneAnswer(rows[0]["model"], rows[0]["prompts"], rows[0]["total"]) if rows else None
