"""Of very many candidates some prompts are drawn, with all that is known of them, under their own numbers."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_access import database
from data_access.dataset import Dataset
from data_access.derived import drawn as module
from data_access.derived.attributes import attributes
from data_access.derived.drawn import drawn, is_drawn, said_of
from data_access.questions.best_of_n import gain_curve, scored_candidates
from data_access.questions.text_checks import normalised_duplicates
from tests.data_access.derived.rows import made_rows

Open = Callable[..., Dataset]


def rows(dataset: Dataset, query: str) -> list[tuple[Any, ...]]:
    return dataset.connection.cursor().execute(query).fetchall()


@pytest.fixture
def large(opened: Open, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """40 prompts in two files with 6 candidates each, of which 10 prompts are drawn."""
    monkeypatch.setattr(module, "MOST_CANDIDATES", 60)
    every = made_rows(40)
    return opened(every[:25], every[25:])


def test_where_there_are_no_more_nothing_is_drawn(opened: Open) -> None:
    dataset = opened(made_rows(12))
    assert is_drawn(dataset)
    assert drawn(dataset) is dataset
    assert said_of(dataset, dataset) == ""


def test_a_drawn_prompt_has_its_number_and_all_of_its_rows(large: Dataset) -> None:
    done: list[float] = []
    part = drawn(large, done.append)
    assert done == [step / 6 for step in range(6)]
    assert (part.contents.prompts, part.contents.candidates, part.last_prompt) == (10, 60, 40)
    assert said_of(large, part) == "Figures of 10 drawn of 40 prompts."
    ids = [number for (number,) in rows(part, "SELECT prompt_id FROM prompts ORDER BY prompt_id")]
    assert ids == sorted((np.random.default_rng(1).choice(40, 10, replace=False) + 1).tolist())
    listed = ", ".join(map(str, ids))
    for relation, key in (("prompts", "prompt_id"), ("responses", "1, 2"), ("scores", "scorer, prompt_id, candidate")):
        every = f"SELECT * FROM {relation} WHERE prompt_id IN ({listed}) ORDER BY {key}"
        assert rows(part, every) == rows(large, every)
        assert rows(part, f"SELECT count(DISTINCT prompt_id) FROM {relation}") == [(10,)]


def test_what_goes_through_all_prompts_finds_the_drawn_ones(large: Dataset) -> None:
    part = drawn(large)
    attributes(part)
    assert rows(part, "SELECT count(*), count(DISTINCT prompt_id) FROM attributes") == [(60, 10)]
    assert not database.has_relation(large, "attributes")
    assert gain_curve(scored_candidates(part, "reward")).total == 10
    assert normalised_duplicates(part, lambda done: None).asks == "Do texts differ in white space only?"


def test_it_is_drawn_once_and_the_same_ones_each_time(large: Dataset) -> None:
    first = drawn(large)
    done: list[float] = []
    again = drawn(large, done.append)
    assert done == []
    assert is_drawn(large)
    pd.testing.assert_frame_equal(scored_candidates(first, "reward"), scored_candidates(again, "reward"))


def test_two_at_once_draw_once(large: Dataset) -> None:
    found: list[Dataset] = []
    threads = [Thread(target=lambda: found.append(drawn(large))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [part.contents.prompts for part in found] == [10, 10]
