"""Pairs of a chosen and a rejected text: which candidates of a prompt each strategy takes, and what pairs are dropped for."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.training_data.reasons import MISSING, first_reason, outside
from data_access.training_data.recipes import Recipe
from data_access.training_data.strategies import STRATEGIES

NEAR_SD = 2.0  # μ − 2σ: Xiao et al., ACL 2025, arXiv 2502.16825


def pairs(dataset: Dataset, recipe: Recipe, usable: pd.DataFrame, ids: Sequence[int]) -> pd.DataFrame:
    """The pairs that a recipe makes of usable candidates of these prompts, with the first reason that drops each."""
    if STRATEGIES[recipe.strategy].benchmark_side:
        return _judged(_with_reward_bench(dataset, recipe, usable, ids), recipe)
    rows = _judged(_of_candidates(usable, recipe), recipe)
    if not recipe.agree:
        return rows
    others = read(dataset, "training_data/other_rewards", scorer=recipe.scorer, ids=list(ids), repeats=recipe.repeats)
    return _agreed(rows, others)


def _of_candidates(usable: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Up to `per_prompt` pairs per prompt of usable candidates, each of which is in one pair at most.

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
    total = ranked.groupby("prompt_id")["candidate"].transform("size")
    wanted = np.minimum(recipe.per_prompt, total // 2)
    if recipe.strategy == "random_random":
        drawn = ranked.groupby("prompt_id")["draw"].rank(method="first").astype(int) - 1
        in_pair = drawn < 2 * wanted
        ranked, number = ranked[in_pair], (drawn // 2)[in_pair]
        is_first = ~ranked.assign(number=number).duplicated(["prompt_id", "number"])  # the higher score comes first
        return _paired(ranked[is_first], number[is_first], ranked[~is_first], number[~is_first])
    is_first = place < wanted
    if recipe.strategy in ("max_min", "length_penalised"):
        order = total - 1 - place
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
        ["prompt_id", "number", "candidate", "score", "chars", "model", "text_hash", "amount"]
    ]
    joined = chosen.merge(
        rejected.rename(columns={"candidate": "second"}), on=["prompt_id", "number"], suffixes=("", "_second")
    )
    return joined.assign(
        margin=joined["score"] - joined["score_second"], is_same=joined["text_hash"] == joined["text_hash_second"]
    )


def _with_reward_bench(dataset: Dataset, recipe: Recipe, usable: pd.DataFrame, ids: Sequence[int]) -> pd.DataFrame:
    """The best candidate against RewardBench's rejected text, or RewardBench's chosen text against the worst: no margin."""
    wanted = STRATEGIES[recipe.strategy].benchmark_side
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


def _judged(rows: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Pairs with the first reason that drops each."""
    reasons = {
        "same_text": rows["is_same"],
        "tied": rows["margin"] == 0,
        **outside(rows["margin"], recipe.margin),
        "ratio": rows["chars"] > (np.inf if recipe.ratio is None else recipe.ratio) * rows["chars_second"],
    }
    return rows.assign(dropped_for=first_reason(rows, reasons), label=MISSING)


def _agreed(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Drop the pairs that any other scorer does not order as they are."""
    agreed = rows["dropped_for"].copy()
    for _, scored in others.groupby("scorer"):
        reward = scored.set_index(["prompt_id", "candidate"])["reward"]
        first, second = (
            reward.reindex(pd.MultiIndex.from_arrays([rows["prompt_id"], rows[side]])).to_numpy()
            for side in ("first", "second")
        )
        agreed = agreed.mask(agreed.isna() & ~(first > second), "disagree")
    return rows.assign(dropped_for=agreed)
