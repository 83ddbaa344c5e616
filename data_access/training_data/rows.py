"""Which training rows a recipe takes, and why others are dropped. No text is read: rows are candidates' numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.questions.filters import Range
from data_access.training_data.recipes import Recipe
from data_access.training_data.strategies import STRATEGIES, WITHOUT

TABLES = ("candidates", "prompts")  # of everything there is: nothing is left out of them
MISSING: Any = pd.NA
NEAR_SD = 2.0  # μ − 2σ: Xiao et al., ACL 2025, arXiv 2502.16825
# Why a candidate or a row is left out, in the order in which it is looked at.
REASONS = {
    "unscored": "candidates without a reward",
    "empty": "candidates without a text",
    **{name: f"candidates that {label}" for name, label in WITHOUT.items()},
    "repeat": "candidates that repeat a text of their prompt",
    "same_text": "pairs of one text",
    "tied": "pairs with equal rewards",
    "low_margin": "rows below the least margin",
    "high_margin": "rows above the greatest margin",
    "ratio": "pairs with chosen too much longer",
    "disagree": "pairs that another scorer orders otherwise, or does not score",
    "between": "candidates between the two percentiles",
    "per_model": "rows above the most of one source model",
}
COLUMNS = (
    "prompt_id", "subset", "first", "second", "margin", "label", "chars", "chars_second", "model", "model_second",
    "is_validation", "why",
)  # fmt: skip


@dataclass(frozen=True)
class Selection:
    """What a recipe takes of a dataset.

    `rows` is one row a training row that was tried: prompt_id, subset, first, second (candidate numbers; 0 is RewardBench's
    text, second is NA but for pairs), margin (NaN without), label, chars and model of both, is_validation, and `why` it is
    dropped (NA where it is kept). By prompt.
    """

    rows: pd.DataFrame
    prompts: int
    candidates: int
    left_out: dict[str, int]

    @property
    def kept(self) -> pd.DataFrame:
        """The rows that are written."""
        return self.rows[self.rows["why"].isna()]

    @property
    def dropped(self) -> dict[str, int]:
        """Reason -> how many rows that were tried are dropped for it; keys of REASONS."""
        return _counted(self.rows["why"])


def selection(dataset: Dataset, recipe: Recipe, ids: Sequence[int]) -> Selection:
    """The rows that a recipe takes of these prompts."""
    pool = read(
        dataset,
        "training_data/training_pool",
        scorer=recipe.scorer,
        ids=list(ids),
        seed=str(recipe.seed),
        without=list(recipe.without),
        repeats=recipe.repeats,
    )
    left_out = {} if recipe.kind in TABLES else _counted(pool["why"])
    usable = (pool[pool["why"].isna()] if left_out else pool).drop(columns="why")
    if recipe.kind == "pairs":
        rows = (
            _with_reward_bench(dataset, recipe, usable, ids)
            if STRATEGIES[recipe.strategy].text_of
            else pairs(usable, recipe)
        )
        rows = _judged_pairs(rows, recipe)
        if recipe.agree and not STRATEGIES[recipe.strategy].text_of:
            rows = _agreed(rows, read(dataset, "training_data/other_rewards", scorer=recipe.scorer, ids=list(ids)))
    else:
        rows = _singles(usable, recipe)
    most = None if recipe.kind in TABLES else recipe.per_model
    rows = _limited_by_model(rows.sort_values(["prompt_id", "number"], ignore_index=True), most)
    rows["is_validation"] = rows["side"] < recipe.validation
    return Selection(rows[list(COLUMNS)], len(ids), len(pool), left_out)


def pairs(usable: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Up to `per_prompt` pairs a prompt of usable candidates, each of which is in one pair at most.

    Ties are broken by a number that is drawn for each candidate, never by their place. A prompt with one usable candidate
    has no pair.
    """
    score = usable["reward"]
    if recipe.strategy == "length_penalised":
        score = score - recipe.penalty * usable["chars"] / 1000
    ranked = usable.assign(score=score).sort_values(
        ["prompt_id", "score", "tie"], ascending=[True, False, True], ignore_index=True
    )
    place = ranked.groupby("prompt_id").cumcount()
    of = ranked.groupby("prompt_id")["candidate"].transform("size")
    wanted = np.minimum(recipe.per_prompt, of // 2)
    if recipe.strategy == "random_random":
        drawn = ranked.groupby("prompt_id")["draw"].rank(method="first").astype(int) - 1
        in_pair = drawn < 2 * wanted
        ranked, number = ranked[in_pair], (drawn // 2)[in_pair]
        is_first = ~ranked.assign(number=number).duplicated(["prompt_id", "number"])  # the higher score comes first
        return _paired(ranked[is_first], number[is_first], ranked[~is_first], number[~is_first])
    is_first = place < wanted
    if recipe.strategy in ("max_min", "length_penalised"):
        order = of - 1 - place
    else:
        distance = ranked["draw"]
        if recipe.strategy == "max_near":
            distance = (ranked["reward"] - (ranked["mean"] - NEAR_SD * ranked["sd"])).abs()
        order = _order(ranked, distance.where(~is_first, np.inf))
    is_second = ~is_first & (order < wanted)
    return _paired(ranked[is_first], place[is_first], ranked[is_second], order[is_second])


def _order(ranked: pd.DataFrame, distance: "pd.Series[float]") -> "pd.Series[int]":
    """The place of each candidate within its prompt by distance; ties are broken as others are."""
    by = ranked.assign(distance=distance).sort_values(["prompt_id", "distance", "tie"])
    return by.groupby("prompt_id").cumcount().reindex(ranked.index)


def _paired(
    first: pd.DataFrame, first_number: "pd.Series[int]", second: pd.DataFrame, second_number: "pd.Series[int]"
) -> pd.DataFrame:
    """Chosen and rejected candidates with the same number in the same prompt."""
    chosen = first.assign(number=first_number).rename(columns={"candidate": "first"})
    rejected = second.assign(number=second_number)[
        ["prompt_id", "number", "candidate", "score", "chars", "model", "text_hash"]
    ]
    joined = chosen.merge(
        rejected.rename(columns={"candidate": "second"}), on=["prompt_id", "number"], suffixes=("", "_second")
    )
    return joined.assign(
        margin=joined["score"] - joined["score_second"], is_same=joined["text_hash"] == joined["text_hash_second"]
    )


def _with_reward_bench(dataset: Dataset, recipe: Recipe, usable: pd.DataFrame, ids: Sequence[int]) -> pd.DataFrame:
    """The best candidate against RewardBench's rejected text, or RewardBench's chosen text against the worst: no margin."""
    wanted = STRATEGIES[recipe.strategy].text_of
    texts = read(dataset, "training_data/pair_texts", ids=list(ids), wanted=wanted)
    ranked = usable.sort_values(
        ["prompt_id", "reward", "tie"], ascending=[True, wanted == "chosen", True], ignore_index=True
    ).drop_duplicates("prompt_id")
    joined = ranked.merge(texts, on="prompt_id", suffixes=("", "_text"))
    is_same = [
        numbers is not None and numbers is not pd.NA and candidate in list(numbers)
        for candidate, numbers in zip(joined["candidate"], joined["candidates"], strict=True)
    ]
    joined = joined.assign(number=0, margin=np.nan, is_same=is_same, reward_bench=0)
    first, second = ("reward_bench", "candidate") if wanted == "chosen" else ("candidate", "reward_bench")
    named = joined.rename(columns={first: "first", second: "second"})
    if wanted == "chosen":
        swap = {"chars": "chars_second", "model": "model_second", "chars_text": "chars", "model_text": "model"}
        return named.rename(columns=swap)
    return named.rename(columns={"chars_text": "chars_second", "model_text": "model_second"})


def _judged_pairs(rows: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Pairs with the first reason that drops each."""
    reasons = {
        "same_text": rows["is_same"],
        "tied": rows["margin"] == 0,
        **_outside(rows["margin"], recipe.margin),
        "ratio": rows["chars"] > (np.inf if recipe.ratio is None else recipe.ratio) * rows["chars_second"],
    }
    return rows.assign(why=_first_reason(rows, reasons), label=MISSING)


def _singles(usable: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """One row a candidate: the best k, the labelled ones, or all of them; a table of prompts has one row a prompt."""
    ranked = usable.sort_values(["prompt_id", "reward", "tie"], ascending=[True, False, True], ignore_index=True)
    rows = ranked.assign(number=ranked.groupby("prompt_id").cumcount(), margin=ranked["centred"], label=MISSING)
    reasons: dict[str, pd.Series[bool]] = {}
    if recipe.strategy == "top":
        rows = rows[rows["number"] < recipe.per_prompt]
        reasons = _outside(rows["margin"], recipe.margin)
    elif recipe.strategy == "labels":
        is_good = rows["percentile"] >= recipe.good
        is_bad = (rows["percentile"] <= recipe.bad) & ~is_good
        rows = rows.assign(label=is_good.astype(object))
        reasons = {"between": ~is_good & ~is_bad}
    elif recipe.strategy == "prompts":
        rows = rows.drop_duplicates("prompt_id")
    return rows.rename(columns={"candidate": "first"}).assign(
        why=_first_reason(rows, reasons), second=MISSING, chars_second=MISSING, model_second=MISSING
    )


def _agreed(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Drop the pairs that any other scorer does not order as they are."""
    agreed = rows["why"].copy()
    for _, scored in others.groupby("scorer"):
        reward = scored.set_index(["prompt_id", "candidate"])["reward"]
        first, second = (
            reward.reindex(pd.MultiIndex.from_arrays([rows["prompt_id"], rows[side]])).to_numpy()
            for side in ("first", "second")
        )
        agreed = agreed.mask(agreed.isna() & ~(first > second), "disagree")
    return rows.assign(why=agreed)


def _limited_by_model(rows: pd.DataFrame, most: int | None) -> pd.DataFrame:
    """Drop rows of the source models that have more than `most`: which ones stay is drawn."""
    if most is None:
        return rows
    kept = rows[rows["why"].isna()].sort_values(["row_draw", "prompt_id"])
    over = kept.index[kept.groupby(kept["model"].fillna(""))["row_draw"].cumcount() >= most]
    return rows.assign(why=rows["why"].mask(rows.index.isin(over), "per_model"))


def _outside(margin: "pd.Series[float]", bounds: Range) -> "dict[str, pd.Series[bool]]":
    low, high = bounds
    return {
        "low_margin": margin < (-np.inf if low is None else low),
        "high_margin": margin > (np.inf if high is None else high),
    }


def _first_reason(rows: pd.DataFrame, reasons: "dict[str, pd.Series[bool]]") -> "pd.Series[str]":
    why = pd.Series(pd.NA, rows.index, dtype="object")
    for name, applies in reasons.items():
        why = why.mask(why.isna() & applies.fillna(False).astype(bool), name)
    return why


def _counted(why: "pd.Series[str]") -> dict[str, int]:
    counts = why.value_counts()
    return {name: int(counts[name]) for name in REASONS if name in counts}
