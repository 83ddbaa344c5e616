"""Source models: outcomes and figures worked by hand, fits against other methods, intervals against simulated truth."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access import source_models
from data_access.dataset import Dataset
from data_access.source_models import LEVELS, Fit, Meetings, bradley_terry, components, meetings, standing

Open = Callable[..., Dataset]
Prompt = list[tuple[str, float, int]]
NAN = np.nan
# Agresti, Categorical Data Analysis (2002), table 10.10: the American League of 1987, wins of the row over the column in
# 13 games each; and the abilities that he, and the R package BradleyTerry2, give for them, Baltimore's being 0.
LEAGUE = {
    "Milwaukee": ([0, 7, 9, 7, 7, 9, 11], 1.581),
    "Detroit": ([6, 0, 7, 5, 11, 9, 9], 1.436),
    "Toronto": ([4, 6, 0, 7, 7, 8, 12], 1.294),
    "New York": ([6, 8, 6, 0, 6, 7, 10], 1.248),
    "Boston": ([6, 2, 6, 7, 0, 7, 12], 1.108),
    "Cleveland": ([4, 4, 5, 6, 6, 0, 6], 0.684),
    "Baltimore": ([2, 4, 1, 3, 1, 7, 0], 0.0),
}


def scored(*prompts: Prompt) -> pd.DataFrame:
    """Scored candidates from (model, reward, chars) by prompt."""
    rows = [(number, *candidate) for number, prompt in enumerate(prompts, 1) for candidate in prompt]
    return pd.DataFrame(rows, columns=["prompt_id", "model", "reward", "chars"])


def fitted(met: Meetings, weights: Any = None, *, with_length: bool = False) -> Fit:
    """The fit from a standing start, all models in one component."""
    models = len(met.models)
    drawn = np.ones((1, len(met.outcomes))) if weights is None else weights
    return bradley_terry(met, np.zeros(models, int), drawn, np.zeros(models + 1), with_length=with_length)


def simulated(rng: np.random.Generator, scores: Any, effect: float, prompts: int) -> Meetings:
    """One candidate a model and prompt, for which P(i beats j) = σ(score i − score j + effect · how much longer i is): the
    difference of two Gumbel numbers is logistic. The last models write the longest responses."""
    models = len(scores)
    chars = np.exp(rng.normal(np.linspace(4, 5, models), 0.5, (prompts, models))).astype(int)
    ids, names = np.repeat(np.arange(prompts), models), np.tile([f"m{i}" for i in range(models)], prompts)
    frame = pd.DataFrame({"prompt_id": ids, "model": names, "reward": 0.0, "chars": chars.ravel()})
    rewards = scores + effect * meetings(frame).length + rng.gumbel(size=(prompts, models))
    return meetings(frame.assign(reward=rewards.ravel()))


def test_an_outcome_is_the_share_of_pairs_won_with_half_a_win_for_a_tie() -> None:
    met = meetings(
        scored(
            [("ant", 3.0, 1), ("bee", 2.0, 0), ("ant", 1.0, 7)],  # ant wins one pair and loses one
            [("ant", 1.0, 3), ("cow", 0.0, 1), ("bee", 1.0, 1), ("cow", 1.0, 1)],
            [("cow", 2.0, 15)],
        )
    )
    assert met.models == ["ant", "bee", "cow"]
    of_1 = [[NAN, 0.5, NAN], [0.5, NAN, NAN], [NAN] * 3]
    of_2 = [[NAN, 0.5, 0.75], [0.5, NAN, 0.75], [0.25, 0.25, NAN]]
    np.testing.assert_array_equal(met.outcomes, [of_1, of_2, [[NAN] * 3] * 3])
    # log(1 + chars) in units of log 2. Differences in the 8 meetings, each seen from both sides: ±2, ±1, ±1, 0, 0.
    expected = np.array([[2, 0, 0], [2, 1, 1], [0, 0, 4]]) / np.sqrt(12 / 8)
    np.testing.assert_allclose(met.length, expected, rtol=1e-6)


candidates = st.tuples(st.sampled_from("abc"), st.sampled_from([0.0, 1.0, 2.0]), st.integers(0, 40))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(candidates, min_size=1, max_size=6), min_size=1, max_size=4), st.integers(1, 4))
def test_the_outcomes_of_any_pool_are_those_of_all_its_pairs(pools: list[Prompt], chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(source_models, "CHUNK", chunk)
        met = meetings(scored(*pools))
    for outcomes, pool in zip(met.outcomes, pools, strict=True):
        for i, one in enumerate(met.models):
            for j, other in enumerate(met.models):
                pairs = [(a, b) for m, a, _ in pool for o, b, _ in pool if (m, o) == (one, other) and one != other]
                won = np.mean([(a > b) + (a == b) / 2 for a, b in pairs]) if pairs else NAN
                assert outcomes[i, j] == pytest.approx(won, nan_ok=True)


def test_two_models_are_as_far_apart_as_makes_wins_and_a_drawn_meeting_each_most_likely() -> None:
    # ant wins 4 prompts and three quarters of a fifth. At ±log 3 the gradient is 4.75 − 5 · σ(log 9) + ½ − σ(log 3) = 0.
    clear: Prompt = [("ant", 1.0, 5), ("bee", 0.0, 5)]
    split: Prompt = [("ant", 3.0, 5), ("ant", 1.0, 5), ("bee", 2.0, 5), ("bee", 0.0, 5)]
    fit = fitted(meetings(scored(clear, clear, clear, clear, split)))
    np.testing.assert_allclose(fit.scores, [np.log(3), -np.log(3)], atol=1e-5)


@pytest.mark.parametrize("prompts", [1, 30, 1000])
def test_a_model_that_always_wins_stays_finite_and_further_ahead_the_more_it_has_won(prompts: int) -> None:
    fit = fitted(meetings(scored(*[[("ant", 1.0, 9), ("bee", 0.0, 9)]] * prompts)), with_length=True)
    x = np.exp(fit.scores[0])
    # n − n · σ(2s) = σ(s) − ½, with x = eˢ
    assert prompts / (1 + x * x) == pytest.approx((x - 1) / (2 * (1 + x)), rel=1e-3)
    assert fit.effect == 0  # lengths are equal, so there is nothing to learn of their effect


def by_zermelo(met: Meetings) -> Any:
    """Strengths by Zermelo's iteration (Hunter 2004), with one draw against a model of strength 1 each; logs, mean 0."""
    wins, shared = np.nansum(met.outcomes, axis=0, dtype=float), np.isfinite(met.outcomes).sum(axis=0)
    strength = np.ones(len(wins))
    for _ in range(2000):
        met_by = (shared / (strength[:, None] + strength)).sum(axis=1) + 1 / (1 + strength)
        strength = (wins.sum(axis=1) + 0.5) / met_by
    return np.log(strength) - np.log(strength).mean()


def test_scores_are_those_that_another_method_finds() -> None:
    rng = np.random.default_rng(3)
    met = meetings(scored(*[[(m, float(rng.integers(3)), 1) for m in rng.choice(list("abcde"), 4)] for _ in range(30)]))
    np.testing.assert_allclose(fitted(met).scores, by_zermelo(met), atol=1e-4)


def test_scores_of_a_published_example_are_the_published_ones() -> None:
    games: list[Prompt] = []
    for one, (wins, _) in LEAGUE.items():
        for other, won in zip(LEAGUE, wins, strict=True):
            games += [[(one, 1.0, 1), (other, 0.0, 1)]] * won
    met = meetings(scored(*games))
    ability = dict(zip(met.models, fitted(met).scores, strict=True))
    # one drawn meeting beside 78 games pulls them together by a hundredth or two
    for team, (_, published) in LEAGUE.items():
        assert ability[team] - ability["Baltimore"] == pytest.approx(0.985 * published, abs=0.015)


def test_components_are_models_linked_directly_or_over_others() -> None:
    linked = np.zeros((6, 6), bool)
    for one, other in ((0, 4), (4, 2), (1, 5)):
        linked[one, other] = linked[other, one] = True
    assert components(linked).tolist() == [0, 1, 0, 2, 0, 1]
    assert components(np.zeros((2, 2), bool)).tolist() == [0, 1]


def test_intervals_cover_the_truth_as_often_as_they_say_with_and_without_an_effect_of_length() -> None:
    rng = np.random.default_rng(5)
    truth = np.array([1.0, 0.4, 0.0, -0.5, -0.9])
    covered: dict[bool, list[bool]] = {True: [], False: []}
    misled: list[bool] = []
    for _ in range(25):
        for with_length, found in covered.items():
            effect = 0.8 * with_length
            met = simulated(rng, truth, effect, 150)
            weights = rng.multinomial(150, np.full(150, 1 / 150), size=300)
            fit = fitted(met, weights, with_length=with_length)
            low, high = fit.intervals()
            found.extend(((low < truth) & (truth < high)).tolist())
            if with_length:
                low_effect, high_effect = np.quantile(fit.effect_rounds, LEVELS)
                found.append(low_effect < effect < high_effect)
                misled.append(fitted(met).scores[-1] > high[-1])  # without the covariate, the wordiest is overrated
    assert 0.9 <= np.mean(covered[True]) <= 0.99
    assert 0.9 <= np.mean(covered[False]) <= 0.99
    assert np.mean(misled) > 0.9


def test_the_first_order_bootstrap_has_the_standard_errors_of_fitting_every_resample_anew() -> None:
    met = simulated(np.random.default_rng(7), [0.8, 0.2, -0.1, -0.9], 0.6, 80)
    weights = np.random.default_rng(8).multinomial(80, np.full(80, 1 / 80), size=300)
    quick = fitted(met, weights, with_length=True)
    anew = []
    for drawn in weights:
        again = np.repeat(np.arange(80), drawn)
        fit = fitted(Meetings(met.models, met.outcomes[again], met.length[again]), with_length=True)
        anew.append([*fit.scores, fit.effect])
    errors = np.column_stack([quick.rounds, quick.effect_rounds]).std(axis=0)
    np.testing.assert_allclose(errors, np.std(anew, axis=0), rtol=0.15)


ROWS: list[dict[str, Any]] = [
    {
        "prompt": "Name a prime.",
        "subset": "math-prm",
        "candidates": [("ant", "2", 3.0), ("bee", "three", 1.0), ("cow", "5", 1.0), ("ant", "9", None)],
    },
    {"prompt": "Name a colour.", "subset": "mt-bench-easy", "candidates": [("ant", "red", 0.5), ("bee", "blue", 0.5)]},
    {"prompt": "Wait.", "subset": "own", "candidates": [("ant", "1234567", None), ("bee", "", float("nan"))]},
]


def test_the_table_and_the_matrix_are_worked_by_hand(opened: Open) -> None:
    found = standing(opened(ROWS), "reward")
    assert found is not None
    expected = {
        "model": ["ant", "bee", "cow"],
        "candidates": [4, 3, 1],
        "scored": [2, 2, 1],
        "prompts": [3, 3, 1],
        "win_rate": [2.5 / 3, 1 / 3, 0.5 / 2],  # ant: 1 and ½ over bee, 1 over cow; bee and cow draw
        "percentile": [(100 + 50) / 2, (25 + 50) / 2, 25],  # ranks 1, 2½, 2½ of 3; 1½, 1½ of 2
        "won": [1.5 / 2, 0.5 / 2, 0],  # of the two prompts with rewards
        "share": [4 / 8, 3 / 8, 1 / 8],
        "chars": [(1 + 1 + 3 + 7) / 4, (5 + 4 + 0) / 3, 1],
        "component": [1, 1, 1],
    }
    pd.testing.assert_frame_equal(found.table[list(expected)], pd.DataFrame(expected), check_dtype=False)
    np.testing.assert_allclose(found.wins, [[NAN, 0.75, 1], [0.25, NAN, 0.5], [0, 0.5, NAN]])
    assert found.shared.tolist() == [[0, 2, 1], [2, 0, 1], [1, 1, 0]]


def test_a_section_or_subset_has_a_standing_of_its_own(opened: Open) -> None:
    dataset = opened(ROWS)
    chat = standing(dataset, "reward", section="Chat")
    assert chat is not None
    assert dict(zip(chat.table["model"], chat.table["score"], strict=True)) == pytest.approx({"ant": 0, "bee": 0})
    assert standing(dataset, "reward", subset="own") is None  # nothing is scored


def test_where_no_two_models_meet_there_is_nothing_to_rank(opened: Open) -> None:
    alone = {"prompt": "?", "candidates": [("ant", "a", 1.0), ("ant", "b", 2.0), (None, "c", 3.0), ("bee", "d", None)]}
    assert standing(opened([alone, {"prompt": "!", "candidates": [("bee", "a", 1.0)]}]), "reward") is None


def test_models_that_share_no_prompts_are_fitted_and_ordered_by_component(opened: Open) -> None:
    one = {"prompt": "?", "candidates": [("ant", "a", 1.0), ("dog", "bb", 2.0)]}
    other = {"prompt": "!", "candidates": [("cow", "a", 9.0), ("bee", "b", 1.0), ("elk", "c", 0.0)]}
    found = standing(opened([one, one, other]), "reward")
    assert found is not None
    assert found.table["model"].tolist() == ["dog", "ant", "cow", "bee", "elk"]
    assert found.table["component"].tolist() == [1, 1, 2, 2, 2]
    np.testing.assert_allclose(found.table.groupby("component")[["score", "adjusted"]].mean(), 0, atol=1e-9)
    assert np.isnan(found.wins[:2, 2:]).all()
    assert found.shared[:2, 2:].sum() == 0


def test_of_very_many_prompts_a_random_part_is_used_and_the_same_each_time(
    sample: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_models, "MOST_PROMPTS", 20)
    told: list[float] = []
    first, again = standing(sample, "reward", progress=told.append), standing(sample, "reward")
    assert first is not None
    assert again is not None
    assert (first.prompts, first.of, told[-1]) == (20, sample.contents.prompts, 1.0)
    pd.testing.assert_frame_equal(first.table, again.table)


def test_what_is_planted_in_the_sample_is_found(sample: Dataset) -> None:
    tables = []
    for section in (None, "Reasoning", "Chat"):
        found = standing(sample, "reward", section)
        assert found is not None
        effect, low, high = found.length_effect
        assert 0 < low < effect < high
        tables.append(found.table.set_index("model"))
    every, reasoning, chat = tables
    assert "otter-70b" in reasoning.index[:2]
    assert "otter-70b" in chat.index[-3:]
    # with length held equal, those who write most fall and those who write least rise
    risen = every["adjusted"] - every["score"]
    assert risen[["stork-13b-verbose", "badger-13b"]].max() < 0 < risen[["tortoise-40b", "wren-3b"]].min()
