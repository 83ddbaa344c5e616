"""What a selection of training rows looks like: frames for its charts, each over the rows that are kept."""

import numpy as np
import pandas as pd

from data_access.training_data.rows import Selection

BINS = 30


def margins(taken: Selection) -> pd.DataFrame:
    """30 equal bins of the margin in logits: low, high, n rows. Empty where no row has a margin."""
    found = taken.kept["margin"].dropna().to_numpy(dtype=float)
    counts, edges = np.histogram(found, bins=BINS) if len(found) else (np.zeros(0, int), np.zeros(1))
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": counts})


def lengths(taken: Selection) -> pd.DataFrame:
    """Bins of length in characters, two a doubling, of both sides of pairs: side, low, high, share of that side's texts.

    Both sides have the same bins, from the first that has a text to the one after the last.
    """
    kept = taken.kept
    sides = {
        side: np.floor(2 * np.log2(np.maximum(kept[column].dropna().to_numpy(dtype=float), 1))).astype(int)
        for side, column in (("chosen", "chars"), ("rejected", "chars_second"))
    }
    found = np.concatenate(list(sides.values()))
    bins = np.arange(found.min(), found.max() + 2) if len(found) else np.zeros(0, int)
    parts = [
        {"side": side, "low": 2 ** (k / 2), "high": 2 ** ((k + 1) / 2), "share": float((of_side == k).mean())}
        for side, of_side in sides.items()
        for k in bins
    ]
    return pd.DataFrame(parts, columns=["side", "low", "high", "share"])


def median_lengths(taken: Selection) -> tuple[float, float]:
    """Median length in characters of chosen and of rejected texts."""
    return float(taken.kept["chars"].median()), float(taken.kept["chars_second"].astype(float).median())


def shares(taken: Selection, by: str) -> pd.DataFrame:
    """Rows by 'model' (of the chosen, or only, text) or 'subset', most first: name, n, share."""
    counts = taken.kept[by].fillna("unknown").value_counts()
    return pd.DataFrame(
        {"name": counts.index, "n": counts.to_numpy(), "share": counts.to_numpy() / max(counts.sum(), 1)}
    )
