"""What candidates and rows are left out for."""

from typing import Any

import numpy as np
import pandas as pd

from data_access.questions.filters import Range
from data_access.training_data.strategies import WITHOUT

MISSING: Any = pd.NA
# What a candidate or a row is left out for, in the order in which it is looked at.
REASONS = {
    "unscored": "candidates without a reward",
    "empty": "candidates without a text",
    **{name: f"candidates that {label}" for name, label in WITHOUT.items()},
    "repeat": "candidates that repeat a text of their prompt",
    "same_text": "pairs of one text",
    "tied": "pairs with equal rewards",
    "low_margin": "rows below the least margin",
    "high_margin": "rows above the greatest margin",
    "ratio": "pairs with chosen too much longer",
    "disagree": "pairs that another scorer orders otherwise, or does not score",
    "between": "candidates between the two percentiles",
    "per_model": "rows above the most of one source model",
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
