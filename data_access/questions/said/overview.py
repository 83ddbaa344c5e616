"""What the Overview says of a dataset as a whole."""

from typing import Any

import pandas as pd

from data_access.plurals import things

SPREAD_MEANS = "A large spread means that the scorer tells this prompt's candidates apart, not that the prompt is hard."
PARTS_MEAN = (
    "Rewards with each prompt's mean taken off, as only differences within a prompt mean something: the middle half (bar), the "
    "middle 90 % (line) and the median (diamond) of their scored candidates."
)
NO_SPREAD = "No prompt has two scored candidates, so there is no spread to show."
NO_PARTS = "The dataset names no subsets."


def counted(counts: dict[str, Any]) -> list[str]:
    """How many prompts, candidates, scored ones and source models: of `overview.counts`."""
    fewest, most = counts["fewest_candidates"], counts["most_candidates"]
    return [
        things(counts["prompts"], "prompt"),
        f"{things(counts['candidates'], 'candidate')} ({fewest:,}{f' to {most:,}' * (most > fewest)} per prompt)",
        f"{counts['scored'] / max(counts['candidates'], 1):.1%} scored",
        things(counts["models"], "source model"),
    ]


def spread_seen(counts: dict[str, Any]) -> str:
    n, median = counts["prompts_with_spread"], counts["median_spread"]
    return f"Spread of {things(n, 'prompt')}; half of them have less than {median:.2f}"


def spread_note(counts: dict[str, Any]) -> str:
    n, median = counts["prompts_with_spread"], counts["median_spread"]
    return f"{things(n, 'prompt')} with at least two scored candidates; median {median:.2f}"


def parts_seen(parts: pd.DataFrame, by: str) -> str:
    return f"Spread of centred rewards in {things(len(parts), by)}"
