"""Which source models a scorer prefers, and how surely.

Two models meet on a prompt that has scored candidates of both. The outcome is the share of their pairs of candidates in
which the first has the higher reward, ties counting one half: one number from 0 to 1 a prompt and pair of models, however
many candidates there are. Everything here is built on those outcomes; intervals resample prompts, never meetings.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset

Floats = npt.NDArray[np.float64]

ROUNDS = 500
SEED = 1
MOST_PROMPTS = 2000  # of more, a random sample: bounds time and memory
CHUNK = 64  # prompts whose candidates are compared at once
NEWTON_STEPS = 25
CONVERGED = 1e-5  # logits; what is summed up is single precision
LENGTH_PRIOR = 0.01  # curvature that keeps the effect of length finite where all lengths are equal
LEVELS = (0.025, 0.975)

Progress = Callable[[float], None]


class Meetings(NamedTuple):
    """outcomes[p, i, j]: how model i did against j on prompt p, NaN where they do not meet or i is j; length[p, i]: the
    model's mean log(1 + characters) there, in units of which the difference has standard deviation 1 over all meetings."""

    models: list[str]
    outcomes: npt.NDArray[np.float32]
    length: npt.NDArray[np.float32]


class Fit(NamedTuple):
    """Scores of M models in logits, the effect of length (0 where it is not in the model), and both for each of B rounds
    of resampled prompts."""

    scores: Floats
    effect: float
    rounds: Floats
    effect_rounds: Floats

    def intervals(self) -> Floats:
        """Low and high end of each score: (2, M)."""
        return np.quantile(self.rounds, LEVELS, axis=0)


class Standing(NamedTuple):
    """`table`: one row a source model, best first. `wins[i, j]`: win rate of the i-th row's model against the j-th's over
    `shared[i, j]` prompts, NaN where there are none. `length_effect` with its 95 % interval: how many logits one standard
    deviation of log-length is worth. `prompts` were used `of` those that there are."""

    table: pd.DataFrame
    wins: Floats
    shared: npt.NDArray[np.int64]
    length_effect: tuple[float, float, float]
    prompts: int
    of: int


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
    percentile (mean within prompts), won (share of prompts with the best reward, shared bests split), share (of
    candidates), chars (mean length), component (models that are linked by meetings share a number, from 1).
    """
    rows = read(dataset, "scored_candidates", scorer=scorer, section=section, subset=subset).dropna(subset="model")
    every = rows.loc[rows["reward"].notna(), "prompt_id"].unique()
    rng = np.random.default_rng(SEED)
    used = rows
    if len(every) > MOST_PROMPTS:
        used = rows[rows["prompt_id"].isin(rng.choice(every, MOST_PROMPTS, replace=False))]
    met = meetings(used.dropna(subset="reward"))
    progress(0.3)
    shared = np.isfinite(met.outcomes).sum(axis=0)
    if not shared.any():
        return None
    wins: Floats = np.asarray(np.nansum(met.outcomes, axis=0, dtype=np.float64))
    component = components(shared > 0)
    prompts = len(met.outcomes)
    weights = rng.multinomial(prompts, np.full(prompts, 1 / prompts), size=ROUNDS).astype(float)
    start = np.append(_pooled(wins, shared), 0.0)
    plain = bradley_terry(met, component, weights, start, with_length=False)
    progress(0.5)
    adjusted = bradley_terry(met, component, weights, start, with_length=True)
    progress(1.0)
    with np.errstate(invalid="ignore"):
        rates = np.where(shared > 0, wins / shared, np.nan)
        win_rate = wins.sum(axis=1) / shared.sum(axis=1)
    (low, high), (adjusted_low, adjusted_high) = plain.intervals(), adjusted.intervals()
    table = _described(used, met.models).assign(
        win_rate=win_rate,
        score=plain.scores,
        low=low,
        high=high,
        adjusted=adjusted.scores,
        adjusted_low=adjusted_low,
        adjusted_high=adjusted_high,
        component=component + 1,
    )
    order = table.sort_values(["component", "score"], ascending=[True, False]).index.to_numpy()
    effect_low, effect_high = np.quantile(adjusted.effect_rounds, LEVELS)
    effect = (adjusted.effect, float(effect_low), float(effect_high))
    by_score = np.ix_(order, order)
    return Standing(
        table.loc[order].reset_index(drop=True), rates[by_score], shared[by_score], effect, prompts, len(every)
    )


def meetings(scored: pd.DataFrame) -> Meetings:
    """The outcomes of all meetings among scored candidates: rows prompt_id, model, reward, chars."""
    models = sorted(scored["model"].unique())
    model = pd.Categorical(scored["model"], categories=models).codes
    prompt, prompt_ids = pd.factorize(scored["prompt_id"])
    place = scored.groupby("prompt_id", sort=False).cumcount().to_numpy()
    shape = (len(prompt_ids), int(place.max()) + 1 if len(scored) else 0)
    reward = np.full(shape, np.nan)
    author = np.full(shape, -1)
    chars = np.zeros(shape, np.float32)
    reward[prompt, place], author[prompt, place] = scored["reward"], model
    chars[prompt, place] = np.log1p(scored["chars"].fillna(0))
    outcomes = np.full((shape[0], len(models), len(models)), np.nan, np.float32)
    length = np.zeros((shape[0], len(models)), np.float32)
    total, met = 0.0, 0
    for some in _chunks(shape[0]):
        wrote = (author[some, :, None] == np.arange(len(models))).astype(np.float32)
        a, b = reward[some, :, None], reward[some, None, :]
        better = (a > b).astype(np.float32) + np.float32(0.5) * (a == b)  # NaN, where there is no candidate, is neither
        count = wrote.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            outcomes[some] = wrote.transpose(0, 2, 1) @ better @ wrote / (count[:, :, None] * count[:, None, :])
            length[some] = np.nan_to_num(np.einsum("pc,pcm->pm", chars[some], wrote) / count)
        outcomes[some, range(len(models)), range(len(models))] = np.nan
        is_met = np.isfinite(outcomes[some])
        total += float(np.square(_longer(length[some], is_met)).sum(dtype=float))
        met += int(is_met.sum())
    return Meetings(models, outcomes, length / np.float32(np.sqrt(total / met)) if total > 0 else length * 0)


def components(linked: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """For each model the number, from 0, of the group of models that it is linked with, directly or over others."""
    group = np.full(len(linked), -1)
    for first in range(len(linked)):
        reached = np.zeros(len(linked), bool)
        reached[first] = group[first] < 0
        while (grown := reached | linked[reached].any(axis=0)).sum() > reached.sum():
            reached = grown
        group[reached] = group.max() + 1
    return group


def bradley_terry(
    met: Meetings, component: npt.NDArray[np.int64], weights: Floats, start: Floats, *, with_length: bool
) -> Fit:
    """Scores that make the outcomes most likely: P(i beats j) = σ(score i − score j), or, `with_length`,
    σ(score i − score j + effect · how much longer i is). Mean 0 within each component. (Bradley & Terry 1952.)

    Each model is given one drawn meeting with an average model, so that one that always wins or loses stays finite.
    A round of `weights` (B, P), how often each prompt was drawn, is one Newton step from the estimate with the
    curvature there: the first-order bootstrap over prompts. `start`: M scores and an effect to begin from.
    """
    models = len(met.models)
    theta = start.copy()
    for _ in range(NEWTON_STEPS):
        by_prompt, hessian = _derivatives(met, theta, with_length)
        gradient = by_prompt.sum(axis=0)
        gradient[:models] += 0.5 - _sigmoid(theta[:models])
        gradient[-1] -= LENGTH_PRIOR * theta[-1]
        step = np.clip(np.linalg.solve(hessian, gradient), -2, 2)
        theta += step
        if np.abs(step).max() < CONVERGED:
            break
    rounds = theta + np.linalg.solve(hessian, ((weights - 1) @ by_prompt).T).T
    scores = _centred(np.vstack([theta, rounds])[:, :models], component)
    return Fit(scores[0], float(theta[-1]), scores[1:], rounds[:, -1])


def _pooled(wins: Floats, shared: npt.NDArray[np.int64]) -> Floats:
    """The M scores without the effect of length, from wins (M, M) out of shared (M, M) prompts alone."""
    theta = np.zeros(len(wins))
    own = np.arange(len(wins))
    for _ in range(NEWTON_STEPS):
        p, q = _sigmoid(theta[:, None] - theta[None, :]), _sigmoid(theta)
        curvature = shared * p * (1 - p)
        hessian = -curvature
        hessian[own, own] += curvature.sum(axis=1) + q * (1 - q)
        step = np.clip(np.linalg.solve(hessian, (wins - shared * p).sum(axis=1) + 0.5 - q), -2, 2)
        theta += step
        if np.abs(step).max() < CONVERGED:
            break
    return theta


def _derivatives(met: Meetings, theta: Floats, with_length: bool) -> tuple[Floats, Floats]:
    """Of the log-likelihood by M scores and the effect of length: its gradient a prompt (P, M + 1), and its curvature
    (M + 1, M + 1) with that of the drawn meetings."""
    models = len(met.models)
    own = np.arange(models)
    by_prompt = np.zeros((len(met.outcomes), models + 1))
    of_pairs = np.zeros((models, models))
    hessian = np.zeros((models + 1, models + 1))
    difference = (theta[:models, None] - theta[None, :models]).astype(np.float32)
    for some in _chunks(len(met.outcomes)):
        is_met = np.isfinite(met.outcomes[some])
        longer = _longer(met.length[some], is_met) if with_length else np.float32(0) * is_met
        p = _sigmoid(difference + np.float32(theta[-1]) * longer)
        residual = np.where(is_met, met.outcomes[some] - p, np.float32(0))
        curvature = p * (1 - p) * is_met
        by_prompt[some, :models] = residual.sum(axis=2)
        of_pairs += curvature.sum(axis=0)
        if with_length:
            # Each meeting stands twice in the outcomes, once a side: half of it for what both sides share.
            by_prompt[some, -1] = 0.5 * (residual * longer).sum(axis=(1, 2))
            weighted = curvature * longer
            hessian[:models, -1] += weighted.sum(axis=(0, 2))
            hessian[-1, -1] += 0.5 * float((weighted * longer).sum())
    hessian[-1, :models] = hessian[:models, -1]
    hessian[:models, :models] = -of_pairs
    q = _sigmoid(theta[:models])
    hessian[own, own] += of_pairs.sum(axis=1) + q * (1 - q)
    hessian[-1, -1] += LENGTH_PRIOR
    return by_prompt, hessian


def _longer(length: npt.NDArray[np.float32], is_met: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """How much longer, on a log scale, one model's responses are than another's, 0 where they do not meet."""
    return (length[:, :, None] - length[:, None, :]) * is_met


def _chunks(n: int) -> list[slice]:
    return [slice(start, start + CHUNK) for start in range(0, n, CHUNK)]


def _described(rows: pd.DataFrame, models: list[str]) -> pd.DataFrame:
    """Counts, percentiles and lengths of models, in this order."""
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


def _centred(scores: Floats, component: npt.NDArray[np.int64]) -> Floats:
    scores = scores.copy()
    for number in range(component.max() + 1):
        members = component == number
        scores[:, members] -= scores[:, members].mean(axis=1, keepdims=True)
    return scores


def _sigmoid(x: Any) -> Any:
    """σ(x), in the precision of x."""
    return 1 / (1 + np.exp(-x))
