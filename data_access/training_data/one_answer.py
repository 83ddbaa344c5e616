"""A source model that gives most prompts one and the same text, as an attack on a judge does."""

from typing import NamedTuple

from data_access.dataset import Dataset
from data_access.derived import common_texts


class OneAnswer(NamedTuple):
    """The source model, to how many prompts it gives the text, and of how many that it answers."""

    model: str
    prompts: int
    total: int


def one_answer(dataset: Dataset, scorer: str) -> OneAnswer | None:
    """Of such source models the one that wins most; None where there is none."""
    found = common_texts.one_answer(dataset, scorer)
    return OneAnswer(*found[:3]) if found else None
