"""The list of prompts: which ones pass a filter, in its order, and what the list shows of them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from data_access.database import read, statement
from data_access.dataset import Dataset
from data_access.derived.attributes import BY_KEY, attributes
from data_access.derived.common_texts import common_texts
from data_access.judgements.judgements import Judgement
from data_access.questions import flags
from data_access.questions.filters import RANGES, Choices, PromptFilter
from data_access.questions.judged import judged, judged_prompts
from data_access.questions.twins import twin_pairs


def choices(dataset: Dataset, scorer: str) -> Choices:
    """What the dataset's prompts can be filtered by."""
    rows = read(dataset, "questions/choices", scorer=scorer)
    return Choices(**{field: tuple(rows.loc[rows["field"] == field, "value"]) for field in Choices._fields})


def matching_prompts(
    dataset: Dataset,
    scorer: str,
    chosen: PromptFilter,
    found: Sequence[int] | None,
    said: Sequence[Judgement] = (),
) -> list[int]:
    """prompt_id of every prompt that passes the filter, in its order. `found`: what the text search found, if any; `said`: what
    people say, for a filter by that. A filter by an attribute, by twins or by what people say reads all texts the first time.
    """
    if chosen == PromptFilter() and found is None:
        return list(range(1, dataset.contents.prompts + 1))
    if chosen.attribute:
        attributes(dataset)
    if chosen.twin:
        change = None if chosen.twin == "any" else chosen.twin
        having = twin_pairs(dataset, scorer, change=change, one_each=True).pairs["prompt_id"].tolist()
        found = having if found is None else sorted({*found} & {*having})
    if chosen.asks_people:
        having = judged_prompts(judged(dataset, said), chosen.judged, chosen.tag)
        found = having if found is None else sorted({*found} & {*having})
    ends = {
        f"{name}_{end}": value
        for name in RANGES
        for end, value in zip(("low", "high"), getattr(chosen, name), strict=True)
    }
    by_attribute: dict[str, Any] = {}
    if chosen.attribute:
        by_attribute = {"common": common_texts(dataset, scorer), "ids": None}
    rows = read(
        dataset,
        "questions/matching_prompts",
        parts={"flags": flags.all_of(chosen.flag), "by_attribute": _by_attribute(chosen.attribute)},
        scorer=scorer,
        section=list(chosen.section),
        subset=list(chosen.subset),
        model=list(chosen.model),
        won=chosen.won,
        lost=chosen.lost,
        beat=chosen.beat[0] if chosen.beat else "",
        over=chosen.beat[1] if chosen.beat else "",
        attribute=chosen.attribute,
        **by_attribute,
        found=None if found is None else list(found),
        sort=chosen.sort,
        descending=chosen.descending,
        **ends,
    )
    return rows["prompt_id"].tolist()


def _by_attribute(key: str) -> str:
    """The SELECT of sql/attribute_by_prompt.sql for this attribute, without one a SELECT of no rows."""
    if not key:
        return "SELECT NULL::BIGINT AS prompt_id, NULL::DOUBLE AS r WHERE false"
    return statement("questions/attribute_by_prompt").replace("{value}", _entered(key))


def _entered(key: str) -> str:
    """An attribute as it enters a comparison."""
    return f"ln(1 + attributes.{key})" if BY_KEY[key].kind == "count" else f"attributes.{key}::DOUBLE"


def attribute_by_prompt(dataset: Dataset, scorer: str, key: str, ids: Sequence[int]) -> pd.DataFrame:
    """Of each of these prompts, in this order, by one attribute: prompt_id, r, having, n, as in sql/attribute_by_prompt.sql;
    missing where the candidates do not differ in it."""
    rows = read(
        dataset,
        "questions/attribute_by_prompt",
        parts={"value": _entered(key)},
        scorer=scorer,
        common=common_texts(dataset, scorer),
        ids=list(ids),
    )
    return rows.set_index("prompt_id").reindex(list(ids)).reset_index()


def centred_reach(dataset: Dataset, scorer: str) -> float:
    """The centred reward that 99 % of the scored candidates do not exceed, up or down. Above 0."""
    return float(read(dataset, "questions/centred_reach", scorer=scorer)["reach"][0])


def prompt_rows(dataset: Dataset, scorer: str, ids: Sequence[int], reach: float | None = None) -> pd.DataFrame:
    """One row for each of these prompts, in this order; columns as in `sql/prompt_rows.sql`. `reach` is of `centred_reach`,
    where it is known."""
    reach = centred_reach(dataset, scorer) if reach is None else reach
    narrowed = dataset.narrowed_to(ids)
    return read(dataset, "questions/prompt_rows", narrowed=narrowed, scorer=scorer, ids=list(ids), reach=reach)


def prompt_figures(dataset: Dataset, scorer: str, ids: Sequence[int]) -> pd.DataFrame:
    """One row for each of these prompts with two scored candidates: prompt_id, prompt (its beginning), subset, spread, gap,
    lead, length (the correlation of reward and length; null where one of them is constant), texts."""
    return read(dataset, "questions/prompt_figures", scorer=scorer, ids=list(ids))
