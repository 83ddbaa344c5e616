"""Datasets of the hub by its real client, against a hub on this machine: what is found, and what can go wrong."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import huggingface_hub.constants as client
import pyarrow as pa
import pytest
from huggingface_hub.utils import close_session

from data_access.dataset import Dataset
from data_access.errors import DataError, SourceError, StorageError
from data_access.opening.addresses import configured_sources, source_from_address
from data_access.opening.hub import downloads
from data_access.opening.hub.single_file import local_file
from data_access.opening.local_files import to_local_files
from data_access.opening.sources import Source
from data_access.settings import Settings
from data_access.training_data.command import main as export
from data_access.training_data.recipes import Recipe, to_json
from data_access.training_data.sidecar import SIDECAR
from tests.data_access.opening.hub.conftest import NAME, ROWS, parquet
from tests.hub_server import TOKEN, LoopbackHub


def refused(opened: Callable[..., Dataset], *entry: str, **settings: Any) -> str:
    with pytest.raises(DataError) as raised:
        opened(*entry, **settings)
    return str(raised.value)


def test_a_dataset_is_found_downloaded_and_pinned_and_the_second_opening_needs_no_download(
    hub: LoopbackHub, opened: Callable[..., Dataset], data: bytes
) -> None:
    sha = hub.put(NAME, {"README.md": b"# Rewards", "data/train-00000-of-00001.parquet": data})
    said: list[tuple[float, str]] = []
    dataset = opened(said=said)
    assert dataset.name == NAME
    assert (dataset.contents.prompts, dataset.contents.candidates) == (40, 80)
    assert dataset.provenance == f"hf:{NAME}@{sha}"
    assert [file.name for file in dataset.files] == ["train-00000-of-00001.parquet"]
    assert dataset.notes == ()
    assert any(f"Downloading {NAME}: 0.0 of 0.0 MB" in doing for _, doing in said)
    assert hub.ranges() == [""]
    assert not [headers for _, path, headers in hub.asked if path.startswith("/blob/") and "authorization" in headers]

    hub.asked.clear()
    assert opened(f"hf:{NAME}@{sha}").fingerprint == dataset.fingerprint
    assert hub.asked == []


def test_a_revision_is_a_branch_or_a_commit(hub: LoopbackHub, opened: Callable[..., Dataset], data: bytes) -> None:
    old = hub.put(NAME, {"data/train-00000-of-00001.parquet": parquet(ROWS[:3])}, branch="v1")
    new = hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    assert opened(f"hf:{NAME}@v1").contents.prompts == 3
    assert opened(f"https://huggingface.co/datasets/{NAME}/tree/{old}").contents.prompts == 3
    assert opened(f"hf:{NAME}").provenance.startswith(f"hf:{NAME}@{new}")
    assert refused(opened, f"hf:{NAME}@v3") == (
        f"{NAME} has no revision v3. Give a branch, tag or commit that it has, or none."
    )


def test_configs_and_splits_are_chosen_by_name_and_the_others_are_told(
    hub: LoopbackHub, opened: Callable[..., Dataset], data: bytes
) -> None:
    card = {"configs": [{"config_name": "a", "data_files": [{"split": "train", "path": "a/*"}]}]}
    card["configs"].append({"config_name": "b", "data_files": {"train": "b/x.parquet", "test": "b/y.parquet"}})
    small = parquet(ROWS[:2])
    hub.put(NAME, {"a/1.parquet": data, "b/x.parquet": small, "b/y.parquet": parquet(ROWS[:5])}, card=card)
    dataset = opened()
    assert dataset.contents.prompts == 40
    assert dataset.notes == (
        "Config a, split train. There are also b/train, b/test: add ?config=…&split=… to the dataset's name.",
    )
    assert opened(f"hf:{NAME}?config=b").contents.prompts == 2
    assert opened(f"https://huggingface.co/datasets/{NAME}/viewer/b/test").contents.prompts == 5
    assert refused(opened, f"hf:{NAME}?config=b&split=dev") == (
        f"{NAME} has no config 'b' and split 'dev'. Its configs and splits are: a/train, b/train, b/test."
    )


def test_other_files_than_parquet_are_taken_from_the_hubs_conversion(
    hub: LoopbackHub, opened: Callable[..., Dataset], data: bytes
) -> None:
    hub.put(NAME, {"rewards.jsonl": b"{}\n"})
    sha = hub.put(NAME, {"default/partial-train/0000.parquet": data}, branch="refs/convert/parquet")
    dataset = opened()
    assert dataset.contents.prompts == 40
    assert dataset.provenance == f"hf:{NAME}@{sha}"
    assert dataset.notes == (
        "Its files are not Parquet; this is the Hub's own conversion of them.",
        "The Hub converted only the first part of this split; the rest is not included.",
    )
    assert opened(dataset.provenance).fingerprint == dataset.fingerprint


def test_without_the_hubs_conversion_the_files_are_converted_here(
    hub: LoopbackHub, opened: Callable[..., Dataset]
) -> None:
    line = b'{"prompt": "A", "response_1": "x", "response_2": "2020-01-01", "reward_1": 1, "reward_2": NaN}\n'
    sha = hub.put(NAME, {"train.jsonl": line, "train-2.jsonl": line, "test.jsonl": b"{"})
    dataset = opened()
    assert (dataset.contents.prompts, dataset.contents.scored) == (2, 2)
    assert dataset.provenance == f"hf:{NAME}@{sha}?config=default&split=train"
    assert refused(opened, f"hf:{NAME}?split=test").endswith(
        "test.jsonl, line 1: this is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 "
        "(char 1)). Correct or remove the line."
    )


def test_a_private_dataset_needs_the_token_which_is_never_sent_to_the_blob_store(
    hub: LoopbackHub,
    opened: Callable[..., Dataset],
    downloaded: Callable[..., list[bytes]],
    data: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    hub.private.add(NAME)
    assert refused(opened) == (
        f"There is no dataset {NAME} on {hub.address}, or it is private. Check the name; if it is private, "
        "set HF_TOKEN to a token that may read it."
    )
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert downloaded() == [data]
    blobs = [headers for _, path, headers in hub.asked if path.startswith("/blob/")]
    assert blobs
    assert not any("authorization" in headers for headers in blobs)


def test_a_gated_dataset_says_where_to_ask(hub: LoopbackHub, opened: Callable[..., Dataset], data: bytes) -> None:
    hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    hub.gated.add(NAME)
    assert refused(opened) == (
        f"{NAME} is gated: its owner must grant you access. Ask for it at {hub.address}/datasets/{NAME}, then "
        "set HF_TOKEN to a token that may read it."
    )


def test_what_a_viewer_names_is_opened_without_the_servers_token_unless_that_is_allowed(
    hub: LoopbackHub, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    hub.private.add(NAME)
    monkeypatch.setenv("HF_TOKEN", TOKEN)

    def found(**settings: Any) -> Source:
        chosen = Settings(("sample",), tmp_path / "cache", **settings)
        return to_local_files(source_from_address(f"hf:{NAME}", chosen), chosen, lambda done, doing: None)

    with pytest.raises(SourceError, match="without the server's token, unless REWARDSCOPE_OPEN has 'private'"):
        found()
    assert len(found(opens=frozenset({"hub", "private"})).files) == 1


@pytest.mark.parametrize("entry", ["hf:no/such", "hf:nosuch"])
def test_a_name_that_is_not_there_is_said(hub: LoopbackHub, opened: Callable[..., Dataset], entry: str) -> None:
    assert refused(opened, entry).startswith(f"There is no dataset {entry.removeprefix('hf:')} on {hub.address}, or")


@pytest.mark.parametrize("entry", ["hf:a/b/c", "hf:", "hf:../etc", "hf:a--b/c", "hf:a/b@../x", "hf:a b/c"])
def test_what_is_no_name_is_refused_without_asking_the_hub(
    hub: LoopbackHub, opened: Callable[..., Dataset], entry: str
) -> None:
    assert refused(opened, entry) == (
        f"{entry} is not the name of a dataset on the Hub. Write hf:owner/name, hf:owner/name@revision or "
        "hf:owner/name?config=…&split=…, or give the dataset's web address."
    )
    assert hub.asked == []


def test_a_dataset_without_data_files_is_said(hub: LoopbackHub, opened: Callable[..., Dataset]) -> None:
    hub.put(NAME, {"README.md": b"# Soon", "dataset_infos.json": b"{}"})
    assert refused(opened) == (
        f"{NAME} holds no Parquet, JSONL, JSON or CSV file. Name another dataset, or a revision that has such files."
    )


def test_a_connection_that_breaks_is_taken_up_where_it_broke(
    hub: LoopbackHub, downloaded: Callable[..., list[bytes]], data: bytes
) -> None:
    hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    hub.drop_after = 7_000
    assert downloaded() == [data]
    assert hub.ranges() == ["", *(f"bytes={start}-" for start in range(7_000, len(data), 7_000))]


def test_a_connection_that_stays_broken_is_said_and_a_retry_goes_on_from_there(
    hub: LoopbackHub,
    opened: Callable[..., Dataset],
    downloaded: Callable[..., list[bytes]],
    data: bytes,
    tmp_path: Path,
) -> None:
    hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    partial = Path(client.HF_HUB_CACHE, f"datasets--{NAME.replace('/', '--')}", "blobs")

    class CancelledError(BaseException):
        pass

    def cancel(done: float, doing: str) -> None:
        if "Downloading" in doing:
            raise CancelledError

    chosen = Settings((f"hf:{NAME}",), tmp_path / "cache")
    hub.drop_after = 9_000
    with pytest.raises(CancelledError):
        to_local_files(configured_sources(chosen)[0], chosen, cancel)
    hub.drop_after = 0
    assert refused(opened) == (
        "The connection to the Hub broke off after 0.0 of 0.0 MB of data/train-00000-of-00001.parquet "
        "(RemoteProtocolError). What was downloaded is kept: try again to resume."
    )
    (kept,) = partial.iterdir()
    start = kept.stat().st_size
    assert start > 0
    hub.drop_after = None
    assert downloaded() == [data]
    assert hub.ranges()[-1] == f"bytes={start}-"
    assert [file.name.endswith(".incomplete") for file in partial.iterdir()] == [False]


def test_a_file_of_another_size_or_content_than_announced_is_thrown_away(
    hub: LoopbackHub, opened: Callable[..., Dataset], downloaded: Callable[..., list[bytes]], data: bytes
) -> None:
    sha = hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    hub.extra = b"more"
    assert refused(opened) == (
        f"data/train-00000-of-00001.parquet, as it was downloaded, has {len(data) + 4:,} bytes instead of "
        f"{len(data):,}. It was thrown away: try again."
    )
    hub.extra = b""
    assert downloaded(f"hf:{NAME}@{sha}") == [data]


@pytest.mark.parametrize("size", [100, 1_000_000], ids=["shorter", "longer"])
def test_a_kept_part_that_belongs_to_other_content_is_found_out_and_the_whole_is_downloaded(
    hub: LoopbackHub, opened: Callable[..., Dataset], downloaded: Callable[..., list[bytes]], data: bytes, size: int
) -> None:
    hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    hub.drop_after = 0
    refused(opened)
    blobs = Path(client.HF_HUB_CACHE, f"datasets--{NAME.replace('/', '--')}", "blobs")
    (kept,) = blobs.iterdir()
    kept.write_bytes(b"x" * size)
    hub.drop_after = None
    hub.asked.clear()
    assert downloaded() == [data]
    assert hub.ranges() == (["bytes=100-", ""] if size == 100 else [""])


def test_a_rest_that_the_hub_does_not_send_is_downloaded_with_the_whole(
    hub: LoopbackHub, opened: Callable[..., Dataset], downloaded: Callable[..., list[bytes]], data: bytes
) -> None:
    hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    hub.drop_after = 0
    refused(opened)
    (kept,) = Path(client.HF_HUB_CACHE, f"datasets--{NAME.replace('/', '--')}", "blobs").iterdir()
    kept.write_bytes(data[:9_000])
    hub.no_parts = True
    hub.drop_after = 8_000
    assert refused(opened) == (
        "The Hub does not send the rest of data/train-00000-of-00001.parquet, which broke off after 8,000 bytes: it may "
        "have changed there. What was downloaded was thrown away: try again."
    )
    kept.write_bytes(data[:9_000])
    hub.drop_after = None
    hub.asked.clear()
    assert downloaded() == [data]
    assert hub.ranges() == ["bytes=9000-", ""]


def test_a_full_disk_is_said_before_and_during_the_download(
    hub: LoopbackHub,
    opened: Callable[..., Dataset],
    downloaded: Callable[..., list[bytes]],
    data: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    with monkeypatch.context() as full:
        full.setattr(downloads.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 0}))
        assert refused(opened) == (
            f"There is no space left on the disk of {client.HF_HUB_CACHE}. 0 MB more are needed. Free some, or set "
            "HF_HOME to a folder on another disk. What was downloaded is kept."
        )
    with monkeypatch.context() as full:

        def no_space(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        full.setattr(downloads, "_fetch_rest", no_space)
        with pytest.raises(
            StorageError, match=r"^There is no space left on the disk of .*\. Free some, or set HF_HOME"
        ):
            opened()
    assert downloaded() == [data]


def test_a_split_larger_than_the_limit_is_refused_before_it_is_downloaded(
    hub: LoopbackHub, opened: Callable[..., Dataset], data: bytes
) -> None:
    hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    assert "more than this server downloads" in refused(opened, cache_limit=len(data) - 1)
    assert hub.ranges() == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (403, "The Hub refuses to send someone/rewards (403): it is private or gated, or the token is not valid."),
        (429, "The Hub limits how often this server may ask (429). Wait a few minutes"),
        (503, "The Hub has a problem (503). Try again in a few minutes."),
    ],
)
def test_other_answers_of_the_hub_are_said(
    hub: LoopbackHub, opened: Callable[..., Dataset], status: int, said: str
) -> None:
    hub.status = status
    assert refused(opened).startswith(said)


def test_without_a_network_what_was_downloaded_opens_and_other_things_are_said(
    hub: LoopbackHub, opened: Callable[..., Dataset], data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    first = opened()
    monkeypatch.setattr(client, "ENDPOINT", "http://127.0.0.1:9")
    assert refused(opened, "hf:someone/else") == (
        "The Hub (http://127.0.0.1:9) cannot be reached, and hf:someone/else is not in its cache on this machine. "
        "Check the network, the proxy and HF_ENDPOINT, and try again. (ConnectError)"
    )
    again = opened()
    assert again.fingerprint == first.fingerprint
    assert again.notes == ("The Hub cannot be reached: this is the revision that was last downloaded.",)
    assert opened(f"hf:{NAME}@{sha}").notes == ()


def test_offline_mode_opens_what_is_cached_also_by_other_programs_and_asks_nothing(
    hub: LoopbackHub, opened: Callable[..., Dataset], data: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from huggingface_hub import snapshot_download

    hub.put(NAME, {"data/train-00000-of-00001.parquet": data, "README.md": b"# Rewards"})
    snapshot_download(NAME, repo_type="dataset", endpoint=hub.address)
    hub.asked.clear()
    monkeypatch.setattr(client, "HF_HUB_OFFLINE", True)
    close_session()
    assert opened().contents.prompts == 40
    assert refused(opened, "hf:someone/else") == (
        "hf:someone/else is not in the Hub's cache on this machine, and HF_HUB_OFFLINE prevents downloading it. "
        "Unset HF_HUB_OFFLINE, or choose another dataset."
    )
    assert hub.asked == []


def test_the_hub_can_be_forbidden(hub: LoopbackHub, opened: Callable[..., Dataset]) -> None:
    assert refused(opened, hub=False) == (
        f"hf:{NAME} is on the Hub, which this server never contacts: REWARDSCOPE_HUB is off. Choose another dataset."
    )
    assert hub.asked == []


def test_a_dataset_of_the_hub_is_joined_with_a_file(
    hub: LoopbackHub, opened: Callable[..., Dataset], data: bytes, tmp_path: Path
) -> None:
    sha = hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    file = tmp_path / "other.parquet"
    file.write_bytes(data)
    dataset = opened(f"hf:{NAME} + {file}")
    assert dataset.contents.prompts == 40
    assert len(dataset.contents.scorers) >= 2
    assert dataset.provenance == f"hf:{NAME}@{sha} + {file}"


def test_one_file_of_the_hub_is_fetched_once_and_its_absence_explained(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.put("someone/results", {"eval-set-scores/maker/model.json": b'{"model": "maker/model"}'})
    address = "hf:someone/results/eval-set-scores/maker/model.json"
    assert local_file(address).read_bytes() == b'{"model": "maker/model"}'
    assert local_file(str(tmp_path / "own.json")) == tmp_path / "own.json"
    with pytest.raises(SourceError, match="someone/results"):
        local_file("hf:someone/results/eval-set-scores/maker/other.json")
    with pytest.raises(SourceError, match="There is no dataset someone/else"):
        local_file("hf:someone/else/model.json")


def test_a_recipe_of_a_dataset_of_the_hub_is_carried_out_by_the_command(
    hub: LoopbackHub, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    monkeypatch.setenv("REWARDSCOPE_DATA", f"hf:{NAME}@{sha}")
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    recipe = tmp_path / "recipe.json"
    recipe.write_text(to_json(Recipe(f"hf:{NAME}@{sha}", "reward")))
    assert export([str(recipe), str(tmp_path / "out")]) == 0
    assert json.loads((tmp_path / "out" / SIDECAR).read_text())["revision"] == f"hf:{NAME}@{sha}"


def test_every_column_of_the_source_can_be_read_from_the_hubs_cache(
    hub: LoopbackHub, opened: Callable[..., Dataset], data: bytes
) -> None:
    hub.put(NAME, {"data/train-00000-of-00001.parquet": data})
    with opened().connection.cursor() as cursor:
        rows = cursor.execute("SELECT count(*) FROM source").fetchall()
    assert rows == [(pa.parquet.read_table(io.BytesIO(data)).num_rows,)]
