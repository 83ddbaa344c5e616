"""Preparation: what it writes, when it writes it, and that nothing half-done is ever taken for whole."""

import multiprocessing
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data_access.dataset import Dataset
from data_access.errors import LayoutError
from data_access.opening.sources import Source
from data_access.preparing import preparation
from tests.conftest import open_path, wide_table
from tests.data_access.preparing.processes import killed, prepared_beside_another, source_of

TWO = {"prompt": "two", "candidates": [("ant", "a", 1.0), ("bee", "b", 2.0)]}
THREE = {"prompt": "three", "candidates": [("ant", "c", 3.0), ("cow", "d", 5.0), ("bee", "e", 4.0)]}
ONE = {"prompt": "one", "candidates": [("cow", "f", 6.0)]}
TEXTS = "SELECT prompt_id, candidate, model, response FROM responses ORDER BY ALL"
SCORES = "SELECT prompt_id, candidate, reward, rank FROM scores ORDER BY ALL"


def rows(dataset: Dataset, query: str) -> list[tuple[Any, ...]]:
    return dataset.connection.cursor().sql(query).fetchall()


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A dataset of two shards, not prepared yet; its cache is `tmp_path / "cache"`."""
    folder = tmp_path / "data"
    folder.mkdir()
    pq.write_table(wide_table([TWO]), folder / "train-00000-of-00002.parquet")
    pq.write_table(wide_table([THREE, ONE]), folder / "train-00001-of-00002.parquet")
    return source_of(folder)


def test_shards_with_different_numbers_of_candidates_get_running_prompt_numbers(
    opened: Callable[..., Dataset],
) -> None:
    dataset = opened([TWO], [THREE, ONE], [TWO])
    assert rows(dataset, "SELECT prompt_id, prompt, candidates FROM prompts") == [
        (1, "two", 2),
        (2, "three", 3),
        (3, "one", 1),
        (4, "two", 2),
    ]
    assert rows(dataset, SCORES) == [
        (1, 1, 1.0, 2.0),
        (1, 2, 2.0, 1.0),
        (2, 1, 3.0, 3.0),
        (2, 2, 5.0, 1.0),
        (2, 3, 4.0, 2.0),
        (3, 1, 6.0, 1.0),
        (4, 1, 1.0, 2.0),
        (4, 2, 2.0, 1.0),
    ]
    assert rows(dataset, "SELECT prompt, response_3 FROM source ORDER BY prompt DESC") == [
        ("two", None),
        ("two", None),
        ("three", "e"),
        ("one", None),
    ]
    found = dataset.contents
    assert (found.shards, found.prompts, found.candidates, found.scored) == ((1, 2, 1), 4, 8, 8)


def test_a_shard_without_rows_between_others_changes_nothing(opened: Callable[..., Dataset]) -> None:
    dataset = opened([TWO], wide_table([THREE]).slice(0, 0), [ONE])
    assert rows(dataset, TEXTS) == [(1, 1, "ant", "a"), (1, 2, "bee", "b"), (2, 1, "cow", "f")]
    assert dataset.contents.shards == (1, 0, 1)


def test_prompts_of_several_row_groups_are_numbered_in_the_order_of_the_file(tmp_path: Path) -> None:
    table = wide_table([{"prompt": f"p{i}", "candidates": [("m", f"t{i}", float(-i))]} for i in range(1, 8)])
    pq.write_table(table, tmp_path / "x.parquet", row_group_size=2)
    dataset = open_path(tmp_path / "x.parquet", tmp_path / "cache")
    joined = "SELECT prompt_id, prompt, response, reward FROM prompts JOIN responses USING (prompt_id)"
    assert rows(dataset, f"{joined} JOIN scores USING (prompt_id, candidate) ORDER BY ALL") == [
        (i, f"p{i}", f"t{i}", float(-i)) for i in range(1, 8)
    ]


def test_a_prompt_of_null_responses_is_listed_without_candidates(opened: Callable[..., Dataset]) -> None:
    dataset = opened([{"prompt": "none", "candidates": [("ant", None, None), ("bee", None, None)]}, TWO])
    assert rows(dataset, "SELECT prompt_id, candidates, texts, summaries FROM prompts WHERE prompt_id = 1") == [
        (1, 0, 0, None)
    ]
    assert rows(dataset, TEXTS) == [(2, 1, "ant", "a"), (2, 2, "bee", "b")]


def test_it_reports_what_it_does_with_each_file(source: Source, tmp_path: Path) -> None:
    said: list[tuple[float, str]] = []
    preparation.prepare(source, tmp_path / "cache", lambda done, doing: said.append((done, doing)))
    shares = [done for done, _ in said]
    assert shares == sorted(shares)
    assert all(0 <= done <= 1 for done in shares)
    assert {doing for _, doing in said} == {
        f"Preparing file {number} of 2: {doing} the {what}."
        for number in (1, 2)
        for doing, what in (
            ("reading", "responses"),
            ("measuring", "responses"),
            ("ranking", "rewards"),
            ("summarising", "prompts"),
        )
    }


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "About 1 second left."),
        (70.0, "About 70 seconds left."),
        (100.0, "About 2 minutes left."),
        (5400.0, "About 2 hours left."),
    ],
)
def test_the_time_that_is_left_is_told_in_round_numbers(seconds: float, words: str) -> None:
    assert preparation.in_words(seconds) == words


def test_after_some_seconds_it_tells_the_time_that_is_left(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10_000, 4))
    monkeypatch.setattr(preparation.time, "monotonic", lambda: float(next(clock)))
    said: list[str] = []
    preparation.prepare(source, tmp_path / "cache", lambda done, doing: said.append(doing))
    assert "left" not in said[0]
    assert re.search(r"\. About \d+ seconds left\.$", said[-2])


def test_nothing_is_prepared_again_while_the_source_stays_as_it_is(source: Source, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    folder = preparation.prepare(source, cache, lambda done, doing: None)
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert set(before) == {
        *(f"{relation}-0000{shard}.parquet" for relation in ("prompts", "responses", "scores") for shard in (0, 1)),
        "contents.json",
    }
    assert preparation.is_prepared(source, cache)
    said: list[str] = []
    assert preparation.prepare(source, cache, lambda done, doing: said.append(doing)) == folder
    assert said == []
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_a_replaced_file_is_prepared_anew(source: Source, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert rows(open_path(tmp_path / "data", cache), TEXTS)[0] == (1, 1, "ant", "a")
    pq.write_table(wide_table([ONE]), source.files[0])
    assert not preparation.is_prepared(source, cache)
    assert rows(open_path(tmp_path / "data", cache), TEXTS)[0] == (1, 1, "cow", "f")


def test_another_format_version_prepares_anew(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    old = preparation.prepare(source, cache, lambda done, doing: None)
    monkeypatch.setattr("data_access.preparing.fingerprint.FORMAT_VERSION", "next")
    assert not preparation.is_prepared(source, cache)
    assert preparation.prepare(source, cache, lambda done, doing: None) != old


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix in (".parquet", ".json")}


def test_the_files_are_the_same_to_the_byte_whatever_the_threads(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for at_once in (1, 2, 4):
        monkeypatch.setattr(preparation, "MOST_AT_ONCE", at_once)
        monkeypatch.setattr(os, "cpu_count", lambda: 4)
        made.append(bytes_of(preparation.prepare(source, tmp_path / f"cache{at_once}", lambda done, doing: None)))
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize("damage", ["a bit", "a byte less", "no file", "half of what it says"])
def test_a_prepared_file_that_was_damaged_is_made_again(source: Source, tmp_path: Path, damage: str) -> None:
    cache = tmp_path / "cache"
    folder = preparation.prepare(source, cache, lambda done, doing: None)
    before = bytes_of(folder)
    spoilt = folder / ("contents.json" if "says" in damage else "responses-00001.parquet")
    whole = spoilt.read_bytes()
    if damage == "a bit":
        spoilt.write_bytes(whole[:40] + bytes([whole[40] ^ 1]) + whole[41:])
    elif damage == "no file":
        spoilt.unlink()
    else:
        spoilt.write_bytes(whole[: len(whole) // 2 if "half" in damage else -1])
    said: list[str] = []
    assert preparation.prepare(source, cache, lambda done, doing: said.append(doing)) == folder
    assert said
    assert bytes_of(folder) == before


@pytest.mark.parametrize("doing", ["file 1 of 2: reading", "file 2 of 2: ranking", "file 2 of 2: summarising"])
def test_a_preparation_that_is_given_up_is_taken_for_nothing_and_the_next_one_is_whole(
    source: Source, tmp_path: Path, doing: str
) -> None:
    class GivenUpError(Exception):
        pass

    def give_up(done: float, sentence: str) -> None:
        if doing in sentence:
            raise GivenUpError

    cache = tmp_path / "cache"
    with pytest.raises(GivenUpError):
        preparation.prepare(source, cache, give_up)
    assert not preparation.is_prepared(source, cache)
    assert open_path(tmp_path / "data", cache).contents.candidates == 6
    assert [path.suffix for path in cache.iterdir() if path.is_dir()] == [""]


def test_what_is_wrong_with_a_source_leaves_nothing(source: Source, tmp_path: Path) -> None:
    table = wide_table([{"prompt": "unscored", "candidates": [("ant", "a", None)]}])
    for file in source.files:
        pq.write_table(table, file)
    with pytest.raises(LayoutError, match="every reward is missing"):
        preparation.prepare(source, tmp_path / "cache", lambda done, doing: None)
    assert [path for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


def test_what_a_killed_preparation_leaves_is_not_taken_for_a_prepared_dataset(source: Source, tmp_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=killed, args=(tmp_path / "data",))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    cache = tmp_path / "cache"
    (left,) = [path for path in cache.iterdir() if path.is_dir()]
    assert (left / "responses-00001.parquet").exists()
    assert not preparation.is_prepared(source, cache)

    (left / "prompts-00001.parquet").write_bytes(b"half a file")
    (left / "contents.json").write_text("{")
    said: list[str] = []
    folder = preparation.prepare(source, cache, lambda done, doing: said.append(doing))
    assert said[0] == "Preparing file 2 of 2: reading the responses."  # the first one is whole
    assert not [doing for doing in said if "file 1" in doing]
    assert not left.exists()
    assert bytes_of(folder) == bytes_of(preparation.prepare(source, tmp_path / "another", lambda done, doing: None))
    dataset = open_path(tmp_path / "data", cache)
    assert (dataset.contents.prompts, dataset.contents.candidates) == (3, 6)


def test_a_shard_that_was_damaged_since_is_not_taken_over(source: Source, tmp_path: Path) -> None:
    cache = tmp_path / "cache"

    def give_up(done: float, sentence: str) -> None:
        if done >= 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        preparation.prepare(source, cache, give_up)
    (left,) = [path for path in cache.iterdir() if path.is_dir()]
    assert len(list(left.glob("done-*.json"))) == 2
    (left / "scores-00000.parquet").write_bytes(b"x")
    said: list[str] = []
    preparation.prepare(source, cache, lambda done, doing: said.append(doing))
    assert said
    assert all("file 1 of 2" in doing for doing in said)


def test_two_processes_prepare_the_same_data_once_and_both_get_it(source: Source, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    other_waits, told = context.Event(), context.Queue()
    arguments = (tmp_path / "data", other_waits, told)
    processes = [context.Process(target=prepared_beside_another, args=arguments) for _ in range(2)]
    for process in processes:
        process.start()
    results = [told.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    assert sorted(results) == [(False, 6), (True, 6)]
    assert [process.exitcode for process in processes] == [0, 0]
