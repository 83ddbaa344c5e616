"""Any small pool of candidates: every statistic is what a plain reading of its definition gives, by brute force."""

import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data_access.dataset import Dataset
from data_access.questions import prompts
from data_access.questions.filters import SORTS, PromptFilter
from data_access.questions.prompt import prompt
from tests.conftest import open_path, wide_table

texts = st.text(alphabet=["a", "b", "\n", "é", "😀"], max_size=6)
rewards = st.sampled_from([None, math.nan, math.inf, -math.inf, -1.5, 0.0, 0.1, 0.1, 2.0]) | st.floats(-50, 50)
candidates = st.tuples(st.sampled_from(["ant", "bee", None]), texts, rewards) | st.just((None, None, None))
pools = st.lists(st.lists(candidates, min_size=1, max_size=7), min_size=25, max_size=40)
# Opening a dataset takes a fifth of a second: few examples, of many prompts each, for all properties at once, and no
# shrinking, which would take minutes; the assertion shows the prompt that failed.
few = settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
STANDING = ("reward", "centred", "gap", "rank", "percentile")
Pool = list[tuple[str | None, str | None, float | None]]


class Scored(NamedTuple):
    """A candidate with a reward that counts."""

    number: int
    text: str
    reward: float


def opened_pools(drawn: list[Pool], folder: Path) -> tuple[list[Pool], Dataset]:
    """The pools, after one with a reward for certain, as a dataset of as many prompts."""
    with_one = [[("ant", "a", 1.0)], *drawn]
    pq.write_table(wide_table([{"prompt": "?", "candidates": pool} for pool in with_one]), folder / "pools.parquet")
    return with_one, open_path(folder / "pools.parquet", folder / "cache")


def scored(pool: Pool) -> list[Scored]:
    return [
        Scored(number, text or "", reward)
        for number, (_, text, reward) in enumerate(pool, start=1)
        if reward is not None and math.isfinite(reward)
    ]


def rows(dataset: Dataset, select: str) -> list[dict[str, Any]]:
    result = dataset.connection.cursor().execute(select)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def about(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)


def mid_ranks(values: Sequence[float]) -> list[float]:
    """Rank from below, 1 is least; equal values share the mean of their ranks."""
    return [sum(other < value for other in values) + (values.count(value) + 1) / 2 for value in values]


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    if len(set(first)) < 2 or len(set(second)) < 2:
        return None
    return float(np.corrcoef(mid_ranks(first), mid_ranks(second))[0, 1])


def same_text_spread(found: list[Scored]) -> float | None:
    """The largest difference of rewards between candidates with one text; None where every text is there once."""
    apart = [
        abs(one.reward - other.reward)
        for one in found
        for other in found
        if one.number < other.number and one.text == other.text
    ]
    return max(apart, default=None)


@few
@given(pools)
def test_every_statistic_is_what_a_plain_reading_of_its_definition_gives(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[Pool]
) -> None:
    drawn, dataset = opened_pools(drawn, tmp_path_factory.mktemp("pools"))
    a_candidates_standing_follows_from_the_rewards_of_its_prompt(drawn, dataset)
    a_prompts_summary_follows_from_its_rewards_and_texts(drawn, dataset)
    every_sort_is_that_of_its_column_with_nulls_last_and_ties_by_number(dataset)
    a_prompts_candidates_are_ranked_best_first_and_unscored_last(drawn[:9], dataset)


def a_candidates_standing_follows_from_the_rewards_of_its_prompt(drawn: list[Pool], dataset: Dataset) -> None:
    expected = {}
    for prompt_id, pool in enumerate(drawn, start=1):
        found = scored(pool)
        all_rewards = [one.reward for one in found]
        for number, (model, text, reward) in enumerate(pool, start=1):
            if text is not None:
                expected[prompt_id, number] = {"model": model, "chars": len(text), **dict.fromkeys(STANDING)}
            if reward is not None and math.isfinite(reward):
                beaten = sum(other < reward for other in all_rewards)
                equal = all_rewards.count(reward) - 1
                others = len(found) - 1
                expected[prompt_id, number] |= {
                    "reward": reward,
                    "centred": about(reward - statistics.fmean(all_rewards)),
                    "gap": about(max(all_rewards) - reward),
                    "rank": len(found) - beaten - equal / 2,
                    "percentile": about(100 * (beaten + equal / 2) / others) if others else None,
                }
    listed = ", ".join(STANDING)
    got = rows(dataset, f"SELECT prompt_id, candidate, model, chars, {listed} FROM scores")
    assert {(row.pop("prompt_id"), row.pop("candidate")): row for row in got} == expected


def a_prompts_summary_follows_from_its_rewards_and_texts(drawn: list[Pool], dataset: Dataset) -> None:
    got = rows(dataset, "SELECT candidates, texts, summaries['reward'] AS summary FROM prompts ORDER BY prompt_id")
    for pool, row in zip(drawn, got, strict=True):
        given_texts = [text for _, text, _ in pool if text is not None]
        assert (row["candidates"], row["texts"]) == (len(given_texts), len(set(given_texts)))
        assert row["summary"] == summarised(scored(pool)), pool


def summarised(found: list[Scored]) -> dict[str, Any] | None:
    if not found:
        return None
    best_first = sorted(found, key=lambda one: (-one.reward, one.number))
    all_rewards = [one.reward for one in best_first]
    second = best_first[1] if len(found) > 1 else None
    lower, median, upper = np.quantile(all_rewards, [0.25, 0.5, 0.75])
    distances = [abs(reward - median) for reward in all_rewards]
    far = 6 * 1.4826 * statistics.median(distances)
    return {
        "scored": len(found),
        "mean": about(statistics.fmean(all_rewards)),
        "sd": about(statistics.stdev(all_rewards)) if second else None,
        "worst": all_rewards[-1],
        "lower_quartile": about(lower),
        "median": about(median),
        "upper_quartile": about(upper),
        "best": all_rewards[0],
        "best_candidate": best_first[0].number,
        "tied_for_best": all_rewards.count(all_rewards[0]),
        "second_candidate": second.number if second else None,
        "gap_to_second": about(all_rewards[0] - second.reward) if second else None,
        "tied": sum(all_rewards.count(reward) > 1 for reward in all_rewards),
        "outlying": sum(far > 0 and distance > far for distance in distances),
        "length_correlation": about(spearman(all_rewards, [len(one.text) for one in best_first])),
        "same_text_spread": about(same_text_spread(found)),
    }


def every_sort_is_that_of_its_column_with_nulls_last_and_ties_by_number(dataset: Dataset) -> None:
    ids = prompts.matching_prompts(dataset, "reward", PromptFilter(), None)
    listed = prompts.prompt_rows(dataset, "reward", ids).rename(columns={"length_correlation": "length"})
    for sort in SORTS.keys() - {"id", "attribute"}:
        column = dict(zip(listed["prompt_id"], listed[sort].astype(float), strict=True))
        with_value = [one for one in ids if not math.isnan(column[one])]
        without = [one for one in ids if math.isnan(column[one])]
        for sign in (1, -1):
            expected = sorted(with_value, key=lambda one: (sign * column[one], one)) + without
            chosen = PromptFilter(sort=sort, descending=sign < 0)
            assert prompts.matching_prompts(dataset, "reward", chosen, None) == expected, (sort, sign)


def a_prompts_candidates_are_ranked_best_first_and_unscored_last(drawn: list[Pool], dataset: Dataset) -> None:
    for prompt_id, pool in enumerate(drawn, start=1):
        found = prompt(dataset, "reward", prompt_id)
        assert found is not None
        ranked = sorted(scored(pool), key=lambda one: (-one.reward, one.number))
        numbers = {one.number for one in ranked}
        unscored = [n for n, (_, text, _) in enumerate(pool, start=1) if text is not None and n not in numbers]
        assert found.candidates["candidate"].tolist() == [*(one.number for one in ranked), *unscored]
        all_rewards = [one.reward for one in ranked]
        top = found.candidates.head(len(ranked))
        assert top["place"].tolist() == [1 + sum(other > reward for other in all_rewards) for reward in all_rewards]
        assert top["tied"].tolist() == [all_rewards.count(reward) for reward in all_rewards]


def test_a_candidate_without_a_text_is_not_taken_for_a_long_one(tmp_path: Path) -> None:
    # Reward and length fall together; whether no text is none or one of length 0, the correlation is 1.
    _, dataset = opened_pools([[("ant", "long", 3.0), ("ant", "so", 2.0), ("ant", None, 1.0)]], tmp_path)
    found = prompt(dataset, "reward", 2)
    assert found is not None
    assert found.row["length_correlation"] == about(1.0)
