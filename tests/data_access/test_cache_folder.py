"""Room in the cache folder: what was unused for longest goes first, what is open never."""

import os
from pathlib import Path

import pytest

from data_access import cache_folder
from data_access.dataset import open_dataset
from data_access.opening.addresses import configured_sources
from data_access.settings import Settings


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


def test_what_was_unused_for_longest_is_removed_first(tmp_path: Path) -> None:
    for digit, used in (("a", 3), ("b", 1), ("c", 2)):
        folder(tmp_path, digit, 1_000, used)
    (tmp_path / "hub").mkdir()
    (tmp_path / "notes-1.txt").touch()
    assert sizes(tmp_path) == {"run a": 1_000, "run c": 1_000, "run b": 1_000}
    assert list(sizes(tmp_path)) == ["run a", "run c", "run b"]
    assert cache_folder.trim(tmp_path, 5_000) > 3_000
    assert len(sizes(tmp_path)) == 3
    assert cache_folder.trim(tmp_path, 2_500) < 2_500
    assert list(sizes(tmp_path)) == ["run a", "run c"]
    assert cache_folder.trim(tmp_path, 0) == 0
    assert {file.name for file in tmp_path.iterdir()} == {"hub", "notes-1.txt"}


def test_what_is_open_stays_until_it_is_closed(tmp_path: Path) -> None:
    held = cache_folder.hold([folder(tmp_path, "a", 1_000, 1)], "run a")
    folder(tmp_path, "b", 1_000, 2)
    cache_folder.trim(tmp_path, 0)
    assert list(sizes(tmp_path)) == ["run a"]
    assert not cache_folder.remove(tmp_path / f"prepared-{'a' * 20}")
    for opened in held:
        opened.close()
    assert cache_folder.remove(tmp_path / f"prepared-{'a' * 20}")
    assert cache_folder.remove(tmp_path / f"prepared-{'a' * 20}")
    assert cache_folder.kept(tmp_path) == []


def test_an_open_dataset_is_not_removed_and_one_that_was_removed_is_prepared_again(tmp_path: Path) -> None:
    settings = Settings(("sample",), tmp_path)
    (source,) = configured_sources(settings)
    dataset = open_dataset(source, tmp_path, lambda done, doing: None)
    (there,) = cache_folder.kept(tmp_path)
    assert (there.kind, there.name) == ("prepared", "sample")
    assert there.size > 100_000
    assert cache_folder.trim(tmp_path, 0) == there.size
    fingerprint = dataset.fingerprint
    del dataset
    assert cache_folder.trim(tmp_path, 0) == 0
    assert open_dataset(source, tmp_path, lambda done, doing: None).fingerprint == fingerprint


def test_a_cache_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert cache_folder.kept(tmp_path / "none") == []
    assert cache_folder.trim(tmp_path / "none", 0) == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_folder_that_cannot_be_written_holds_nothing_open(tmp_path: Path) -> None:
    made = folder(tmp_path, "a", 1, 1)
    made.chmod(0o500)
    (made / cache_folder.NAME).chmod(0o400)
    assert cache_folder.hold([made], "run a") == ()
