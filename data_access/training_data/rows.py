"""Which training rows a recipe takes, and what others are dropped for: rows are candidates' numbers.

No text is read, except for a format that takes a text column of the source: whether that has the response in it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.judgements.answers import Answer
from data_access.training_data.formats import FORMATS
from data_access.training_data.measured import in_pool, see_to_attributes
from data_access.training_data.one_answer import OneAnswer, one_answer
from data_access.training_data.pairs import pairs
from data_access.training_data.people_pairs import JudgedBy, people_pairs
from data_access.training_data.reasons import MISSING, REASONS, counted, first_reason, outside
from data_access.training_data.recipes import Recipe
from data_access.training_data.source_texts import without_response
from data_access.training_data.strategies import STRATEGIES, TABLES

COLUMNS = (
    "prompt_id", "subset", "first", "second", "margin", "label", "chars", "chars_second", "model", "model_second",
    "is_validation", "dropped_for",
)  # fmt: skip

AT_ONCE = 100_000  # candidates whose standing is held at once


@dataclass(frozen=True)
class Selection:
    """What a recipe takes of a dataset.

    `rows` is one row per training row that was tried: prompt_id, subset, first, second (candidate numbers; 0 is RewardBench's
    text, and where people choose 0 its chosen and -1 its rejected text; second is NA except for pairs), margin (NaN without),
    label, chars and model of both, is_validation, and the reason that it is `dropped_for` (NA where it is kept). By prompt.
    `averaged` is how many texts stand for several candidates with unequal rewards, and are judged by the mean of these;
    `one_answer` is the source model that answers most prompts alike; `judged_by` says whose answers pairs are chosen by, where
    people choose.
    """

    rows: pd.DataFrame
    prompts: int
    candidates: int
    left_out: dict[str, int]
    averaged: int = 0
    one_answer: OneAnswer | None = None
    judged_by: JudgedBy | None = None

    @property
    def kept(self) -> pd.DataFrame:
        """The rows that are written."""
        return self.rows[self.rows["dropped_for"].isna()]

    @property
    def dropped(self) -> dict[str, int]:
        """Reason -> how many rows that were tried are dropped for it; keys of REASONS."""
        return counted(self.rows["dropped_for"])


def selection(
    dataset: Dataset,
    recipe: Recipe,
    ids: Sequence[int],
    progress: Callable[[float], None] = lambda done: None,
    answers: Sequence[Answer] = (),
) -> Selection:
    """The rows that a recipe takes of these prompts; `answers` are people's, for one by which people choose. One that asks for
    attributes measures all texts the first time, and one by which people choose reads them."""
    see_to_attributes(dataset, recipe, progress)
    is_table, by_people = recipe.kind in TABLES, STRATEGIES[recipe.strategy].by_people
    judged_by = None
    if by_people:  # what people said is of few prompts
        pool = _pool(dataset, recipe, ids)
        usable = _usable(pool)
        rows, judged_by = people_pairs(dataset, recipe, pool, usable, ids, answers)
        candidates, left_out, averaged = len(pool), counted(pool["dropped_for"]), 0
    else:
        blocks = [_of_block(dataset, recipe, some) for some in _blocks(dataset, ids)]
        rows = _joined([block.rows for block in blocks])
        candidates, averaged = sum(block.candidates for block in blocks), sum(block.averaged for block in blocks)
        left_out = _added(block.left_out for block in blocks)
    if FORMATS[recipe.format].takes_column:
        rows = _with_the_response(dataset, recipe, rows)
    most = None if is_table else recipe.per_model
    rows = _limited_by_model(rows.sort_values(["prompt_id", "number"], ignore_index=True), most)
    rows["is_validation"] = rows["side"] < recipe.validation
    if recipe.balance and recipe.can_balance:
        rows = _balanced(rows)
    alike = None if is_table else one_answer(dataset, recipe.scorer)
    return Selection(rows[list(COLUMNS)], len(ids), candidates, left_out, averaged, alike, judged_by)


class _Block(NamedTuple):
    """The rows of some prompts, of how many candidates, how many of these are left out by reason, and how many averaged."""

    rows: pd.DataFrame
    candidates: int
    left_out: dict[str, int]
    averaged: int


def _blocks(dataset: Dataset, ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The prompts in order, some at once: so that memory does not grow with the candidates. At least one block."""
    at_once = max(1, AT_ONCE * dataset.contents.prompts // max(dataset.contents.candidates, 1))
    for start in range(0, max(len(ids), 1), at_once):
        yield ids[start : start + at_once]


def _of_block(dataset: Dataset, recipe: Recipe, ids: Sequence[int]) -> _Block:
    pool = _pool(dataset, recipe, ids)
    left_out = {} if recipe.kind in TABLES else counted(pool["dropped_for"])
    usable = pool.drop(columns="dropped_for") if recipe.kind in TABLES else _usable(pool)
    rows = pairs(dataset, recipe, usable, ids) if recipe.kind == "pairs" else _singles(usable, recipe)
    return _Block(rows, len(pool), left_out, int(usable["is_averaged"].sum()))


def _joined(blocks: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all blocks, with the types that they have when read at once: a column of a block may have no text."""
    if len(blocks) == 1:
        return blocks[0]
    joined = pd.concat(blocks, ignore_index=True)
    return joined.astype({name: "str" for name in joined if any(block[name].dtype == "str" for block in blocks)})


def _pool(dataset: Dataset, recipe: Recipe, ids: Sequence[int]) -> pd.DataFrame:
    return read(
        dataset,
        "training_data/training_pool",
        parts={"attributes": in_pool(recipe)},
        narrowed=dataset.narrowed_to(ids),
        scorer=recipe.scorer,
        ids=list(ids),
        seed=str(recipe.seed),
        without=list(recipe.without),
        repeats=recipe.repeats or recipe.kind in TABLES,
        draws_rows=recipe.per_model is not None,
        draws_balance=bool(recipe.balance and recipe.can_balance),
        scored_only=not STRATEGIES[recipe.strategy].by_people,
    )


def _usable(pool: pd.DataFrame) -> pd.DataFrame:
    """The candidates that can be in a row."""
    return pool[pool["dropped_for"].isna()].drop(columns="dropped_for")


def _added(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    """By reason, over all blocks; in the order of the reasons."""
    every = [*counts]
    return {reason: n for reason in REASONS if (n := sum(one.get(reason, 0) for one in every))}


def _singles(usable: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """One row per candidate: the best k, the labelled ones, or all of them; a table of prompts has one row per prompt."""
    ranked = usable.sort_values(["prompt_id", "reward", "tie"], ascending=[True, False, True], ignore_index=True)
    rows = ranked.assign(number=ranked.groupby("prompt_id").cumcount(), margin=ranked["centred"], label=MISSING)
    reasons: dict[str, pd.Series[bool]] = {}
    if recipe.strategy == "top":
        rows = rows[rows["number"] < recipe.per_prompt]
        reasons = outside(rows["margin"], recipe.margin)
    elif recipe.strategy == "labels":
        is_good = rows["percentile"] >= recipe.good
        is_bad = (rows["percentile"] <= recipe.bad) & ~is_good
        rows = rows.assign(label=is_good.astype(object))
        reasons = {"between": ~is_good & ~is_bad}
    elif recipe.strategy == "prompts":
        rows = rows.drop_duplicates("prompt_id")
    return rows.rename(columns={"candidate": "first"}).assign(
        dropped_for=first_reason(rows, reasons), second=MISSING, chars_second=MISSING, model_second=MISSING
    )


def _with_the_response(dataset: Dataset, recipe: Recipe, rows: pd.DataFrame) -> pd.DataFrame:
    """Drop rows whose text in the source does not contain the response."""
    tried = rows[rows["dropped_for"].isna()]
    is_other = without_response(dataset, recipe.text_column, tried["prompt_id"].tolist(), tried["first"].tolist())
    other = rows.index.isin(tried.index[is_other])
    return rows.assign(dropped_for=rows["dropped_for"].mask(other, "other_text"))


def _limited_by_model(rows: pd.DataFrame, most: int | None) -> pd.DataFrame:
    """Drop rows of the source models that have more than `most`: which ones stay is drawn."""
    if most is None:
        return rows
    kept = rows[rows["dropped_for"].isna()].sort_values(["row_draw", "prompt_id"])
    over = kept.index[kept.groupby(kept["model"].fillna(""))["row_draw"].cumcount() >= most]
    return rows.assign(dropped_for=rows["dropped_for"].mask(rows.index.isin(over), "per_model"))


def _balanced(rows: pd.DataFrame) -> pd.DataFrame:
    """Drop pairs until, of both files, as many have more of the attribute in chosen as in rejected: which stay is drawn.

    It comes last: a bound on source models holds also for fewer rows, while a balance holds for just these.
    """
    more = np.sign(rows["amount"] - rows["amount_second"])
    kept = rows.assign(more=more)[rows["dropped_for"].isna() & (more != 0)].sort_values(["balance_draw", "prompt_id"])
    counts = kept.groupby(["is_validation", "more"]).size().unstack(fill_value=0)
    stay = counts.reindex(columns=[-1.0, 1.0], fill_value=0).min(axis=1)
    place = kept.groupby(["is_validation", "more"]).cumcount()
    over = kept.index[place >= kept["is_validation"].map(stay)]
    return rows.assign(dropped_for=rows["dropped_for"].mask(rows.index.isin(over), "balance"))
