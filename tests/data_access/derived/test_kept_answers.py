"""Answers that are kept beside a dataset's files: the same values come back, only of this code, and never as code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_access.dataset import Dataset
from data_access.derived import kept_answers
from data_access.derived.kept_answers import answered
from data_access.questions.checks import Check
from data_access.questions.filters import PromptFilter, Range
from data_access.questions.source_models import standing
from tests.data_access.derived.rows import made_rows

Open = Callable[..., Dataset]


@pytest.fixture(autouse=True)
def everything_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "WORTH_S", 0.0)


def kept(dataset: Dataset) -> list[Path]:
    return sorted((dataset.prepared["responses"][0].parent / "answers").glob("*"))


def refused() -> Any:
    raise AssertionError("asked again")


def test_what_was_worked_out_once_comes_back_as_it_was(opened: Open) -> None:
    dataset = opened(made_rows(12))
    check = Check("?", "3 of 4", PromptFilter(subset=("a",), spread=Range(0.1, None)), 3)
    values = {
        "numbers": [1, 2.5, float("inf"), None, True, "é"],
        "tuple": (1, ("a",)),
        "dict": {"a": 1, 2: "b"},
        "check": check,
        "array": np.array([[1.0, np.nan]], np.float32),
        "number": np.int64(7),
        "table": pd.DataFrame({"model": ["a", None], "n": pd.array([1, None], "Int64"), "x": [0.1, np.nan]}),
        "grouped": pd.DataFrame({"x": [1, 2]}, index=pd.Index(["a", "b"], name="model")),
    }
    for name, value in values.items():
        assert answered(dataset, (name,), lambda value=value: value) is value
        again = answered(dataset, (name,), refused)
        assert type(again) is type(value)
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(again, value)
        elif isinstance(value, np.ndarray):
            np.testing.assert_array_equal(again, value)
            assert again.dtype == value.dtype
        else:
            assert again == value
    assert len(kept(dataset)) == len(values)


def test_a_whole_standing_comes_back(opened: Open) -> None:
    dataset = opened(made_rows(12))
    found = answered(dataset, ("standing",), lambda: standing(dataset, "reward"))
    again = answered(dataset, ("standing",), refused)
    assert found
    assert type(again) is type(found)
    pd.testing.assert_frame_equal(again.table, found.table)
    np.testing.assert_array_equal(again.wins, found.wins)
    assert again[3:] == found[3:]


def test_another_question_and_other_code_are_asked_anew(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = opened(made_rows(12))
    assert answered(dataset, ("a", 1), lambda: 1) == 1
    assert answered(dataset, ("a", 2), lambda: 2) == 2
    monkeypatch.setattr(kept_answers, "_code", lambda: "changed")
    assert answered(dataset, ("a", 1), lambda: 3) == 3


def test_what_is_quick_is_not_kept_and_no_more_than_there_is_room_for(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = opened(made_rows(12))
    with monkeypatch.context() as patched:
        patched.setattr(kept_answers, "WORTH_S", 60.0)
        assert answered(dataset, ("a",), lambda: 1) == 1
    assert kept(dataset) == []
    monkeypatch.setattr(kept_answers, "MOST", 1)
    for number in (1, 2):
        assert answered(dataset, ("a", number), lambda: 1) == 1
    assert len(kept(dataset)) == 1


def test_what_cannot_be_written_is_worked_out_each_time(opened: Open) -> None:
    dataset = opened(made_rows(12))
    for value in (object(), {1, 2}, pd.DataFrame({"x": [1, "a"]}), np.array([object()])):
        assert answered(dataset, ("a",), lambda value=value: value) is value
    assert kept(dataset) == []


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "{",
        "[1",
        '{"$": "os:system", "items": ["true"]}',
        '{"$": "data_access.database:connect", "items": ["1MB"]}',
        '{"$": "data_access.questions.checks:Check", "items": []}',
        '{"$": "data_access.nowhere:Check", "items": []}',
        '{"$": "table", "bytes": "AAAA"}',
        '{"$": "array", "bytes": "AAAA", "scalar": false}',
        '{"no": 1}',
    ],
)
def test_a_damaged_answer_or_one_that_would_run_something_is_worked_out_anew(opened: Open, damaged: str) -> None:
    dataset = opened(made_rows(12))
    answered(dataset, ("a",), lambda: 1)
    (file,) = kept(dataset)
    file.write_text(damaged)
    assert answered(dataset, ("a",), lambda: 2) == 2
    assert json.loads(file.read_text()) == 2
