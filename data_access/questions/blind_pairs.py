"""Which pairs of texts are asked of people who are not told whose they are, nor what a scorer thinks of them.

All that is drawn follows from the SHA-256 of the seed and of what is drawn from, so that a link gives the same pairs on every
machine, in every version of every library. Equal rewards are never told apart by their place.
"""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import NamedTuple

import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.judgements.people import Person
from data_access.judgements.text_keys import text_key
from data_access.judgements.votes import Pair
from data_access.preparing.joining import ENSEMBLE
from data_access.questions.filters import PromptFilter, to_parameters
from data_access.questions.twins import twin_pairs

NEAR_SD = 2.0  # μ − 2σ, as in Export: Xiao et al., ACL 2025, arXiv 2502.16825
UNSURE = 0.6  # an RM-implied preference up to this, σ(Δ)
UNSURE_PERCENTILES = 5.0  # and a difference up to this, where the scorer's values are no logits
PROMPTS_AT_ONCE = 200  # where the first few prompts do not have enough pairs
MOST = 200  # pairs of a set
CHOSEN = "chosen"  # RewardBench's text, as the side of a pair


class Draw(NamedTuple):
    """A way to choose pairs: its name, one sentence on what it takes of each prompt, and whose rewards it needs."""

    label: str
    takes: str
    needs_scorer: bool = True
    needs_other: bool = False


DRAWS = {
    "random": Draw("Two at random", "Two different texts, drawn at random.", needs_scorer=False),
    "unsure": Draw(
        "Where the scorer is unsure",
        f"Two texts that differ little in reward: the RM-implied preference is at most {UNSURE:.0%}, or, by mean percentile, "
        f"they are {UNSURE_PERCENTILES:.0f} apart at most.",
    ),
    "train": Draw(
        "Best vs near μ − 2σ",
        "The best text against the one whose reward is nearest to the prompt's mean minus two standard deviations, as in the "
        "pairs that Export makes by default.",
    ),
    "chosen": Draw("Best vs RewardBench's chosen", "The best text against the one that RewardBench prefers."),
    "scorers": Draw(
        "Where two scorers disagree",
        "The best text by one scorer against the best by another, where each puts its own above the other's.",
        needs_other=True,
    ),
    "twins": Draw("Twins", "Two texts that are nearly the same."),
}


class PairSet(NamedTuple):
    """A set of pairs, as a link names it: a key of DRAWS, whose rewards it uses, at most how many pairs, and the filter that
    their prompts pass."""

    draw: str
    scorer: str
    other: str
    n: int
    seed: int
    filter: PromptFilter = PromptFilter()

    @property
    def name(self) -> str:
        """Under which answers are kept: short, and the same for the same set."""
        draw = DRAWS[self.draw]
        scorers = [self.scorer] * draw.needs_scorer + [self.other] * draw.needs_other
        said = [self.draw, *(one if len(one) <= 80 else f"{one[:60]}…{_short(one)}" for one in scorers)]
        said.append(
            f"seed {self.seed}"
        )  # not n: a larger set begins with the smaller one, whose answers count for both
        if narrowed := to_parameters(replace(self.filter, sort="id", descending=False)):
            said.append(f"filter {_short(json.dumps([self.scorer, narrowed], sort_keys=True))}")
        return " · ".join(said)


def blind_pairs(dataset: Dataset, asked: PairSet, ids: Iterable[int]) -> pd.DataFrame:
    """The pairs of a set among these prompts, at most one for each prompt text, in the order in which they are asked:
    prompt_id, and first and second, each as Compare's links name a text: a candidate's number, or 'chosen'.

    The two texts are different and not empty; where the draw goes by rewards both are scored, and no tie. A text of several
    candidates has the mean of their rewards. Fewer than n where there are no more. The draw of twins reads all texts the first
    time.
    """
    number = partial(_number, asked.seed)
    distinct = read(dataset, "questions/distinct_prompts", ids=sorted({*ids}))["prompt_id"].tolist()
    order = sorted(distinct, key=lambda prompt_id: number("prompt", prompt_id))
    if asked.draw == "twins":
        found = _twins(dataset, asked.scorer, number)
        return _frame([(prompt_id, *found[prompt_id]) for prompt_id in order if prompt_id in found][: asked.n])
    if DRAWS[asked.draw].needs_other and asked.other not in dataset.contents.scorers:
        return _frame([])
    choose = _CHOOSE[asked.draw]
    rows: list[tuple[int, str, str]] = []
    start, at_once = 0, asked.n + 10
    while start < len(order) and len(rows) < asked.n:
        some = order[start : start + at_once]
        texts = read(dataset, "questions/blind_texts", ids=some, scorer=asked.scorer, other=asked.other)
        of_prompt = dict(list(texts.groupby("prompt_id")))
        for prompt_id in some:
            if prompt_id in of_prompt and len(rows) < asked.n:
                lots = of_prompt[prompt_id]["candidate"].map(partial(number, "text", prompt_id))
                drawn = of_prompt[prompt_id].loc[lots.sort_values().index]
                if pair := choose(drawn, asked.scorer):
                    rows.append((prompt_id, *pair))
        start, at_once = start + at_once, PROMPTS_AT_ONCE
    return _frame(rows)


class PairTexts(NamedTuple):
    """The texts of a prompt and of two responses to it."""

    prompt: str
    first: str
    second: str

    @property
    def keys(self) -> Pair:
        """How the store names this pair."""
        first, second = sorted((text_key(self.first), text_key(self.second)))
        return Pair(text_key(self.prompt), first, second)


def pair_texts(dataset: Dataset, pairs: pd.DataFrame) -> list[PairTexts]:
    """The texts of pairs as `blind_pairs` gives them, in their order."""
    ids, first, second = (pairs[name].tolist() for name in ("prompt_id", "first", "second"))
    rows = read(dataset, "questions/blind_pair_texts", ids=ids, first=first, second=second)
    return [PairTexts(*row) for row in rows.itertuples(index=False, name=None)]


def is_first_left(name: str, person: Person, prompt_id: int, first: str, second: str) -> bool:
    """Whether the first of a pair of this set stands on the left for this person: drawn, so that of two people each may see it
    on another side, and the same each time."""
    return _number(name, person.name, person.signed_in, prompt_id, first, second) % 2 == 0


def _number(*parts: object) -> int:
    """A number from 0 to 2⁶⁴ − 1, as good as drawn, that follows from these."""
    return int.from_bytes(sha256("\0".join(map(str, parts)).encode("utf-8", "replace")).digest()[:8])


def _short(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


def _frame(rows: list[tuple[int, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["prompt_id", "first", "second"])


# Each takes the texts of one prompt in the order of their lots, as sql/blind_texts.sql gives them, and gives two, or None.
Two = tuple[str, str] | None


def _at_random(texts: pd.DataFrame, scorer: str) -> Two:
    return _named(*texts["candidate"].iloc[:2]) if len(texts) > 1 else None


def _unsure(texts: pd.DataFrame, scorer: str) -> Two:
    """The first text in the order of the lots that has another with nearly the same reward, and the first such."""
    limit = UNSURE_PERCENTILES if scorer == ENSEMBLE else math.log(UNSURE / (1 - UNSURE))
    scored = texts.dropna(subset="reward")
    for candidate, reward in zip(scored["candidate"], scored["reward"], strict=True):
        apart = (scored["reward"] - reward).abs()
        if len(near := scored["candidate"][(apart > 0) & (apart <= limit)]):
            return _named(candidate, near.iloc[0])
    return None


def _train(texts: pd.DataFrame, scorer: str) -> Two:
    scored = _ranked(texts, "reward")
    if len(scored) < 2:
        return None
    best, others = scored.iloc[0], scored.iloc[1:]
    distance = (others["reward"] - (others["mean"] - NEAR_SD * others["sd"])).abs()
    near = others.loc[distance.sort_values(kind="stable").index[0]]
    return _named(best["candidate"], near["candidate"]) if best["reward"] > near["reward"] else None


def _chosen(texts: pd.DataFrame, scorer: str) -> Two:
    scored = _ranked(texts, "reward")
    if scored.empty or not scored["has_chosen"].iloc[0] or scored["is_chosen"].iloc[0]:
        return None
    return str(scored["candidate"].iloc[0]), CHOSEN


def _scorers(texts: pd.DataFrame, scorer: str) -> Two:
    by_both = texts.dropna(subset=["reward", "other"])
    if by_both.empty:
        return None
    one, other = (_ranked(by_both, name).iloc[0] for name in ("reward", "other"))
    part = one["reward"] > other["reward"] and other["other"] > one["other"]
    return _named(one["candidate"], other["candidate"]) if part else None


_CHOOSE: dict[str, Callable[[pd.DataFrame, str], Two]] = {
    "random": _at_random,
    "unsure": _unsure,
    "train": _train,
    "chosen": _chosen,
    "scorers": _scorers,
}


def _ranked(texts: pd.DataFrame, by: str) -> pd.DataFrame:
    """The texts with this reward, best first; of equal ones the first in the order of the lots."""
    return texts.dropna(subset=by).sort_values(by, ascending=False, kind="stable")


def _named(first: int, second: int) -> tuple[str, str]:
    return str(int(first)), str(int(second))


def _twins(dataset: Dataset, scorer: str, number: Callable[..., int]) -> dict[int, tuple[str, str]]:
    """Of each prompt with twins whose texts are scored one pair, drawn."""
    pairs = twin_pairs(dataset, scorer).pairs
    listed = sorted(
        zip(pairs["prompt_id"].tolist(), pairs["candidate"].tolist(), pairs["twin"].tolist(), strict=True),
        key=lambda pair: number("twins", *pair),
        reverse=True,
    )
    return {prompt_id: _named(candidate, twin) for prompt_id, candidate, twin in listed}
