"""Where the scorers of the same candidates agree, and what it costs to follow one where another is right.

Everything is within a prompt, over the candidates that both scorers of a pair have scored, and then averaged over prompts;
intervals resample prompts.

- τ-b, Kendall's rank correlation with ties (Kendall 1945): (pairs in the same order − pairs in opposite order), divided by
  √(pairs that the first does not tie · pairs that the other does not tie). Not defined where a scorer ties all candidates.
- Top-1 agreement: the share of the first's best candidates (one, or several that tie) that are among the other's best.
- Regret: how much reward by the other is lost by taking the first's best candidate (the mean over ties) instead of the
  other's best, in standard deviations of the other's rewards. Not defined where the other gives all the same reward.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.questions.blocks import blocks
from data_access.questions.resampling import LEVELS, SEED, bootstrap

Floats = npt.NDArray[np.float64]
Stored = npt.NDArray[np.float32]

ROUNDS = 1000
TAU_BINS = 20
DRAWN_AT_ONCE = 100
COMPARED_AT_ONCE = 1_000_000  # comparisons of two candidates: bounds memory
# What is known of each pair of scorers on each prompt; by chance: of a candidate that is picked at random.
FIGURES = ("tau", "top_1", "regret", "top_1_by_chance", "regret_by_chance")
BACK = ("top_1", "regret", "regret_by_chance")


class Agreement(NamedTuple):
    """For P prompts and S scorers. `prompts`: one row each, columns of sql/prompt_parts.sql. `shared[p, i, j]`: candidates
    that both have scored; `figures[name][p, i, j]`: one of FIGURES for i as the first and j as the other, NaN where it is not
    defined, as where fewer than two candidates are shared."""

    scorers: tuple[str, ...]
    prompts: pd.DataFrame
    shared: npt.NDArray[np.int32]
    figures: dict[str, Stored]


def tau_b(rank: Stored) -> Floats:
    """Kendall's τ-b of each pair of S scorers on each of P prompts: (P, S, S) from ranks (P, S, N), NaN where not scored.

    Only the order of the ranks counts. A pair of candidates counts for two scorers if both have scored both.
    """
    prompts, scorers, n = rank.shape
    found = np.full((prompts, scorers, scorers), np.nan)
    for some, block in blocks(prompts, n, COMPARED_AT_ONCE // max(scorers, 1)):
        a, b = rank[some, :, block, None], rank[some, :, None, :]
        order = (a > b).astype(np.float32) - (a < b)  # 0 where not scored
        compared = (np.isfinite(a) & np.isfinite(b)).astype(np.float32)
        flat = (order.shape[0], scorers, -1)
        order, compared = order.reshape(flat), compared.reshape(flat)
        same = (order @ order.transpose(0, 2, 1)).astype(float)
        untied = (np.abs(order) @ compared.transpose(0, 2, 1)).astype(float)
        if block.start == 0:
            sums = np.zeros((2, *same.shape))
        sums += same, untied
        with np.errstate(invalid="ignore", divide="ignore"):
            found[some] = sums[0] / np.sqrt(sums[1] * sums[1].transpose(0, 2, 1))
    return found


def pick_figures(reward: Floats) -> tuple[npt.NDArray[np.int32], dict[str, Floats]]:
    """For each pair of S scorers on each of P prompts how many candidates both have scored (P, S, S), and all FIGURES but
    τ-b, of rewards (P, S, N), NaN where not scored."""
    prompts, scorers, _ = reward.shape
    shared = np.zeros((prompts, scorers, scorers), np.int32)
    found = {name: np.full((prompts, scorers, scorers), np.nan) for name in FIGURES[1:]}
    is_scored = np.isfinite(reward)
    for i, j in np.ndindex(scorers, scorers):
        common = is_scored[:, i] & is_scored[:, j]
        n = common.sum(axis=1)
        shared[:, i, j] = n
        by_first, by_other = (np.where(common, reward[:, scorer], -np.inf) for scorer in (i, j))
        best = by_other.max(axis=1, initial=-np.inf)
        picked = common & (by_first == by_first.max(axis=1, keepdims=True, initial=-np.inf))
        is_best = common & (by_other == best[:, None])
        value = np.where(common, reward[:, j], 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = value.sum(axis=1) / n
            deviation = np.where(common, value - mean[:, None], 0.0)
            is_flat = is_best.sum(axis=1) == n  # the deviations may be off zero by rounding
            sd = np.where(is_flat | (n < 2), np.nan, np.sqrt((deviation**2).sum(axis=1) / (n - 1)))
            several = np.where(n > 1, 1.0, np.nan)
            found["top_1"][:, i, j] = several * (picked & is_best).sum(axis=1) / picked.sum(axis=1)
            found["top_1_by_chance"][:, i, j] = several * is_best.sum(axis=1) / n
            found["regret"][:, i, j] = (best - (value * picked).sum(axis=1) / picked.sum(axis=1)) / sd
            found["regret_by_chance"][:, i, j] = (best - mean) / sd
    return shared, found


def averages(figures: pd.DataFrame) -> pd.DataFrame:
    """One row per column of `figures`, which has one row per prompt: its mean, low and high (95 %, prompts resampled), and n,
    the prompts where it is defined."""
    values = figures.to_numpy(dtype=float)
    is_defined = np.isfinite(values)
    known, n, prompts = np.where(is_defined, values, 0.0), is_defined.sum(axis=0), len(values)
    rng = np.random.default_rng(SEED)
    ends = np.full((2, len(n)), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = known.sum(axis=0) / n
        rounds = []
        for _ in range(ROUNDS // DRAWN_AT_ONCE if prompts else 0):
            drawn = bootstrap(prompts, DRAWN_AT_ONCE, rng)
            rounds.append((drawn @ known) / (drawn @ is_defined))
    several = n > 1  # one prompt tells nothing of other prompts
    if several.any():
        ends[:, several] = np.nanquantile(np.concatenate(rounds)[:, several], LEVELS, axis=0)
    return pd.DataFrame({"mean": mean, "low": ends[0], "high": ends[1], "n": n}, index=figures.columns)


def of_pair(found: Agreement, first: str, other: str) -> pd.DataFrame:
    """One row per prompt: prompt_id, section, subset, prompt, shared, the FIGURES, and those of the other's pick by the first:
    back_top_1, back_regret, back_regret_by_chance."""
    i, j = found.scorers.index(first), found.scorers.index(other)
    figures = {name: found.figures[name][:, i, j].astype(float) for name in FIGURES}
    back = {f"back_{name}": found.figures[name][:, j, i].astype(float) for name in BACK}
    return found.prompts.assign(shared=found.shared[:, i, j], **figures, **back)


def summary(pair: pd.DataFrame) -> pd.DataFrame:
    """One row per figure of `of_pair`, averaged over its prompts: mean, low, high, n."""
    return averages(pair[[*FIGURES, *(f"back_{name}" for name in BACK)]])


def pairs(found: Agreement, scorers: Sequence[str]) -> pd.DataFrame:
    """One row per pair of these scorers: first, other, tau, low, high, n (prompts), top_1, regret, back_top_1, back_regret."""
    columns = ["tau", "top_1", "regret", "back_top_1", "back_regret"]
    rows = []
    for place, first in enumerate(scorers):
        for other in scorers[place + 1 :]:
            known = averages(of_pair(found, first, other)[columns])
            rows.append({"first": first, "other": other, **known["mean"], **known.loc["tau", ["low", "high", "n"]]})
    return pd.DataFrame(rows)


def by_part(pair: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row per section or subset (`by`), in the source's order: part, tau, low, high, n, top_1, regret, back_regret,
    prompts. From the frame of `of_pair`."""
    rows = []
    for part, some in pair.dropna(subset=by).groupby(by, sort=False):
        known = averages(some[["tau", "top_1", "regret", "back_regret"]])
        standing = known.loc["tau", ["low", "high", "n"]]
        rows.append({"part": part, **known["mean"], **standing, "prompts": len(some)})
    return pd.DataFrame(rows)


def tau_bins(pair: pd.DataFrame) -> pd.DataFrame:
    """20 equal bins of `tau` from −1 to 1: low, high, n (prompts). From the frame of `of_pair`."""
    counts, edges = np.histogram(pair["tau"].dropna(), bins=TAU_BINS, range=(-1, 1))
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": counts})


def most_apart(pair: pd.DataFrame, by: str, most: int) -> pd.DataFrame:
    """The prompts where two scorers disagree most: the lowest `tau`, or the highest `regret` or `back_regret` (`by`)."""
    return pair.dropna(subset=by).sort_values([by, "prompt_id"], ascending=[by == "tau", True]).head(most)
