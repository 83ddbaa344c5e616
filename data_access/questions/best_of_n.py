"""What sampling more candidates buys: the expected best of n drawn candidates.

For m scored candidates of a prompt, rewards ascending r_(1) ≤ … ≤ r_(m), the expected best of n drawn without replacement
is Σ_{i=n..m} C(i−1, n−1)/C(m, n) · r_(i): unbiased for the best of n samples, and right with ties. The weights come from
w_m = n/m and w_{i−1} = w_i · (i−n)/(i−1).
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.questions.resampling import LEVELS, SEED, resampled

Floats = npt.NDArray[np.float64]

ROUNDS = 1000
EVERY_N, MORE_N = 200, 100
WEIGHTS_AT_ONCE = 4_000_000  # bounds memory where a prompt has very many candidates


class Curve(NamedTuple):
    """`points`: one row per n from 1: n, gain (expected best of n minus the prompt's mean, averaged over prompts), low and high
    (95 % interval, prompts resampled; NaN of one prompt). `prompts` with at least N scored candidates were used, of `total`
    with any."""

    points: pd.DataFrame
    prompts: int
    total: int


class Winner(NamedTuple):
    """Who wins at one n. `shares`: one row per source model, largest share first: model, share (of wins), candidates (share of
    the candidates). `chars` expected length of the winner against `mean_chars` of a candidate; `is_best` how often the
    winner is the pool's best. Averages over `prompts`."""

    shares: pd.DataFrame
    chars: float
    mean_chars: float
    is_best: float
    prompts: int


def weights(m: int, n: int) -> Floats:
    """How likely each of m candidates, worst first, is the best of n drawn without replacement: they sum to 1."""
    if not 1 <= n <= m:
        raise ValueError(f"n = {n} is not from 1 to {m}")
    i = np.arange(m, n, -1)
    factors = np.concatenate([[n / m], (i - n) / (i - 1)])
    return np.concatenate([np.zeros(n - 1), np.cumprod(factors)[::-1]])


def expected_best(rewards: npt.ArrayLike, sizes: Iterable[int] | None = None) -> Floats:
    """The expected best of n of these rewards, for each n of `sizes`, else for n = 1 … all of them."""
    ascending = np.sort(np.asarray(rewards, dtype=float))
    return np.array([weights(len(ascending), n) @ ascending for n in sizes or range(1, len(ascending) + 1)])


def prompt_curve(candidates: pd.DataFrame) -> pd.DataFrame:
    """One prompt's expected best of n minus its mean reward: n, gain, from n = 1 to all scored candidates.

    Every n up to EVERY_N; above, MORE_N of them, each as much larger than the one before: a curve of tens of thousands of
    points takes minutes, and looks the same.
    """
    rewards = candidates["reward"].dropna().to_numpy(dtype=float)
    sizes = np.arange(1, len(rewards) + 1)
    if len(rewards) > EVERY_N:
        above = np.geomspace(EVERY_N, len(rewards), MORE_N + 1).round().astype(int)
        sizes = np.unique(np.concatenate([sizes[:EVERY_N], above]))
    return pd.DataFrame({"n": sizes, "gain": expected_best(rewards, sizes.tolist()) - rewards.mean()})


def gain_curve(candidates: pd.DataFrame) -> Curve:
    """The gain of best-of-n over prompts; `candidates`: rows prompt_id, centred of scored candidates.

    N is the largest n that nine in ten prompts with several can show; prompts with fewer than N scored candidates are left
    out, so that every n speaks of the same prompts.
    """
    counts = candidates.groupby("prompt_id")["centred"].size()
    if counts.empty:
        return Curve(pd.DataFrame(columns=["n", "gain", "low", "high"]), 0, 0)
    several = counts[counts > 1] if (counts > 1).any() else counts
    largest = int(np.sort(several)[len(several) // 10])
    used = candidates.loc[candidates["prompt_id"].isin(counts.index[counts >= largest]), ["prompt_id", "centred"]]
    gains = _gains(used, largest)
    rng = np.random.default_rng(SEED)
    prompts = len(gains)
    low, high = np.full((2, largest), np.nan)
    if prompts > 1:
        low, high = np.quantile(resampled(gains, ROUNDS, rng) / prompts, LEVELS, axis=0)
    points = pd.DataFrame({"n": np.arange(1, largest + 1), "gain": gains.mean(axis=0), "low": low, "high": high})
    return Curve(points, prompts, len(counts))


def by_model(candidates: pd.DataFrame) -> pd.DataFrame:
    """Each source model's own curve, centred on its own mean for each prompt, up to its own N: model, n, gain, prompts.

    Only source models with several scored candidates for most of their prompts.
    """
    own = candidates.groupby(["model", "prompt_id"])["reward"]
    centred = candidates.assign(centred=candidates["reward"] - own.transform("mean"))
    typical = own.size().groupby("model").quantile(0.1, interpolation="lower")
    curves = [pd.DataFrame(columns=["n", "gain", "model", "prompts"])]
    for model in typical.index[typical > 1]:
        curve = gain_curve(centred[centred["model"] == model])
        curves.append(curve.points[["n", "gain"]].assign(model=model, prompts=curve.prompts))
    return pd.concat(curves[1:] or curves, ignore_index=True)


def winner(candidates: pd.DataFrame, n: int) -> Winner | None:
    """Who is the best of n, on average over the prompts with at least n scored candidates.

    `candidates`: rows prompt_id, model, reward, chars. Candidates that share a reward share their chances. None where no
    prompt has n scored candidates.
    """
    counts = candidates.groupby("prompt_id")["reward"].transform("size")
    used = candidates.loc[counts >= n, ["prompt_id", "model", "reward", "chars"]].sort_values(["prompt_id", "reward"])
    if used.empty:
        return None
    sizes = used.groupby("prompt_id", sort=False).size()
    of_size = {m: weights(int(m), n) for m in sizes.unique()}
    used = used.assign(chance=np.concatenate([of_size[m] for m in sizes]))
    used["chance"] = used.groupby(["prompt_id", "reward"])["chance"].transform("mean")
    prompts = len(sizes)
    best = used["reward"] == used.groupby("prompt_id")["reward"].transform("max")
    model = used["model"].fillna("not given")
    size = used["prompt_id"].map(sizes)
    shares = pd.DataFrame(
        {
            "share": (used["chance"] / prompts).groupby(model).sum(),
            "candidates": (1 / size / prompts).groupby(model).sum(),
        }
    )
    return Winner(
        shares=shares.sort_values("share", ascending=False).rename_axis("model").reset_index(),
        chars=float((used["chance"] * used["chars"].fillna(0)).sum() / prompts),
        mean_chars=float((used["chars"].fillna(0) / size).sum() / prompts),
        is_best=float(used.loc[best, "chance"].sum() / prompts),
        prompts=prompts,
    )


def kl_bound(n: npt.ArrayLike) -> Floats:
    """log n − (n − 1)/n: an upper bound on the KL divergence of best-of-n from the policy whose own samples it chooses from.
    (Beirami et al. 2024, arXiv 2401.01879.) It means nothing across a pool of several models."""
    drawn = np.asarray(n, dtype=float)
    bound: Floats = np.log(drawn) - (drawn - 1) / drawn
    return bound


def reading(curve: Curve) -> str:
    """A sentence that reads the curve: what a part of the largest n gives of its gain, and what the last doubling adds."""
    gain = curve.points.set_index("n")["gain"]
    largest = int(gain.index[-1])
    if largest < 4 or gain[largest] <= 0:
        return f"Best of {largest} gains {gain[largest]:.2f} over the average candidate."
    part = 2 ** int(np.log2(largest) / 1.6)
    half = largest // 2
    return (
        f"{part} candidates give {gain[part] / gain[largest]:.0%} of the gain of {largest}; "
        f"doubling from {half} to {2 * half} adds {gain[2 * half] - gain[half]:.2f}."
    ).replace("%", " %")


def scored_candidates(
    dataset: Dataset, scorer: str, section: str | None = None, subset: str | None = None
) -> pd.DataFrame:
    """Every scored candidate: prompt_id, model, reward, centred, percentile, chars."""
    return read(dataset, "questions/scored_candidates", scorer=scorer, section=section, subset=subset).dropna(
        subset="reward"
    )


def _gains(used: pd.DataFrame, largest: int) -> Floats:
    """The expected best of n, centred, for each prompt and n = 1 … largest: (P, largest)."""
    gains = []
    for m, rows in used.groupby(used.groupby("prompt_id")["centred"].transform("size")):
        rewards = rows.sort_values(["prompt_id", "centred"])["centred"].to_numpy().reshape(-1, int(m))
        at_once = max(1, WEIGHTS_AT_ONCE // int(m))
        starts = range(1, largest + 1, at_once)
        tables = (_table(int(m), range(start, min(start + at_once, largest + 1))) for start in starts)
        gains.append(np.hstack([rewards @ table for table in tables]))
    return np.concatenate(gains)


def _table(m: int, sizes: Iterable[int]) -> Floats:
    """The weights of m candidates, one column for each n."""
    return np.column_stack([weights(m, n) for n in sizes])
