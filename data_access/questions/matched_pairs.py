"""Where both texts of a RewardBench pair are scored candidates: does the scorer put chosen above rejected?"""

import math
from typing import NamedTuple

import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.rewardbench import in_order

Z = 1.959964  # of a 95 % interval


class Agreement(NamedTuple):
    """How often the scorer puts chosen above rejected.

    Several candidates may have a pair's texts. A prompt is decided where more of the pairs of a candidate with the chosen
    and one with the rejected text go one way than the other, and is among `wins` where that is chosen's. `ties`: all these
    rewards are equal. `splits`: as many go one way as the other. `low` and `high`: 95 % Wilson interval of wins / decided.
    `longer`: in which share of the decided prompts chosen is the longer text, NaN where none is decided.
    """

    subset: str
    wins: int
    decided: int
    ties: int
    splits: int
    low: float
    high: float
    longer: float


class MatchedPairs(NamedTuple):
    """`agreements`: over all subsets ('all'), then one per subset. Mean within-prompt percentiles of the candidates with the
    chosen and the rejected text. `prompts`: how many have both among their scored candidates."""

    agreements: list[Agreement]
    chosen_percentile: float
    rejected_percentile: float
    prompts: int


def matched_pairs(dataset: Dataset, scorer: str) -> MatchedPairs | None:
    """Agreement on matched pairs; None without one."""
    rows = in_order(read(dataset, "questions/matched_pairs", scorer=scorer))
    if rows.empty:
        return None
    return MatchedPairs(
        [_agreement(str(name), some) for name, some in [("all", rows), *rows.groupby("subset", sort=False)]],
        float(rows["chosen_percentile"].mean()),
        float(rows["rejected_percentile"].mean()),
        len(rows),
    )


def wilson(wins: float, n: float) -> tuple[float, float]:
    """The 95 % score interval of a share; n may be an effective number. (Wilson 1927.) From 0 to 1 where n is 0."""
    if not n:
        return 0.0, 1.0
    share = wins / n
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def _agreement(name: str, rows: pd.DataFrame) -> Agreement:
    decided = rows[rows["above"] != rows["below"]]
    wins = int((decided["above"] > decided["below"]).sum())
    ties = int((rows["above"] + rows["below"] == 0).sum())
    splits = len(rows) - len(decided) - ties
    low, high = wilson(wins, len(decided))
    return Agreement(name, wins, len(decided), ties, splits, low, high, float(decided["chosen_is_longer"].mean()))
