"""What twins' rewards say: against plain Python, and a planted effect recovered, which permuted rewards do not have."""

import math
import random
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from data_access.dataset import Dataset
from data_access.derived.twins import twins
from data_access.opening.sample import HEADING_TWIN, WORDING_TWIN, WORDINGS
from data_access.questions.resampling import LEVELS, SEED, bootstrap
from data_access.questions.twins import ANY_TWO, ENOUGH, ROUNDS, _mean, by_change, repeatability_limit, twin_pairs

Open = Callable[..., Dataset]
Candidates = list[tuple[str, str | None, float | None]]
TEXT = "A kettle boils water, and tea is made of leaves that are left in it for some minutes."
HEADED = f"## Answer\n{TEXT}"
HEADING = 0.75


def row(*candidates: tuple[str, str | None, float | None], **columns: Any) -> dict[str, Any]:
    return {"prompt": "?", "candidates": list(candidates)} | columns


def asked(dataset: Dataset) -> Dataset:
    twins(dataset)
    return dataset


def test_a_texts_reward_is_the_mean_of_its_scored_candidates_and_its_first_need_not_be_scored(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = asked(
        opened(
            [
                row(
                    ("ant", TEXT, None),
                    ("bee", HEADED, 1.0),
                    ("cow", TEXT, 2.0),
                    ("dog", TEXT, 4.0),
                    ("bee", f"{TEXT} Enjoy!", None),
                    prompt="x" * 300,
                ),
                row(("ant", TEXT, 1.0), ("ant", f"{TEXT} Enjoy!", 4.5)),
            ]
        )
    )
    assert math.isnan(twin_pairs(dataset, "reward").limit)  # one text that was scored twice says little
    monkeypatch.setattr("data_access.questions.twins.ENOUGH", 1)
    found = twin_pairs(dataset, "reward")
    limit = 1.96 * math.sqrt(2) * math.sqrt(2.0)  # of 2 and 4: deviations of 1 and 1, one degree of freedom
    assert found.limit == pytest.approx(limit)
    assert (found.total, found.prompts) == (2, 2)
    columns = ["prompt_id", "prompt", "candidate", "twin", "models", "difference", "size", "beyond", "change", "what"]
    assert found.pairs[columns].to_numpy().tolist() == [
        [2, "?", 1, 2, "ant", 3.5, 3.5, False, "added", "+ Enjoy!"],
        [1, "x" * 200, 1, 2, "ant → bee", -2.0, 2.0, False, "heading", "+ ## Answer"],
    ]
    some = twin_pairs(dataset, "reward", change="heading")
    assert (some.total, some.pairs["prompt_id"].tolist()) == (1, [1])
    most = twin_pairs(dataset, "reward", most=1)
    assert (most.total, most.pairs["prompt_id"].tolist()) == (2, [2])


def test_without_identical_texts_there_is_no_limit(opened: Open) -> None:
    dataset = asked(opened([row(("ant", TEXT, 1.0), ("bee", HEADED, 3.0), ("cow", None, 1.0))]))
    found = twin_pairs(dataset, "reward")
    assert math.isnan(found.limit)
    assert found.pairs["beyond"].isna().tolist() == [True]
    figures, any_two = by_change(dataset, "reward").to_dict("records")
    assert (any_two["change"], any_two["size"]) == (ANY_TWO, (2 + 0 + 2) / 3)  # of 1, 3 and 1
    assert (figures["change"], figures["pairs"], figures["mean"], figures["size"]) == ("heading", 1, 2.0, 2.0)
    assert all(math.isnan(figures[name]) for name in ("mean_low", "mean_high", "size_low", "size_high", "beyond"))


def test_without_twins_both_are_empty(opened: Open) -> None:
    dataset = asked(opened([row(("ant", TEXT, 1.0), ("bee", "Something else", 3.0))]))
    found = twin_pairs(dataset, "reward")
    assert (len(found.pairs), found.total) == (0, 0)
    assert by_change(dataset, "reward").empty
    assert list(by_change(dataset, "reward"))[:3] == ["change", "label", "has_direction"]


def test_only_prompts_of_the_section_and_the_subset_count(opened: Open) -> None:
    pair: Candidates = [("ant", TEXT, 1.0), ("bee", HEADED, 2.0), ("bee", HEADED, 2.5)]
    dataset = asked(
        opened([row(*pair, subset="hep-go"), row(*pair, subset="hep-js"), row(*pair, subset="donotanswer")])
    )
    assert twin_pairs(dataset, "reward").total == 3
    assert twin_pairs(dataset, "reward", section="Reasoning").total == 2
    assert twin_pairs(dataset, "reward", subset="hep-js").pairs["prompt_id"].tolist() == [2]
    assert by_change(dataset, "reward", section="Reasoning")["pairs"].tolist() == [2, 2, 2]
    assert by_change(dataset, "reward", subset="hep-js")["pairs"].tolist() == [1, 1, 1]


def planted(effect: float, permuted: bool = False) -> list[dict[str, Any]]:
    """Prompts with texts with and without a heading, scored with noise, some twice."""
    draw = random.Random(7)
    rows = []
    for number in range(60):
        texts = [
            f"{TEXT} {number}",
            f"## Answer\n{TEXT} {number}",
            f"{TEXT} {number} Enjoy it hot!",
            f"{TEXT} {number}",
        ]
        rewards = [draw.gauss(number % 5, 0.1) + effect * text.startswith("##") for text in texts]
        if permuted:
            draw.shuffle(rewards)
        rows.append(row(*(("ant", text, reward) for text, reward in zip(texts, rewards, strict=True))))
    return rows


def test_what_a_heading_is_worth_is_recovered(opened: Open) -> None:
    figures = by_change(asked(opened(planted(HEADING))), "reward").set_index("change")
    heading, added, same = figures.loc["heading"], figures.loc["added"], figures.loc["identical"]
    assert heading["pairs"] == heading["prompts"] == 60
    assert heading["mean_low"] < HEADING < heading["mean_high"]
    assert heading["mean_high"] - heading["mean_low"] < 0.15
    assert heading["size_low"] > same["size_high"]
    assert heading["beyond"] == 1
    assert added["mean_low"] < 0 < added["mean_high"]
    assert same["beyond"] < 0.15
    assert math.isnan(same["mean"])
    # Two normal draws differ by 2 sd / √π in the mean.
    assert same["size"] == pytest.approx(2 * 0.1 / math.sqrt(math.pi), abs=0.03)


def test_nothing_is_found_where_rewards_are_permuted(opened: Open) -> None:
    heading = by_change(asked(opened(planted(HEADING, permuted=True))), "reward").set_index("change").loc["heading"]
    assert heading["mean_low"] < 0 < heading["mean_high"]
    assert heading["beyond"] < 0.2


def test_figures_are_those_of_plain_python(opened: Open) -> None:
    rows = planted(HEADING)
    dataset = asked(opened(rows))
    limit = repeatability_limit(dataset, "reward")
    differences: dict[str, list[float]] = defaultdict(list)
    squares = 0.0
    for one in rows:
        first, headed, enjoyed, again = (reward for _, _, reward in one["candidates"])
        plain = (first + again) / 2
        differences["heading"].append(headed - plain)
        differences["added"].append(enjoyed - plain)
        differences["identical"].append(again - first)
        squares += (first - plain) ** 2 + (again - plain) ** 2
    assert limit == pytest.approx(1.96 * math.sqrt(2 * squares / len(rows)))
    figures = by_change(dataset, "reward").set_index("change")
    assert set(figures.index) == {*differences, ANY_TWO}
    every = [[reward for _, _, reward in one["candidates"]] for one in rows]
    apart = [np.mean([abs(a - b) for a, b in combinations(rewards, 2)]) for rewards in every]
    assert figures.loc[ANY_TWO, "size"] == pytest.approx(np.mean(apart))
    for change, some in differences.items():
        assert figures.loc[change, "size"] == pytest.approx(np.mean(np.abs(some)))
        assert figures.loc[change, "beyond"] == pytest.approx(np.mean(np.abs(some) > limit))
    for change in ("heading", "added"):
        assert figures.loc[change, "mean"] == pytest.approx(np.mean(differences[change]))


def test_each_prompt_weighs_the_same_and_intervals_draw_prompts() -> None:
    rng = np.random.default_rng(3)
    ids = np.repeat(np.arange(12), rng.integers(1, 6, 12))
    values = rng.normal(size=len(ids)) + ids
    means = np.array([values[ids == number].mean() for number in range(12)])
    weights = bootstrap(12, ROUNDS, np.random.default_rng(SEED))
    drawn = [np.repeat(means, times).mean() for times in weights]
    assert _mean(ids, values) == pytest.approx((means.mean(), *np.quantile(drawn, LEVELS)))
    assert all(map(math.isnan, _mean(ids[ids < ENOUGH - 1], values[ids < ENOUGH - 1])[1:]))


def test_of_each_prompt_the_pair_that_differs_most_can_be_asked_for(opened: Open) -> None:
    dataset = opened([row(("ant", TEXT, 1.0), ("bee", HEADED, 2.0), ("cow", f"{TEXT} Enjoy!", 4.0)) for _ in range(2)])
    every, each = twin_pairs(dataset, "reward"), twin_pairs(dataset, "reward", one_each=True)
    assert (every.total, every.prompts, len(every.pairs)) == (each.total, each.prompts, 6) == (6, 2, 6)
    assert each.pairs[["prompt_id", "size"]].to_numpy().tolist() == [[1, 3.0], [2, 3.0]]


def test_the_samples_headings_are_worth_what_is_planted_and_its_wordings_nothing_more_than_noise(
    sample: Dataset,
) -> None:
    table = by_change(sample, "reward").set_index("change")
    heading = table.loc["heading"]
    assert heading["prompts"] >= 68
    assert heading["mean_low"] < HEADING_TWIN <= heading["mean_high"] + 1e-9
    pairs = twin_pairs(sample, "reward").pairs
    planted = [(first, second) for pair in WORDINGS for first, second in (pair, pair[::-1])]
    reworded = pairs[[any(what == f"{a.strip(' ,')} → {b.strip(' ,')}" for a, b in planted) for what in pairs["what"]]]
    assert len(reworded) >= 30
    mean, low, high = _mean(reworded["prompt_id"].to_numpy(), reworded["difference"].to_numpy())
    assert low < WORDING_TWIN < high, (mean, low, high)
