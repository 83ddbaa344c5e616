"""A share of answers or pairs, with an interval that knows that those of one prompt are alike.

Wilson's interval (1927) on the effective number (Σm)² / Σm² for prompts with m answers or pairs each (Kish 1965, as if all of a
prompt were one): at most the number of prompts, and where each has one, that number: Wilson's interval as it is. Unlike
resampling it does not shrink to a point where all say the same.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data_access.questions.matched_pairs import wilson
from data_access.questions.people.answered import ENOUGH


class Share(NamedTuple):
    """`yes` of `n`, of so many `prompts`; share with its 95 % interval low to high, NaN where n is below ENOUGH."""

    n: int
    prompts: int
    yes: int
    share: float
    low: float
    high: float


def share_of(yes: npt.NDArray[np.bool_], prompts: npt.NDArray[np.int64]) -> Share:
    """The share of `yes`, one for each answer or pair, which are of these prompts."""
    n, count = len(yes), int(yes.sum())
    _, each = np.unique(prompts, return_counts=True)
    if n < ENOUGH:
        return Share(n, len(each), count, np.nan, np.nan, np.nan)
    effective = n**2 / float((each.astype(float) ** 2).sum())
    return Share(n, len(each), count, count / n, *wilson(count / n * effective, effective))
