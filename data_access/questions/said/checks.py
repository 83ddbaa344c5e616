"""What Checks says of a scorer's noise and of RewardBench's pairs."""

from typing import Any

import pandas as pd

from data_access.plurals import things
from data_access.questions.matched_pairs import MatchedPairs

NO_SAME_TEXTS = "No two scored candidates of a prompt have the same text."
NO_MATCHED = "No prompt has both texts of its pair among its scored candidates."


def noise_seen(noise: pd.DataFrame) -> str:
    return f"Noise of the scorer: standard deviation {noise['sd'].iloc[0]:.2f}"


def noise_note(noise: pd.DataFrame) -> str:
    first = noise.iloc[0]
    return (
        f"{things(int(first['rewards']), 'candidate')} with {things(int(first['texts']), 'text')} that several candidates "
        f"of a prompt have: their rewards differ with a standard deviation of {first['sd']:.2f}. That is this scorer's noise."
    )


def pairs_coverage(counts: dict[str, Any]) -> str:
    """How many of the pairs' texts are candidates; of `overview.counts`."""
    return (
        f"Chosen was found in {counts['prompts_with_chosen']:,} and rejected in {counts['prompts_with_rejected']:,} of "
        f"{things(counts['prompts_with_both_texts'], 'prompt')} with a pair; only those matches have a reward. This is not a "
        "RewardBench score."
    )


def pairs_note(matched: MatchedPairs) -> str:
    return (
        "Several candidates may have a pair's texts: then the majority of their chosen–rejected comparisons decides. Tied: all "
        "these rewards are equal. Split: as many comparisons go one way as the other. Mean percentiles over these prompts: "
        f"chosen {matched.chosen_percentile:.0f}, rejected {matched.rejected_percentile:.0f}."
    )
