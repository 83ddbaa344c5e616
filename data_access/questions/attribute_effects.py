"""Which attributes of a text go with its reward, within prompts: each alone, and all together.

Reward and attributes are taken minus their prompt's mean, so that only candidates of one prompt are compared; a prompt with
one scored candidate says nothing and drops out. Counts enter as ln(1 + count). An attribute's unit is its standard deviation
within prompts, s = √(Σ x² / (n − prompts)).

- alone: the slope of least squares of the reward on this attribute.
- together: the coefficients of least squares on all attributes, with a ridge of RIDGE · n, which only matters where two of
  them are the same. (Frisch & Waugh 1933: what is left of an attribute once the others are taken out.)
- intervals: 95 %, prompts resampled (Efron 1979), as candidates of one prompt are not independent.
- within models: reward and attributes are also taken minus their source model's mean (both means at once, by turns until
  nothing changes), so that it does not count which model wrote a text. A model's own habits are then held equal.
- predicted: the share of the variance of rewards within prompts that all attributes together predict for prompts that the
  fit has not seen: 1 − Σ (y − ŷ)² / Σ y², in FOLDS folds. Below 0 is worse than saying nothing.

A text that most prompts are given (`derived.common_texts`) is left out.

All of it follows from each prompt's sums of products, so that nothing but these is kept of the candidates.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from data_access.database import read
from data_access.dataset import Dataset
from data_access.derived.attributes import ATTRIBUTES, attributes
from data_access.derived.common_texts import common_texts
from data_access.questions.resampling import LEVELS, SEED, resampled
from data_access.rewardbench import in_order

Floats = npt.NDArray[np.float64]

ROUNDS = 500
FOLDS = 5
ENOUGH = 10  # prompts in which an attribute differs: of fewer, no interval says anything
RIDGE = 1e-6
PASSES, CONVERGED = 100, 1e-5  # of taking two kinds of means out by turns
AT_ONCE = 100_000  # candidates whose attributes are held at once
KEYS = tuple(attribute.key for attribute in ATTRIBUTES)

Progress = Callable[[float], None]


class Products(NamedTuple):
    """Of P prompts with two or more candidates: `ids`; `sums[p]`, (V, V), the products of the V variables (attributes in the
    order of ATTRIBUTES, then one or two rewards), each minus its prompt's mean, summed over candidates; `n` candidates of each;
    `differ[p, k]`: whether these differ in attribute k; `having[k]`: how many candidates of all have more than 0 of it."""

    ids: npt.NDArray[np.int64]
    sums: Floats
    n: npt.NDArray[np.int64]
    differ: npt.NDArray[np.bool_]
    having: Floats


class Effects(NamedTuple):
    """`table`: one row per attribute that differs within prompts, the strongest together first. Columns: attribute, label, has
    (share of candidates with more than 0), varies (in how many prompts it differs), sd (its unit: of ln(1 + count), of 0 and 1,
    or of the number), alone, alone_low, alone_high, joint, joint_low, joint_high (logits a standard deviation; no interval
    where it differs in fewer than ENOUGH prompts), step, step_low, step_high (logits for having it, all else equal; only of
    yes and no), turns (whether alone and joint differ in sign). `predicted` by all, `by_length` by length alone: out of
    sample, NaN of few prompts. `left_out`: how many texts that most prompts are given."""

    table: pd.DataFrame
    predicted: float
    by_length: float
    prompts: int
    candidates: int
    left_out: int = 0


def effects(
    dataset: Dataset,
    scorer: str,
    section: str | None = None,
    subset: str | None = None,
    progress: Progress = lambda done: None,
    *,
    within_models: bool = False,
) -> Effects | None:
    """How attributes go with this scorer's rewards; None where no prompt has two scored candidates that differ."""
    attributes(dataset, progress)
    found = from_products(products(dataset, scorer, "", section, subset, within_models=within_models))
    return found and found._replace(left_out=len(common_texts(dataset, scorer)))


class Parting(NamedTuple):
    """How two scorers stand to the same attributes, over candidates that both have scored. `table`: one row per attribute that
    differs within prompts, where they part most first; columns attribute, label, varies, first, first_low, first_high, second,
    second_low, second_high (together with the others, in standard deviations of that scorer's rewards within prompts for one
    of the attribute), difference, difference_low, difference_high, parts (whether that interval is without 0)."""

    table: pd.DataFrame
    prompts: int
    candidates: int


def parting(
    dataset: Dataset,
    scorer: str,
    other: str,
    section: str | None = None,
    subset: str | None = None,
    progress: Progress = lambda done: None,
) -> Parting | None:
    """Where two scorers part in what goes with their rewards; None where neither candidates nor rewards differ."""
    attributes(dataset, progress)
    found = products(dataset, scorer, other, section, subset)
    spread = np.diagonal(found.sums.sum(axis=0))
    used = np.flatnonzero(spread[:-2] > _nothing(found))
    if not len(used) or min(spread[-2:]) <= 0:
        return None
    scale = _units(found)
    fits, drawn = [], []
    for reward in (-2, -1):
        some = [*used, len(spread) + reward]
        sums = found.sums[:, some][:, :, some] / np.outer(scale[some], scale[some])
        fits.append(_joint(sums.sum(axis=0)))
        drawn.append(_joint(resampled(sums, ROUNDS, np.random.default_rng(SEED))))
    varies = found.differ[:, used].sum(axis=0)
    columns: dict[str, npt.NDArray[np.generic]] = {}
    for name, value, rounds in (
        ("first", fits[0], drawn[0]),
        ("second", fits[1], drawn[1]),
        ("difference", fits[0] - fits[1], drawn[0] - drawn[1]),
    ):
        low, high = np.where(varies >= ENOUGH, np.quantile(rounds, LEVELS, axis=0), np.nan)
        columns |= {name: value, f"{name}_low": low, f"{name}_high": high}
    some_attributes = [ATTRIBUTES[k] for k in used]
    table = pd.DataFrame(
        {
            "attribute": [attribute.key for attribute in some_attributes],
            "label": [attribute.label for attribute in some_attributes],
            "varies": varies,
            **columns,
        }
    )
    table["parts"] = (table["difference_low"] > 0) | (table["difference_high"] < 0)
    order = np.argsort(-table["difference"].abs().to_numpy(), kind="stable")
    return Parting(table.iloc[order].reset_index(drop=True), len(found.n), int(found.n.sum()))


def by_part(
    dataset: Dataset,
    scorer: str,
    by: str,
    section: str | None = None,
    subset: str | None = None,
    progress: Progress = lambda done: None,
) -> pd.DataFrame:
    """What goes with the reward in each section or subset, as `by` says, of ENOUGH prompts or more, in RewardBench's order: one
    row per part and attribute that differs there: part, prompts, attribute, label, varies, joint, joint_low, joint_high. The
    unit is the same in each part: one standard deviation within the prompts of all parts."""
    attributes(dataset, progress)
    found = products(dataset, scorer, "", section, subset)
    units = _units(found)
    parts = in_order(read(dataset, "questions/prompt_parts")).set_index("prompt_id")[by]
    of_prompt = parts.reindex(found.ids).to_numpy()
    tables = []
    for part in parts.dropna().unique():
        at = of_prompt == part
        # What the part's candidates have more than 0 of is not asked.
        some = Products(found.ids[at], found.sums[at], found.n[at], found.differ[at], found.having)
        if len(some.ids) >= ENOUGH and (its := from_products(some, units)):
            tables.append(its.table.assign(part=part, prompts=its.prompts))
    columns = ["part", "prompts", "attribute", "label", "varies", "joint", "joint_low", "joint_high"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def _units(found: Products) -> Floats:
    """The standard deviation within prompts of each variable."""
    spread: Floats = np.diagonal(found.sums.sum(axis=0)) / max(int(found.n.sum()) - len(found.n), 1)
    return np.sqrt(spread)


def from_products(found: Products, units: Floats | None = None) -> Effects | None:
    """The effects of attributes on the one reward of these products, in their own units or in others."""
    total = found.sums.sum(axis=0)
    spread = np.diagonal(total)
    used = np.flatnonzero(spread[:-1] > _nothing(found))
    if not len(used) or spread[-1] <= 0:
        return None
    scale = (_units(found) if units is None else units)[used]
    sums = found.sums[:, [*used, -1]][:, :, [*used, -1]] / np.outer([*scale, 1], [*scale, 1])
    drawn = resampled(sums, ROUNDS, np.random.default_rng(SEED))
    alone, joint = _alone(sums.sum(axis=0)), _joint(sums.sum(axis=0))
    varies = found.differ[:, used].sum(axis=0)
    bounds = [np.where(varies >= ENOUGH, np.quantile(fit(drawn), LEVELS, axis=0), np.nan) for fit in (_alone, _joint)]
    some = [ATTRIBUTES[k] for k in used]
    is_yes = np.array([attribute.kind == "yes" for attribute in some])
    table = pd.DataFrame(
        {
            "attribute": [attribute.key for attribute in some],
            "label": [attribute.label for attribute in some],
            "has": found.having[used] / found.n.sum(),
            "varies": varies,
            "sd": scale,
            "alone": alone,
            "alone_low": bounds[0][0],
            "alone_high": bounds[0][1],
            "joint": joint,
            "joint_low": bounds[1][0],
            "joint_high": bounds[1][1],
            "step": np.where(is_yes, joint / scale, np.nan),
            "step_low": np.where(is_yes, bounds[1][0] / scale, np.nan),
            "step_high": np.where(is_yes, bounds[1][1] / scale, np.nan),
            "turns": np.sign(alone) != np.sign(joint),
        }
    )
    order = np.argsort(-np.abs(joint), kind="stable")
    length = [k for k, attribute in enumerate(some) if attribute.key == "length"]
    return Effects(
        table.iloc[order].reset_index(drop=True),
        _predicted(sums, range(len(used))),
        _predicted(sums, length) if length else float("nan"),
        len(found.n),
        int(found.n.sum()),
    )


def products(
    dataset: Dataset,
    scorer: str,
    other: str = "",
    section: str | None = None,
    subset: str | None = None,
    *,
    within_models: bool = False,
) -> Products:
    """The products of attributes and rewards by this scorer, and by the other if one is named; of those scored by both. The
    relation `attributes` must be there."""
    values = _values(dataset, scorer, other, section, subset)
    parts = [_within_models(values)] if within_models else [of_values(ids, some) for ids, _, some in values]
    size = len(KEYS) + (2 if other else 1)
    return Products(
        np.concatenate([part.ids for part in parts] or [np.zeros(0, np.int64)]),
        np.concatenate([part.sums for part in parts] or [np.zeros((0, size, size))]),
        np.concatenate([part.n for part in parts] or [np.zeros(0, np.int64)]),
        np.concatenate([part.differ for part in parts] or [np.zeros((0, len(KEYS)), bool)]),
        np.sum([part.having for part in parts] or [np.zeros(len(KEYS))], axis=0),
    )


def _values(
    dataset: Dataset, scorer: str, other: str, section: str | None, subset: str | None
) -> Iterator[tuple[npt.NDArray[np.int64], "pd.Series[str]", Floats]]:
    """Of candidates by prompt, some at once: prompt_id, source model, and the values of the variables."""
    common = common_texts(dataset, scorer)
    for first, last in dataset.spans(AT_ONCE):
        rows = read(
            dataset,
            "questions/attribute_values",
            narrowed=dataset.narrowed(first, last),
            scorer=scorer,
            other=other,
            section=section,
            subset=subset,
            common=common,
            first=first,
            last=last,
        )
        values = [_entered(rows, key, kind) for key, _, kind, _ in ATTRIBUTES]
        rewards = [rows[name].to_numpy(dtype=float) for name in ("reward", "other_reward")[: 2 if other else 1]]
        yield rows["prompt_id"].to_numpy(), rows["model"], np.column_stack([*values, *rewards])


def _within_models(parts: Iterable[tuple[npt.NDArray[np.int64], "pd.Series[str]", Floats]]) -> Products:
    """The products of values minus their prompt's and their source model's means; those without a model are one.

    All candidates are held at once, in single precision.
    """
    ids, models, values, differ, having = [], [], [], [], []
    for prompt_ids, written_by, some in parts:
        as_they_are = of_values(prompt_ids, some)
        ids.append(prompt_ids)
        models.append(written_by.fillna("").astype("category"))
        values.append(some.astype(np.float32))
        differ.append(as_they_are.differ)
        having.append(as_they_are.having)
    all_ids, left = np.concatenate(ids), np.concatenate(values)
    values.clear()
    prompts = np.unique(all_ids, return_inverse=True)[1]
    of_model = pd.factorize(union_categoricals(models))[0]
    for _ in range(PASSES):
        moved = 0.0
        for groups in (prompts, of_model):
            n = np.bincount(groups)
            for k in range(left.shape[1]):
                means = np.bincount(groups, left[:, k]) / n
                left[:, k] -= means[groups]
                moved = max(moved, float(np.abs(means).max()))
        if moved < CONVERGED:
            break
    found = of_values(all_ids, left)
    return found._replace(differ=np.concatenate(differ), having=np.sum(having, axis=0))


def of_values(prompt_ids: npt.NDArray[np.int64], values: npt.NDArray[np.floating[Any]]) -> Products:
    """The products of values (candidates, V), with the rewards in the last columns, of candidates by prompt."""
    ids, starts, n = np.unique(prompt_ids, return_index=True, return_counts=True)
    sums = np.zeros((len(ids), values.shape[1], values.shape[1]))
    for place, (start, size) in enumerate(zip(starts, n, strict=True)):
        some = values[start : start + size].astype(float)
        centred = some - some.mean(axis=0)
        sums[place] = centred.T @ centred
    several = n > 1
    is_used = np.repeat(several, n)
    having = (values[is_used][:, : len(KEYS)] > 0).sum(axis=0).astype(float)
    differ = np.diagonal(sums, axis1=1, axis2=2)[several, : len(KEYS)] > 1e-9
    return Products(ids[several], sums[several], n[several], differ, having)


def _entered(rows: pd.DataFrame, key: str, kind: str) -> Floats:
    value = rows[key].to_numpy(dtype=float)
    return np.log1p(value) if kind == "count" else value


def differing(table: pd.DataFrame) -> int:
    """How many attributes go with the reward together with the others: their interval is without 0."""
    return int(((table["joint_low"] > 0) | (table["joint_high"] < 0)).sum())


def by_chance(low: "pd.Series[float]") -> tuple[int, float]:
    """How many 95 % intervals there are, of these lower bounds, and how many of them would be without 0 by chance."""
    n = int(low.notna().sum())
    return n, 0.05 * n


def _nothing(found: Products) -> float:
    """A sum of squares that is rounding."""
    return 1e-9 * float(found.n.sum())


def _alone(sums: Floats) -> Floats:
    """Slopes (…, K) of the last variable on each of the others, from products (…, K + 1, K + 1)."""
    own = np.diagonal(sums, axis1=-2, axis2=-1)[..., :-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes: Floats = np.where(own > 0, sums[..., :-1, -1] / own, 0.0)
    return slopes


def _joint(sums: Floats) -> Floats:
    """Coefficients (…, K) of the last variable on all others at once, from products (…, K + 1, K + 1) in their units."""
    own = sums[..., :-1, :-1]
    ridge = RIDGE * np.trace(own, axis1=-2, axis2=-1)[..., None, None] * np.eye(own.shape[-1])
    found: Floats = np.linalg.solve(own + ridge, sums[..., :-1, -1:])[..., 0]
    return found


def _predicted(sums: Floats, columns: Sequence[int]) -> float:
    """The share of the last variable's variance that these columns predict for prompts that the fit has not seen."""
    if len(sums) < ENOUGH:
        return float("nan")
    some = [*columns, sums.shape[1] - 1]
    parts = sums[:, some][:, :, some]
    fold = np.random.default_rng(SEED).permutation(len(parts)) % FOLDS
    missed = 0.0
    for each in range(FOLDS):
        seen, unseen = parts[fold != each].sum(axis=0), parts[fold == each].sum(axis=0)
        fitted = np.append(-_joint(seen), 1.0)
        missed += float(fitted @ unseen @ fitted)
    return 1 - missed / float(parts[:, -1, -1].sum())
