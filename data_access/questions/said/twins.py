"""What is said of twins, nearly the same texts of a prompt."""

import math

import pandas as pd

from data_access.derived import changes
from data_access.frames import records
from data_access.plurals import things
from data_access.questions.twins import IDENTICAL, ROUNDS, Twins

CHANGES = {kind.key: kind.label for kind in changes.CHANGES}
NOTHING = "No two scored candidates of a prompt have nearly the same text. Choose another change or subset."
NOTES = (
    "Observational. Twins: two candidates of a prompt with nearly the same text: 90 % or more of their "
    "characters are the same. Of what is observed this is nearest to an experiment, but it is none: nothing was "
    "randomised, different models wrote them, a change may correct a mistake, and in a short answer "
    "one word can be the answer.",
    "In brackets: prompts. Mean over prompts, each prompt's pairs first, of with − without a heading, list "
    "items, markup or words; other changes have no direction. To judge by: identical texts, and any two "
    "candidates of these prompts. A text that several candidates have has the mean of their rewards. Noise "
    f"limit: 1.96 · √2 · sd of the rewards of identical texts of all prompts (ISO 5725-6). Intervals: 95 %, "
    f"{ROUNDS:,} resamples of the prompts; none where there are fewer than ten.",
)


def counted(found: Twins, kinds: pd.DataFrame) -> list[str]:
    """How many there are, and what identical texts differ by; `kinds` as from `by_change`."""
    said = [f"{things(found.total, 'pair')} in {things(found.prompts, 'prompt')}"]
    for same in records(kinds[kinds["change"] == IDENTICAL]):
        said.append(f"identical texts ({same['pairs']:,} pairs) differ by {same['size']:.2g} on average")
    if math.isfinite(found.limit):
        said.append(f"noise limit {found.limit:.2f}")
    return said


def seen(kinds: pd.DataFrame, unit: str) -> str:
    said = []
    for row in records(kinds[kinds["change"].isin(CHANGES)]):
        value = f"{row['mean']:+.2f}" if row["has_direction"] else f"{row['size']:.2f} ignoring sign"
        said.append(f"{row['label']} {value}")
    return f"Differences of rewards by kind of change, with 95 % intervals. In {unit}: {', '.join(said)}."
