"""How scorers agree: Kendall's τ-b, top-1 agreement and regret, worked by hand and against brute force over pairs."""

from itertools import combinations
from math import isnan, nan, sqrt

import numpy as np
import pandas as pd
import pytest

from data_access.questions import agreement as module
from data_access.questions.agreement import averages, by_part, pick_figures, tau_b


def tau(*ranks: list[float]) -> float:
    """τ-b of the first two scorers on one prompt."""
    return float(tau_b(np.array([ranks], np.float32))[0, 0, 1])


def brute_tau(x: list[float], y: list[float]) -> float:
    """τ-b pair by pair, over the candidates that both have."""
    same = opposite = untied_x = untied_y = 0
    shared = [(a, b) for a, b in zip(x, y, strict=True) if not isnan(a + b)]
    for (a, b), (c, d) in combinations(shared, 2):
        same += (a - c) * (b - d) > 0
        opposite += (a - c) * (b - d) < 0
        untied_x += a != c
        untied_y += b != d
    return (same - opposite) / sqrt(untied_x * untied_y) if untied_x * untied_y else nan


def picked(*rewards: list[float]) -> dict[str, list[float]]:
    """Figure -> [the first's under the other, the other's under the first] on one prompt."""
    shared, figures = pick_figures(np.array([rewards], float))
    return {name: [v[0, 0, 1], v[0, 1, 0]] for name, v in (figures | {"shared": shared}).items()}


def test_tau_b_with_ties_is_that_of_scipys_documented_example() -> None:
    assert tau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]) == pytest.approx(-0.47140452079103173)
    assert tau([1, 2, 3, 4], [1, 2, 4, 3]) == pytest.approx(4 / 6)
    assert tau([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)


def test_tau_b_counts_the_candidates_that_both_have_and_is_not_defined_where_one_ties_all() -> None:
    assert tau([1, 2, 9, nan], [1, 2, nan, 9]) == pytest.approx(1)
    assert np.isnan(tau([1, 2, 3], [5, 5, 5]))
    assert np.isnan(tau([1, nan], [1, 2]))


def test_tau_b_is_that_of_brute_force_over_pairs_whatever_is_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    ranks = rng.integers(1, 5, (6, 3, 9)).astype(np.float32)
    ranks[rng.random(ranks.shape) < 0.2] = np.nan
    expected = [[[brute_tau(list(x), list(y)) for y in prompt] for x in prompt] for prompt in ranks]
    for at_once in (1_000_000, 40, 3):
        monkeypatch.setattr(module, "COMPARED_AT_ONCE", at_once)
        np.testing.assert_allclose(tau_b(ranks), expected, atol=1e-12)


def test_the_regret_of_a_pick_is_what_the_others_reward_loses_in_its_sd_and_ties_are_averaged() -> None:
    found = picked([5, 5, 3, 1], [2, 4, 8, 4])
    sd_first, sd_other = sqrt(11 / 3), sqrt(19 / 3)
    assert found["regret"] == pytest.approx([(8 - (2 + 4) / 2) / sd_other, (5 - 3) / sd_first])
    assert found["regret_by_chance"] == pytest.approx([(8 - 4.5) / sd_other, (5 - 3.5) / sd_first])
    assert found["top_1"] == [0, 0]
    assert found["top_1_by_chance"] == [1 / 4, 2 / 4]
    assert found["shared"] == [4, 4]


def test_top_1_agreement_is_the_share_of_the_firsts_best_that_are_among_the_others_best() -> None:
    assert picked([2, 2, 1], [3, 1, 3])["top_1"] == [1 / 2, 1 / 2]
    assert picked([2, 2, 2], [3, 1, 1])["top_1"] == [1 / 3, 1]


def test_only_candidates_that_both_have_scored_count_and_one_is_too_few() -> None:
    found = picked([9, 2, 1], [nan, 1, 2])
    assert found["regret"] == pytest.approx([sqrt(2), sqrt(2)])
    assert found["top_1"] == [0, 0]
    assert found["shared"] == [2, 2]
    alone = picked([9, 2], [nan, 1])
    assert alone.pop("shared") == [1, 1]
    assert np.isnan(list(alone.values())).all()


def test_regret_is_not_defined_under_a_scorer_that_gives_all_the_same_reward() -> None:
    found = picked([1, 2, 3], [0.1, 0.1, 0.1])
    assert np.isnan(found["regret"][0])
    assert found["regret"][1] == pytest.approx(1)  # its pick is all three: 3 − 2, sd 1
    assert found["top_1"] == [1, pytest.approx(1 / 3)]


def test_averages_leave_out_the_prompts_where_a_figure_is_not_defined_and_say_how_many_are_left() -> None:
    found = averages(
        pd.DataFrame({"a": [0.5, 0.5, nan, 0.5], "b": [1.0, nan, nan, nan], "c": [nan] * 4, "d": [0.0, 0, 1, 1]})
    )
    assert found.loc["a"].tolist() == [0.5, 0.5, 0.5, 3]
    assert found.loc["b", "n"] == 1
    assert np.isnan(found.loc["b", "low"])
    assert found.loc["c", "n"] == 0
    # The mean of 4 draws from 0 and 1: at least one in 40 is 0, and 1.
    assert found.loc["d"].tolist() == [0.5, 0, 1, 4]
    assert averages(pd.DataFrame({"a": []}))["n"].tolist() == [0]


def test_sections_and_subsets_stand_in_the_sources_order_with_their_own_prompts() -> None:
    pair = pd.DataFrame(
        {
            "subset": ["b", "a", "b", None],
            "tau": [1.0, 0.5, 0.0, -1.0],
            "top_1": 0.0,
            "regret": [nan, 1.0, 2.0, 9.0],
            "back_regret": 0.0,
        }
    )
    found = by_part(pair, "subset")
    assert found[["part", "tau", "regret", "n", "prompts"]].to_numpy().tolist() == [
        ["b", 0.5, 2, 2, 2],
        ["a", 0.5, 1, 1, 1],
    ]
