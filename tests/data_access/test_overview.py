"""What is in a dataset: the 5 prompts of `test_prompts`, counted by hand, and the sentences on what stands out."""

import math
from collections.abc import Callable

import pandas as pd
import pytest

from data_access import overview
from data_access.dataset import Dataset
from data_access.filters import PromptFilter
from data_access.overview import Finding
from tests.data_access.test_prompts import ROWS

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
        "prompts_with_same_text": 2,
        "prompts_with_unequal_same_text": 1,
        "largest_same_text_spread": 3.0,
        "prompts_with_tied_best": 1,
        "prompts_with_cut_off": 1,
        "prompts_with_template_tokens": 1,
        "prompts_with_empty": 1,
        "prompts_with_pair": 3,
        "prompts_with_chosen_found": 2,
        "prompts_with_rejected_found": 2,
        "prompts_with_both_found": 1,
    }


def test_findings_say_what_stands_out_with_its_n_and_lead_to_the_prompts(opened: Open) -> None:
    dataset = opened(ROWS)
    assert overview.findings(overview.counts(dataset, "reward"), overview.subsets(dataset, "reward")) == [
        Finding(
            "Reward and length in characters have a mean rank correlation of -0.18 within a prompt "
            "(Spearman, over 2 prompts).",
            PromptFilter(sort="length", descending=True),
        ),
        Finding(
            "In 1 of 5 prompts the same text got different rewards, up to 3.00 apart: that is this scorer's noise.",
            PromptFilter(flag=("unequal_same_text",)),
        ),
        Finding("In 1 of 5 prompts several candidates share the best reward.", PromptFilter(flag=("tied_best",))),
        Finding(
            "3 of 12 candidates, in 2 of 5 prompts, have no reward; they are left out of every statistic.",
            PromptFilter(flag=("unscored",)),
        ),
        Finding(
            "RewardBench's chosen text is among the candidates of 2, its rejected text of 2, and both of 1 of the 3 "
            "prompts with a pair; only those matches have a reward.",
            PromptFilter(flag=("pair",)),
        ),
    ]


def test_same_texts_with_equal_rewards_are_no_noise(opened: Open) -> None:
    dataset = opened([ROWS[1]])
    said = overview.findings(overview.counts(dataset, "reward"), overview.subsets(dataset, "reward"))
    assert said[0] == Finding(
        "In 1 of 1 prompts several candidates have the same text.", PromptFilter(flag=("same_text",))
    )


def test_a_dataset_in_which_nothing_stands_out_has_no_findings(opened: Open) -> None:
    dataset = opened([{"prompt": "?", "subset": "own", "candidates": [("ant", "a", 1.0), ("ant", "b", 2.0)]}])
    assert overview.findings(overview.counts(dataset, "reward"), overview.subsets(dataset, "reward")) == []


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


def test_a_subset_is_named_for_its_spread_only_with_enough_prompts(opened: Open) -> None:
    counts = {**overview.counts(opened(ROWS), "reward"), "median_spread": 1.0, "prompts_with_spread": 40}
    wide = pd.DataFrame(
        {"section": ["", ""], "subset": ["own", "few"], "prompts": [10, 9], "median_spread": [1.5, 9.0]}
    )
    said = [finding.sentence for finding in overview.findings(counts, wide)]
    assert (
        "Rewards differ most within the prompts of own: a median standard deviation of 1.50 over its 10 prompts, "
        "against 1.00 over all 40." in said
    )
    narrow = wide.assign(median_spread=[1.05, 9.0])
    assert not any("differ most" in finding.sentence for finding in overview.findings(counts, narrow))
