"""The list of prompts: 5 prompts, worked by hand, of which each filter keeps some and each sort makes an order."""

import math
import statistics
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from data_access.dataset import Dataset
from data_access.questions import overview, prompts
from data_access.questions.filters import FLAGS, SORTS, Choices, PromptFilter, Range

REFUSAL = "I cannot help with that."
ROWS: list[dict[str, Any]] = [
    {  # mean 2, sd 0.75; reward and length order the three as 3 1 2 and 2 1 3: a correlation of 0.5
        "prompt": "Name a fish.\nOnly one.",
        "subset": "alpacaeval-easy",
        "rewardbench_chosen": "Cod",
        "rewardbench_rejected": "Ox",
        "candidates": [("ant", "Cod", 2.75), ("bee", "Ox", 1.25), ("cow", "Trout", 2.0)],
    },
    {  # sd 0, a tie for best, one text twice with the same reward, one text empty and not scored
        "prompt": "Add 1 and 1.",
        "subset": "math-prm",
        "rewardbench_chosen": "2",
        "rewardbench_rejected": "11",
        "candidates": [("ant", "2", 1.0), ("bee", "2", 1.0), ("ant", "", None)],
    },
    {  # mean 5, sd 3; one text twice, rewarded 2 and 5; length and reward: 2.5 2.5 1 and 1 2 3, so -1.5 / √3
        "prompt": "Tell me a secret.",
        "subset": "own",
        "rewardbench_chosen": "Never.",
        "rewardbench_rejected": "Yes.",
        "candidates": [("dog", REFUSAL, 2.0), ("dog", REFUSAL, 5.0), ("dog", "Yes.", 8.0)],
    },
    {  # nothing scored; no pair; a code fence that stays open
        "prompt": "Write code.",
        "candidates": [("cow", "So:\n```\nx = 1", None), (None, "x = 1<|im_end|>", None)],
    },
    {  # one candidate scored: a best, but no spread and no second
        "prompt": "Say hi.",
        "candidates": [(None, "Hi.", 4.0)],
    },
]
ALL = [1, 2, 3, 4, 5]
Open = Callable[..., Dataset]


def kept(dataset: Dataset, filters: Iterable[PromptFilter], found: list[int] | None = None) -> list[list[int]]:
    return [prompts.matching_prompts(dataset, "reward", chosen, found) for chosen in filters]


def test_the_choices_are_what_the_dataset_has_in_its_order_and_models_by_name(opened: Open) -> None:
    assert prompts.choices(opened(ROWS), "reward") == Choices(
        section=("Chat", "Reasoning"), subset=("alpacaeval-easy", "math-prm", "own"), model=("ant", "bee", "cow", "dog")
    )


def test_each_flag_keeps_the_prompts_that_it_speaks_of(opened: Open) -> None:
    dataset = opened(ROWS)
    assert dict(zip(FLAGS, kept(dataset, (PromptFilter(flag=(flag,)) for flag in FLAGS)), strict=True)) == {
        "unscored": [2, 4],
        "same_text": [2, 3],
        "unequal_same_text": [3],
        "tied_best": [2],
        "tied": [2],
        "empty": [2],
        "cut_off": [4],
        "refusal": [3],
        "template_tokens": [4],
        "chosen": [1, 2],
        "rejected": [1, 3],
        "pair": [1],
        "scored_pair": [1],
        "formatted_best": [],
        "outlying": [],
        "repeated": [],
        "no_pair": [4, 5],
    }


def test_each_field_keeps_the_prompts_that_have_one_of_its_values(opened: Open) -> None:
    expected = {
        PromptFilter(): ALL,
        PromptFilter(section=("Chat",)): [1],
        PromptFilter(section=("Reasoning", "Chat")): [1, 2],
        PromptFilter(subset=("own",)): [3],
        PromptFilter(subset=("own", "math-prm")): [2, 3],
        PromptFilter(model=("bee",)): [1, 2],
        PromptFilter(model=("cow",)): [1, 4],  # not scored, but there
        PromptFilter(model=("cow", "dog")): [1, 3, 4],
        PromptFilter(flag=("same_text", "tied_best")): [2],  # every flag narrows
        PromptFilter(flag=("pair", "no_pair")): [],
        PromptFilter(model=("bee",), section=("Reasoning",)): [2],  # as does every field
    }
    assert dict(zip(expected, kept(opened(ROWS), expected), strict=True)) == expected


def test_a_source_model_wins_and_loses_the_prompts_where_it_has_the_best_and_the_worst_reward(opened: Open) -> None:
    expected = {
        PromptFilter(won="ant"): [1, 2],  # the second shared
        PromptFilter(won="bee"): [2],
        PromptFilter(won="cow"): [],  # neither in between nor unscored
        PromptFilter(lost="bee"): [1, 2],
        PromptFilter(lost="ant"): [2],
        PromptFilter(lost="cow"): [],
        PromptFilter(won="dog", lost="dog"): [3],  # where there is no other
        PromptFilter(beat=("ant", "bee")): [1],  # a tie beats nobody
        PromptFilter(beat=("cow", "bee")): [1],
        PromptFilter(beat=("bee", "ant")): [],
        PromptFilter(beat=("dog", "cow")): [],  # they never meet
        PromptFilter(won="ant", lost="bee", beat=("ant", "bee")): [1],
    }
    assert dict(zip(expected, kept(opened(ROWS), expected), strict=True)) == expected


def test_who_beats_whom_is_decided_over_all_pairs_of_their_scored_candidates(opened: Open) -> None:
    ant_has = ([3.0, 1.0], [3.0, 2.5], [9.0, 1.0, 1.5], [None, 2.5], [None, None])
    rows = [
        {"prompt": "?", "candidates": [("bee", "b", 2.0), *[("ant", "a", reward) for reward in rewards]]}
        for rewards in ant_has
    ]
    over, under = PromptFilter(beat=("ant", "bee")), PromptFilter(beat=("bee", "ant"))
    assert kept(opened(rows), (over, under)) == [[2, 4], [3]]  # the first is even, whatever the mean rewards


def test_each_range_includes_its_ends_and_leaves_out_prompts_without_the_number(opened: Open) -> None:
    expected = {
        PromptFilter(spread=Range(0.75, 3)): [1, 3],
        PromptFilter(spread=Range(None, 0.75)): [1, 2],
        PromptFilter(spread=Range(0.76, 2.99)): [],
        PromptFilter(best=Range(None, 2.75)): [1, 2],
        PromptFilter(best=Range(4, None)): [3, 5],
        PromptFilter(gap=Range(0, 0.75)): [1, 2],
        PromptFilter(gap=Range(3, None)): [3],
        PromptFilter(texts=Range(2, 2)): [2, 3, 4],
        PromptFilter(texts=Range(3, None)): [1],
        PromptFilter(texts=Range(None, 1), best=Range(-100, 100)): [5],
    }
    assert dict(zip(expected, kept(opened(ROWS), expected), strict=True)) == expected


def test_of_what_the_text_search_found_the_filter_keeps_its_part(opened: Open) -> None:
    dataset = opened(ROWS)
    both = PromptFilter(), PromptFilter(model=("bee",), sort="id", descending=True)
    assert kept(dataset, both, [1, 2, 5]) == [[1, 2, 5], [2, 1]]
    assert kept(dataset, both, []) == [[], []]


def test_each_sort_orders_all_prompts_equal_ones_by_number_and_those_without_the_value_last(opened: Open) -> None:
    sorts = [sort for sort in SORTS if sort != "attribute"]
    up = (PromptFilter(sort=sort) for sort in sorts)
    down = (PromptFilter(sort=sort, descending=True) for sort in sorts)
    dataset = opened(ROWS)
    assert dict(zip(sorts, zip(kept(dataset, up), kept(dataset, down), strict=True), strict=True)) == {
        "id": ([1, 2, 3, 4, 5], [5, 4, 3, 2, 1]),
        "spread": ([2, 1, 3, 4, 5], [3, 1, 2, 4, 5]),  # 0.75, 0, 3, –, –
        "gap": ([2, 1, 3, 4, 5], [3, 1, 2, 4, 5]),  # 0.75, 0, 3, –, –
        "lead": ([2, 5, 1, 3, 4], [3, 1, 2, 5, 4]),  # 0.75, 0, 3, –, 0
        "texts": ([5, 2, 3, 4, 1], [1, 2, 3, 4, 5]),  # 3, 2, 2, 2, 1
        "scored": ([4, 5, 2, 1, 3], [1, 3, 2, 5, 4]),  # 3, 2, 3, 0, 1
        "length": ([3, 1, 2, 4, 5], [1, 3, 2, 4, 5]),  # 0.5, –, -0.87, –, –
    }


def test_the_rows_of_the_list_come_in_the_order_asked_for_with_their_numbers(opened: Open) -> None:
    rows = prompts.prompt_rows(opened(ROWS), "reward", [3, 1, 4])
    assert rows["prompt_id"].tolist() == [3, 1, 4]
    assert rows["section"].isna().tolist() == [True, False, True]
    numbers = ["best", "lead", "spread", "gap", "scored", "candidates", "texts", "length_correlation"]
    assert rows[numbers].iloc[0].tolist() == pytest.approx([8.0, 3.0, 3.0, 3.0, 3, 3, 2, -1.5 / math.sqrt(3)])
    assert rows[numbers].iloc[1].tolist() == pytest.approx([2.75, 0.75, 0.75, 0.75, 3, 3, 3, 0.5])
    nothing = [math.nan] * 4
    assert rows[numbers].iloc[2].tolist() == pytest.approx([*nothing, 0, 2, 2, math.nan], nan_ok=True)
    assert [list(rows["chosen_candidates"][at]) for at in (1,)] == [[1]]
    assert [list(rows["rejected_candidates"][at]) for at in (0, 1)] == [[3], [2]]


def bins(**counts: int) -> list[int]:
    """15 bins, empty but for those named: bins(at_7=2)."""
    return [counts.get(f"at_{number}", 0) for number in range(15)]


def test_the_distribution_in_a_row_bins_centred_rewards_alike_for_every_prompt(opened: Open) -> None:
    # The largest centred rewards are ±3, so the 15 bins are 0.4 wide: 0 is in the 8th, ±0.75 in the 6th and 10th.
    rows = prompts.prompt_rows(opened(ROWS), "reward", ALL)
    drawn = [None if number == 4 else list(rewards) for number, rewards in zip(ALL, rows["rewards"], strict=True)]
    assert drawn == [
        bins(at_5=1, at_7=1, at_9=1),
        bins(at_7=2),
        bins(at_0=1, at_7=1, at_14=1),
        None,
        bins(at_7=1),
    ]
    assert rows["rewards"].isna().tolist() == [False, False, False, True, False]


def test_what_is_beyond_the_common_reach_is_drawn_in_the_last_bin_on_its_side(opened: Open) -> None:
    # Centred -6, 3, 3: 99 % of them reach 5.94, and a bin is 0.792 wide.
    rows = [{"prompt": "?", "candidates": [("ant", "a", -9.0), ("ant", "b", 0.0), ("ant", "c", 0.0)]}]
    assert list(prompts.prompt_rows(opened(rows), "reward", [1])["rewards"][0]) == bins(at_0=1, at_11=2)


def test_no_prompt_asked_for_gives_no_row(opened: Open) -> None:
    assert prompts.prompt_rows(opened(ROWS), "reward", []).empty


def test_prompt_figures_are_those_of_prompts_with_two_scored_candidates(opened: Open) -> None:
    rows = prompts.prompt_figures(opened(ROWS), "reward", ALL)
    figures = rows.drop(columns=["prompt", "subset"]).astype(float).round(6)
    assert figures.fillna(-9).to_numpy().tolist() == [
        [1, 0.75, 0.75, 0.75, 0.5, 3],
        [2, 0, 0, 0, -9, 2],
        [3, 3, 3, 3, round(-1.5 / math.sqrt(3), 6), 2],
    ]
    assert rows["prompt"][0] == "Name a fish.\nOnly one."


def test_ranges_of_lead_and_length_correlation_keep_what_lies_within(opened: Open) -> None:
    chosen = [PromptFilter(lead=Range(0.5, 1)), PromptFilter(length=Range(None, -0.1)), PromptFilter(length=Range(0.5))]
    assert kept(opened(ROWS), chosen) == [[1], [3], [1]]


def test_the_counts_of_the_overview_are_of_the_prompts_that_each_flag_keeps(opened: Open) -> None:
    dataset = opened(ROWS)
    counts = overview.counts(dataset, "reward")
    counted = {flag: counts[f"prompts_with_{flag}"] for flag in FLAGS if f"prompts_with_{flag}" in counts}
    assert counted == {flag: len(kept(dataset, [PromptFilter(flag=(flag,))])[0]) for flag in counted}
    assert set(FLAGS) - set(counted) == {"scored_pair", "formatted_best"}  # these need every candidate


def test_a_filter_by_an_attribute_keeps_prompts_whose_scored_candidates_differ_in_it_in_the_order_of_its_correlation(
    opened: Open,
) -> None:
    bold = ["**a**", "**a** **b**", "a"]
    dataset = opened(
        [
            {"prompt": "up", "candidates": list(zip("mmm", bold, [2.0, 4.0, 0.0], strict=True))},
            {"prompt": "down", "candidates": list(zip("mmm", bold, [0.0, -9.0, 9.0], strict=True))},
            {"prompt": "same", "candidates": [("m", "**a**", 1.0), ("m", "**b**", 2.0), ("m", "b", None)]},
            {"prompt": "tied", "candidates": list(zip("mmm", bold, [1.0, 1.0, 1.0], strict=True))},
        ]
    )
    by_bold = PromptFilter(attribute="bold", sort="attribute", descending=True)
    assert kept(dataset, [by_bold, replace(by_bold, descending=False)]) == [[1, 2, 4], [2, 1, 4]]
    assert kept(dataset, [PromptFilter(attribute="emoji")]) == [[]]
    rows = prompts.attribute_by_prompt(dataset, "reward", "bold", [2, 3, 1, 4])
    # ln 2, ln 3, ln 1 against 2, 4, 0.
    x = [math.log(2), math.log(3), 0.0]
    r = statistics.correlation(x, [2.0, 4.0, 0.0])
    assert rows["prompt_id"].tolist() == [2, 3, 1, 4]
    assert rows["r"].tolist() == pytest.approx(
        [statistics.correlation(x, [0.0, -9.0, 9.0]), math.nan, r, math.nan], nan_ok=True
    )
    assert rows["having"].fillna(-1).tolist() == [2, -1, 2, 2]
    assert rows["n"].fillna(-1).tolist() == [3, -1, 3, 3]
