"""Two or three texts of one prompt beside each other: which candidate or pair text a choice means, and what sets them apart."""

import math
import re
from typing import Any, NamedTuple

import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.prompt import PairSide, Prompt, rank_label

NAMED = ("best", "median", "worst", "chosen", "rejected")
BY_RANK = re.compile(r"rank-(\d{1,4})")
BY_NUMBER = re.compile(r"\d{1,4}")


class Pane(NamedTuple):
    """One text. `candidate`, `reward`, `rank` and `percentile` are None for a pair text that no scored candidate has.

    `note` says how the choice was resolved where that needs saying: a tie, a match, no reward.
    """

    choice: str
    text: str
    model: str | None
    candidate: int | None
    reward: float | None
    rank: str | None
    percentile: float | None
    note: str


def choices(prompt: Prompt) -> list[str]:
    """Every choice for a pane: the named ones that this prompt has, each rank, each candidate by number."""
    scored = prompt.candidates.dropna(subset="reward")
    named = ["best", "median", "worst"] if len(scored) else []
    places = sorted({int(place) for place in scored["place"]})
    numbers = sorted(int(number) for number in prompt.candidates["candidate"])
    return [*named, *(side.side for side in prompt.pair), *(f"rank-{p}" for p in places), *map(str, numbers)]


def pane(prompt: Prompt, choice: str) -> Pane:
    """What a choice of `choices` shows. KeyError for one that is not among them.

    The median is the candidate at the middle rank, the upper one of two. Where several candidates share the rank
    asked for, the one with the lowest number is shown and the note names the others.
    """
    for side in prompt.pair:
        if side.side == choice:
            return _of_pair_side(prompt, side)
    ranked = prompt.candidates.dropna(subset="reward")
    if BY_NUMBER.fullmatch(choice):
        rows = prompt.candidates[prompt.candidates["candidate"] == int(choice)]
    else:
        by_rank = BY_RANK.fullmatch(choice)
        named = {"best": 0, "median": (len(ranked) - 1) // 2, "worst": len(ranked) - 1}
        at = int(by_rank[1]) - 1 if by_rank else named.get(choice, -1)
        rows = ranked[ranked["reward"] == ranked["reward"].iloc[at]] if 0 <= at < len(ranked) else ranked[:0]
    if rows.empty:
        raise KeyError(choice)
    rows = rows.sort_values("candidate")
    tied = ", ".join(f"#{number}" for number in rows["candidate"].iloc[1:4]) + ("…" if len(rows) > 4 else "")
    return _of_candidate(rows.iloc[0], choice, f"tied with {tied}" if tied else "")


def rm_implied_preference(first: Pane, second: Pane) -> float | None:
    """σ(reward of the first − reward of the second): the share of times that a Bradley-Terry reward model with these
    logits prefers the first. Uncalibrated. None unless both are scored. (Bradley & Terry 1952.)"""
    if first.reward is None or second.reward is None:
        return None
    return 1 / (1 + math.exp(-max(min(first.reward - second.reward, 700), -700)))


def text_facts(dataset: Dataset, panes: list[Pane]) -> pd.DataFrame:
    """One row a pane: chars, words, list_items, headers, code_blocks, bold_spans."""
    return read(dataset, "text_facts", texts=[pane.text for pane in panes])


def _of_pair_side(prompt: Prompt, side: PairSide) -> Pane:
    """A pair text: with the reward of the first candidate that has it, and the range where several have."""
    scored = prompt.candidates[prompt.candidates["candidate"].isin(side.candidates)].dropna(subset="reward")
    if scored.empty:
        why = "no candidate has this text" if not side.candidates else "the candidate with this text has no reward"
        return Pane(side.side, side.text, side.model, None, None, None, None, f"not scored: {why}")
    numbers = ", ".join(f"#{number}" for number in side.candidates)
    several = f"; {len(scored)} rewards from {side.low:.2f} to {side.high:.2f}" if len(scored) > 1 else ""
    first = scored.sort_values("candidate").iloc[0]
    pane = _of_candidate(first, side.side, f"{side.match} match of candidate {numbers}{several}")
    return pane._replace(text=side.text, model=side.model)


def _of_candidate(row: pd.Series, choice: str, note: str) -> Pane:
    scored = not pd.isna(row["reward"])
    return Pane(
        choice=choice,
        text="" if pd.isna(row["response"]) else str(row["response"]),
        model=None if pd.isna(row["model"]) else str(row["model"]),
        candidate=int(row["candidate"]),
        reward=float(row["reward"]) if scored else None,
        rank=rank_label(row["place"], row["tied"]) if scored else None,
        percentile=None if pd.isna(row["percentile"]) else float(row["percentile"]),
        note=note if scored else "not scored",
    )


def short_label(choice: str) -> str:
    """A choice in words, without the candidate that it means: 'best', 'rank 3', 'candidate 17'."""
    if BY_NUMBER.fullmatch(choice):
        return f"candidate {choice}"
    return f"RewardBench {choice}" if choice in ("chosen", "rejected") else choice.replace("-", " ")


def choice_label(prompt: Prompt, choice: str) -> str:
    """A choice in words, with the candidate, reward and source model that it means; '' is no pane."""
    if not choice:
        return "none"
    meant = pane(prompt, choice)
    reward = "not scored" if meant.reward is None else f"{meant.reward:.2f}"
    return " · ".join([short_label(choice), reward, *([meant.model] if meant.model else [])])


def standing(pane: Pane) -> list[str]:
    """A pane's rank, reward, percentile, source model and candidate number in phrases."""
    model = pane.model or "source model not given"
    candidate = "" if pane.candidate is None else f"candidate {pane.candidate}"
    if pane.reward is None:
        return ["not scored", model, candidate]
    percentile = "" if pane.percentile is None else f"percentile {pane.percentile:.0f}"
    return [f"rank {pane.rank}", f"reward {pane.reward:.2f}", percentile, model, candidate]


def counted(count: dict[str, Any]) -> list[str]:
    """What is in a text, in phrases: a row of `text_facts`."""
    units = {
        "chars": "characters",
        "words": "words",
        "list_items": "list items",
        "headers": "headers",
        "code_blocks": "code blocks",
        "bold_spans": "bold spans",
    }
    return [f"{count[name]:,} {unit}" for name, unit in units.items()]


def preference(first_name: str, first: Pane, second_name: str, second: Pane) -> str:
    """What the rewards say of two panes, in a sentence; or that they say nothing."""
    implied = rm_implied_preference(first, second)
    if implied is None or first.reward is None or second.reward is None:
        unscored = " and ".join(
            name for name, pane in ((first_name, first), (second_name, second)) if pane.reward is None
        )
        return f"{first_name} and {second_name}: no reward difference, as {unscored} {'is' if len(unscored) == 1 else 'are'} not scored"
    return (
        f"{first_name} − {second_name}: reward {first.reward - second.reward:+.2f}, rank {first.rank} against {second.rank}, "
        f"RM-implied preference for {first_name} {_percent(implied)}"
    )


def _percent(share: float) -> str:
    return "under 1 %" if share < 0.01 else "over 99 %" if share > 0.99 else f"{share:.0%}".replace("%", " %")
