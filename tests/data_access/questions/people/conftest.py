"""Answers written inline: who said what of which two texts."""

from collections.abc import Callable

import pytest

from data_access.dataset import Dataset
from data_access.judgements.answers import Answer
from data_access.judgements.people import Person
from data_access.judgements.text_keys import text_key


@pytest.fixture
def opened(opened_once: Callable[..., Dataset]) -> Callable[..., Dataset]:
    """`opened_once`."""
    return opened_once


def said(
    person: str,
    prompt: str,
    left: str,
    right: str,
    chosen: str,
    at: str = "2026-11-25T09:30:00.000000Z",
    drawn: str = "set",
) -> Answer:
    """An answer as the store gives it back: `chosen` is 'left', 'right', or as it is kept."""
    first, second = sorted((text_key(left), text_key(right)))
    side = "first" if text_key(left) == first else "second"
    other = "second" if side == "first" else "first"
    answer = {"left": side, "right": other}.get(chosen, chosen)
    return Answer(text_key(prompt), first, second, Person(person), drawn, 1, side, answer, "data", at)
