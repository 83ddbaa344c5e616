"""Pairs, from files of the published schemas."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from data_access.dataset import Dataset
from data_access.errors import LayoutError
from tests.data_access.layouts.known.test_parallel_lists import MESSAGES, message
from tests.data_access.preparing.test_preparation import rows

PROMPTS = "SELECT source_key, prompt, chosen, rejected FROM prompts ORDER BY prompt_id"
CANDIDATES = "SELECT prompt_id, candidate, model, response FROM responses ORDER BY ALL"
RANKS = "SELECT scorer, prompt_id, candidate, reward, rank FROM scores ORDER BY ALL"


def test_reward_bench_without_scores_says_that_there_is_nothing_to_rank(opened: Callable[..., Dataset]) -> None:
    columns = ("prompt", "chosen", "chosen_model", "rejected", "rejected_model", "subset")
    table = pa.table({name: ["x"] for name in columns} | {"id": [30]})
    with pytest.raises(LayoutError) as raised:
        opened(table)
    assert str(raised.value).endswith(
        "holds pairs (chosen and rejected) without scores, so there is nothing to rank. Score both texts with a reward "
        "model, write the scores into the columns chosen_score and rejected_score, and open it again."
    )


def test_reward_bench_with_scores(opened: Callable[..., Dataset]) -> None:
    dataset = opened(
        pa.table(
            {
                "prompt": ["p", "q"],
                "chosen": ["good", "fine"],
                "chosen_model": ["GPT4-Turbo", "human"],
                "rejected": ["bad", "fine"],
                "rejected_model": ["alpaca-7b", "unknown"],
                "subset": ["alpacaeval-easy", "llmbar-natural"],
                "id": [30, 31],
                "chosen_score": [0.5, 1.0],
                "rejected_score": [1.5, 1.0],
            }
        )
    )
    assert rows(dataset, PROMPTS) == [("30", "p", "good", "bad"), ("31", "q", "fine", "fine")]
    assert rows(dataset, "SELECT section, chosen_candidates, rejected_candidates FROM prompts ORDER BY prompt_id") == [
        ("Chat", [1], [2]),
        ("Chat Hard", [1, 2], [1, 2]),
    ]
    assert rows(dataset, CANDIDATES) == [
        (1, 1, "GPT4-Turbo", "good"),
        (1, 2, "alpaca-7b", "bad"),
        (2, 1, "human", "fine"),
        (2, 2, "unknown", "fine"),
    ]
    assert rows(dataset, RANKS) == [
        ("score", 1, 1, 0.5, 2.0),
        ("score", 1, 2, 1.5, 1.0),
        ("score", 2, 1, 1.0, 1.5),
        ("score", 2, 2, 1.0, 1.5),
    ]
    assert dataset.contents.layout == (
        "pairs: one row per prompt with a chosen and a rejected text, which are its candidates 1 and 2. prompt: prompt · "
        "rewards: chosen_score · chosen text: chosen · rejected text: rejected · "
        "source model of the chosen text: chosen_model · source model of the rejected text: rejected_model · "
        "rewards of the rejected text: rejected_score · subset: subset"
    )


def test_ultrafeedback_binarized_has_message_lists(opened: Callable[..., Dataset]) -> None:
    chosen = [message("user", "Name a prime."), message("assistant", "Two.")]
    rejected = [message("user", "Name a prime."), message("assistant", "Nine.")]
    dataset = opened(
        pa.table(
            {
                "prompt": ["Name a prime."],
                "prompt_id": ["f0e37e"],
                "chosen": pa.array([chosen], MESSAGES),
                "rejected": pa.array([rejected], MESSAGES),
                "messages": pa.array([chosen], MESSAGES),
                "score_chosen": [8.5],
                "score_rejected": [7.5],
            }
        )
    )
    assert rows(dataset, PROMPTS) == [("f0e37e", "Name a prime.", "Two.", "Nine.")]
    assert rows(dataset, CANDIDATES) == [(1, 1, None, "Two."), (1, 2, None, "Nine.")]
    assert rows(dataset, RANKS) == [("score", 1, 1, 8.5, 1.0), ("score", 1, 2, 7.5, 2.0)]


def test_preference_700k_has_its_prompt_in_the_conversation(opened: Callable[..., Dataset]) -> None:
    before = [message("user", "Hi!"), message("assistant", "Yes?"), message("user", "Name a prime.")]
    dataset = opened(
        pa.table(
            {
                "rejected": pa.array([[*before, message("assistant", "Nine.")], None], MESSAGES),
                "rejected_score": [2.0, None],
                "chosen_score": [5.0, 1.0],
                "chosen": pa.array(
                    [[*before, message("assistant", "Two.")], [message("user", "q"), message("assistant", "a")]],
                    MESSAGES,
                ),
            }
        )
    )
    assert rows(dataset, PROMPTS) == [
        (None, "user: Hi!\n\nassistant: Yes?\n\nuser: Name a prime.", "Two.", "Nine."),
        (None, "q", "a", None),
    ]
    assert rows(dataset, RANKS) == [("score", 1, 1, 5.0, 1.0), ("score", 1, 2, 2.0, 2.0), ("score", 2, 1, 1.0, 1.0)]


def test_conversations_may_be_json_or_have_from_and_value(opened: Callable[..., Dataset]) -> None:
    chosen = '[{"from": "human", "value": "q"}, {"from": "gpt", "value": "good"}]'
    rejected = '[{"role": "user", "content": "q"}, {"role": "assistant", "content": "bad"}]'
    dataset = opened(
        pa.table({"chosen": [chosen], "rejected": [rejected], "chosen_reward": [1.0], "rejected_reward": [0.0]})
    )
    assert rows(dataset, PROMPTS) == [(None, "q", "good", "bad")]
    assert rows(dataset, CANDIDATES) == [(1, 1, None, "good"), (1, 2, None, "bad")]


def test_the_columns_of_pairs_may_be_said(opened: Callable[..., Dataset], mapped: Callable[..., None]) -> None:
    mapped(chosen="w", rejected="l", rewards=["r_w"], rejected_rewards=["r_l"], lower_is_better=["r_w"])
    dataset = opened(pa.table({"prompt": ["p"], "w": ["good"], "l": ["bad"], "r_w": [1.0], "r_l": [2.0]}))
    assert rows(dataset, RANKS) == [("−r_w", 1, 1, -1.0, 1.0), ("−r_w", 1, 2, -2.0, 2.0)]
