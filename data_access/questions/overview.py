"""What is in a dataset: counts, and how rewards spread."""

from typing import Any

import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.frames import records
from data_access.questions import flags
from data_access.rewardbench import in_order


def counts(dataset: Dataset, scorer: str) -> dict[str, Any]:
    """The one row of `sql/overview.sql`, column -> value."""
    return records(read(dataset, "questions/overview", parts={"flags": flags.counts()}, scorer=scorer))[0]


def subsets(dataset: Dataset, scorer: str, by: str = "subset") -> pd.DataFrame:
    """One row per subset, or, `by` 'section', per section: section, subset (its name), prompts, scored, p5 … p95 of centred
    reward, median_spread.

    RewardBench's subsets in its order, others after them in the source's order.
    """
    return in_order(read(dataset, "questions/subsets", scorer=scorer, by=by))


def sections(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """As `subsets`, one row per section."""
    return subsets(dataset, scorer, "section")


def spread_histogram(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """30 bins of the standard deviation of a prompt's rewards: low, high, n prompts."""
    return read(dataset, "questions/spread_histogram", scorer=scorer)
