"""What candidates and rows are left out for."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from data_access.questions.filters import Range
from data_access.training_data.strategies import HAVING

MISSING: Any = pd.NA


class Reason(NamedTuple):
    """What is left out: one of them, and several."""

    one: str
    several: str


# What a candidate or a row is left out for, in the order in which it is looked at.
REASONS = {
    "unscored": Reason("candidate without a reward", "candidates without a reward"),
    "empty": Reason("candidate without a text", "candidates without a text"),
    "cut_off": Reason("candidate that looks cut off", "candidates that look cut off"),
    "template_tokens": Reason("candidate that has chat-template tokens", "candidates that have chat-template tokens"),
    "refusal": Reason("candidate that opens with a refusal", "candidates that open with a refusal"),
    **{key: Reason(f"candidate with {having}", f"candidates with {having}") for key, having in HAVING.items()},
    "repeat": Reason("candidate that repeats a text of its prompt", "candidates that repeat a text of their prompt"),
    "same_text": Reason("pair of one text", "pairs of one text"),
    "tied": Reason("pair with equal rewards", "pairs with equal rewards"),
    "left_out": Reason("pair with a text that is left out", "pairs with a text that is left out"),
    "people_tied": Reason("pair on which people tie", "pairs on which people tie"),
    "low_margin": Reason("row below the least margin", "rows below the least margin"),
    "high_margin": Reason("row above the greatest margin", "rows above the greatest margin"),
    "ratio": Reason("pair with chosen too much longer", "pairs with chosen too much longer"),
    "disagree": Reason(
        "pair that another scorer orders otherwise, or does not score",
        "pairs that another scorer orders otherwise, or does not score",
    ),
    "other_text": Reason(
        "row whose formatted text does not contain the response: the reward is for another text",
        "rows whose formatted texts do not contain the response: the reward is for another text",
    ),
    "between": Reason("candidate between the two percentiles", "candidates between the two percentiles"),
    "per_model": Reason("row above the most of one source model", "rows above the most of one source model"),
    "balance": Reason(
        "pair that would unbalance chosen and rejected", "pairs that would unbalance chosen and rejected"
    ),
}


def outside(margin: "pd.Series[float]", bounds: Range) -> "dict[str, pd.Series[bool]]":
    """Reason -> which rows have a margin outside of these bounds."""
    low, high = bounds
    return {
        "low_margin": margin < (-np.inf if low is None else low),
        "high_margin": margin > (np.inf if high is None else high),
    }


def first_reason(rows: pd.DataFrame, reasons: "dict[str, pd.Series[bool]]") -> "pd.Series[str]":
    """For each row the first of the reasons that applies to it, NA where none does."""
    dropped_for = pd.Series(pd.NA, rows.index, dtype="object")
    for name, applies in reasons.items():
        dropped_for = dropped_for.mask(dropped_for.isna() & applies.fillna(False).astype(bool), name)
    return dropped_for


def counted(dropped_for: "pd.Series[str]") -> dict[str, int]:
    """Reason -> how often it is among these, in the order of REASONS."""
    counts = dropped_for.value_counts()
    return {name: int(counts[name]) for name in REASONS if name in counts}
