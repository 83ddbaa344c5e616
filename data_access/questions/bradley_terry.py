"""Scores that explain who beats whom: the Bradley-Terry model, fitted to one outcome a prompt and pair of models.

Two models meet on a prompt that has scored candidates of both. The outcome is the share of their pairs of candidates in
which the first has the higher reward, ties counting one half: one number from 0 to 1, however many candidates there are.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.questions.blocks import blocks
from data_access.questions.resampling import LEVELS

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

CHUNK = 64  # prompts whose candidates are compared at once
CANDIDATES = 500  # of one prompt, that are compared with each other at once: bounds memory
NEWTON_STEPS = 25
CONVERGED = 1e-4  # logits; what is summed up is single precision
LENGTH_PRIOR = 0.01  # curvature that keeps the effect of length finite where all lengths are equal
NO_WIDTH = 1e-4  # logits: an interval narrower than that comes from outcomes that do not differ


class Meetings(NamedTuple):
    """M models and their K = M (M − 1) / 2 pairs, model `first[k]` with model `second[k]`, on P prompts. outcomes[p, k]: how
    the first did against the second, NaN where they do not meet; longer[p, k]: by how much the mean log(1 + characters) of
    the first is the greater, with standard deviation 1 over all meetings; 0 where they do not meet."""

    models: list[str]
    first: Numbers
    second: Numbers
    outcomes: Singles
    longer: Singles

    def square(self, of_pairs: npt.ArrayLike, of_opposites: npt.ArrayLike, alone: float = 0) -> npt.NDArray[Any]:
        """Numbers for each pair, and for each pair the other way round, as a matrix (M, M) with `alone` on its diagonal."""
        found = np.full((len(self.models), len(self.models)), alone, np.asarray(of_pairs).dtype)
        found[self.first, self.second], found[self.second, self.first] = of_pairs, of_opposites
        return found

    def sides(self) -> Singles:
        """(K, M): 1 for a pair's first model, −1 for its second."""
        found = np.zeros((len(self.first), len(self.models)), np.float32)
        found[range(len(self.first)), self.first], found[range(len(self.first)), self.second] = 1, -1
        return found

    def shared(self) -> Numbers:
        """(M, M): on how many prompts two models meet."""
        counts = np.isfinite(self.outcomes).sum(axis=0)
        return self.square(counts, counts)

    def wins(self) -> Floats:
        """(M, M): how many meetings the row's model won against the column's, as a sum of outcomes."""
        of_first = np.nansum(self.outcomes, axis=0, dtype=np.float64)
        return self.square(of_first, np.isfinite(self.outcomes).sum(axis=0) - of_first)

    def prompts(self) -> Numbers:
        """(M,): on how many prompts a model meets any other."""
        meets = np.isfinite(self.outcomes).astype(np.float32) @ np.abs(self.sides()) > 0
        return np.asarray(meets.sum(axis=0))


class Fit(NamedTuple):
    """Scores of M models in logits, the effect of length (0 where it is not in the model), and both for each of B rounds
    of resampled prompts."""

    scores: Floats
    effect: float
    rounds: Floats
    effect_rounds: Floats

    def intervals(self) -> Floats:
        """Low and high end of the 95 % interval of each score, and at last of the effect: (2, M + 1). NaN where all
        resamples give the same: that says nothing of how sure it is."""
        ends = np.quantile(np.column_stack([self.rounds, self.effect_rounds]), LEVELS, axis=0)
        return np.where(ends[1] - ends[0] > NO_WIDTH, ends, np.nan)


def meetings(scored: pd.DataFrame) -> Meetings:
    """The outcomes of all meetings among scored candidates: rows prompt_id, model, reward, chars."""
    models = sorted(scored["model"].unique())
    first, second = np.triu_indices(len(models), 1)
    model = pd.Categorical(scored["model"], categories=models).codes
    prompt, prompt_ids = pd.factorize(scored["prompt_id"])
    place = scored.groupby("prompt_id", sort=False).cumcount().to_numpy()
    shape = (len(prompt_ids), int(place.max()) + 1 if len(scored) else 0)
    reward = np.full(shape, np.nan)
    author = np.full(shape, -1)
    chars = np.zeros(shape, np.float32)
    reward[prompt, place], author[prompt, place] = scored["reward"], model
    chars[prompt, place] = np.log1p(scored["chars"].fillna(0))
    outcomes = np.full((shape[0], len(first)), np.nan, np.float32)
    longer = np.zeros((shape[0], len(first)), np.float32)
    won: npt.NDArray[Any] = np.zeros(0)
    for some, block in blocks(*shape, CHUNK * min(shape[1], CANDIDATES) ** 2):
        wrote = (author[some, :, None] == np.arange(len(models))).astype(np.float32)
        a, b = reward[some, block, None], reward[some, None, :]
        better = (a > b).astype(np.float32) + np.float32(0.5) * (a == b)  # NaN, where there is no candidate, is neither
        of_block = (wrote[:, block].transpose(0, 2, 1) @ better @ wrote)[:, first, second]
        won = won + of_block if block.start else of_block.astype(float)
        if block.stop < shape[1]:
            continue
        count = wrote.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            outcomes[some] = won / (count[:, first] * count[:, second])
            length = np.nan_to_num(np.einsum("pc,pcm->pm", chars[some], wrote) / count)
        longer[some] = (length[:, first] - length[:, second]) * np.isfinite(outcomes[some])
    if (total := float(np.square(longer).sum(dtype=float))) > 0:
        longer /= np.float32(np.sqrt(total / np.isfinite(outcomes).sum()))
    return Meetings(models, first, second, outcomes, longer)


def components(linked: npt.NDArray[np.bool_]) -> Numbers:
    """For each model the number, from 0, of the group of models that it is linked with, directly or over others."""
    group = np.full(len(linked), -1)
    for first in range(len(linked)):
        reached = np.zeros(len(linked), bool)
        reached[first] = group[first] < 0
        while (grown := reached | linked[reached].any(axis=0)).sum() > reached.sum():
            reached = grown
        group[reached] = group.max() + 1
    return group


def bradley_terry(met: Meetings, component: Numbers, weights: Floats, *, with_length: bool) -> Fit:
    """Scores that make the outcomes most likely: P(i beats j) = σ(score i − score j), or, `with_length`,
    σ(score i − score j + effect · how much longer i is). Mean 0 within each component. (Bradley & Terry 1952.)

    Each model is given one drawn meeting with an average model, so that one that always wins or loses stays finite.
    A round of `weights` (B, P), how often each prompt was drawn, is one Newton step from the estimate with the
    curvature there: the first-order bootstrap over prompts.
    """
    models = len(met.models)
    theta = np.append(_without_length(met.wins(), met.shared()), 0.0)
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


def _without_length(wins: Floats, shared: Numbers) -> Floats:
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
        if np.abs(step).max() < CONVERGED / 100:
            break
    return theta


def _derivatives(met: Meetings, theta: Floats, with_length: bool) -> tuple[Floats, Floats]:
    """Of the log-likelihood by M scores and the effect of length: its gradient a prompt (P, M + 1), and its curvature
    (M + 1, M + 1) with that of the drawn meetings."""
    models = len(met.models)
    own = np.arange(models)
    sides = met.sides()
    by_prompt = np.zeros((len(met.outcomes), models + 1))
    of_pairs = np.zeros(len(met.first))
    hessian = np.zeros((models + 1, models + 1))
    difference = (theta[met.first] - theta[met.second]).astype(np.float32)
    for some in _chunks(len(met.outcomes)):
        longer = met.longer[some]
        p = _sigmoid(difference + np.float32(theta[-1]) * longer if with_length else difference)
        residual = met.outcomes[some] - p
        is_met = np.isfinite(residual)
        residual[~is_met] = 0
        curvature = p * (1 - p) * is_met
        by_prompt[some, :models] = residual @ sides
        of_pairs += curvature.sum(axis=0)
        if with_length:
            by_prompt[some, -1] = (residual * longer).sum(axis=1)
            weighted = curvature * longer
            hessian[:models, -1] += weighted.sum(axis=0) @ sides
            hessian[-1, -1] += float((weighted * longer).sum())
    hessian[-1, :models] = hessian[:models, -1]
    hessian[:models, :models] = met.square(-of_pairs, -of_pairs)
    q = _sigmoid(theta[:models])
    hessian[own, own] = -hessian[:models, :models].sum(axis=1) + q * (1 - q)
    hessian[-1, -1] += LENGTH_PRIOR
    return by_prompt, hessian


def _chunks(n: int) -> list[slice]:
    return [slice(start, start + CHUNK) for start in range(0, n, CHUNK)]


def _centred(scores: Floats, component: Numbers) -> Floats:
    scores = scores.copy()
    for number in range(component.max() + 1):
        members = component == number
        scores[:, members] -= scores[:, members].mean(axis=1, keepdims=True)
    return scores


def _sigmoid(x: Any) -> Any:
    """σ(x), in the precision of x."""
    return 1 / (1 + np.exp(-x))
