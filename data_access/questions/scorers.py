"""The scorers of a dataset: what each has scored, how each ranks a prompt's candidates, and where they agree."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.preparing.joining import ENSEMBLE
from data_access.questions.agreement import FIGURES, Agreement, Floats, Stored, pick_figures, tau_b

AT_ONCE = 300_000  # candidates x scorers that are read at once

Progress = Callable[[float], None]


def single_scorers(dataset: Dataset) -> tuple[str, ...]:
    """The scorers that are in the data, without the ensemble that is made from them."""
    return tuple(scorer for scorer in dataset.contents.scorers if scorer != ENSEMBLE)


def coverage(dataset: Dataset) -> pd.DataFrame:
    """One row per scorer: scorer, scored, prompts, candidates (of all scorers)."""
    return read(dataset, "questions/scored_by", scorers=list(dataset.contents.scorers))


def standings(dataset: Dataset, prompt_id: int) -> pd.DataFrame:
    """One row per scored candidate x scorer of a prompt: scorer, candidate, model, reward, percentile, place, tied."""
    return read(dataset, "questions/standings_of_prompt", narrowed=dataset.narrowed(prompt_id, prompt_id), id=prompt_id)


def paired_percentiles(standing: pd.DataFrame, first: str, other: str) -> pd.DataFrame:
    """One row per candidate of a prompt that both have scored: candidate, model, and of each scorer x (the first) and y (the
    other) its percentile, place, tied. From the frame of `standings`."""
    columns = ["candidate", "percentile", "place", "tied"]
    sides = [
        standing.loc[standing["scorer"] == scorer, columns].rename(
            columns={name: f"{axis}_{name}" for name in columns[1:]}
        )
        for axis, scorer in (("x", first), ("y", other))
    ]
    models = standing[["candidate", "model"]].drop_duplicates("candidate")
    return sides[0].merge(sides[1], on="candidate").merge(models, on="candidate")


def agreement(dataset: Dataset, progress: Progress = lambda done: None) -> Agreement:
    """Every figure for every pair of scorers, both ways round, on every prompt."""
    scorers = dataset.contents.scorers
    prompts = read(dataset, "questions/prompt_parts")
    shape = (len(prompts), len(scorers), len(scorers))
    shared = np.zeros(shape, np.int32)
    figures = {name: np.full(shape, np.nan, np.float32) for name in FIGURES}
    step = max(1, AT_ONCE * len(prompts) // (len(scorers) * max(dataset.contents.candidates, 1)))
    for start in range(0, len(prompts), step):
        some = slice(start, min(start + step, len(prompts)))
        first, last = (int(prompts["prompt_id"].iloc[at]) for at in (some.start, some.stop - 1))
        rows = read(
            dataset,
            "questions/standings",
            narrowed=dataset.narrowed(first, last),
            scorers=list(scorers),
            first=first,
            last=last,
        )
        place = prompts["prompt_id"].iloc[some].searchsorted(rows["prompt_id"])
        reward, rank = _dense(rows, np.asarray(place), len(scorers), some.stop - some.start)
        shared[some], tops = pick_figures(reward)
        figures["tau"][some] = tau_b(rank)
        for name, values in tops.items():
            figures[name][some] = values
        progress(some.stop / len(prompts))
    return Agreement(scorers, prompts, shared, figures)


def _dense(rows: pd.DataFrame, place: npt.NDArray[np.int64], scorers: int, prompts: int) -> tuple[Floats, Stored]:
    """Rewards and ranks (prompts, scorers, N), NaN where there is none; `place`: the prompt of each row, from 0."""
    numbers, candidate = np.unique(rows["candidate"], return_inverse=True)
    shape = (prompts, scorers, len(numbers))
    reward, rank = np.full(shape, np.nan), np.full(shape, np.nan, np.float32)
    at = place, rows["scorer"].to_numpy(), candidate
    reward[at], rank[at] = rows["reward"], rows["rank"]
    return reward, rank
