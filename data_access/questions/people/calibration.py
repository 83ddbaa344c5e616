"""Whether people prefer a text as often as the scorer's rewards imply: σ(Δ), if the rewards are Bradley-Terry logits.

Each answer that prefers one text counts, seen from the text with the higher reward: p = σ(|Δ|) ≥ ½ is what the rewards imply.
An answer to a pair that the scorer ties tells nothing here.

- In bins of p, the share that preferred the higher reward. Several people may have answered a pair: intervals as in `shares`.
- The temperature T with which σ(Δ/T) fits best: it maximises Σ log σ(±Δ/T), + where the person preferred the higher reward. In
  β = 1/T that is concave, so the root of its derivative Σ ±|Δ| σ(∓β|Δ|) is the only maximum. There is none above 0 where
  people go against the scorer, and β has no bound where all go with it. The interval resamples prompts (Efron 1979).
"""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.preparing.joining import ENSEMBLE
from data_access.questions.people.answered import ENOUGH, Answered
from data_access.questions.people.shares import share_of
from data_access.questions.resampling import LEVELS, SEED, bootstrap

Floats = npt.NDArray[np.float64]

BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
ROUNDS = 500
HALVINGS = 30  # to a billionth of where they begin


class Calibration(NamedTuple):
    """Of `n` answers to pairs of `prompts`.

    `bins`: one row per bin with answers: low, high, n, prompts, implied (mean p), share, share_low, share_high
    (NaN below ENOUGH answers).
    `temperature` with its 95 % interval: 0 where everybody goes with the scorer, ∞ where no positive one fits; NaN below
    ENOUGH answers, and the interval below ENOUGH prompts. `curve`: p from ½ to 1, share as σ(Δ/T) has it; empty without T.
    """

    n: int
    prompts: int
    bins: pd.DataFrame
    temperature: float
    low: float
    high: float
    curve: pd.DataFrame


def calibration(found: Answered, scorer: str) -> Calibration | None:
    """People's preferences against those that the scorer implies; None for one whose values are no logits."""
    if scorer == ENSEMBLE:
        return None
    answers = found.answers[found.answers["answer"].isin(["first", "second"])]
    differences = found.differences[scorer].reindex(answers["pair"]).to_numpy(dtype=float)
    counts = np.isfinite(differences) & (differences != 0)
    differences, answers = differences[counts], answers[counts]
    agrees = (answers["answer"] == "first").to_numpy() == (differences > 0)
    prompts = found.pairs["prompt_id"].reindex(answers["pair"]).to_numpy()
    gap = np.abs(differences)
    n, several = len(gap), len(np.unique(prompts))
    fitted = (math.nan,) * 3
    if n >= ENOUGH:
        fitted = temperature(gap, agrees, prompts)
    return Calibration(n, several, _bins(_sigmoid(gap), agrees, prompts), *fitted, _curve(fitted[0]))


def temperature(
    gap: Floats, agrees: npt.NDArray[np.bool_], prompts: npt.NDArray[np.int64]
) -> tuple[float, float, float]:
    """The temperature that fits best, and its interval; of answers to a difference `gap` > 0 that agree with the scorer or do
    not. See Calibration for what 0, ∞ and NaN say."""
    signed = np.where(agrees, gap, -gap)
    best = _inverse(signed, np.ones((1, len(gap))))[0]
    _, of_prompt = np.unique(prompts, return_inverse=True)
    n = int(of_prompt.max()) + 1
    low = high = math.nan
    if n >= ENOUGH:
        weights = bootstrap(n, ROUNDS, np.random.default_rng(SEED))[:, of_prompt].astype(float)
        # No value between two rounds: one of them may be without bound.
        low, high = np.quantile(_inverse(signed, weights), LEVELS, method="inverted_cdf")
    return _inverted(best), _inverted(high), _inverted(low)


def _inverse(signed: Floats, weights: Floats) -> Floats:
    """For each row of weights the β ≥ 0 at which Σ w s σ(−βs) is 0: 0 where that is nowhere above, ∞ where it is everywhere."""
    found = np.zeros(len(weights))
    rising = weights @ signed > 0  # twice the slope at 0
    against = weights @ (signed < 0) > 0
    found[rising & ~against] = np.inf
    open_ones = rising & against
    some = weights[open_ones]
    if not len(some):
        return found

    def slope(inverse: Floats) -> Floats:
        return np.asarray(np.einsum("ra,ra->r", some, signed * _sigmoid(-inverse[:, None] * signed)))

    low, high = np.zeros(len(some)), np.ones(len(some))
    while (still := slope(high) > 0).any():
        high[still] *= 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = slope(middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    found[open_ones] = (low + high) / 2
    return found


def _inverted(inverse: float) -> float:
    return math.inf if inverse == 0 else 1 / float(inverse)


def _bins(implied: Floats, agrees: npt.NDArray[np.bool_], prompts: npt.NDArray[np.int64]) -> pd.DataFrame:
    at = np.clip(np.searchsorted(BINS, implied, side="right") - 1, 0, len(BINS) - 2)
    rows = []
    for number, (low, high) in enumerate(pairwise(BINS)):
        here = at == number
        if here.any():
            n, several, _, *share = share_of(agrees[here], prompts[here])
            rows.append((low, high, n, several, float(implied[here].mean()), *share))
    columns = ["low", "high", "n", "prompts", "implied", "share", "share_low", "share_high"]
    return pd.DataFrame(rows, columns=columns)


def _curve(temperature: float) -> pd.DataFrame:
    p = np.linspace(0.5, 0.995, 100)
    if not math.isfinite(temperature) or temperature == 0:
        p = p[:0]
    return pd.DataFrame({"p": p, "share": _sigmoid(np.log(p / (1 - p)) / temperature)})


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -700, 700))))
