"""What is in a dataset: the 5 prompts of `test_prompts`, counted by hand."""

import math
from collections.abc import Callable

import pandas as pd
import pytest

from data_access.dataset import Dataset
from data_access.questions import overview
from tests.data_access.questions.test_prompts import ROWS

Open = Callable[..., Dataset]
LENGTH = (0.5 - 1.5 / math.sqrt(3)) / 2  # the mean of two prompts' correlations


def test_a_dataset_is_counted_over_its_prompts_and_candidates(opened: Open) -> None:
    assert overview.counts(opened(ROWS), "reward") == {
        "prompts": 5,
        "candidates": 12,
        "scored": 9,
        "fewest_candidates": 1,
        "most_candidates": 3,
        "subsets": 3,
        "models": 4,
        "prompts_with_spread": 3,
        "median_spread": 0.75,
        "prompts_with_length_correlation": 2,
        "mean_length_correlation": pytest.approx(LENGTH),
        "prompts_with_unscored": 2,
        "repeats_of_a_text": 2,
        "prompts_with_same_text": 2,
        "prompts_with_unequal_same_text": 1,
        "largest_same_text_spread": 3.0,
        "prompts_with_tied_best": 1,
        "tied": 2,
        "prompts_with_tied": 1,
        "outlying": 0,
        "prompts_with_outlying": 0,
        "cut_off": 1,
        "prompts_with_cut_off": 1,
        "template_tokens": 1,
        "prompts_with_template_tokens": 1,
        "empty": 1,
        "prompts_with_empty": 1,
        "refusal": 2,
        "prompts_with_refusal": 1,
        "prompts_with_repeated": 0,
        "prompts_with_both_texts": 3,
        "prompts_with_chosen": 2,
        "prompts_with_rejected": 2,
        "prompts_with_pair": 1,
        "prompts_with_no_pair": 2,
    }


def test_subsets_spread_as_their_candidates_do_around_their_prompts_means(opened: Open) -> None:
    got = overview.subsets(opened(ROWS), "reward")
    expected = pd.DataFrame(
        # Centred rewards: -0.75, 0, 0.75; 0, 0; -3, 0, 3.
        [
            ("Chat", "alpacaeval-easy", 1, 3, -0.675, -0.375, 0.0, 0.375, 0.675, 0.75),
            ("Reasoning", "math-prm", 1, 2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
            ("", "own", 1, 3, -2.7, -1.5, 0.0, 1.5, 2.7, 3.0),
        ],
        columns=["section", "subset", "prompts", "scored", "p5", "p25", "p50", "p75", "p95", "median_spread"],
    )
    pd.testing.assert_frame_equal(got, expected, check_dtype=False)


def test_subsets_come_in_rewardbenchs_order_then_in_the_sources(opened: Open) -> None:
    names = ["zoo", "hep-rust", "apes", "donotanswer", "math-prm", "mt-bench-hard", "zoo", "alpacaeval-length"]
    dataset = opened([{"prompt": "?", "subset": name, "candidates": [("ant", "a", 1.0)]} for name in names])
    assert overview.subsets(dataset, "reward")[["section", "subset", "prompts"]].to_numpy().tolist() == [
        ["Chat", "alpacaeval-length", 1],
        ["Chat Hard", "mt-bench-hard", 1],
        ["Safety", "donotanswer", 1],
        ["Reasoning", "math-prm", 1],
        ["Reasoning", "hep-rust", 1],
        ["", "zoo", 2],
        ["", "apes", 1],
    ]


def test_spreads_are_counted_in_thirty_bins_from_the_least_to_the_most(opened: Open) -> None:
    # Standard deviations 0.75, 0 and 3: bins are 0.1 wide.
    bins = overview.spread_histogram(opened(ROWS), "reward")
    assert len(bins) == 30
    assert bins["low"].tolist() == pytest.approx([number / 10 for number in range(30)])
    assert bins["high"].tolist() == pytest.approx([number / 10 for number in range(1, 31)])
    assert {at: n for at, n in enumerate(bins["n"]) if n} == {0: 1, 7: 1, 29: 1}


def test_equal_spreads_are_one_bin_and_none_are_no_bins(opened: Open) -> None:
    assert overview.spread_histogram(opened([ROWS[0], ROWS[0]]), "reward")["n"].tolist() == [2, *[0] * 29]
    assert overview.spread_histogram(opened([ROWS[4]]), "reward").empty
