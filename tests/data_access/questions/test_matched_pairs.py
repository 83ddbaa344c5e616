"""Agreement with RewardBench where both texts of a pair are scored candidates, worked by hand."""

import math
from collections.abc import Callable

import pytest

from data_access.dataset import Dataset
from data_access.questions import checks, prompts
from data_access.questions.filters import PromptFilter
from data_access.questions.matched_pairs import Agreement, Z, matched_pairs, wilson
from tests.data_access.questions.test_checks import pair, row

Open = Callable[..., Dataset]


def test_intervals_are_wilsons() -> None:
    # Those but the first: Newcombe 1998 (Statistics in Medicine 17, 857), table I, method 3.
    published = {(8, 10): (0.4902, 0.9433), (81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605)}
    for (wins, n), interval in published.items():
        assert wilson(wins, n) == pytest.approx(interval, abs=5e-5)


@pytest.mark.parametrize("n", [1, 3, 20, 1000])
def test_intervals_end_at_none_and_all_and_without_a_pair_say_nothing(n: int) -> None:
    open_end = Z**2 / (n + Z**2)
    assert wilson(0, n) == pytest.approx((0, open_end))
    assert wilson(n, n) == pytest.approx((1 - open_end, 1))
    assert 0 <= min(wilson(0, n)) < max(wilson(n, n)) <= 1
    assert wilson(0, 0) == (0, 1)


def test_agreement_and_percentiles_are_of_pairs_whose_texts_are_both_scored_candidates(opened: Open) -> None:
    rows = [  # The percentiles of chosen and rejected:
        pair("hep-go", "a fig", "fig", ("a fig", 3.0), ("a fig", 1.0), ("fig", 2.0)),  # half each: split; 50, 50
        pair("hep-go", "bbb", "b", ("bbb", 1.0), ("b", 1.0)),  # a tie; 50, 50
        pair("hep-go", "c c", "cccc", ("c  c\n", 1.0), ("cccc", 2.0)),  # lost, normalised; 0, 100
        pair("hep-go", "dd", "d", ("dd", 1.0), ("d", 2.0)),  # lost, though longer; 0, 100
        pair("math-prm", "e", "ee", ("e", 2.0), ("ee", 1.0)),  # won, though shorter; 100, 0
        # Won in two of three; (100 + 200/3 + 0) / 3, 100/3
        pair("math-prm", "ff", "f", ("ff", 5.0), ("ff", 4.0), ("f", 2.0), ("ff", 1.0)),
        pair("math-prm", "g", "not here", ("g", 2.0), ("other", 1.0)),
        pair("own", "h", "hh", ("h", 2.0), ("hh", None)),
        row(("i", 1.0), ("j", 2.0), subset="own"),
    ]
    dataset = opened(rows)
    found = matched_pairs(dataset, "reward")
    assert found
    assert found.agreements == [
        Agreement("all", 2, 4, 1, 1, pytest.approx(0.1500, abs=5e-5), pytest.approx(0.8500, abs=5e-5), 0.5),
        Agreement("math-prm", 2, 2, 0, 0, pytest.approx(0.3424, abs=5e-5), pytest.approx(1.0), 0.5),
        Agreement("hep-go", 0, 2, 1, 1, pytest.approx(0.0), pytest.approx(0.6576, abs=5e-5), 0.5),
    ]
    assert (found.chosen_percentile, found.rejected_percentile) == pytest.approx(
        ((100 + 100 + 500 / 9) / 6, (1000 / 3) / 6)
    )
    # The list that the figure leads to has these six, and not the prompt whose rejected text has no reward.
    listed = PromptFilter(flag=("scored_pair",))
    assert prompts.matching_prompts(dataset, "reward", listed, None) == [1, 2, 3, 4, 5, 6]
    assert prompts.matching_prompts(dataset, "reward", PromptFilter(flag=("pair",)), None) == [1, 2, 3, 4, 5, 6, 8]
    assert found.prompts == 6
    check = checks.matched_check(found)
    assert check
    assert check.figure == (
        "Matched pairs only: chosen is above rejected in 2 of 4 decided prompts (95 % interval 15 % to 85 %); “always the "
        "longer” would agree in 50 % of them. Tied: 1; split: 1."
    )


def test_pairs_of_which_none_is_decided_have_no_interval_or_baseline_and_no_pair_has_nothing(opened: Open) -> None:
    tied = opened([pair("own", "a", "bb", ("a", 1.0), ("bb", 1.0), ("bb", 1.0))])
    found = matched_pairs(tied, "reward")
    assert found
    whole = found.agreements[0]
    assert (whole.wins, whole.decided, whole.ties, whole.splits) == (0, 0, 1, 0)
    assert math.isnan(whole.longer)
    assert checks.matched_check(found) is None
    assert matched_pairs(opened([row(("a", 1.0), ("b", 2.0))]), "reward") is None
