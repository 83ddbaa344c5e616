"""Two or three texts of one prompt beside each other: which candidate or pair text a choice means, and what sets them apart."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.questions.prompt import PairSide, Prompt, rank_label

NAMED = ("best", "median", "worst", "chosen", "rejected")
BY_RANK = re.compile(r"rank-([0-9]+)")
BY_NUMBER = re.compile(r"[0-9]+")


class Pane(NamedTuple):
    """One text. `candidate`, `reward`, `rank` and `percentile` are None for a pair text that no scored candidate has.

    `note` says how the choice was resolved where that needs saying: a tie, a match, why a pair text has no reward.
    """

    choice: str
    text: str
    model: str | None
    candidate: int | None
    reward: float | None
    rank: str | None
    percentile: float | None
    note: str


PANES = ("a", "b", "c")
NONE = "none"
# What a pane shows where nothing is asked for: the first of these whose text is in no pane yet.
DEFAULTS: dict[str, tuple[str, ...]] = {"a": ("best", "chosen"), "b": ("chosen", "worst", "rejected"), "c": ()}


def panes_asked_for(prompt: Prompt, asked: Mapping[str, str], unknown: list[str]) -> dict[str, Pane]:
    """The texts that a link's a, b and c ask for: pane -> text. What this prompt does not have adds a sentence to `unknown`."""
    offered = set(choices(prompt))
    panes: dict[str, Pane] = {}
    for name in PANES:
        wanted = asked.get(name, "")
        fallback = first_other(prompt, DEFAULTS[name], list(panes.values())) or NONE
        if wanted and wanted != NONE and wanted not in offered:
            unknown.append(f"Pane {name.upper()}: there is no {wanted!r} for this prompt; {fallback} is shown.")
        shown = wanted if wanted in (*offered, NONE) else fallback
        if shown != NONE:
            panes[name] = pane(prompt, shown)
    return panes


def choices(prompt: Prompt) -> list[str]:
    """Every choice for a pane: the named ones that this prompt has, each rank, each candidate by number."""
    scored = prompt.candidates["reward"].notna()
    named = ["best", "median", "worst"] if scored.any() else []
    places = sorted({int(place) for place in prompt.candidates["place"][scored]})
    numbers = sorted(int(number) for number in prompt.candidates["candidate"])
    return [*named, *(side.side for side in prompt.pair), *(f"rank-{p}" for p in places), *map(str, numbers)]


def first_other(prompt: Prompt, wanted: Sequence[str], shown: Sequence[Pane]) -> str | None:
    """The first of the wanted choices that this prompt has and whose text is not shown yet; None where there is none."""
    texts = {pane.text for pane in shown}
    offered = set(choices(prompt))
    return next((choice for choice in wanted if choice in offered and pane(prompt, choice).text not in texts), None)


def pane(prompt: Prompt, choice: str) -> Pane:
    """What a choice of `choices` shows. KeyError for one that is not among them.

    The median is the candidate at the middle rank, the upper one of two. Where several candidates share the rank
    asked for, the one with the lowest number is shown and the note names the others.
    """
    if choice not in choices(prompt):
        raise KeyError(choice)
    for side in prompt.pair:
        if side.side == choice:
            return _of_pair_side(prompt, side)
    numbers, rewards = prompt.candidates["candidate"], prompt.candidates["reward"]
    if BY_NUMBER.fullmatch(choice):
        meant = numbers == int(choice)
    else:
        by_rank = BY_RANK.fullmatch(choice)
        ranked = rewards[rewards.notna()]
        named = {"best": 0, "median": (len(ranked) - 1) // 2, "worst": len(ranked) - 1}
        meant = rewards == ranked.iloc[int(by_rank[1]) - 1 if by_rank else named[choice]]
    by_number = numbers[meant].sort_values()
    tied = ", ".join(f"#{number}" for number in by_number.iloc[1:4]) + ("…" if len(by_number) > 4 else "")
    return _of_candidate(prompt.candidates.loc[by_number.index[0]], choice, f"tied with {tied}" if tied else "")


def neighbours(prompt: Prompt, shown: Pane) -> tuple[str | None, str | None]:
    """The candidates, by number, above and below a pane's in the ranking; None at an end, or where it has none."""
    order = prompt.candidates["candidate"].tolist()
    if shown.candidate not in order:
        return None, None
    at = order.index(shown.candidate)
    above, below = order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None
    return None if above is None else str(above), None if below is None else str(below)


def rm_implied_preference(first: Pane, second: Pane) -> float | None:
    """σ(reward of the first − reward of the second): the share of times that a Bradley-Terry reward model with these
    logits prefers the first. Uncalibrated. None unless both are scored. (Bradley & Terry 1952.)"""
    if first.reward is None or second.reward is None:
        return None
    return 1 / (1 + math.exp(-max(min(first.reward - second.reward, 700), -700)))


def text_facts(dataset: Dataset, panes: list[Pane]) -> pd.DataFrame:
    """One row per pane: chars, words, list_items, headers, code_blocks, bold_spans."""
    return read(dataset, "questions/text_facts", texts=[pane.text for pane in panes])


def _of_pair_side(prompt: Prompt, side: PairSide) -> Pane:
    """A pair text: with the reward of the first candidate that has it, and the range where several have."""
    candidates = prompt.candidates
    scored = candidates[candidates["candidate"].isin(side.candidates) & candidates["reward"].notna()]
    if scored.empty:
        why = "no candidate has this text" if not side.candidates else "the candidate with this text has no reward"
        return Pane(side.side, side.text, side.model, None, None, None, None, why)
    numbers = ", ".join(f"#{number}" for number in side.candidates)
    first = scored.sort_values("candidate").iloc[0]
    pane = _of_candidate(first, side.side, "")
    several = f"; {len(scored)} rewards from {side.low:.2f} to {side.high:.2f}" if len(scored) > 1 else ""
    wrote = f"; its reward is that of #{pane.candidate}" + (f" by {pane.model}" if pane.model else "")
    pane = pane._replace(note=f"{side.match} match of candidate {numbers}{wrote}{several}")
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
        note=note,
    )
