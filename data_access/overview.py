"""What is in a dataset: counts, how rewards spread, and what stands out."""

from typing import Any, NamedTuple

import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.filters import PromptFilter
from data_access.frames import records
from data_access.rewardbench import in_order

ENOUGH = 10  # prompts: of fewer a median says little
WIDER = 1.1  # how much more than the median a subset's spread must be to be worth a sentence


class Finding(NamedTuple):
    """A sentence about the dataset, and the prompts that it speaks of."""

    sentence: str
    prompts: PromptFilter


def counts(dataset: Dataset, scorer: str) -> dict[str, Any]:
    """The one row of `sql/overview.sql`, column -> value."""
    return records(read(dataset, "overview", scorer=scorer))[0]


def subsets(dataset: Dataset, scorer: str, by: str = "subset") -> pd.DataFrame:
    """One row a subset, or `by` 'section' a section: section, subset (its name), prompts, scored, p5 … p95 of centred
    reward, median_spread.

    RewardBench's subsets in its order, others after them in the source's order.
    """
    return in_order(read(dataset, "subsets", scorer=scorer, by=by))


def spread_histogram(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """30 bins of the standard deviation of a prompt's rewards: low, high, n prompts."""
    return read(dataset, "spread_histogram", scorer=scorer)


def findings(counts: dict[str, Any], subsets: pd.DataFrame) -> list[Finding]:
    """At most six sentences on what a reader should know before trusting these rewards, each with its n."""
    said: list[Finding] = []
    if counts["prompts_with_length_correlation"]:
        said.append(
            Finding(
                f"Reward and length in characters have a mean rank correlation of {counts['mean_length_correlation']:+.2f} "
                f"within a prompt (Spearman, over {counts['prompts_with_length_correlation']:,} prompts).",
                PromptFilter(sort="length", descending=True),
            )
        )
    widest = subsets[subsets["prompts"] >= ENOUGH].dropna(subset="median_spread").nlargest(1, "median_spread")
    if len(widest) and widest["median_spread"].iloc[0] > WIDER * counts["median_spread"]:
        top = widest.iloc[0]
        said.append(
            Finding(
                f"Rewards differ most within the prompts of {top['subset']}: a median standard deviation of "
                f"{top['median_spread']:.2f} over its {top['prompts']:,} prompts, against {counts['median_spread']:.2f} "
                f"over all {counts['prompts_with_spread']:,}.",
                PromptFilter(subset=(top["subset"],), sort="spread", descending=True),
            )
        )
    n = f"of {counts['prompts']:,} prompts"
    if many := counts["prompts_with_unequal_same_text"]:
        said.append(
            Finding(
                f"In {many:,} {n} the same text got different rewards, up to {counts['largest_same_text_spread']:.2f} apart: "
                "that is this scorer's noise.",
                PromptFilter(flag=("unequal_same_text",)),
            )
        )
    elif many := counts["prompts_with_same_text"]:
        said.append(
            Finding(f"In {many:,} {n} several candidates have the same text.", PromptFilter(flag=("same_text",)))
        )
    if many := counts["prompts_with_tied_best"]:
        said.append(
            Finding(f"In {many:,} {n} several candidates share the best reward.", PromptFilter(flag=("tied_best",)))
        )
    if many := counts["prompts_with_unscored"]:
        missing = counts["candidates"] - counts["scored"]
        said.append(
            Finding(
                f"{missing:,} of {counts['candidates']:,} candidates, in {many:,} {n}, have no reward; they are left out "
                "of every statistic.",
                PromptFilter(flag=("unscored",)),
            )
        )
    if pairs := counts["prompts_with_pair"]:
        said.append(
            Finding(
                f"RewardBench's chosen text is among the candidates of {counts['prompts_with_chosen_found']:,}, its rejected "
                f"text of {counts['prompts_with_rejected_found']:,}, and both of {counts['prompts_with_both_found']:,} of the "
                f"{pairs:,} prompts with a pair; only those matches have a reward.",
                PromptFilter(flag=("pair",)),
            )
        )
    return said[:6]
