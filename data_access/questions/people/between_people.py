"""How far people who answered the same pairs say the same.

Krippendorff's α, nominal, with missing values (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"): 1 − observed /
expected disagreement. Each pair with m ≥ 2 answers adds its m (m − 1) ordered couples of answers, divided by m − 1, to the
coincidences; with n answers in all, n_c of the category c and o_cc coincidences of c with itself,
α = 1 − (n − 1) (n − Σ o_cc) / (n² − Σ n_c²). 1 is perfect, 0 is what chance gives. Not defined where all answers are alike.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.questions.people.answered import ENOUGH, Answered
from data_access.questions.resampling import LEVELS, SEED, bootstrap

CATEGORIES = ("first", "second", "both good", "both bad")
ROUNDS = 1000
UNDEFINED = 0.05  # of the rounds, at most, for an interval

Counts = npt.NDArray[np.float64]


class BetweenPeople(NamedTuple):
    """`pairs` that at least two have answered, with `answers` in all; `alpha` over them with its 95 % interval, pairs
    resampled: NaN below ENOUGH pairs, or where it is not defined; the interval also where it is not in
    many rounds. `couples`: one row per two people with a pair in common:
    one, other, n, equal (the share of equal answers) and alpha, NaN below ENOUGH pairs."""

    pairs: int
    answers: int
    alpha: float
    low: float
    high: float
    couples: pd.DataFrame


def between_people(found: Answered) -> BetweenPeople:
    """The agreement of people with each other."""
    said = found.answers.pivot(index="pair", columns="person", values="answer")
    counts = _counts(said)
    counts = counts[counts.sum(axis=1) > 1]
    value, low, high = (np.nan,) * 3
    if len(counts) >= ENOUGH:
        value = float(alpha(counts)[0])
        rounds = alpha(counts, bootstrap(len(counts), ROUNDS, np.random.default_rng(SEED)))
        # Where many rounds draw nothing but equal answers, those in which α is defined are no sample of all.
        if np.isfinite(value) and np.isnan(rounds).mean() <= UNDEFINED:
            low, high = np.nanquantile(rounds, LEVELS)
    couples = []
    for one, other in combinations(said.columns, 2):
        both = said[[one, other]].dropna()
        if n := len(both):
            known = (float((both[one] == both[other]).mean()), float(alpha(_counts(both))[0]))
            couples.append((one, other, n, *(known if n >= ENOUGH else (np.nan, np.nan))))
    columns = ["one", "other", "n", "equal", "alpha"]
    return BetweenPeople(
        len(counts), int(counts.sum()), value, float(low), float(high), pd.DataFrame(couples, columns=columns)
    )


def alpha(counts: Counts, weights: npt.NDArray[np.int64] | None = None) -> Counts:
    """α of units (rows) whose answers are counted by category (columns); one for each row of `weights`, how often each unit
    counts, or one with each once. Units with one answer do not count. NaN where it is not defined."""
    counts = np.where(counts.sum(axis=1, keepdims=True) > 1, counts, 0.0)
    each = counts.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        same = np.where(each > 1, (counts * (counts - 1)).sum(axis=1) / (each - 1), 0.0)
        times = np.ones((1, len(counts))) if weights is None else weights.astype(float)
        n, of_category = times @ each, times @ counts
        expected = n**2 - (of_category**2).sum(axis=1)
        found = 1 - (n - 1) * (n - times @ same) / expected
    return np.where(expected > 0, found, np.nan)


def _counts(said: pd.DataFrame) -> Counts:
    """How many people gave each answer to each pair: (pairs, CATEGORIES)."""
    return np.stack([(said == category).sum(axis=1).to_numpy(dtype=float) for category in CATEGORIES], axis=1)
