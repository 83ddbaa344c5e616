"""One prompt: 5 candidates whose ranks are worked by hand."""

import math
from collections.abc import Callable

import pandas as pd
import pytest

from data_access.dataset import Dataset
from data_access.questions import prompt as prompts

ROWS = [
    {
        "prompt": "Name a prime.",
        "rewardbench_chosen": "Two.",
        "rewardbench_rejected": "Nine.",
        "candidates": [
            ("ant", "Two.", 3.0),
            ("bee", "Three.", 1.0),
            ("cow", "Four.", 1.0),
            ("ant", "Two.", 2.0),
            ("bee", "Five.", None),
        ],
    }
]


def test_ranks_gaps_and_percentiles_use_the_scored_candidates_and_mid_ranks(opened: Callable[..., Dataset]) -> None:
    found = prompts.prompt(opened(ROWS), "reward", 1)
    assert found is not None
    got = found.candidates[["candidate", "reward", "centred", "gap", "rank", "place", "tied", "percentile"]]
    expected = pd.DataFrame(
        # n = 4, mean = 7/4; candidates 2 and 3 share ranks 3 and 4
        [
            (1, 3.0, 1.25, 0.0, 1.0, 1.0, 1, 100.0),
            (4, 2.0, 0.25, 1.0, 2.0, 2.0, 1, 200 / 3),
            (2, 1.0, -0.75, 2.0, 3.5, 3.0, 2, 50 / 3),
            (3, 1.0, -0.75, 2.0, 3.5, 3.0, 2, 50 / 3),
            (5, math.nan, math.nan, math.nan, math.nan, math.nan, 1, math.nan),
        ],
        columns=got.columns,
    )
    pd.testing.assert_frame_equal(got, expected, check_dtype=False)


def test_the_pair_has_the_rewards_of_the_candidates_with_its_text_and_no_others(opened: Callable[..., Dataset]) -> None:
    found = prompts.prompt(opened(ROWS), "reward", 1)
    assert found is not None
    chosen, rejected = found.pair
    assert chosen == prompts.PairSide("chosen", "Two.", None, "exact", (1, 4), 2.0, 3.0)
    assert rejected == prompts.PairSide("rejected", "Nine.", None, None, (), None, None)


@pytest.mark.parametrize(("place", "tied", "label"), [(1.0, 1, "1"), (3.0, 2, "3="), (math.nan, 1, "–")])
def test_a_rank_says_when_it_is_shared(place: float, tied: int, label: str) -> None:
    assert prompts.rank_label(place, tied) == label
