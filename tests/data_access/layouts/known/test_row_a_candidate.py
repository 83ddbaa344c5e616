"""One row a candidate, from files of the published schemas."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from data_access.dataset import Dataset
from data_access.errors import LayoutError
from tests.conftest import open_path
from tests.data_access.preparing.test_preparation import rows

PROMPTS = "SELECT prompt_id, source_key, prompt, candidates FROM prompts ORDER BY prompt_id"
CANDIDATES = "SELECT prompt_id, candidate, model, response FROM responses ORDER BY ALL"
RANKS = "SELECT prompt_id, candidate, reward, rank FROM scores ORDER BY ALL"


def test_helpsteer2_groups_by_the_exact_prompt_and_every_number_is_a_scorer(opened: Callable[..., Dataset]) -> None:
    dataset = opened(
        pa.table(
            {
                "prompt": ["Name a prime.", "Name a prime.", "name a prime."],
                "response": ["Two.", "Nine.", "Three."],
                "helpfulness": pa.array([4, 0, 3], pa.int32()),
                "correctness": pa.array([4, 4, 3], pa.int32()),
                "coherence": pa.array([4, 4, 4], pa.int32()),
                "complexity": pa.array([1, 2, 0], pa.int32()),
                "verbosity": pa.array([0, 0, 1], pa.int32()),
            }
        )
    )
    assert rows(dataset, PROMPTS) == [(1, None, "Name a prime.", 2), (2, None, "name a prime.", 1)]
    assert rows(dataset, CANDIDATES) == [(1, 1, None, "Two."), (1, 2, None, "Nine."), (2, 1, None, "Three.")]
    assert dataset.contents.scorers == (
        "helpfulness", "correctness", "coherence", "complexity", "verbosity", "mean percentile",
    )  # fmt: skip
    ranks = "SELECT prompt_id, candidate, rank FROM scores WHERE scorer = '{}' ORDER BY ALL"
    assert rows(dataset, ranks.format("helpfulness")) == [(1, 1, 1.0), (1, 2, 2.0), (2, 1, 1.0)]
    assert rows(dataset, ranks.format("correctness")) == [(1, 1, 1.5), (1, 2, 1.5), (2, 1, 1.0)]
    assert dataset.contents.layout == (
        "one row a candidate: rows with exactly the same prompt text are one prompt's candidates. prompt: prompt · "
        "response: response · rewards: helpfulness, correctness, coherence, complexity, verbosity"
    )


def test_openrlhf_output(opened: Callable[..., Dataset]) -> None:
    dataset = opened(pa.table({"input": ["p", "q", "p"], "output": ["a", "b", "c"], "reward": [1.0, 2.0, 3.0]}))
    assert rows(dataset, PROMPTS) == [(1, None, "p", 2), (2, None, "q", 1)]
    assert rows(dataset, CANDIDATES) == [(1, 1, None, "a"), (1, 2, None, "c"), (2, 1, None, "b")]
    assert rows(dataset, RANKS) == [(1, 1, 1.0, 2.0), (1, 2, 3.0, 1.0), (2, 1, 2.0, 1.0)]


def long(ids: list[int | None], prompts: list[str | None], responses: list[str], rewards: list[float]) -> pa.Table:
    return pa.table(
        {"prompt_id": pa.array(ids, pa.int64()), "prompt": pa.array(prompts, pa.string()), "response": responses}
        | {"reward": rewards, "model": ["ant"] * len(ids)}
    )


def test_a_prompts_rows_may_lie_in_several_files_and_are_numbered_by_first_appearance(
    opened: Callable[..., Dataset],
) -> None:
    dataset = opened(
        long([9, 4, 9], ["nine", "four", "nine"], ["a", "b", "c"], [1.0, 2.0, 3.0]),
        long([7, 9, 4], ["seven", "nine", "four"], ["d", "e", "f"], [4.0, 5.0, 6.0]),
    )
    assert rows(dataset, PROMPTS) == [(1, "9", "nine", 3), (2, "4", "four", 2), (3, "7", "seven", 1)]
    assert rows(dataset, CANDIDATES) == [
        (1, 1, "ant", "a"),
        (1, 2, "ant", "c"),
        (1, 3, "ant", "e"),
        (2, 1, "ant", "b"),
        (2, 2, "ant", "f"),
        (3, 1, "ant", "d"),
    ]
    assert rows(dataset, RANKS) == [
        (1, 1, 1.0, 3.0),
        (1, 2, 3.0, 2.0),
        (1, 3, 5.0, 1.0),
        (2, 1, 2.0, 2.0),
        (2, 2, 6.0, 1.0),
        (3, 1, 4.0, 1.0),
    ]
    assert dataset.contents.shards == (3,)
    assert "rows with the same prompt_id are one prompt's candidates" in dataset.contents.layout


def test_rows_without_an_id_are_prompts_of_their_own_and_ids_with_two_texts_are_said(
    opened: Callable[..., Dataset],
) -> None:
    dataset = opened(long([1, None, 1, None], ["p", "q", "P", "q"], ["a", "b", "c", "d"], [1.0, 2.0, 3.0, 4.0]))
    assert rows(dataset, PROMPTS) == [(1, "1", "p", 2), (2, None, "q", 1), (3, None, "q", 1)]
    assert dataset.notices == (
        "train-00000-of-00001.parquet: prompts whose prompt_id has rows with different prompt texts: 1. "
        "The first row's text is shown.",
    )


def test_rows_are_grouped_as_said(opened: Callable[..., Dataset], mapped: Callable[..., None]) -> None:
    mapped(group_by="", model="")
    dataset = opened(long([1, 2, 3], ["p", "q", "p"], ["a", "b", "c"], [1.0, 2.0, 3.0]))
    assert rows(dataset, CANDIDATES) == [(1, 1, None, "a"), (1, 2, None, "c"), (2, 1, None, "b")]


def test_rows_without_a_prompt_text_are_not_ranked_against_each_other(opened: Callable[..., Dataset]) -> None:
    table = pa.table({"prompt": pa.array([None, None], pa.string()), "response": ["a", "b"], "reward": [1.0, 2.0]})
    assert rows(opened(table), RANKS) == [(1, 1, 1.0, 1.0), (2, 1, 2.0, 1.0)]


def test_files_of_different_layouts_are_not_read_as_one(opened: Callable[..., Dataset]) -> None:
    wide = pa.table({"prompt": ["p"], "response_1": ["a"], "reward_1": [1.0]})
    with pytest.raises(LayoutError, match="have different layouts"):
        opened(wide, long([1], ["p"], ["a"], [1.0]))


def test_invalid_unicode_in_one_of_several_files_is_replaced(opened: Callable[..., Dataset]) -> None:
    bad = pa.array([b"caf\xe9"], pa.binary()).view(pa.string())
    first, second = long([1], ["p"], ["a"], [1.0]), long([1], ["p"], ["b"], [2.0])
    dataset = opened(first, second.set_column(2, "response", bad))
    assert rows(dataset, CANDIDATES) == [(1, 1, "ant", "a"), (1, 2, "ant", "caf\ufffd")]
    assert dataset.notices[0].startswith("2 files: texts that are not valid Unicode: 1.")


def test_several_files_are_read_as_one_without_a_cache_folder_too(
    opened: Callable[..., Dataset], tmp_path: Path
) -> None:
    prepared = opened(long([9, 4], ["nine", "four"], ["a", "b"], [1.0, 2.0]), long([9], ["nine"], ["c"], [3.0]))
    (tmp_path / "file").touch()
    direct = open_path(tmp_path / "data", tmp_path / "file" / "cache")
    assert not direct.is_prepared
    assert rows(direct, RANKS) == rows(prepared, RANKS) == [(1, 1, 1.0, 2.0), (1, 2, 3.0, 1.0), (2, 1, 2.0, 1.0)]
