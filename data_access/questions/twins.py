"""What a small change of a text does to its reward: twins, two candidates of a prompt with nearly the same text.

A text's reward is the mean over all scored candidates of its prompt with that text. Rewards compare within a prompt only, and
so do twins. What is more than noise is told by identical texts that were scored several times:

- limit: the repeatability limit 1.96 · √2 · sd, which two scorings of one text exceed in 5 of 100 cases (ISO 5725-6:1994,
  4.1), sd being the pooled standard deviation of identical texts' rewards, of all prompts. For texts scored more than once
  it is too wide, as their mean varies less. Not known where fewer than ENOUGH texts were scored twice, or always alike.
- means: of each prompt's pairs, then of prompts, so that a prompt with many alike does not decide.
- intervals: 95 %, prompts resampled (Efron 1979), as twins of one prompt are not independent.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.derived.changes import CHANGES
from data_access.derived.twins import twins
from data_access.questions.resampling import LEVELS, SEED, bootstrap

ROUNDS = 500
ENOUGH = 10  # prompts: of fewer, no interval says anything
IDENTICAL, ANY_TWO = "identical", "any_two"


PAIRS = [
    "prompt_id",
    "prompt",
    "candidate",
    "twin",
    "models",
    "difference",
    "size",
    "beyond",
    "similarity",
    "change",
    "what",
]
FIGURES = [
    "change",
    "label",
    "has_direction",
    "pairs",
    "prompts",
    "mean",
    "mean_low",
    "mean_high",
    "size",
    "size_low",
    "size_high",
    "beyond",
]


class Twins(NamedTuple):
    """`pairs`: one row per pair of twins, the largest difference first. Columns: prompt_id; prompt, its first 200 characters;
    candidate, the text without the change, or the shorter; twin, the one with it; models, who wrote them; difference, the
    twin's reward minus the candidate's, in logits; size, |difference|; beyond, whether that is more than the limit (missing
    where that is not known); similarity, 0 to 1; change, a key of CHANGES; what was changed, on one line. `total`: how many
    such pairs there are, in so many `prompts`. `limit`: in logits, or NaN."""

    pairs: pd.DataFrame
    total: int
    prompts: int
    limit: float


def twin_pairs(
    dataset: Dataset,
    scorer: str,
    section: str | None = None,
    subset: str | None = None,
    change: str | None = None,
    most: int | None = None,
    *,
    one_each: bool = False,
) -> Twins:
    """Twins whose texts are both scored, at most `most`, or with `one_each` of each prompt the pair that differs most. Reads
    all texts the first time."""
    twins(dataset)
    limit = repeatability_limit(dataset, scorer)
    pairs = read(
        dataset,
        "questions/twin_pairs",
        scorer=scorer,
        section=section,
        subset=subset,
        change=change,
        most=most,
        one_each=one_each,
    )
    beyond = pairs["size"] > limit if math.isfinite(limit) else None
    pairs["beyond"] = pd.Series(beyond, pairs.index, dtype="boolean")
    total, prompts = (int(pairs[name].max()) if len(pairs) else 0 for name in ("n", "prompts"))
    return Twins(pairs[PAIRS], total, prompts, limit)


def repeatability_limit(dataset: Dataset, scorer: str) -> float:
    """By how much two scorings of one text differ at most in 95 of 100 cases, in logits. NaN where that is not known."""
    rows = read(dataset, "questions/same_text_noise", scorer=scorer)
    if rows.empty or rows["texts"].iloc[0] < ENOUGH or not rows["sd"].iloc[0]:
        return math.nan
    return 1.96 * math.sqrt(2) * float(rows["sd"].iloc[0])


def by_change(dataset: Dataset, scorer: str, section: str | None = None, subset: str | None = None) -> pd.DataFrame:
    """One row per kind of change that twins with scored texts have, in the order of CHANGES, and last two to judge them
    by: identical texts, each scored candidate and the next with the same text; and any two candidates of the prompts with twins
    (their mean |difference| only). Reads all texts the first time.

    Columns: change, label, has_direction; pairs, prompts; mean, mean_low, mean_high: the mean difference, twin − candidate,
    in logits, NaN for a kind without direction; size, size_low, size_high: the mean |difference|, both over prompts; beyond:
    the share of pairs with more than the limit, NaN where that is not known. No interval of fewer than ENOUGH prompts.
    """
    pairs, _, _, limit = twin_pairs(dataset, scorer, section, subset)
    same = read(dataset, "questions/same_text_pairs", scorer=scorer, section=section, subset=subset)
    kinds = [(kind.key, kind.label, kind.has_direction, pairs[pairs["change"] == kind.key]) for kind in CHANGES]
    kinds.append((IDENTICAL, "identical texts", False, same))
    rows = [
        {"change": key, "label": label, "has_direction": directed, **_figures(some, directed, limit)}
        for key, label, directed, some in kinds
        if len(some)
    ]
    if len(pairs):
        figures = _figures(_any_two(dataset, scorer, pairs), has_direction=False, limit=math.nan)
        rows.append({"change": ANY_TWO, "label": "any two of their candidates", "has_direction": False, **figures})
    return pd.DataFrame(rows, columns=FIGURES)


def _any_two(dataset: Dataset, scorer: str, pairs: pd.DataFrame) -> pd.DataFrame:
    """For each prompt of these pairs the mean |difference| of any two of its rewards, as if it were one pair."""
    rewards = read(dataset, "questions/scored_candidates", scorer=scorer, section=None, subset=None)
    rewards = rewards[rewards["prompt_id"].isin(pairs["prompt_id"]) & rewards["reward"].notna()]
    found = []
    for prompt_id, one in rewards.groupby("prompt_id"):
        ascending = np.sort(one["reward"].to_numpy(dtype=float))
        m = len(ascending)
        # Σ of differences of all pairs: each reward is the greater of as many as are below it. (Gini's mean difference.)
        found.append((prompt_id, 2 * float((2 * np.arange(m) - m + 1) @ ascending) / (m * (m - 1))))
    return pd.DataFrame(found, columns=["prompt_id", "difference"])


def _figures(pairs: pd.DataFrame, has_direction: bool, limit: float) -> dict[str, float]:
    """What `by_change` says of pairs: of their columns prompt_id and difference."""
    ids, differences = pairs["prompt_id"].to_numpy(), pairs["difference"].to_numpy(dtype=float)
    mean = _mean(ids, differences) if has_direction else (math.nan,) * 3
    size = _mean(ids, np.abs(differences))
    return {
        "pairs": len(pairs),
        "prompts": len(np.unique(ids)),
        **dict(zip(("mean", "mean_low", "mean_high"), mean, strict=True)),
        **dict(zip(("size", "size_low", "size_high"), size, strict=True)),
        "beyond": float((np.abs(differences) > limit).mean()) if math.isfinite(limit) else math.nan,
    }


def _mean(ids: npt.NDArray[np.int64], values: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """The mean over prompts of their mean value, and its interval."""
    _, prompts = np.unique(ids, return_inverse=True)
    means = np.bincount(prompts, values) / np.bincount(prompts)
    if len(means) < ENOUGH:
        return float(means.mean()), math.nan, math.nan
    weights = bootstrap(len(means), ROUNDS, np.random.default_rng(SEED))
    low, high = np.quantile(weights @ means / len(means), LEVELS)
    return float(means.mean()), float(low), float(high)
