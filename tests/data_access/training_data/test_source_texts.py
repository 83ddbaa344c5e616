"""Formatted texts of the source: found by prompt and candidate in several files, and held against the response."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.dataset import Dataset
from data_access.training_data import source_texts
from data_access.training_data.recipes import Recipe
from data_access.training_data.rows import Selection, selection
from tests.conftest import open_path, wide_table

Open = Callable[..., Dataset]
TEXT_RECIPE = replace(Recipe("data", "reward").with_strategy("top"), format="trl_text", text_column="text")


def prompt(number: int, candidates: int = 3, **columns: Any) -> dict[str, Any]:
    """A prompt whose first candidate is best, each with a formatted text around the response."""
    texts = {f"text_{i}": f"<{number}> {number}.{i}!" for i in range(1, candidates + 1)}
    found = [("ant", f"{number}.{i}", float(-i)) for i in range(1, candidates + 1)]
    return {"prompt": f"{number}?", **texts, "candidates": found, **columns}


def test_a_text_is_found_by_prompt_and_candidate_in_several_files(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The last file has a candidate more.
    dataset = opened([prompt(1), prompt(2)], [prompt(3)], [prompt(4, 4), prompt(5, 4)])
    assert dataset.contents.numbered_texts == ("text",)
    ids, candidates = [5, 1, 4, 3, 2, 5], [4, 2, 1, 3, 2, 1]
    expected = [f"<{number}> {number}.{i}!" for number, i in zip(ids, candidates, strict=True)]
    assert source_texts.texts(dataset, "text", ids, candidates) == expected
    monkeypatch.setattr(source_texts, "COLUMNS_AT_ONCE", 1)
    assert source_texts.texts(dataset, "text", ids, candidates) == expected
    assert not source_texts.without_response(dataset, "text", ids, candidates).any()


def test_rows_whose_text_is_another_or_missing_are_dropped_and_counted(opened: Open) -> None:
    dataset = opened([prompt(1), prompt(2, text_1="<2> Another."), prompt(3, text_1=None)], [prompt(4, text_2=None)])

    def taken(**parameters: Any) -> Selection:
        return selection(dataset, replace(TEXT_RECIPE, **parameters), [1, 2, 3, 4])

    assert taken().kept["prompt_id"].tolist() == [1, 4]
    assert taken().dropped == {"other_text": 2}
    best_two = taken(per_prompt=2)
    assert best_two.kept[["prompt_id", "first"]].values.tolist() == [[1, 1], [1, 2], [2, 2], [3, 2], [4, 1]]
    assert best_two.dropped == {"other_text": 3}
    # The most of one source model is of rows that have their text.
    assert taken(per_model=1).dropped == {"other_text": 2, "per_model": 1}
    plain = selection(dataset, Recipe("data", "reward").with_strategy("top"), [1, 2, 3, 4])
    assert plain.dropped == {}


def test_candidates_that_are_numbered_from_0_have_their_own_text(opened: Open) -> None:
    names = {f"{what}_{i}": value for i in (0, 1) for what, value in (("response", f"r{i}"), ("text", f"a r{i}"))}
    table = pa.table({"prompt": ["p"], "reward_0": [1.0], "reward_1": [2.0]} | {name: [t] for name, t in names.items()})
    dataset = opened(table)
    assert source_texts.texts(dataset, "text", [1, 1], [1, 2]) == ["a r0", "a r1"]


def test_the_texts_of_joined_datasets_are_the_first_ones(tmp_path: Path) -> None:
    for scorer, mark in (("first", "first"), ("second", "second")):
        rows = [prompt(1, text_1=f"{mark}: 1.1"), prompt(2, text_1=f"{mark}: 2.1")]
        pq.write_table(wide_table(rows[:: 1 if scorer == "first" else -1]), tmp_path / f"{scorer}.parquet")
    dataset = open_path(f"{tmp_path / 'first.parquet'} + {tmp_path / 'second.parquet'}", tmp_path / "cache")
    assert dataset.contents.numbered_texts == ("text",)
    assert source_texts.texts(dataset, "text", [1, 2], [1, 1]) == ["first: 1.1", "first: 2.1"]
    recipe = replace(TEXT_RECIPE, dataset=dataset.name, scorer="second")
    assert selection(dataset, recipe, [1, 2]).kept["first"].tolist() == [1, 1]


def test_only_what_every_file_has_for_every_candidate_is_offered(opened: Open) -> None:
    def offered(*shards: Any) -> tuple[str, ...]:
        return opened(*shards).contents.numbered_texts

    # Not the responses, nor the source models, nor numbers.
    assert offered([prompt(1, length_1=3, length_2=3, length_3=3)]) == ("text",)
    more = {f"note_{i}": "1.1" for i in (1, 2, 3)}
    assert set(offered([prompt(1, **more)])) == {"text", "note"}
    assert offered([prompt(1, **more)], [prompt(2)]) == ("text",)
    without = {name: value for name, value in prompt(1).items() if name != "text_2"}
    assert offered([without]) == ()
    lists = pa.table({"prompt": ["p"], "responses": [["a", "b"]], "rewards": [[1.0, 2.0]], "text_1": ["a"]})
    assert offered(lists) == ()
