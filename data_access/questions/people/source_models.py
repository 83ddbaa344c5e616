"""Which source models people prefer, and whether the scorer prefers them as often in the same comparisons."""

import numpy as np
import pandas as pd

from data_access.questions.people.answered import SIDES, Answered
from data_access.questions.people.shares import share_of

COLUMNS = ["model", "n", "won", "share", "low", "high", "scorer_n", "scorer_won", "scorer_share"]


def by_model(found: Answered, scorer: str) -> pd.DataFrame:
    """One row per source model, the most compared first: model; n, pairs of its text with another model's in which most people
    prefer one; won, in how many of these its own; share with low, high (95 %, as in `shares`); and on the same pairs, as far
    as the scorer decides them, scorer_n, scorer_won, scorer_share. Shares are NaN below ENOUGH."""
    pairs = found.pairs.assign(difference=found.differences[scorer])
    decided = pairs[(pairs["preferred"] != "") & _of_two_models(pairs)]
    sides = [
        pd.DataFrame(
            {
                "prompt_id": decided["prompt_id"],
                "model": decided[f"{side}_model"],
                "won": decided["preferred"] == side,
                "scored": decided["difference"].notna() & (decided["difference"] != 0),
                "scorer_won": sign * decided["difference"] > 0,
            }
        )
        for side, sign in zip(SIDES, (1, -1), strict=True)
    ]
    rows = []
    for model, each in pd.concat(sides).groupby("model"):
        scored = each[each["scored"]]
        people, scorers = (
            share_of(some[name].to_numpy(dtype=bool), some["prompt_id"].to_numpy(dtype=np.int64))
            for some, name in ((each, "won"), (scored, "scorer_won"))
        )
        own = (people.n, people.yes, people.share, people.low, people.high)
        rows.append((model, *own, scorers.n, scorers.yes, scorers.share))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["n", "model"], ascending=[False, True], ignore_index=True)


def same_model(found: Answered) -> tuple[int, int]:
    """In how many pairs both texts are of one model; in how many a text's model is not known, or is one of several."""
    pairs = found.pairs
    same = (pairs["first_model"] == pairs["second_model"]) & pairs["first_model"].notna()
    return int(same.sum()), int((pairs["first_model"].isna() | pairs["second_model"].isna()).sum())


def _of_two_models(pairs: pd.DataFrame) -> "pd.Series[bool]":
    known = pairs["first_model"].notna() & pairs["second_model"].notna()
    return known & (pairs["first_model"] != pairs["second_model"])
