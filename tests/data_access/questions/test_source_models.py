"""Source models: figures worked by hand, and what is planted in the sample recovered."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_access.dataset import Dataset
from data_access.questions import prompts, source_models
from data_access.questions.filters import PromptFilter
from data_access.questions.source_models import reading, standing

Open = Callable[..., Dataset]
NAN = np.nan

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


def test_the_standing_is_read_in_a_sentence_within_the_first_group(opened: Open) -> None:
    found = standing(opened(ROWS), "reward")
    assert found is not None
    score = found.table["score"]
    assert reading(found).startswith(f"ant has the highest score ({score[0]:+.2f}")
    assert reading(found).endswith(
        f"and cow the lowest ({score[2]:+.2f}); ant does worst against bee, which it beats 75 % of the time."
    )
    one = {"prompt": "?", "candidates": [("ant", "a", 1.0), ("dog", "bb", 2.0)]}
    other = {"prompt": "!", "candidates": [("cow", "a", 9.0), ("bee", "b", 1.0)]}
    apart = standing(opened([one, other]), "reward")
    assert apart is not None
    first, second = apart.table["model"][:2]
    assert reading(apart).startswith(f"In group 1, {first} has the highest score (")
    assert f"{second} the lowest (" in reading(apart)


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


def test_a_model_that_meets_no_other_has_no_score_and_comes_last(opened: Open) -> None:
    alone = {"prompt": "!", "candidates": [("aaa", "a", 9.0), ("aaa", "b", 1.0), ("bee", "c", None)]}
    found = standing(opened([*ROWS, alone]), "reward")
    assert found is not None
    assert found.table["model"].tolist() == ["ant", "bee", "cow", "aaa"]
    of_last = found.table.iloc[-1][["win_rate", "score", "low", "high", "adjusted", "adjusted_low", "adjusted_high"]]
    assert of_last.isna().all()
    assert found.table.iloc[-1]["candidates"] == 2


def test_a_score_of_one_prompt_has_no_interval(opened: Open) -> None:
    meets_once = {"prompt": "!", "candidates": [("bee", "a", 9.0), ("dog", "b", 1.0)]}
    ends = ["low", "high", "adjusted_low", "adjusted_high"]
    found = standing(opened([ROWS[0]]), "reward")
    assert found is not None
    assert found.table[ends].isna().all(axis=None)
    assert np.isnan(found.length_effect[1:]).all()
    found = standing(opened([*ROWS, ROWS[1], meets_once]), "reward")
    assert found is not None
    table = found.table.set_index("model")
    assert table.loc["dog", ends].isna().all()
    assert table.loc[["ant", "bee"], ends].notna().all(axis=None)
    assert table["score"].notna().all()


def test_a_best_reward_is_that_of_all_candidates_as_in_the_list_of_prompts_won(opened: Open) -> None:
    rows = [
        {"prompt": "1", "candidates": [("ant", "a", 2.0), ("bee", "b", 1.0), (None, "c", 3.0)]},
        {"prompt": "2", "candidates": [("ant", "a", 2.0), ("bee", "b", 1.0), (None, "c", 2.0)]},
    ]
    dataset = opened(rows)
    found = standing(dataset, "reward")
    assert found is not None
    table = found.table.set_index("model")
    assert table["won"].to_dict() == {"ant": 0.5 / 2, "bee": 0.0}  # half of the second prompt
    assert table["share"].to_dict() == {"ant": 2 / 6, "bee": 2 / 6}
    assert prompts.matching_prompts(dataset, "reward", PromptFilter(won="ant"), None) == [2]


def test_of_very_many_prompts_a_random_part_is_used_and_the_same_each_time(
    sample: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_models, "MOST_OUTCOMES", 20 * 12 * 11 // 2)
    monkeypatch.setattr(source_models, "FEWEST_PROMPTS", 1)
    told: list[float] = []
    first, again = standing(sample, "reward", progress=told.append), standing(sample, "reward")
    assert first is not None
    assert again is not None
    assert (first.prompts, first.total, told[-1]) == (20, sample.contents.prompts, 1.0)
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
