"""Downloads count, make room for others, and go by the client's own functions; what others downloaded, or have open, stays."""

import gc
from collections.abc import Callable
from pathlib import Path

import huggingface_hub.constants as client
import pytest
from huggingface_hub import snapshot_download

from data_access.dataset import Dataset, open_dataset
from data_access.errors import NoRoomError, SourceError
from data_access.opening import room
from data_access.opening.addresses import configured_sources
from data_access.opening.hub import client_cache
from data_access.opening.local_files import to_local_files
from data_access.opening.sources import Source
from data_access.settings import Settings
from tests.data_access.opening.hub.conftest import NAME, ROWS, parquet
from tests.hub_server import LoopbackHub

PARQUET = "data/train-00000-of-00001.parquet"
SPARE = 4_000  # for listings, notes and locks


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., Source]:
    """found("hf:owner/name", limit) -> the source with its downloaded files, which it holds."""

    def find(entry: str, limit: int = 10**9, cache: str = "cache") -> Source:
        chosen = Settings((entry,), tmp_path / cache, cache_limit=limit)
        return to_local_files(configured_sources(chosen)[0], chosen, lambda done, doing: None)

    return find


@pytest.fixture
def here(tmp_path: Path) -> Callable[[int], Settings]:
    return lambda limit: Settings(("sample",), tmp_path / "cache", cache_limit=limit)


def repository(name: str) -> Path:
    return Path(client.HF_HUB_CACHE, f"datasets--{name.replace('/', '--')}")


def downloads(settings: Settings) -> list[tuple[str, int]]:
    return [(one.name, one.size) for one in room.kept(settings) if one.kind == "download"]


Found = Callable[..., Source]
Here = Callable[[int], Settings]


def test_downloads_count_and_the_longest_unused_makes_room_for_the_next(
    hub: LoopbackHub, data: bytes, found: Found, here: Here
) -> None:
    other = parquet(ROWS[:39])
    hub.put(NAME, {PARQUET: data})
    hub.put("someone/else", {PARQUET: other})
    limit = len(data) + len(other) // 2
    first = found(f"hf:{NAME}", limit)
    assert downloads(here(limit)) == [(NAME, len(data))]
    assert len(data) < room.taken(here(limit)) < len(data) + SPARE
    with pytest.raises(NoRoomError, match=r"^someone/else needs 0\.0 MB on this server, where"):
        found("hf:someone/else", limit)  # the first one is held
    assert first.files[0].exists()
    file = first.files[0]
    del first
    second = found("hf:someone/else", limit)
    assert not file.exists()
    assert not repository(NAME).exists()
    assert downloads(here(limit)) == [("someone/else", len(other))]
    assert second.files[0].read_bytes() == other


def test_an_open_dataset_keeps_its_download_in_every_server_that_uses_the_clients_cache(
    hub: LoopbackHub, data: bytes, found: Found, here: Here, tmp_path: Path
) -> None:
    hub.put(NAME, {PARQUET: data})
    found(f"hf:{NAME}")  # downloaded by one server, and open in another
    dataset = open_dataset(found(f"hf:{NAME}", cache="other"), tmp_path / "other", lambda done, doing: None)
    gc.collect()
    room.trim(here(0))
    (note,) = [one for one in room.kept(here(0)) if one.kind == "download"]
    assert not room.remove(here(0), note)
    with dataset.connection.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM source").fetchall() == [(40,)]
    del dataset
    assert room.trim(here(0)) < SPARE
    assert not repository(NAME).exists()


def test_a_dataset_whose_files_were_converted_keeps_them_too(
    hub: LoopbackHub, found: Found, here: Here, tmp_path: Path
) -> None:
    line = b'{"prompt": "A", "response_1": "x", "response_2": "y", "reward_1": 1, "reward_2": 2}\n'
    hub.put(NAME, {"train.jsonl": line * 100})
    source = found(f"hf:{NAME}")
    dataset = open_dataset(source, tmp_path / "cache", lambda done, doing: None)
    given = source.given[0]
    del source
    room.trim(here(0))
    assert given.exists()
    del dataset
    room.trim(here(0))
    assert not given.exists()


def test_what_must_be_converted_afterwards_is_refused_before_it_is_downloaded(
    hub: LoopbackHub, found: Found, opened: Callable[..., Dataset]
) -> None:
    line = b'{"prompt": "A", "response_1": "x", "response_2": "y", "reward_1": 1, "reward_2": 2}\n'
    hub.put(NAME, {"train.jsonl": line * 100})
    with pytest.raises(NoRoomError):
        found(f"hf:{NAME}", 150 * len(line))
    assert hub.ranges() == []
    assert len(found(f"hf:{NAME}", 200 * len(line) + SPARE).files) == 1


def test_an_older_revision_goes_and_what_both_share_stays(
    hub: LoopbackHub, data: bytes, found: Found, here: Here
) -> None:
    more = parquet(ROWS[:30])
    old = hub.put(NAME, {"data/train-00000-of-00002.parquet": data, "data/train-00001-of-00002.parquet": more})
    found(f"hf:{NAME}")
    new = hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    kept = found(f"hf:{NAME}")
    assert sorted(downloads(here(0))) == [(NAME, len(data)), (NAME, len(data) + len(more))]
    assert client_cache.taken() == len(data) + len(more)
    room.trim(here(0))
    assert client_cache.taken() == len(data)
    assert kept.files[0].read_bytes() == data
    assert [folder.name for folder in (repository(NAME) / "snapshots").iterdir()] == [new]
    assert old != new


def test_what_is_being_downloaded_of_another_revision_stays(
    hub: LoopbackHub, data: bytes, found: Found, here: Here
) -> None:
    old = hub.put(NAME, {PARQUET: data})
    found(f"hf:{NAME}")
    held = client_cache.hold(NAME, "1" * 40, NAME)
    client_cache.note(held, PARQUET, "blob")
    begun = repository(NAME) / "blobs" / "blob.incomplete"
    begun.write_bytes(b"x" * 1_000)
    assert downloads(here(0))[0] == (NAME, 1_000)
    room.trim(here(0))
    assert downloads(here(0)) == [(NAME, 1_000)]
    assert [file.name for file in repository(NAME).rglob("*") if file.is_file()] == ["blob.incomplete"]
    assert not (repository(NAME) / "snapshots" / old / PARQUET).exists()
    del held
    room.trim(here(0))
    assert not begun.exists()


def test_what_another_program_downloaded_neither_counts_nor_goes(
    hub: LoopbackHub, data: bytes, found: Found, here: Here
) -> None:
    more = parquet(ROWS[:30])
    hub.put("someone/models", {"weights.bin": data})
    hub.put(NAME, {PARQUET: data, "other/test.parquet": more})
    snapshot_download("someone/models", repo_type="dataset", endpoint=hub.address)
    snapshot_download(NAME, repo_type="dataset", endpoint=hub.address, allow_patterns="data/*")
    found(f"hf:{NAME}")
    assert downloads(here(0)) == []
    found(f"hf:{NAME}?split=test")
    assert downloads(here(0)) == [(f"{NAME}?split=test", len(more))]
    room.trim(here(0))
    assert downloads(here(0)) == []
    left = sorted(str(file.relative_to(file.parents[2])) for file in repository(NAME).rglob("*.parquet"))
    assert [file.rpartition("/")[2] for file in left] == ["train-00000-of-00001.parquet"]
    assert [blob.read_bytes() for blob in (repository(NAME) / "blobs").iterdir()] == [data]
    assert repository("someone/models").exists()


def test_a_download_that_broke_off_counts_and_makes_room(
    hub: LoopbackHub, data: bytes, found: Found, here: Here
) -> None:
    hub.put(NAME, {PARQUET: data})
    hub.chunk_s = 0.0
    hub.drop_after = 9_000

    class KilledError(BaseException):
        pass

    chosen = here(10**9)

    def kill(done: float, doing: str) -> None:
        if "Downloading" in doing:
            raise KilledError

    (source,) = configured_sources(Settings((f"hf:{NAME}",), chosen.cache))
    with pytest.raises(KilledError):
        to_local_files(source, chosen, kill)
    gc.collect()
    (begun,) = (repository(NAME) / "blobs").iterdir()
    assert downloads(chosen) == [(NAME, begun.stat().st_size)]
    assert begun.stat().st_size > 0
    room.trim(here(0))
    assert downloads(chosen) == []
    assert not begun.exists()


def test_a_clients_cache_within_the_cache_folder_counts_once(
    hub: LoopbackHub, data: bytes, found: Found, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "HF_HUB_CACHE", str(here(0).cache / "huggingface" / "hub"))
    hub.put(NAME, {PARQUET: data})
    found(f"hf:{NAME}")
    assert len(data) < room.taken(here(0)) < len(data) + SPARE
    room.trim(here(0))
    assert room.taken(here(0)) < SPARE


def test_a_dataset_that_the_hub_refuses_leaves_nothing_that_counts(hub: LoopbackHub, found: Found, here: Here) -> None:
    hub.put(NAME, {PARQUET: b"x" * 3_000})
    hub.gated.add(NAME)
    with pytest.raises(SourceError):
        found(f"hf:{NAME}")
    assert downloads(here(0)) == []
