"""Reports of a dataset of a few rows, and of one whose texts would do something if they were let."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from data_access.dataset import Dataset
from data_access.report.reports import Part, Report, State

NOW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
ROWS: list[dict[str, Any]] = [
    {
        "prompt": "Name a prime.",
        "subset": "math-prm",
        "rewardbench_chosen": "Two.",
        "rewardbench_rejected": "Nine.",
        "candidates": [("ant", "Two.", 3.0), ("bee", "Three.", 1.0), ("cow", "Two.", 2.0), ("ant", "Six.", None)],
    },
    {
        "prompt": "Name a colour.",
        "subset": "alpacaeval-easy",
        "candidates": [("ant", "Red.", 0.5), ("bee", "Sky blue, like a clear morning.", 4.0)],
    },
]
BARE: list[dict[str, Any]] = [{"prompt": "Say nothing.", "candidates": [(None, "", 1.0), (None, None, None)]}]


@pytest.fixture
def opened(opened_once: Callable[..., Dataset]) -> Callable[..., Dataset]:
    """`opened_once`."""
    return opened_once


@pytest.fixture
def tiny(opened: Callable[..., Dataset]) -> Dataset:
    """The dataset ROWS."""
    return opened(ROWS)


def part(page: str, sentence: str = "", text_key: str = "", **parameters: str) -> Part:
    """A part with one value of each parameter."""
    asked = {name: (value,) for name, value in parameters.items()}
    return Part(page, asked, sentence, "2026-11-25T10:00Z", text_key)


def report(dataset: Dataset, *parts: Part, base: str = "") -> Report:
    """A report of these parts, made of the dataset as it is."""
    return Report(State.of(dataset), "What I saw", parts, base)
