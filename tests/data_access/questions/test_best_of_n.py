"""Best-of-N: every estimate is what enumerating all subsets gives; curves, winners and sentences worked by hand."""

import math
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.dataset import Dataset
from data_access.questions import best_of_n
from data_access.questions.best_of_n import Curve

rewards = st.sampled_from([-1.5, 0.0, 0.0, 0.25, 2.0])
pool = st.lists(st.tuples(st.sampled_from(["ant", "bee", None]), rewards, st.integers(0, 9)), min_size=1, max_size=6)
pools = st.lists(pool, min_size=1, max_size=4)
few = settings(max_examples=50, deadline=None)  # a busy machine may take its time
Pool = list[tuple[str | None, float, int]]


def candidates(*pools: Pool) -> pd.DataFrame:
    """Scored candidates from (model, reward, chars) by prompt."""
    rows = [(number, *candidate) for number, drawn in enumerate(pools, 1) for candidate in drawn]
    frame = pd.DataFrame(rows, columns=["prompt_id", "model", "reward", "chars"])
    return frame.assign(centred=frame["reward"] - frame.groupby("prompt_id")["reward"].transform("mean"))


def plain(*pools: list[float]) -> pd.DataFrame:
    """Scored candidates of one source model, from their rewards by prompt."""
    return candidates(*[[("ant", reward, 1) for reward in drawn] for drawn in pools])


def mean_best(values: list[float], n: int) -> float:
    """The mean over all subsets of n of their greatest."""
    return float(np.mean([max(subset) for subset in combinations(values, n)]))


@few
@given(st.lists(rewards | st.floats(-1e3, 1e3), min_size=1, max_size=8))
def test_the_expected_best_is_the_mean_over_all_subsets(values: list[float]) -> None:
    expected = [mean_best(values, n) for n in range(1, len(values) + 1)]
    np.testing.assert_allclose(best_of_n.expected_best(values), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("m", range(1, 8))
def test_a_weight_is_the_share_of_subsets_whose_best_is_that_candidate(m: int) -> None:
    for n in range(1, m + 1):
        bests = [max(subset) for subset in combinations(range(m), n)]
        expected = [bests.count(i) / len(bests) for i in range(m)]
        assert best_of_n.weights(m, n).tolist() == pytest.approx(expected)


@few
@given(st.integers(1, 2000), st.data())
def test_weights_sum_to_1_and_grow_with_the_reward_in_pools_of_any_size(m: int, data: st.DataObject) -> None:
    drawn = best_of_n.weights(m, data.draw(st.integers(1, m)))
    assert drawn.sum() == pytest.approx(1, rel=1e-9)
    assert (np.diff(drawn, prepend=0) >= -1e-15).all()


@pytest.mark.parametrize(("m", "n"), [(3, 0), (3, 4), (0, 1), (5, -1)])
def test_more_than_there_are_or_none_cannot_be_drawn(m: int, n: int) -> None:
    with pytest.raises(ValueError, match=f"n = {n} is not from 1 to {m}"):
        best_of_n.weights(m, n)


@few
@given(st.lists(rewards, min_size=1, max_size=6))
def test_one_prompts_curve_is_of_its_scored_candidates(values: list[float]) -> None:
    found = best_of_n.prompt_curve(pd.DataFrame({"reward": [*values, None]}))
    expected = [(n, mean_best(values, n) - float(np.mean(values))) for n in range(1, len(values) + 1)]
    np.testing.assert_allclose(found[["n", "gain"]], expected, atol=1e-12)


def test_the_curve_averages_the_gain_over_prompts() -> None:
    curve = best_of_n.gain_curve(plain([3.0, 0.0, 0.0], [11.0, 12.0, 13.0]))
    # Means 1 and 12. Best of 2: of 0 0 3 it is 0, 3, 3; of 11 12 13 it is 12, 13, 13. Best of 3: 3 and 13.
    assert curve.points["n"].tolist() == [1, 2, 3]
    assert curve.points["gain"].tolist() == pytest.approx([0, (1 + 2 / 3) / 2, (2 + 1) / 2])
    assert (curve.prompts, curve.total) == (2, 2)
    # of 2 prompts a quarter of the resamples is one twice, so that 95 % reach from the lower to the upper of the two
    assert curve.points["low"].tolist() == pytest.approx([0, 2 / 3, 1])
    assert curve.points["high"].tolist() == pytest.approx([0, 1, 2])


@few
@given(pools, st.integers(1, 20))
def test_the_curve_of_any_pools_is_that_of_all_subsets_of_the_prompts_with_enough_candidates(
    pools: list[Pool], at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(best_of_n, "WEIGHTS_AT_ONCE", at_once)
        curve = best_of_n.gain_curve(candidates(*pools))
    largest = int(curve.points["n"].iloc[-1])
    used = [[reward for _, reward, _ in drawn] for drawn in pools if len(drawn) >= largest]
    assert (curve.prompts, curve.total) == (len(used), len(pools))
    for n, gain in zip(curve.points["n"], curve.points["gain"], strict=True):
        assert gain == pytest.approx(np.mean([mean_best(values, n) - np.mean(values) for values in used]), abs=1e-9)
    assert curve.points["gain"][0] == pytest.approx(0, abs=1e-9)
    assert (curve.points["gain"].diff().dropna() > -1e-9).all()


@pytest.mark.parametrize(
    ("sizes", "largest"),
    [
        ([4] * 9 + [2], 4),  # nine in ten have 4
        ([4] * 8 + [2] * 2, 2),  # eight in ten have 4, all have 2
        ([4] * 18 + [2] * 2, 4),
        ([9] * 3 + [5] * 15 + [1, 3], 5),
        ([5, 4], 4),
    ],
)
def test_n_goes_as_far_as_nine_in_ten_prompts_and_the_others_are_left_out(sizes: list[int], largest: int) -> None:
    curve = best_of_n.gain_curve(plain(*[[float(i) for i in range(size)] for size in sizes]))
    assert curve.points["n"].iloc[-1] == largest
    assert (curve.prompts, curve.total) == (sum(size >= largest for size in sizes), len(sizes))


def test_without_candidates_there_is_no_curve_and_no_winner() -> None:
    curve = best_of_n.gain_curve(plain())
    assert (curve.points.empty, curve.prompts, curve.total) == (True, 0, 0)
    assert best_of_n.winner(plain(), 1) is None
    assert best_of_n.by_model(plain()).empty


def test_intervals_cover_the_true_gain_as_often_as_they_say() -> None:
    # The expected best of 1 to 5 normal numbers (order statistics: 1/√π, 3/(2√π), and from tables 1.0294, 1.1630), for
    # prompts whose spreads differ and are 1 on average.
    truth = np.array([0.5642, 0.8463, 1.0294, 1.1630])
    rng = np.random.default_rng(2)
    gains, covered = [], []
    for _ in range(40):
        drawn = rng.normal(3, 1, (60, 8)) * rng.uniform(0.5, 1.5, (60, 1))
        points = best_of_n.gain_curve(plain(*drawn.tolist())).points[1:5]
        gains.append(points["gain"])
        covered += ((points["low"] < truth) & (truth < points["high"])).tolist()
    np.testing.assert_allclose(np.mean(gains, axis=0), truth, rtol=0.02)  # unbiased
    assert 0.89 <= np.mean(covered) <= 0.99


def test_a_models_own_curve_is_about_its_own_mean_and_only_where_it_has_several_candidates() -> None:
    models = ("ant", "ant", "bee", "cow", "cow", "cow")
    first, second = ((1.0, 3.0, 9.0, 0.0, 0.0, 6.0), (5.0, 5.0, 0.0, 1.0, 2.0, 3.0))
    found = best_of_n.by_model(
        candidates(*[[(m, x, 1) for m, x in zip(models, p, strict=True)] for p in (first, second)])
    )
    # ant's means are 2 and 5: a gain of 1 and 0 at 2. cow's are 2 and 2: at 2 of 2 and ⅔, at 3 of 4 and 1.
    assert found[["model", "n", "prompts"]].to_numpy().tolist() == [
        ["ant", 1, 2], ["ant", 2, 2], ["cow", 1, 2], ["cow", 2, 2], ["cow", 3, 2],
    ]  # fmt: skip
    assert found["gain"].tolist() == pytest.approx([0, 0.5, 0, (2 + 2 / 3) / 2, 2.5])
    assert best_of_n.by_model(candidates([("ant", 1.0, 1), ("bee", 2.0, 1)])).empty


def test_the_winner_is_worked_by_hand_and_ties_are_shared() -> None:
    tied: Pool = [("ant", 2.0, 10), ("bee", 2.0, 30), ("bee", 0.0, 5)]
    alone: Pool = [(None, 1.0, 100)]
    found = best_of_n.winner(candidates(tied, alone), 2)
    assert found is not None
    # Of the three subsets of two, one is the tie, and each of the tied wins another: never bee's 0. The second prompt
    # has no two candidates.
    assert found.shares.sort_values("model").to_numpy().tolist() == [
        ["ant", pytest.approx(1 / 2), pytest.approx(1 / 3)],
        ["bee", pytest.approx(1 / 2), pytest.approx(2 / 3)],
    ]
    assert (found.chars, found.mean_chars, found.is_best, found.prompts) == pytest.approx((20, 15, 1, 1))
    of_any = best_of_n.winner(candidates(tied, alone), 1)
    assert of_any is not None
    assert of_any.shares.iloc[0].tolist() == ["not given", 0.5, 0.5]
    assert (of_any.chars, of_any.mean_chars) == pytest.approx(((15 + 100) / 2,) * 2)
    assert of_any.is_best == pytest.approx((2 / 3 + 1) / 2)
    assert best_of_n.winner(candidates(tied, alone), 4) is None


@few
@given(pools, st.integers(1, 6))
def test_who_wins_in_any_pools_is_who_wins_in_all_subsets(pools: list[Pool], n: int) -> None:
    found = best_of_n.winner(candidates(*pools), n)
    used = [drawn for drawn in pools if len(drawn) >= n]
    if not used:
        assert found is None
        return
    share: dict[str, float] = {}
    chars = is_best = 0.0
    for drawn in used:
        subsets = list(combinations(drawn, n))
        for subset in subsets:
            most = max(reward for _, reward, _ in subset)
            tied = [candidate for candidate in subset if candidate[1] == most]
            chance = 1 / len(subsets) / len(used)
            is_best += chance * (most == max(reward for _, reward, _ in drawn))
            for model, _, length in tied:
                share[model or "not given"] = share.get(model or "not given", 0) + chance / len(tied)
                chars += chance * length / len(tied)
    assert found is not None
    assert (found.prompts, found.chars, found.is_best) == pytest.approx((len(used), chars, is_best))
    got = found.shares.set_index("model")
    assert {model: value for model, value in got["share"].items() if value} == pytest.approx(share)
    assert got[["share", "candidates"]].sum().tolist() == pytest.approx([1, 1])
    assert got["share"].is_monotonic_decreasing


def test_the_bound_is_exact_and_bounds_the_divergence_of_a_policy_with_a_few_outcomes() -> None:
    expected = [0, math.log(2) - 1 / 2, math.log(4) - 3 / 4, math.log(100) - 99 / 100]
    assert best_of_n.kl_bound([1, 2, 4, 100]).tolist() == pytest.approx(expected, abs=1e-12)
    policy = np.array([0.5, 0.2, 0.2, 0.1])  # by rising reward
    for n in range(2, 20):
        best = np.diff(np.concatenate([[0], np.cumsum(policy)]) ** n)
        assert 0 < (best * np.log(best / policy)).sum() < best_of_n.kl_bound(n)


def curve(gains: dict[int, float]) -> Curve:
    """A curve from 0 through these points, straight between them."""
    n = np.arange(1, max(gains) + 1)
    gain = np.interp(n, [1, *gains], [0, *gains.values()])
    return Curve(pd.DataFrame({"n": n, "gain": gain, "low": gain, "high": gain}), 1, 1)


def test_the_curve_is_read_in_a_sentence() -> None:
    assert [
        best_of_n.reading(curve({16: 1.66, 50: 1.88, 100: 2.0})),
        best_of_n.reading(curve({16: 1.0, 49: 1.5, 98: 1.75, 99: 2.0})),
        best_of_n.reading(curve({3: 1.0})),
        best_of_n.reading(curve({8: 0.0})),
    ] == [
        "16 candidates give 83 % of the gain of 100; doubling from 50 to 100 adds 0.12.",
        "16 candidates give 50 % of the gain of 99; doubling from 49 to 98 adds 0.25.",
        "Best of 3 gains 1.00 over the average candidate.",
        "Best of 8 gains 0.00 over the average candidate.",
    ]


def test_the_last_doubling_is_told_with_something_smaller_that_it_is_compared_to() -> None:
    for largest in range(4, 200):
        part = int(best_of_n.reading(curve({largest: 1.0})).split()[0])
        assert 1 < part < largest


ROWS: list[dict[str, Any]] = [
    {"prompt": "?", "subset": "hep-go", "candidates": [("ant", "a", 1.0), ("bee", "bb", None), (None, "ccc", 3.0)]},
    {"prompt": "!", "subset": "own", "candidates": [("ant", "a", float("nan")), ("bee", "b", 2.0)]},
]


def test_only_scored_candidates_of_the_scope_are_used(opened: Callable[..., Dataset]) -> None:
    dataset = opened(ROWS)
    every = best_of_n.scored_candidates(dataset, "reward")
    assert every[["prompt_id", "reward", "centred", "chars"]].to_numpy().tolist() == [
        [1, 1, -1, 1], [1, 3, 1, 3], [2, 2, 0, 1],
    ]  # fmt: skip
    assert best_of_n.scored_candidates(dataset, "reward", section="Reasoning")["prompt_id"].tolist() == [1, 1]
    assert best_of_n.scored_candidates(dataset, "reward", subset="own")["prompt_id"].tolist() == [2]


def test_in_the_sample_the_winner_is_longer_the_more_there_are_to_choose_from(sample: Dataset) -> None:
    found = [best_of_n.winner(best_of_n.scored_candidates(sample, "reward"), n) for n in (1, 4, 16, 64)]
    chars = [winner.chars for winner in found if winner]
    assert chars == sorted(chars)
    assert chars[-1] > 1.4 * chars[0]


def test_the_curve_of_very_many_candidates_has_every_n_at_first_and_then_some_up_to_all() -> None:
    curve = best_of_n.prompt_curve(pd.DataFrame({"reward": np.arange(1, 40_001)}))
    assert curve["n"].tolist()[:201] == [*range(1, 201), 211]  # 200 · 200^(1/100)
    assert curve["n"].iloc[-1] == 40_000
    assert len(curve) == 300
    # The best of n of the numbers 1 to m is n (m + 1)/(n + 1) on average; their mean is (m + 1)/2.
    expected = curve["n"] * 40_001 / (curve["n"] + 1) - 40_001 / 2
    np.testing.assert_allclose(curve["gain"], expected, rtol=1e-9)
