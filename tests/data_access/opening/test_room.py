"""Room for what is to be written: what goes, what stays, and what is refused."""

import json
import os
from pathlib import Path

import pytest
from filelock import FileLock

from data_access import cache_folder
from data_access.dataset import open_dataset
from data_access.errors import NoRoomError
from data_access.opening import room
from data_access.opening.addresses import configured_sources
from data_access.opening.local_files import to_local_files
from data_access.settings import Settings
from tests.data_access.test_cache_folder import folder

MB = 10**6


def settings(cache: Path, limit: int, *data: str) -> Settings:
    return Settings(data or ("sample",), cache, cache_limit=limit)


def export(cache: Path, name: str, size: int, used: int) -> Path:
    file = cache / "exports" / f"{name}.zip"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"x" * size)
    os.utime(file, (used, used))
    return file


def test_exports_count_and_the_oldest_goes_first(tmp_path: Path) -> None:
    old, new = export(tmp_path, "a", 2_000, 1), export(tmp_path, "b", 2_000, 3)
    middle = folder(tmp_path, "c", 2_000, 2)
    assert room.trim(settings(tmp_path, 5_000)) < 5_000
    assert [path.exists() for path in (old, middle, new)] == [False, True, True]
    assert room.trim(settings(tmp_path, 3_000)) == 2_000
    assert [path.exists() for path in (old, middle, new)] == [False, False, True]


def test_whatever_lies_in_the_cache_folder_counts(tmp_path: Path) -> None:
    (tmp_path / "prepared-x.partial" / "spill").mkdir(parents=True)
    (tmp_path / "prepared-x.partial" / "spill" / "a").write_bytes(b"x" * 3_000)
    kept = folder(tmp_path, "a", 1_000, 1)
    assert room.taken(settings(tmp_path, 0)) == 4_000 + (kept / cache_folder.NAME).stat().st_size
    with FileLock(tmp_path / "prepared-x.lock"):  # going on
        room.trim(settings(tmp_path, 3_500))
    assert not kept.exists()
    assert (tmp_path / "prepared-x.partial").exists()


def test_an_unfinished_preparation_goes_before_anything_else(tmp_path: Path) -> None:
    (tmp_path / "prepared-x.partial").mkdir()
    (tmp_path / "prepared-x.partial" / "a").write_bytes(b"x" * 3_000)
    kept = folder(tmp_path, "a", 1_000, 1)
    room.trim(settings(tmp_path, 3_500))
    assert kept.exists()
    assert not (tmp_path / "prepared-x.partial").exists()


def test_room_is_made_before_something_is_written_and_kept_for_it(tmp_path: Path) -> None:
    old, new = folder(tmp_path, "a", 4 * MB, 1), folder(tmp_path, "b", 4 * MB, 2)
    here = settings(tmp_path, 10 * MB)
    with room.room_for(here, 5 * MB, "run c") as left:
        assert [path.exists() for path in (old, new)] == [False, True]
        with pytest.raises(NoRoomError) as raised, room.room_for(here, 6 * MB, "run d"):
            pass
        assert str(raised.value) == (
            "run d needs 6.0 MB on this server, where 5.0 MB of 10.0 MB can be made free: the rest is in use. "
            "Try again later, or raise REWARDSCOPE_CACHE_LIMIT."
        )
        assert new.exists()  # nothing is removed in vain
        room.trim(here)
        assert new.exists()
        left(2 * MB)
        with room.room_for(here, 3 * MB, "run d"):
            assert new.exists()
        with room.room_for(here, 6 * MB, "run d"):
            assert not new.exists()
    with room.room_for(here, 9 * MB, "run d"):
        pass
    assert not [*(tmp_path / "reserved").iterdir()]


def test_what_is_open_makes_no_room(tmp_path: Path) -> None:
    here = settings(tmp_path, 10 * MB)
    old, new = folder(tmp_path, "a", 4 * MB, 1), folder(tmp_path, "b", 4 * MB, 2)
    held = cache_folder.hold([old], "run a")
    with pytest.raises(NoRoomError), room.room_for(here, 7 * MB, "run c"):
        pass
    assert new.exists()
    with room.room_for(here, 5 * MB, "run c"):
        assert [path.exists() for path in (old, new)] == [True, False]
    del held


def test_what_a_killed_process_had_reserved_is_free_again(tmp_path: Path) -> None:
    (tmp_path / "reserved").mkdir()
    (tmp_path / "reserved" / "1-1").write_text("9000000")
    with room.room_for(settings(tmp_path, 10 * MB), 9 * MB, "run a"):
        pass


def test_a_conversion_makes_room_first_and_is_refused_where_it_does_not_fit(tmp_path: Path) -> None:
    file, cache = tmp_path / "a.jsonl", tmp_path / "cache"
    line = {"prompt": "P", "response_1": "x" * 40_000, "response_2": "y", "reward_1": 1, "reward_2": 2}
    file.write_text(f"{json.dumps(line)}\n" * 50)
    cache.mkdir()
    old = folder(cache, "a", MB, 1)
    here = settings(cache, 5 * MB // 2, str(file))
    (source,) = configured_sources(here)
    held = cache_folder.hold([old], "run a")
    with pytest.raises(
        NoRoomError, match=r"^a needs 2\.0 MB on this server, where 1\.5 MB of 2\.5 MB can be made free"
    ):
        to_local_files(source, here, lambda done, doing: None)
    assert not [*cache.glob("converted-*")]
    for opened in held:
        opened.close()
    found = to_local_files(source, here, lambda done, doing: None)
    assert not old.exists()
    assert room.trim(settings(cache, 0)) > 0
    assert found.files[0].exists()  # it is held from its conversion on
    dataset = open_dataset(found, cache, lambda done, doing: None)
    assert dataset.contents.prompts == 50
    del found
    room.trim(settings(cache, 0))
    assert dataset.files[0].exists()


def test_where_the_cache_folder_cannot_be_written_nothing_is_made_free(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with room.room_for(settings(tmp_path / "file", 10), 100, "run a") as left:
        left(5)
    assert room.trim(settings(tmp_path / "file", 0)) == 0
