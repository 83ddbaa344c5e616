"""The pairs where people prefer one text and the scorer the other."""

import math
from collections import defaultdict

import pandas as pd

from data_access.judgements.votes import TIES
from data_access.preparing.joining import ENSEMBLE
from data_access.questions.people.answered import Answered

COLUMNS = ["prompt_id", "people", "scorer", "difference", "implied", "said"]


def disagreements(found: Answered, scorer: str) -> pd.DataFrame:
    """One row per pair where most people prefer another text than the scorer, the surest scorer first: prompt_id; people, the
    text that they prefer, and scorer, the one that the scorer prefers, as Compare's links name a text; difference, the
    scorer's text − the people's, in rewards, above 0; implied, its RM-implied preference σ(difference), NaN for a scorer whose
    values are no logits; said, who said what, where A is the people's text and B the scorer's."""
    rows = []
    by_pair: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for number, person, answer in zip(*(found.answers[name] for name in ("pair", "person", "answer")), strict=True):
        by_pair[number][answer].append(person)
    for number, pair in enumerate(found.pairs.itertuples()):
        difference = float(found.differences[scorer].iloc[number])
        by_scorer = "first" if difference > 0 else "second"
        if not pair.preferred or math.isnan(difference) or difference == 0 or by_scorer == pair.preferred:
            continue
        size = abs(difference)
        implied = math.nan if scorer == ENSEMBLE else 1 / (1 + math.exp(-min(size, 700)))
        texts = (getattr(pair, str(pair.preferred)), getattr(pair, by_scorer))
        said = _said(by_pair[number], {str(pair.preferred): "A", by_scorer: "B"})
        rows.append((pair.prompt_id, *texts, size, implied, said))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["difference", "prompt_id"], ascending=[False, True], ignore_index=True)


def _said(people: dict[str, list[str]], letters: dict[str, str]) -> str:
    """'Ann, Bo: A; Cy: both good'."""
    return "; ".join(
        f"{', '.join(people[answer])}: {letters.get(answer, answer)}"
        for answer in (*letters, *TIES)
        if answer in people
    )
