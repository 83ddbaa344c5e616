"""One prompt: its text, its pair, and its candidates ranked."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.questions.filters import Range


class PairSide(NamedTuple):
    """RewardBench's chosen or rejected text for a prompt, and the candidates of the same prompt that have this text.

    `match` is 'exact', 'normalised' (Unicode NFC, white space collapsed, chat-template tokens stripped) or None. Only
    a matched text has rewards; the lowest and highest differ where several candidates match.
    """

    side: str
    text: str
    model: str | None
    match: str | None
    candidates: tuple[int, ...]
    low: float | None
    high: float | None


class Prompt(NamedTuple):
    """A prompt as `sql/prompt.sql` describes it, and its candidates as `sql/candidates.sql` does, best first."""

    row: pd.Series
    candidates: pd.DataFrame
    pair: tuple[PairSide, ...]


def prompt(dataset: Dataset, scorer: str, prompt_id: int) -> Prompt | None:
    """The prompt with this number, or None where there is none."""
    narrowed = dataset.narrowed(prompt_id, prompt_id)
    rows = read(dataset, "questions/prompt", narrowed=narrowed, scorer=scorer, id=prompt_id)
    if rows.empty:
        return None
    candidates = read(dataset, "questions/candidates", narrowed=narrowed, scorer=scorer, id=prompt_id)
    row = rows.iloc[0]
    sides = (_side(row, candidates, side) for side in ("chosen", "rejected"))
    return Prompt(row, candidates, tuple(side for side in sides if side))


def other_ranks(dataset: Dataset, scorer: str, prompt_id: int) -> pd.DataFrame:
    """The candidates' ranks by every other scorer, as `rank_label` says them: index candidate, a column a scorer."""
    if len(dataset.contents.scorers) < 2:
        return pd.DataFrame()
    rows = read(dataset, "questions/standings_of_prompt", narrowed=dataset.narrowed(prompt_id, prompt_id), id=prompt_id)
    rows = rows[rows["scorer"] != scorer]
    labels = [rank_label(place, tied) for place, tied in zip(rows["place"], rows["tied"], strict=True)]
    table = rows.assign(rank=labels).pivot(index="candidate", columns="scorer", values="rank")
    others = [name for name in dataset.contents.scorers if name != scorer]
    return table.reindex(columns=others).astype(object).fillna(rank_label(np.nan, 0))


def collapsed(candidates: pd.DataFrame) -> pd.DataFrame:
    """One row per text: of the candidates with the same text the first, which is the one with the highest reward."""
    return candidates.drop_duplicates("response")


def rank_label(place: float, tied: int) -> str:
    """A rank for people: '1', or '2=' where it is shared, or '–' for a candidate without a reward."""
    return "–" if pd.isna(place) else f"{int(place)}{'=' if tied > 1 else ''}"


def _side(row: pd.Series, candidates: pd.DataFrame, side: str) -> PairSide | None:
    text, model, found = row[side], row[f"{side}_model"], row[f"{side}_candidates"]
    if pd.isna(text):
        return None
    numbers = () if found is None or found is pd.NA else tuple(int(number) for number in found)
    rewards = candidates.loc[candidates["candidate"].isin(numbers), "reward"].dropna()
    match = ("exact" if row[f"{side}_is_exact"] else "normalised") if numbers else None
    low, high = (None, None) if rewards.empty else (float(rewards.min()), float(rewards.max()))
    return PairSide(side, str(text), None if pd.isna(model) else str(model), match, numbers, low, high)


def histogram(candidates: pd.DataFrame) -> pd.DataFrame:
    """Equal bins of the scored candidates' rewards: low, high, n. At most 30, fewer where there are few candidates."""
    rewards = candidates["reward"].dropna().to_numpy()
    counts, edges = np.histogram(rewards, bins=min(30, max(5, len(rewards) // 3)))
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": counts})


def within(candidates: pd.DataFrame, kept: Range) -> pd.DataFrame:
    """The candidates with a reward in a range, ends included."""
    low, high = kept
    rewards = candidates["reward"]
    keep = rewards.notna() if low is None else rewards >= low
    return candidates[keep if high is None else keep & (rewards <= high)]


def ends(candidates: pd.DataFrame, kept: Range | None) -> tuple[float, float] | None:
    """Both ends of a range of rewards, an open one at the prompt's worst or best reward."""
    if kept is None:
        return None
    low, high = kept
    return (
        float(candidates["reward"].min()) if low is None else low,
        float(candidates["reward"].max()) if high is None else high,
    )


def listed_as(listed: pd.DataFrame, candidates: pd.DataFrame, candidate: int) -> int | None:
    """The candidate that stands for this one in a list that may be collapsed: itself, or the one listed with its text."""
    if (listed["candidate"] == candidate).any():
        return candidate
    text = candidates.loc[candidates["candidate"] == candidate, "response"]
    same = listed[listed["response"].isin(text)]["candidate"]
    return int(same.iloc[0]) if len(same) else None


def has_several_of_a_model(candidates: pd.DataFrame) -> bool:
    """Whether some source model has more than one scored candidate."""
    return bool(candidates.dropna(subset=["reward", "model"])["model"].duplicated().any())


def others(found: Prompt, candidate: int) -> list[str]:
    """What a candidate can be compared with: the pair's sides that there are, and best or worst where that is another."""
    scored = found.candidates.dropna(subset="reward")
    ranked = [
        name for name, at in (("best", 0), ("worst", -1)) if len(scored) and scored["candidate"].iloc[at] != candidate
    ]
    return [*(side.side for side in found.pair), *ranked]
