"""Texts that answer most prompts alike, counted in blocks of prompts as of all at once."""

from collections.abc import Callable
from typing import Any

import pytest

from data_access.dataset import Dataset
from data_access.derived import common_texts
from data_access.derived.common_texts import one_answer

Open = Callable[..., Dataset]


def row(number: int, said: str) -> dict[str, Any]:
    """A prompt to which the model attack says this, and wins but for the third."""
    reward = 0.0 if number == 3 else 9.0
    return {
        "prompt": f"{number}?",
        "candidates": [
            ("attack", said, reward),
            ("honest", f"Answer {number}.", 1.0),
            ("other", f"It is {number}.", 2.0),
        ],
    }


@pytest.mark.parametrize("at_once", [1_000_000, 9, 1])
def test_a_text_that_answers_half_of_the_prompts_is_found_in_blocks_too(
    opened: Open, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(common_texts, "AT_ONCE", at_once)
    said = ["Pick me."] * 10 + [f"No {number}." for number in range(10)]
    dataset = opened([row(number, text) for number, text in enumerate(said, start=1)])
    assert one_answer(dataset, "reward") == ("attack", 10, 20, 19)
    assert len(common_texts.common_texts(dataset, "reward")) == 1


@pytest.mark.parametrize("at_once", [1_000_000, 9, 1])
def test_a_text_that_answers_fewer_is_none(opened: Open, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(common_texts, "AT_ONCE", at_once)
    said = ["Pick me."] * 10 + [f"No {number}." for number in range(11)]
    dataset = opened([row(number, text) for number, text in enumerate(said, start=1)])
    assert one_answer(dataset, "reward") is None
    assert common_texts.common_texts(dataset, "reward") == []
