"""Which source models people prefer, and whether the scorer prefers them as often in the same comparisons."""

import numpy as np
import pandas as pd

from data_access.questions.matched_pairs import wilson
from data_access.questions.people.judged import ENOUGH, SIDES, Judged

COLUMNS = ["model", "n", "won", "share", "low", "high", "scorer_n", "scorer_won", "scorer_share"]


def by_model(found: Judged, scorer: str) -> pd.DataFrame:
    """One row per source model, the most compared first: model; n, pairs of its text with another model's in which most people
    prefer one; won, in how many of these its own; share with low, high (95 % Wilson, over pairs); and on the same pairs, as far
    as the scorer decides them, scorer_n, scorer_won, scorer_share. Shares are NaN below ENOUGH."""
    pairs = found.pairs.assign(difference=found.differences[scorer])
    decided = pairs[(pairs["preferred"] != "") & _of_two_models(pairs)]
    rows = []
    for side, sign in zip(SIDES, (1, -1), strict=True):
        rows.append(
            pd.DataFrame(
                {
                    "model": decided[f"{side}_model"],
                    "won": decided["preferred"] == side,
                    "scored": decided["difference"].notna() & (decided["difference"] != 0),
                    "scorer_won": sign * decided["difference"] > 0,
                }
            )
        )
    each = pd.concat(rows).groupby("model")
    table = pd.DataFrame(
        {
            "n": each.size(),
            "won": each["won"].sum(),
            "scorer_n": each["scored"].sum(),
            "scorer_won": each["scorer_won"].sum(),
        }
    ).reset_index()
    table["share"] = (table["won"] / table["n"]).where(table["n"] >= ENOUGH)
    table["scorer_share"] = (table["scorer_won"] / table["scorer_n"]).where(table["scorer_n"] >= ENOUGH)
    ends = [
        wilson(won, n) if n >= ENOUGH else (np.nan, np.nan) for won, n in zip(table["won"], table["n"], strict=True)
    ]
    table["low"], table["high"] = (pd.Series([end[at] for end in ends], dtype=float) for at in (0, 1))
    return table.sort_values(["n", "model"], ascending=[False, True], ignore_index=True)[COLUMNS]


def same_model(found: Judged) -> tuple[int, int]:
    """In how many pairs both texts are of one model; in how many a text's model is not known, or is one of several."""
    pairs = found.pairs
    same = (pairs["first_model"] == pairs["second_model"]) & pairs["first_model"].notna()
    return int(same.sum()), int((pairs["first_model"].isna() | pairs["second_model"].isna()).sum())


def _of_two_models(pairs: pd.DataFrame) -> "pd.Series[bool]":
    known = pairs["first_model"].notna() & pairs["second_model"].notna()
    return known & (pairs["first_model"] != pairs["second_model"])
