"""Training rows: which candidates each strategy takes, and why others are dropped, on pools worked by hand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from data_access.database import has_relation
from data_access.dataset import Dataset
from data_access.questions.filters import Range
from data_access.training_data import rows
from data_access.training_data.recipes import Recipe
from data_access.training_data.rows import Selection, selection
from tests.conftest import open_path, wide_table

Open = Callable[..., Dataset]

FEW = {
    "prompt": "Name a prime.",
    "subset": "math-prm",
    "rewardbench_chosen": "Two, of course.",
    "rewardbench_rejected": "Nine.",
    "candidates": [
        ("ant", "Two is a prime number.", 4.0),
        ("bee", "Three.", 2.0),
        ("cow", "Six.", 0.0),
        ("ant", "Nine.", -2.0),
        ("bee", "Not scored.", None),
        ("cow", " ", 9.0),
        ("dog", "Three.", 1.0),
    ],
}
# Mean -0.65, standard deviation 2.39: μ - 2σ is -5.43, nearest to which is the -4 and not the worst.
MANY: dict[str, Any] = {
    "prompt": "Count.",
    "candidates": [
        ("ant", "best", 1.0),
        ("bee", "low", -4.0),
        ("cow", "worst", -10.0),
        *(("dog", f"zero {number}", 0.0) for number in range(17)),
    ],
}

# The highest and the lowest single reward are of “Yes.”, whose mean is -1. The mean of the five scored is 0; their percentiles
# are 100, 75, 0, 50 and 25: 50 for “Yes.”.
NOISY = {
    "prompt": "Is it?",
    "rewardbench_chosen": "It is.",
    "rewardbench_rejected": "It is not.",
    "candidates": [
        ("ant", "Yes.", 6.0),
        ("bee", "No.", 3.0),
        ("cow", "Yes.", -8.0),
        ("dog", "Maybe.", 2.0),
        ("ant", "Yes.", None),
        ("bee", "Never.", -3.0),
    ],
}


MARKED = {
    "prompt": "Name a prime number.",
    "candidates": [
        ("ant", "Two! Let me know if you need more.", 4.0),
        ("bee", "**Three**!", 2.0),
        ("cow", "Five.", 1.0),
        ("dog", "Nine.", 0.0),
        ("ant", "**Ten**.", None),
    ],
}


def taken(dataset: Dataset, strategy: str, **parameters: Any) -> Selection:
    ids = list(range(1, dataset.contents.prompts + 1))
    recipe = Recipe(dataset.name, "reward", **parameters).with_strategy(strategy)
    return selection(dataset, recipe, ids)


def picked(found: Selection) -> list[tuple[Any, ...]]:
    """(prompt, first, second, margin or None) of the rows that are kept."""
    columns = found.kept[["prompt_id", "first", "second", "margin"]].astype(object)
    return list(columns.where(columns.notna(), None).itertuples(index=False, name=None))


def test_the_best_is_paired_with_what_the_strategy_says(opened: Open) -> None:
    dataset = opened([FEW, MANY])
    assert picked(taken(dataset, "max_min")) == [(1, 1, 4, 6.0), (2, 1, 3, 11.0)]
    assert picked(taken(dataset, "max_near")) == [(1, 1, 4, 6.0), (2, 1, 2, 5.0)]
    for _, first, second, margin in picked(taken(dataset, "max_random")):
        assert first == 1
        assert second != 1
        assert margin > 0
    for _, first, second, margin in picked(taken(dataset, "random_random")):
        assert first != second
        assert margin > 0


def test_what_cannot_be_a_row_is_left_out_by_reason(opened: Open) -> None:
    found = taken(opened([FEW]), "max_min")
    assert (found.prompts, found.candidates) == (1, 7)
    assert found.left_out == {
        "unscored": 1,
        "empty": 1,
        "repeat": 1,
    }  # “Three.” is taken once
    assert taken(opened([FEW]), "max_min", repeats=True).left_out == {"unscored": 1, "empty": 1}


def test_candidates_with_an_attribute_are_left_out_and_measured_only_then(opened: Open) -> None:
    dataset = opened([MARKED])
    assert picked(taken(dataset, "max_min", without=("cut_off", "refusal"))) == [(1, 1, 4, 4.0)]
    assert len(taken(dataset, "candidates", without=("offer",)).kept) == 5
    assert not has_relation(dataset, "attributes")
    done: list[float] = []
    recipe = replace(Recipe(dataset.name, "reward").with_strategy("max_min"), without=("offer",))
    assert picked(selection(dataset, recipe, [1], done.append)) == [(1, 2, 4, 2.0)]
    assert done == [0.0]
    found = taken(dataset, "max_min", without=("offer", "exclamations", "bold"))
    assert picked(found) == [(1, 3, 4, 1.0)]
    # The first in the order of reasons: bold, exclamation marks, offer.
    assert found.left_out == {"unscored": 1, "bold": 1, "exclamations": 1}


def two(number: int, chosen: str, rejected: str, model: str = "ant") -> dict[str, Any]:
    """A prompt with two candidates, the first of which is chosen."""
    return {"prompt": f"{number}?", "candidates": [(model, chosen, 1.0), ("bee", rejected, 0.0)]}


def test_as_many_pairs_have_more_of_the_balanced_attribute_in_chosen_as_in_rejected(opened: Open) -> None:
    texts = [("**a**", "b"), ("**c** **a**", "**b**"), ("a", "**b**"), ("**a**", "b"), ("a", "b"), ("**a**", "**b**")]
    dataset = opened([two(number, *pair) for number, pair in enumerate(texts)])
    for attribute in ("bold", "length"):  # the texts with more bold are the longer ones
        found = taken(dataset, "max_min", balance=attribute)
        kept = set(found.kept["prompt_id"])
        assert {3, 5, 6} < kept
        assert len(kept & {1, 2, 4}) == 1
        assert found.dropped == {"balance": 2}
    assert not taken(dataset, "max_min", balance="emoji").dropped  # none has any
    assert not taken(dataset, "top", balance="bold").dropped
    # One of the pairs that other bounds leave has more in chosen, and one in rejected.
    few = taken(dataset, "max_min", balance="length", ratio=3.0)
    assert (few.dropped, set(few.kept["prompt_id"])) == ({"ratio": 2}, {2, 3, 5, 6})
    assert taken(dataset, "max_min", balance="bold", margin=Range(2.0, None)).dropped == {"low_margin": 6}


def test_where_rejected_never_has_more_all_pairs_with_more_in_chosen_go(opened: Open) -> None:
    found = taken(opened([two(1, "**a**", "b"), two(2, "c", "d")]), "max_min", balance="bold")
    assert (found.kept["prompt_id"].tolist(), found.dropped) == ([2], {"balance": 1})


def test_the_balance_is_drawn_and_holds_in_both_files_and_beside_a_bound_on_source_models(opened: Open) -> None:
    # 200 pairs with more bold in chosen, half of them by one source model; 100 with more in rejected.
    pairs = [("**a**", "b", "ant"), ("**a**", "b", "cow"), ("a", "**b**", "ant")]
    dataset = opened([two(number, *pairs[number % 3]) for number in range(300)])

    def balanced(**parameters: Any) -> Selection:
        found = taken(dataset, "max_min", balance="bold", validation=0.3, **parameters)
        has_more = found.kept["prompt_id"] % 3 != 0
        for is_validation in (True, False):
            in_file = has_more[found.kept["is_validation"] == is_validation]
            assert in_file.any()
            assert in_file.sum() == (~in_file).sum()
        return found

    found = balanced()
    assert found.dropped == {"balance": 100}
    by_ant = int((found.kept["prompt_id"] % 3 == 1).sum())
    assert abs(by_ant - 50) < 18  # five standard deviations of 100 of 200
    assert balanced().kept["prompt_id"].tolist() == found.kept["prompt_id"].tolist()
    assert balanced(seed=1).kept["prompt_id"].tolist() != found.kept["prompt_id"].tolist()
    bounded = balanced(per_model=60)
    assert bounded.dropped["per_model"] == 180
    assert bounded.kept["model"].value_counts().max() <= 60


def test_several_pairs_of_a_prompt_share_no_candidate(opened: Open) -> None:
    dataset = opened([FEW])
    pairs = picked(taken(dataset, "max_min", per_prompt=2))
    assert [(chosen in (2, 7), margin) for _, chosen, _, margin in pairs] == [(False, 6.0), (True, 1.5)]
    assert len(picked(taken(dataset, "max_near", per_prompt=9))) == 2  # four candidates make two pairs
    for strategy in ("max_min", "max_near", "max_random", "random_random", "length_penalised"):
        rows = taken(opened([FEW, MANY]), strategy, per_prompt=20).rows
        used = pd.concat(
            [rows[["prompt_id", side]].set_axis(["prompt", "candidate"], axis=1) for side in ("first", "second")]
        )
        assert not used.duplicated().any()


def test_length_can_turn_the_order_round(opened: Open) -> None:
    rows = [
        {"prompt": "?", "candidates": [("ant", "x" * 3000, 5.0), ("bee", "x" * 1000, 4.0), ("cow", "x" * 2000, 1.0)]}
    ]
    # At 1 logit per 1,000 characters: 5 - 3 = 2, 4 - 1 = 3, 1 - 2 = -1.
    assert picked(taken(opened(rows), "length_penalised", penalty=1.0)) == [(1, 2, 3, 4.0)]
    assert picked(taken(opened(rows), "length_penalised", penalty=0.0)) == [(1, 1, 3, 4.0)]


def test_pairs_outside_the_bounds_are_counted_by_reason(opened: Open) -> None:
    dataset = opened([FEW, MANY])
    assert taken(dataset, "max_min", margin=Range(7.0, None)).dropped == {"low_margin": 1}
    assert picked(taken(dataset, "max_min", margin=Range(6.0, 10.9))) == [(1, 1, 4, 6.0)]
    assert taken(dataset, "max_min", margin=Range(6.0, 10.9)).dropped == {"high_margin": 1}
    assert taken(dataset, "max_min", ratio=4.0).dropped == {"ratio": 1}  # 22 against 5 characters; 4 against 5 stays
    assert taken(dataset, "max_min", per_model=1).dropped == {"per_model": 1}  # both are the ant's


def test_equal_rewards_make_no_pair(opened: Open) -> None:
    tie = {"prompt": "?", "candidates": [("ant", "a", 1.0), ("bee", "b", 1.0)]}
    found = taken(opened([tie]), "max_min")
    assert picked(found) == []
    assert found.dropped == {"tied": 1}


def test_reward_bench_texts_make_pairs_without_a_margin(opened: Open) -> None:
    dataset = opened([FEW, MANY])
    assert picked(taken(dataset, "best_rejected")) == [(1, 1, 0, None)]  # the other prompt has no pair
    # The worst candidate is RewardBench's rejected text: it may stand against chosen, …
    assert picked(taken(dataset, "chosen_worst")) == [(1, 0, 4, None)]
    # … but a text makes no pair with itself.
    same = {**FEW, "rewardbench_rejected": "Two is a prime number."}
    found = taken(opened([same]), "best_rejected")
    assert picked(found) == []
    assert found.dropped == {"same_text": 1}
    lengths = taken(dataset, "chosen_worst").kept[["chars", "chars_second"]].to_numpy().tolist()
    assert lengths == [[15, 5]]


def test_the_best_k_and_how_far_above_the_mean(opened: Open) -> None:
    # Mean of the six scored candidates: (4 + 2 + 0 - 2 + 9 + 1) / 6 = 7/3.
    found = taken(opened([FEW]), "top", per_prompt=2)
    assert [candidate in (2, 7) for candidate in found.kept["first"]] == [False, True]  # “Three.” has 2 and 1: 1.5
    assert found.kept["margin"].tolist() == pytest.approx([4 - 7 / 3, 1.5 - 7 / 3])
    assert taken(opened([FEW]), "top", per_prompt=2, margin=Range(0.0, None)).kept["first"].tolist() == [1]


def test_labels_are_by_percentile_and_the_middle_is_left_out(opened: Open) -> None:
    five = {"prompt": "?", "candidates": [("ant", text, float(-i)) for i, text in enumerate("abcde")]}
    found = taken(opened([five]), "labels", good=75.0, bad=25.0)  # percentiles 100, 75, 50, 25, 0
    assert list(zip(found.kept["first"], found.kept["label"], strict=True)) == [
        (1, True),
        (2, True),
        (4, False),
        (5, False),
    ]
    assert found.dropped == {"between": 1}


def test_tables_leave_nothing_out(opened: Open) -> None:
    assert len(taken(opened([FEW, MANY]), "candidates").kept) == 27
    assert len(taken(opened([FEW, MANY]), "prompts").kept) == 2


@pytest.fixture
def hundreds(opened: Open) -> Dataset:
    """300 prompts of 150 texts, each with four candidates of falling reward."""
    rows = [
        {"prompt": f"prompt {number % 150}", "candidates": [("ant", text, float(-i)) for i, text in enumerate("abcd")]}
        for number in range(300)
    ]
    return opened(rows)


def test_what_is_drawn_is_drawn_evenly_and_follows_the_seed(hundreds: Dataset) -> None:
    found = taken(hundreds, "max_random")
    counts = found.kept["second"].value_counts()
    assert set(counts.index) == {2, 3, 4}
    assert all(abs(n - 100) < 41 for n in counts)  # five standard deviations of 300 draws with probability 1/3
    again, other = taken(hundreds, "max_random"), taken(hundreds, "max_random", seed=1)
    assert again.kept["second"].tolist() == found.kept["second"].tolist()
    assert other.kept["second"].tolist() != found.kept["second"].tolist()


def test_equal_prompts_fall_on_one_side_of_the_split(hundreds: Dataset) -> None:
    is_validation = taken(hundreds, "max_min", validation=0.2).kept["is_validation"].to_numpy()
    assert (is_validation[:150] == is_validation[150:]).all()
    assert 15 < is_validation[:150].sum() < 45  # 30, and three standard deviations of 4.9


def test_ties_are_broken_by_the_draw_and_not_by_place(opened: Open) -> None:
    rows = [
        {"prompt": f"{number}", "candidates": [("ant", "a", 1.0), ("bee", "b", 1.0), ("cow", "c", 0.0)]}
        for number in range(100)
    ]
    counts = taken(opened(rows), "max_min").kept["first"].value_counts()
    assert set(counts.index) == {1, 2}
    assert all(abs(n - 50) < 25 for n in counts)


def test_pairs_that_another_scorer_orders_otherwise_are_dropped(tmp_path: Path) -> None:
    texts = ["one", "two", "three"]
    rewards = {"first": [[3.0, 1.0, 2.0], [1.0, 0.0, 2.0]], "second": [[2.0, 1.0, 0.0], [5.0, 6.0, 4.0]]}
    for scorer, by_prompt in rewards.items():
        rows = [
            {
                "prompt": f"{number}",
                "candidates": [("ant", text, reward) for text, reward in zip(texts, some, strict=True)],
            }
            for number, some in enumerate(by_prompt)
        ]
        pq.write_table(wide_table(rows), tmp_path / f"{scorer}.parquet")
    dataset = open_path(f"{tmp_path / 'first.parquet'} + {tmp_path / 'second.parquet'}", tmp_path / "cache")
    recipe = Recipe(dataset.name, "first").with_strategy("max_min")
    assert picked(selection(dataset, recipe, [1, 2])) == [(1, 1, 2, 2.0), (2, 3, 2, 2.0)]
    # The other scorer has candidate 1 above 2 for the first prompt, and candidate 2 above 3 for the second. The mean
    # percentile of both: 100 above 25, and 50 beside 50, which is no order either.
    agreed = selection(dataset, replace(recipe, agree=True), [1, 2])
    assert picked(agreed) == [(1, 1, 2, 2.0)]
    assert agreed.dropped == {"disagree": 1}


def test_two_candidates_with_one_text_make_no_pair_though_repeats_are_kept(opened: Open) -> None:
    same = {"prompt": "?", "candidates": [("ant", "same", 2.0), ("bee", "other", 1.5), ("cow", "same", 1.0)]}
    found = taken(opened([same]), "max_min", repeats=True)
    assert picked(found) == []
    assert found.dropped == {"same_text": 1}


def test_bounds_that_do_not_bear_on_the_rows_leave_them_as_they_are(opened: Open) -> None:
    dataset = opened([FEW, MANY])
    assert len(taken(dataset, "candidates", per_model=1).kept) == 27
    assert len(taken(dataset, "best_rejected", agree=True).kept) == 1


def test_of_several_best_each_is_drawn_as_rejected_as_often_as_others(opened: Open) -> None:
    rows = [
        {"prompt": f"{number}", "candidates": [("ant", text, 1.0 if text < "f" else 0.0) for text in "abcdefghij"]}
        for number in range(300)
    ]
    # Of the nine candidates left four are tied with the best: of 300 draws 133, and five standard deviations of 8.6.
    assert abs(taken(opened(rows), "max_random").dropped["tied"] - 133) < 43


@pytest.mark.parametrize(
    ("strategy", "row"),
    [
        ("max_min", (1, 2, 6, 6.0)),
        ("max_near", (1, 2, 6, 6.0)),
        ("length_penalised", (1, 2, 6, 6.003)),  # 3 and 6 characters
        ("best_rejected", (1, 2, 0, None)),
        ("chosen_worst", (1, 0, 6, None)),
    ],
)
def test_a_text_with_unequal_rewards_is_judged_by_their_mean(opened: Open, strategy: str, row: tuple[Any, ...]) -> None:
    found = taken(opened([NOISY]), strategy)
    assert picked(found) == [(*row[:3], row[3] and pytest.approx(row[3]))]
    assert found.left_out == {"unscored": 1, "repeat": 1}
    assert found.averaged == 1
    kept = taken(opened([NOISY]), strategy, repeats=True)
    assert {1, 3} & set(kept.rows[["first", "second"]].iloc[0])
    assert (kept.left_out, kept.averaged) == ({"unscored": 1}, 0)


def test_the_best_k_and_labels_go_by_the_mean_of_a_text(opened: Open) -> None:
    dataset = opened([NOISY])
    best = taken(dataset, "top", per_prompt=3).kept
    assert best["margin"].tolist() == pytest.approx([3.0, 2.0, -1.0])
    assert best["first"].tolist()[:2] == [2, 4]
    assert best["first"].tolist()[2] in (1, 3)
    labels = taken(dataset, "labels", good=75.0, bad=25.0)
    assert labels.kept[["first", "label"]].values.tolist() == [[2, True], [6, False]]
    assert labels.dropped == {"between": 2}  # “Yes.” and “Maybe.”, both 50
    with_repeats = taken(dataset, "labels", good=75.0, bad=25.0, repeats=True).kept
    assert with_repeats[["first", "label"]].values.tolist() == [[1, True], [2, True], [6, False], [3, False]]


def test_which_candidate_stands_for_a_text_is_drawn(opened: Open) -> None:
    found = taken(opened([NOISY | {"prompt": f"{number}?"} for number in range(100)]), "top", per_prompt=3)
    counts = found.kept["first"].value_counts()
    assert set(counts.index) == {1, 2, 3, 4}
    assert abs(counts[1] - 50) < 25  # five standard deviations
    assert found.averaged == 100


def test_equal_rewards_of_a_text_stay_exactly_as_they_are(opened: Open) -> None:
    # The sum of three times 0.1 is not 0.3: a mean of these would be above the other text's 0.1.
    same = [("ant", "same", 0.1), ("bee", "same", 0.1), ("cow", "same", 0.1), ("dog", "other", 0.1)]
    found = taken(opened([{"prompt": "?", "candidates": same}]), "max_min")
    assert found.dropped == {"tied": 1}
    assert found.averaged == 0


def test_near_two_sd_below_the_mean_is_of_all_scored_candidates(opened: Open) -> None:
    # Of all 22: mean -0.59, standard deviation 3.84, so -8.27, nearest to which is -10. Had the copies their mean, 0, it would
    # be 2.33 and -5.29: -4.
    many = [*MANY["candidates"], ("ant", "copy", 10.0), ("bee", "copy", -10.0)]
    assert picked(taken(opened([{"prompt": "Count.", "candidates": many}]), "max_near")) == [(1, 1, 3, 11.0)]


def test_other_scorers_agree_or_not_by_the_mean_of_a_text_too(tmp_path: Path) -> None:
    # “b” has 3 and 1, above 1 for “a”. By the other scorer “a” has 2, and “b” one of these: 2.25, 1, and 5 for what is scored.
    by_other = [(5.0, -0.5), (5.0, -3.0), (5.0, None)]
    for scorer, of_b in (("first", [(3.0, 1.0)] * 3), ("second", by_other)):
        rows = [
            {
                "prompt": f"{number}",
                "candidates": [("ant", "a", 2.0 if scorer == "second" else 1.0), ("bee", "b", one), ("cow", "b", two)],
            }
            for number, (one, two) in enumerate(of_b * 20)
        ]
        pq.write_table(wide_table(rows), tmp_path / f"{scorer}.parquet")
    dataset = open_path(f"{tmp_path / 'first.parquet'} + {tmp_path / 'second.parquet'}", tmp_path / "cache")
    recipe = replace(Recipe(dataset.name, "first").with_strategy("max_min"), agree=True)
    found = selection(dataset, recipe, range(1, 61))
    assert [(number - 1) % 3 for number in found.kept["prompt_id"]] == [0, 2] * 20
    assert set(found.kept["first"]) == {2, 3}
    assert found.dropped == {"disagree": 20}


def test_rows_that_are_chosen_block_by_block_are_those_of_all_at_once(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = opened([FEW, MANY, NOISY])
    wanted: tuple[tuple[str, dict[str, Any]], ...] = (
        ("max_min", {"per_prompt": 2}),
        ("max_random", {"per_model": 2}),
        ("top", {"per_prompt": 3}),
        ("labels", {}),
    )
    at_once = [taken(dataset, strategy, **parameters) for strategy, parameters in wanted]
    monkeypatch.setattr(rows, "AT_ONCE", 1)
    for (strategy, parameters), whole in zip(wanted, at_once, strict=True):
        found = taken(dataset, strategy, **parameters)
        pd.testing.assert_frame_equal(found.rows, whole.rows)
        assert (found.prompts, found.candidates, found.left_out, found.averaged, found.dropped) == (
            whole.prompts,
            whole.candidates,
            whole.left_out,
            whole.averaged,
            whole.dropped,
        )
