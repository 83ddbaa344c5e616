"""Prompts worth seeing, each with the reason: for somebody who does not know yet where to look."""

import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset

MOST = 20  # prompts a reason


SENTENCES = {
    "gap": "Its best response leads the second by {value:.2f} ({place}).",
    "spread": "Its rewards differ much, with a standard deviation of {value:.2f} ({place}).",
    "shorter": "Here shorter responses have the higher rewards (rank correlation −{value:.2f}) ({place} where it is so).",
    "tied": "{value:.0f} candidates share its best reward ({place} with such a tie).",
    "noise": "The same text has rewards that differ by {value:.2f} here ({place} with such texts).",
    "rejected": "RewardBench's rejected text has a reward {value:.2f} above the chosen one's here ({place} where it is so).",
}


def worth_seeing(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """At most MOST rows a reason, the most striking first: reason (a key of SENTENCES), place, of, prompt_id, value."""
    return read(dataset, "questions/worth_seeing", scorer=scorer, most=MOST)


def drawn(rows: pd.DataFrame, chance: float) -> tuple[str, int] | None:
    """One of the rows, (reason, prompt_id), each reason as likely as another; `chance` is from 0 to below 1.

    None where nothing stands out.
    """
    reasons = sorted(rows["reason"].unique())
    if not reasons:
        return None
    at = chance * len(reasons)
    of_reason = rows[rows["reason"] == reasons[int(at)]]
    row = of_reason.iloc[int((at % 1) * len(of_reason))]
    return str(row["reason"]), int(row["prompt_id"])


def sentence(rows: pd.DataFrame, reason: str, prompt_id: int) -> str:
    """Why this prompt is worth seeing; '' where it is not among them for this reason."""
    found = rows[(rows["reason"] == reason) & (rows["prompt_id"] == prompt_id)]
    if found.empty:
        return ""
    row = found.iloc[0]
    place = "the most of" if row["place"] == 1 else f"number {row['place']} of"
    among = "the only prompt" if row["of"] == 1 else f"{place} {row['of']:,} prompts"
    return SENTENCES[reason].format(value=row["value"], place=among)
