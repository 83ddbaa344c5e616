"""The few checks that a reader should know of before trusting a scorer's rewards."""

from typing import Any

import pandas as pd

from data_access.plurals import things
from data_access.questions.checks import ENOUGH, Check, checks, length_check, matched_check, noise_check
from data_access.questions.filters import PromptFilter
from data_access.questions.matched_pairs import MatchedPairs

WIDER = 1.1  # how much more than the median a subset's spread must be to be worth a sentence
FINDINGS = 6


def findings(
    counts: dict[str, Any], subsets: pd.DataFrame, matched: MatchedPairs | None, one_answer: Check | None
) -> list[Check]:
    """At most six checks that a reader should know of before trusting these rewards: length, the pair, a model that wins with
    one answer and what spreads most first, then what concerns most prompts. `subsets` as from `overview.subsets`."""
    repeated, _, *counted = checks(counts)
    noise = noise_check(counts)
    counted.append(noise if noise.concerned else repeated)
    counted.sort(key=lambda check: -(check.concerned or 0))
    first = [length_check(counts), matched_check(matched), one_answer, widest_check(counts, subsets)]
    return [check for check in (*first, *counted) if check and check.concerned != 0][:FINDINGS]


def widest_check(counts: dict[str, Any], subsets: pd.DataFrame) -> Check | None:
    """Which subset's rewards differ most within a prompt, if that is more than elsewhere."""
    widest = subsets[subsets["prompts"] >= ENOUGH].dropna(subset="median_spread").nlargest(1, "median_spread")
    if widest.empty or widest["median_spread"].iloc[0] <= WIDER * counts["median_spread"]:
        return None
    top = widest.iloc[0]
    return Check(
        "Where do rewards differ most?",
        f"Rewards differ most within the prompts of {top['subset']}: a median standard deviation of "
        f"{top['median_spread']:.2f} over its {things(top['prompts'], 'prompt')}, against {counts['median_spread']:.2f} "
        f"over all {counts['prompts_with_spread']:,}.",
        PromptFilter(subset=(top["subset"],), sort="spread", descending=True),
        int(top["prompts"]),
    )
