"""Which source models a scorer prefers, and how surely. Intervals resample prompts, never meetings."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.questions.bradley_terry import Floats, Numbers, bradley_terry, components, meetings
from data_access.questions.resampling import SEED, bootstrap

ROUNDS = 500
MOST_OUTCOMES = 10_000_000  # pairs of models × prompts; of more, a random sample of the prompts: bounds time and memory
FEWEST_PROMPTS = 100  # but never fewer than these
ENOUGH = 2  # prompts: one, drawn anew, is always itself, which says nothing of how sure a score is

Progress = Callable[[float], None]


class Standing(NamedTuple):
    """`table`: one row per source model, best first. `wins[i, j]`: win rate of the i-th row's model against the j-th's over
    `shared[i, j]` prompts, NaN where there are none. `length_effect` with its 95 % interval, NaN where there is none: how
    many logits one standard deviation of log-length is worth. `prompts` were used of the `total` that there are."""

    table: pd.DataFrame
    wins: Floats
    shared: Numbers
    length_effect: tuple[float, float, float]
    prompts: int
    total: int


def standing(
    dataset: Dataset,
    scorer: str,
    section: str | None = None,
    subset: str | None = None,
    progress: Progress = lambda done: None,
) -> Standing | None:
    """How the source models stand by this scorer; None where no two of them meet.

    Columns of `table`: model, candidates, scored, prompts, win_rate, score, low, high (Bradley-Terry, logits, mean 0 in
    its component, 95 % bootstrap interval), adjusted, adjusted_low, adjusted_high (the same with length held equal),
    percentile (mean within prompts), won (share of prompts with the best reward of all candidates, shared bests split),
    share (of all candidates), chars (mean length), component (models that are linked by meetings share a number, from 1).
    NaN: the scores of a model that meets no other (these come last), and intervals that the prompts do not support.
    """
    every = read(dataset, "questions/scored_candidates", scorer=scorer, section=section, subset=subset)
    rated = every.loc[every["reward"].notna() & every["model"].notna(), "prompt_id"].unique()
    pairs = every["model"].nunique() * (every["model"].nunique() - 1) // 2
    most = max(FEWEST_PROMPTS, MOST_OUTCOMES // max(pairs, 1))
    rng = np.random.default_rng(SEED)
    used = every
    if len(rated) > most:
        used = every[every["prompt_id"].isin(rng.choice(rated, most, replace=False))]
    met = meetings(used.dropna(subset=["model", "reward"]))
    progress(0.3)
    shared = met.shared()
    if not shared.any():
        return None
    wins = met.wins()
    component = components(shared > 0)
    prompts = len(met.outcomes)
    weights = bootstrap(prompts, ROUNDS, rng).astype(float)
    plain = bradley_terry(met, component, weights, with_length=False)
    progress(0.5)
    adjusted = bradley_terry(met, component, weights, with_length=True)
    progress(1.0)
    with np.errstate(invalid="ignore"):
        rates = np.where(shared > 0, wins / shared, np.nan)
        win_rate = wins.sum(axis=1) / shared.sum(axis=1)
    met_on = met.prompts()
    alone = met_on == 0
    intervals = [np.where(met_on >= ENOUGH, fit.intervals()[:, :-1], np.nan) for fit in (plain, adjusted)]
    table = _described(used, met.models).assign(
        win_rate=win_rate,
        score=np.where(alone, np.nan, plain.scores),
        low=intervals[0][0],
        high=intervals[0][1],
        adjusted=np.where(alone, np.nan, adjusted.scores),
        adjusted_low=intervals[1][0],
        adjusted_high=intervals[1][1],
        component=component + 1,
    )
    by_standing = table.assign(alone=alone).sort_values(["alone", "component", "score"], ascending=[True, True, False])
    order = by_standing.index.to_numpy()
    low, high = adjusted.intervals()[:, -1]
    by_score = np.ix_(order, order)
    return Standing(
        table.loc[order].reset_index(drop=True),
        rates[by_score],
        shared[by_score],
        (adjusted.effect, float(low), float(high)),
        prompts,
        len(rated),
    )


def reading(found: Standing) -> str:
    """The standing in a sentence: the first and the last by score, and whom the first beats least often; where there are
    several groups, those of the first."""
    group = found.table[found.table["component"] == 1]
    first, last = group.iloc[0], group.iloc[-1]
    hardest = int(np.nanargmin(found.wins[0]))
    interval = f", 95 % interval {first['low']:+.2f} to {first['high']:+.2f}" if first["low"] < first["high"] else ""
    among = "" if found.table["component"].max() == 1 else "In group 1, "
    return (
        f"{among}{first['model']} has the highest score ({first['score']:+.2f}{interval}) and {last['model']} the lowest "
        f"({last['score']:+.2f}); {first['model']} does worst against {found.table['model'][hardest]}, which it beats "
        f"{found.wins[0, hardest] * 100:.0f} % of the time."
    )


def _described(rows: pd.DataFrame, models: list[str]) -> pd.DataFrame:
    """Counts, percentiles and lengths of models, in this order. A best reward is that of all candidates, also of those
    without a model: as the list of prompts that a model won has it."""
    best = rows.groupby("prompt_id")["reward"].transform("max") == rows["reward"]
    credit = best / best.groupby(rows["prompt_id"]).transform("sum")
    grouped = rows.assign(credit=credit.where(best, 0.0)).groupby("model")
    table = pd.DataFrame(
        {
            "candidates": grouped.size(),
            "scored": grouped["reward"].count(),
            "prompts": grouped["prompt_id"].nunique(),
            "percentile": grouped["percentile"].mean(),
            "won": grouped["credit"].sum() / rows.loc[rows["reward"].notna(), "prompt_id"].nunique(),
            "share": grouped.size() / len(rows),
            "chars": grouped["chars"].mean(),
        }
    )
    return table.reindex(models).rename_axis("model").reset_index()
