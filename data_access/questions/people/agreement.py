"""How often people and a scorer prefer the same text, and how often people prefer the longer one.

The unit is a pair, and what most of its people prefer: answers of several people to one pair are not independent. Where they
tie, or the scorer does, the pair is counted apart. Intervals as in `shares`.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_access.questions.people.answered import Answered
from data_access.questions.people.shares import share_of


class Counts(NamedTuple):
    """How much people have answered; `decided`: answers that prefer one of the two, of `answers`."""

    answers: int
    decided: int
    people: int
    pairs: int
    prompts: int


def counts(found: Answered) -> Counts:
    """How many answers, people, pairs and prompts there are."""
    answers = found.answers
    decided = int(answers["answer"].isin(["first", "second"]).sum())
    return Counts(
        len(answers), decided, answers["person"].nunique(), len(found.pairs), found.pairs["prompt_id"].nunique()
    )


def agreement(found: Answered) -> pd.DataFrame:
    """One row per scorer: scorer; n, the pairs that both decide; agree, in how many of these they prefer the same text; share,
    low, high (NaN where n is below ENOUGH); people_tied, pairs on which people tie; scorer_tied, pairs that only the scorer
    ties; not_scored, pairs without both rewards. And on the same n pairs always preferring the longer text: length_n, those
    whose lengths differ, length_agree, length_share, length_low, length_high.
    """
    pairs = found.pairs
    people = pairs["preferred"].map({"first": 1, "second": -1, "": 0}).to_numpy(dtype=int)
    longer = np.sign((pairs["first_chars"] - pairs["second_chars"]).to_numpy(dtype=int))
    prompts = pairs["prompt_id"].to_numpy(dtype=np.int64)
    rows = []
    for scorer, differences in found.differences.items():
        scored = differences.notna().to_numpy()
        says = np.sign(differences.fillna(0.0).to_numpy()).astype(int)
        decided = (people != 0) & (says != 0)
        differ = decided & (longer != 0)
        rows.append(
            {
                "scorer": scorer,
                **_share("", people[decided] == says[decided], prompts[decided]),
                "people_tied": int((scored & (people == 0)).sum()),
                "scorer_tied": int((scored & (people != 0) & (says == 0)).sum()),
                "not_scored": int((~scored).sum()),
                **_share("length_", people[differ] == longer[differ], prompts[differ]),
            }
        )
    return pd.DataFrame(rows)


def _share(name: str, agrees: npt.NDArray[np.bool_], prompts: npt.NDArray[np.int64]) -> dict[str, float]:
    n, _, agree, share, low, high = share_of(agrees, prompts)
    return {f"{name}n": n, f"{name}agree": agree, f"{name}share": share, f"{name}low": low, f"{name}high": high}
