"""Room in the cache folder: what was unused for longest goes first, what is open never."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from data_access import cache_folder
from data_access.dataset import open_dataset
from data_access.opening import room
from data_access.opening.sources import Source
from data_access.preparing import preparation
from data_access.settings import Settings
from data_access.training_data import export_files
from tests.conftest import wide_table


def folder(root: Path, digit: str, size: int, used: int) -> Path:
    """A prepared dataset of so many bytes, last used at a time stamp."""
    made = root / f"prepared-{digit * 20}"
    made.mkdir()
    (made / "scores.parquet").write_bytes(b"x" * size)
    cache_folder.hold([made], f"run {digit}")
    os.utime(made / cache_folder.NAME, (used, used))
    return made


def sizes(root: Path) -> dict[str, int]:
    return {one.name: one.size - (one.folder / cache_folder.NAME).stat().st_size for one in cache_folder.kept(root)}


def trim(root: Path, limit: int) -> int:
    return room.trim(Settings(("sample",), root, cache_limit=limit))


def test_what_was_unused_for_longest_is_removed_first(tmp_path: Path) -> None:
    for digit, used in (("a", 3), ("b", 1), ("c", 2)):
        folder(tmp_path, digit, 1_000, used)
    (tmp_path / "notes-1.txt").touch()
    assert sizes(tmp_path) == {"run a": 1_000, "run c": 1_000, "run b": 1_000}
    assert list(sizes(tmp_path)) == ["run a", "run c", "run b"]
    assert trim(tmp_path, 5_000) > 3_000
    assert len(sizes(tmp_path)) == 3
    assert trim(tmp_path, 2_500) < 2_500
    assert list(sizes(tmp_path)) == ["run a", "run c"]
    assert trim(tmp_path, 0) == 0
    assert {file.name for file in tmp_path.iterdir()} == {"notes-1.txt", "room.lock"}


def test_what_is_open_stays_until_it_is_closed(tmp_path: Path) -> None:
    held = cache_folder.hold([folder(tmp_path, "a", 1_000, 1)], "run a")
    folder(tmp_path, "b", 1_000, 2)
    trim(tmp_path, 0)
    assert list(sizes(tmp_path)) == ["run a"]
    assert not cache_folder.remove(tmp_path / f"prepared-{'a' * 20}")
    for opened in held:
        opened.close()
    assert cache_folder.remove(tmp_path / f"prepared-{'a' * 20}")
    assert cache_folder.remove(tmp_path / f"prepared-{'a' * 20}")
    assert cache_folder.kept(tmp_path) == []


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A dataset of one prompt, beside the cache."""
    file = tmp_path.with_name(f"{tmp_path.name}-tiny") / "tiny.parquet"
    file.parent.mkdir()
    pq.write_table(wide_table([{"prompt": "?", "candidates": [("ant", "a", 1.0), ("bee", "b", 2.0)]}]), file)
    return Source("tiny", (file,))


def test_an_open_dataset_is_not_removed_and_one_that_was_removed_is_prepared_again(
    tmp_path: Path, source: Source
) -> None:
    dataset = open_dataset(source, tmp_path, lambda done, doing: None)
    (there,) = cache_folder.kept(tmp_path)
    assert (there.kind, there.name) == ("prepared", "tiny")
    assert there.size > 5_000
    assert trim(tmp_path, 0) == there.size
    fingerprint = dataset.fingerprint
    del dataset
    assert trim(tmp_path, 0) == 0
    assert open_dataset(source, tmp_path, lambda done, doing: None).fingerprint == fingerprint


def test_what_is_removed_between_preparing_and_holding_is_prepared_again(
    tmp_path: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = preparation.prepare
    prepared: list[Path] = []

    def prepare(*asked: Any) -> Path:
        prepared.append(really(*asked))
        if len(prepared) == 1:
            assert cache_folder.remove(prepared[0])
        return prepared[-1]

    monkeypatch.setattr(preparation, "prepare", prepare)
    dataset = open_dataset(source, tmp_path, lambda done, doing: None)
    assert dataset.contents.prompts > 0
    assert len(prepared) == 2
    assert not cache_folder.remove(prepared[0])


def test_a_cache_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert cache_folder.kept(tmp_path / "none") == []
    assert trim(tmp_path / "none", 0) == 0


def test_what_killed_processes_left_is_swept_and_what_others_are_at_stays(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    for left in (
        "prepared-a.partial",
        "converted-b.partial",
        f"upload-{'c' * 32}.leaving-1",
        "exports/d.zip.partial-x",
    ):
        (tmp_path / left / "spill").mkdir(parents=True)
        (tmp_path / left / "spill" / "half").write_bytes(b"x" * 1_000)
    for small in (
        "sample-1.parquet.17-1.partial",
        "hub/o--n/main.json.1.partial",
        "prepared-e.lock",
        "prepared-f.lock",
    ):
        (tmp_path / small).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / small).touch()
        os.utime(tmp_path / small, (1, 1))
    (tmp_path / "sample-1.parquet.18-1.partial").touch()  # somebody is writing it
    (tmp_path / "prepared-f").mkdir()
    (tmp_path / "busy-g.partial").mkdir()
    with (
        FileLock(tmp_path / "prepared-a.lock"),
        running(tmp_path, "FileLock('busy-g.lock').acquire()"),
        export_files.partial_folder(exports / "h.zip") as partial,
    ):
        cache_folder.sweep(tmp_path)
        assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.name != "spill") == [
            "busy-g.lock",
            "busy-g.partial",
            "exports",
            f"exports/{partial.name}",
            "hub",
            "hub/o--n",
            "prepared-a.lock",
            "prepared-a.partial",
            "prepared-a.partial/spill/half",
            "prepared-f",
            "prepared-f.lock",
            "sample-1.parquet.18-1.partial",
        ]
    cache_folder.sweep(tmp_path)
    assert [path.name for path in tmp_path.glob("*.partial/")] == ["prepared-a.partial"]  # it can be resumed, for a day
    for path in (tmp_path / "prepared-a.partial" / "spill", tmp_path / "prepared-a.partial"):
        os.utime(path, (1, 1))
    cache_folder.sweep(tmp_path)
    assert not [*tmp_path.glob("*.partial/"), *tmp_path.glob("busy*"), *exports.iterdir()]


@contextmanager
def running(folder: Path, does: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that does something in a folder and then lives until it is killed."""
    code = f"from filelock import FileLock\nlock = {does}\nprint('done', flush=True)\ninput()"
    with subprocess.Popen([sys.executable, "-c", code], cwd=folder, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "done\n"
        yield process
        process.kill()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_folder_that_cannot_be_written_holds_nothing_open(tmp_path: Path) -> None:
    made = folder(tmp_path, "a", 1, 1)
    made.chmod(0o500)
    (made / cache_folder.NAME).chmod(0o400)
    assert cache_folder.hold([made], "run a") == ()
