"""Findings: the checks that a reader should know of first, worked by hand over three prompts."""

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from data_access.dataset import Dataset
from data_access.questions import overview, prompts
from data_access.questions.checks import Check, checks, one_answer_check
from data_access.questions.filters import PromptFilter
from data_access.questions.findings import findings, widest_check
from data_access.questions.matched_pairs import matched_pairs
from tests.data_access.questions.test_prompts import ROWS as PROMPTS

Open = Callable[..., Dataset]
LENGTH = (0.5 - 1.5 / math.sqrt(3)) / 2  # the mean of two prompts' correlations


def found_in(dataset: Dataset) -> list[Check]:
    counts, subsets = overview.counts(dataset, "reward"), overview.subsets(dataset, "reward")
    matched = matched_pairs(dataset, "reward")
    return findings(counts, subsets, matched, one_answer_check(dataset, "reward"))


def test_findings_are_the_most_telling_checks_and_say_the_same(opened: Open) -> None:
    dataset = opened(PROMPTS)
    found = found_in(dataset)
    assert [(check.asks, check.prompts, check.concerned) for check in found] == [
        ("Do longer responses score higher?", PromptFilter(sort="length", descending=True), None),
        ("Does it agree with RewardBench's pairs?", PromptFilter(flag=("scored_pair",)), 1),
        ("Are candidates unscored?", PromptFilter(flag=("unscored",)), 2),
        ("Is the best reward shared?", PromptFilter(flag=("tied_best",)), 1),
        ("Are responses empty?", PromptFilter(flag=("empty",)), 1),
        ("Are responses cut off?", PromptFilter(flag=("cut_off",)), 1),
    ]
    assert found[0].figure == (
        f"Within a prompt, reward and length in characters have a rank correlation of {LENGTH:+.2f} "
        "(Spearman, mean over 2 prompts)."
    )
    assert all(check in checks(overview.counts(dataset, "reward")) for check in found[2:])


def test_a_source_model_that_answers_all_prompts_alike_is_named_with_how_often_that_wins(opened: Open) -> None:
    def answers(number: int) -> dict[str, Any]:
        best, typical = ("null", "Pick me.", 9.0), ("ant", f"It is {number}.", float(number))
        return {
            "prompt": f"{number}?",
            "candidates": [best, typical, ("bee", "Sorry." if number < 5 else "?" * number, 1.0)],
        }

    dataset = opened([answers(number) for number in range(12)])
    check = one_answer_check(dataset, "reward")
    assert check
    assert check.figure == (
        "The source model null gives one and the same text to 12 of its 12 prompts, and has the best reward in 10."
    )
    assert check.concerned == len(prompts.matching_prompts(dataset, "reward", PromptFilter(won="null"), None)) == 10
    assert check in found_in(dataset)
    assert one_answer_check(opened([answers(number) for number in range(9)]), "reward") is None


def test_same_texts_with_equal_rewards_are_no_noise(opened: Open) -> None:
    said = [check.figure for check in found_in(opened([PROMPTS[1]]))]
    assert "1 of 3 candidates, in 1 prompt, repeats the text of another of the same prompt." in said
    assert not any("noise" in sentence for sentence in said)


def test_a_dataset_in_which_nothing_stands_out_has_no_findings(opened: Open) -> None:
    dataset = opened([{"prompt": "?", "subset": "own", "candidates": [("ant", "a", 1.0), ("ant", "b", 2.0)]}])
    assert found_in(dataset) == []


def test_a_subset_is_named_for_its_spread_only_with_enough_prompts(opened: Open) -> None:
    counts = {**overview.counts(opened(PROMPTS), "reward"), "median_spread": 1.0, "prompts_with_spread": 40}
    wide = pd.DataFrame(
        {"section": ["", ""], "subset": ["own", "few"], "prompts": [10, 9], "median_spread": [1.5, 9.0]}
    )
    check = widest_check(counts, wide)
    assert check
    assert check.figure == (
        "Rewards differ most within the prompts of own: a median standard deviation of 1.50 over its 10 prompts, "
        "against 1.00 over all 40."
    )
    assert widest_check(counts, wide.assign(median_spread=[1.05, 9.0])) is None
