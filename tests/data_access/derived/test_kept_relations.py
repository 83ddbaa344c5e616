"""Relations that are made later: once, whole or not at all, by one thread or process while others wait."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from filelock import FileLock

from data_access.database import Connection
from data_access.dataset import DERIVED, Dataset
from data_access.derived import kept_relations
from data_access.derived.attributes import attributes
from data_access.derived.kept_relations import Derived, Narrowed, by_prompts, see_to
from tests.conftest import open_path

ROWS = [{"prompt": f"p{i}", "candidates": [("m", f"text {i}, {j}", float(j)) for j in range(3)]} for i in range(4)]


def made(dataset: Dataset) -> pd.DataFrame:
    return dataset.connection.cursor().execute("FROM attributes").df()


def counting(calls: list[tuple[int, int]]) -> Derived:
    """A relation with a row a prompt, that notes for which prompts it was asked."""

    def rows(connection: Connection, narrowed: Narrowed, first: int, last: int) -> pa.Table:
        calls.append((first, last))
        return connection.sql(
            f"SELECT prompt_id FROM prompts WHERE prompt_id BETWEEN {first} AND {last}"
        ).to_arrow_table()

    return Derived("attributes", (), by_prompts(rows))


def test_it_is_made_block_by_block_with_progress_and_only_once(
    opened: Callable[..., Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_relations, "AT_ONCE", 6)
    dataset = opened(ROWS)
    calls: list[tuple[int, int]] = []
    done: list[float] = []
    see_to(dataset, counting(calls), done.append)
    see_to(dataset, counting(calls), done.append)
    assert (calls, done) == ([(1, 2), (3, 4)], [0.0, 0.5])
    again = open_path(tmp_path / "data", tmp_path / "cache")
    see_to(again, counting(calls), done.append)
    assert len(calls) == 2
    assert made(again)["prompt_id"].tolist() == [1, 2, 3, 4]
    folder = dataset.prepared["responses"][0].parent
    assert not [file.name for file in folder.iterdir() if file.suffix in (".partial", ".progress", ".spill")]


def test_viewers_at_the_same_time_make_it_once_and_all_see_it(opened: Callable[..., Dataset]) -> None:
    dataset = opened(ROWS)
    calls: list[tuple[int, int]] = []
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: see_to(dataset, counting(calls), lambda done: None), range(4)))
    assert calls == [(1, 4)]
    assert len(made(dataset)) == 4


def test_who_waits_for_another_process_sees_how_far_it_is(
    opened: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_relations, "WAIT_S", 0.01)
    dataset = opened(ROWS)
    target = dataset.derived_file("attributes")
    assert target
    lock = FileLock(target.with_suffix(".lock"))
    lock.acquire()
    target.with_suffix(".progress").write_text(json.dumps(0.25))
    seen: list[float] = []

    def report(done: float) -> None:
        seen.append(done)
        lock.release()

    see_to(dataset, counting([]), report)
    assert seen[0] == 0.25
    assert len(made(dataset)) == 4


def test_what_fails_leaves_nothing_that_is_taken_for_the_relation(opened: Callable[..., Dataset]) -> None:
    dataset = opened(ROWS)

    def rows(connection: Connection, narrowed: Narrowed, first: int, last: int) -> pa.Table:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        see_to(dataset, Derived("attributes", (), by_prompts(rows)), lambda done: None)
    see_to(dataset, counting([]), lambda done: None)
    assert len(made(dataset)) == 4


def test_where_nothing_can_be_written_the_rows_are_the_same_and_held_in_memory(
    opened: Callable[..., Dataset], tmp_path: Path
) -> None:
    prepared = opened(ROWS)
    attributes(prepared)
    unprepared = open_path(tmp_path / "data", Path("/proc/c"))
    assert unprepared.derived_file("attributes") is None
    attributes(unprepared)
    attributes(unprepared)
    expected = made(prepared)
    pd.testing.assert_frame_equal(made(unprepared), expected)

    folder = prepared.prepared["responses"][0].parent
    for file in folder.glob("attributes.*"):
        file.unlink()
    full = open_path(tmp_path / "data", tmp_path / "cache")
    (folder / f"attributes.{DERIVED['attributes']}.partial").mkdir()  # nothing can be written there
    attributes(full)
    pd.testing.assert_frame_equal(made(full), expected)
