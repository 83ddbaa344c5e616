"""Datasets of the Hugging Face hub: name -> commit, files of one config and split, downloaded into the client's cache.

Token, mirror, cache folder and offline use are the client's own: HF_TOKEN, HF_ENDPOINT, HF_HOME, HF_HUB_OFFLINE.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from httpx2 import HTTPError, TransportError
from huggingface_hub import HfApi, constants, snapshot_download, try_to_load_from_cache
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from data_access.errors import SourceError, StorageError
from data_access.opening.hub import client_cache, splits
from data_access.opening.hub.downloads import TIMEOUT_S, RemoteFile, download, is_disk_full, no_space
from data_access.opening.hub.names import COMMIT, HubName
from data_access.opening.hub.splits import Split

CONVERSION = "refs/convert/parquet"  # where the hub keeps its own conversion of a dataset to Parquet

Progress = Callable[[float, str], None]
# Makes room for so many bytes that are to be written; to be told how many are still to come.
Room = Callable[[int], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True)
class Listing:
    """A dataset at a commit: its files with their sizes in bytes, and `configs` as its README has them."""

    revision: str
    sizes: dict[str, int]
    configs: list[dict[str, Any]]


@dataclass(frozen=True)
class Fetched:
    """A downloaded split: its files in shard order, its name with the commit, and sentences on what was chosen. Its files
    are not removed to make room before `held` is dropped."""

    files: tuple[Path, ...]
    pinned: HubName
    notes: tuple[str, ...]
    held: tuple[BinaryIO, ...]


@dataclass(frozen=True)
class _Found:
    """What the hub has under a name: the split that is asked for, in a listing, with its name there, and notes on it."""

    listing: Listing
    split: Split
    pinned: HubName
    notes: tuple[str, ...]


def download_split(
    wanted: HubName, name: str, records: Path, at_most: int, with_token: bool, progress: Progress, room: Room
) -> Fetched:
    """Resolve, choose and download, as far as it is not in the hub client's cache, for a dataset of this name.

    `records` is the folder in which listings are kept for use without the hub; a split of more than `at_most` bytes is
    refused, and so is one for which there is no `room`. Raises SourceError or StorageError with a sentence; a later call
    goes on where this one was stopped.
    """
    with explained(wanted, with_token):
        progress(0.0, f"Asking the Hub for {wanted}.")
        token = None if with_token else False
        found = _find(wanted, records, token)
        total = sum(found.listing.sizes[file] for file in found.split.files)
        if total > at_most:
            raise SourceError(
                f"{found.pinned} has {total / 1e9:,.1f} GB, more than this server downloads ({at_most / 1e9:,.1f} GB). "
                "Choose another split, or raise REWARDSCOPE_CACHE_LIMIT."
            )
        held = client_cache.hold(wanted.repository, found.listing.revision, name)
        return Fetched(_downloaded(found, held, token, progress, room), found.pinned, found.notes, held)


def newest_revision(wanted: HubName, records: Path, with_token: bool) -> HubName:
    """Ask the hub what a download would give now: the name with the commit. Raises SourceError where it cannot be asked."""
    with explained(wanted, with_token):
        found = _find(wanted, records, None if with_token else False, is_offline_enough=False)
    return found.pinned


def _find(wanted: HubName, records: Path, token: bool | None, is_offline_enough: bool = True) -> _Found:
    listing, notes = _listing(wanted, records, token, is_offline_enough)
    split = _split(listing, wanted)
    if not split.files[0].lower().endswith(splits.PARQUET) and not wanted.revision:
        with suppress(SourceError, RevisionNotFoundError):
            converted, _ = _listing(replace(wanted, revision=CONVERSION), records, token, is_offline_enough)
            chosen = replace(wanted, config=split.config, split=split.split)
            split, listing = _split(converted, chosen), converted
            notes.append("Its files are not Parquet; this is the Hub's own conversion of them.")
    all_splits = splits.splits(listing.sizes, listing.configs)
    named = split[:2] if len(all_splits) > 1 else (None, None)
    pinned = HubName(wanted.repository, listing.revision, *named)
    return _Found(listing, split, pinned, (*notes, *_choice(split, all_splits)))


def _split(listing: Listing, wanted: HubName) -> Split:
    found = splits.pick_split(
        splits.splits(listing.sizes, listing.configs), wanted.config, wanted.split, wanted.repository
    )
    parquet = tuple(file for file in found.files if file.lower().endswith(splits.PARQUET))
    return found._replace(files=parquet or found.files)


def _choice(split: Split, all_splits: list[Split]) -> Iterator[str]:
    others = [f"{other.config}/{other.split}" for other in all_splits if other[:2] != split[:2]]
    if others:
        more = f" and {len(others) - 10:,} more" if len(others) > 10 else ""
        yield (
            f"Config {split.config}, split {split.split}. There are also {', '.join(others[:10])}{more}: "
            "add ?config=…&split=… to the dataset's name."
        )
    if split.is_partial:
        yield "The Hub converted only the first part of this split; the rest is not included."


def _listing(wanted: HubName, records: Path, token: bool | None, is_offline_enough: bool) -> tuple[Listing, list[str]]:
    """The files at the wanted revision; without the hub, if that is enough, as they were when it was last asked, with a
    note."""
    folder = records / wanted.repository.replace("/", "--")
    record = folder / f"{quote(wanted.revision or 'main', safe='')}.json"
    if wanted.revision and COMMIT.fullmatch(wanted.revision) and record.exists():
        return _read(record), []  # a commit never changes
    try:
        info = HfApi().dataset_info(
            wanted.repository, revision=wanted.revision, files_metadata=True, timeout=TIMEOUT_S, token=token
        )
    except (TransportError, OfflineModeIsEnabled, HfHubHTTPError) as error:
        if not is_offline_enough or (isinstance(error, HfHubHTTPError) and error.response.status_code < 500):
            raise
        found = _read(record) if record.exists() else _of_cache(wanted) if token is None else None
        if found:
            return found, ["The Hub cannot be reached: this is the revision that was last downloaded."]
        raise
    configs = info.card_data.get("configs") if info.card_data else None
    listing = Listing(
        str(info.sha),
        {file.rfilename: file.size or 0 for file in info.siblings or []},
        [config for config in configs if isinstance(config, dict)] if isinstance(configs, list) else [],
    )
    with suppress(OSError):  # the cache folder may be one that cannot be written
        folder.mkdir(parents=True, exist_ok=True)
        for name in {record.name, f"{listing.revision}.json"}:
            partial = folder / f"{name}.{time.time_ns()}.partial"
            partial.write_text(json.dumps(asdict(listing)), encoding="utf-8")
            partial.replace(folder / name)
    return listing, []


def _read(record: Path) -> Listing:
    with suppress(OSError):
        os.utime(record.parent)  # what was used last makes room last
    return Listing(**json.loads(record.read_text(encoding="utf-8")))


def _of_cache(wanted: HubName) -> Listing | None:
    """What another program has downloaded of the dataset by the same client, if that is the whole of it."""
    try:
        found = snapshot_download(
            wanted.repository, repo_type="dataset", revision=wanted.revision, local_files_only=True
        )
    except LocalEntryNotFoundError:
        return None
    folder = Path(found)
    files = (file for file in folder.rglob("*") if file.is_file())
    return Listing(folder.name, {file.relative_to(folder).as_posix(): file.stat().st_size for file in files}, [])


def _downloaded(
    found: _Found, held: tuple[BinaryIO, ...], token: bool | None, progress: Progress, room: Room
) -> tuple[Path, ...]:
    listing, split, name = found.listing, found.split, found.pinned.repository
    sizes = [listing.sizes[file] for file in split.files]
    remotes = [RemoteFile(name, listing.revision, file, token) for file in split.files]
    cached = [
        try_to_load_from_cache(file.repository, file.path, revision=file.revision, repo_type="dataset")
        for file in remotes
    ]
    missing = sum(size for size, there in zip(sizes, cached, strict=True) if not isinstance(there, str))
    total, before = sum(sizes), sum(sizes) - missing
    rate = _Rate(progress, name, total)
    files = []
    # What is not Parquet is converted afterwards: better refused now than when all of it is here.
    converted = 0 if split.files[0].lower().endswith(splits.PARQUET) else total
    with room(missing + converted if missing else 0) as left:
        for remote, size, there in zip(remotes, sizes, cached, strict=True):
            if isinstance(there, str):
                files.append(Path(there))
                continue
            if constants.is_offline_mode():
                raise OfflineModeIsEnabled(remote.path)

            def report(done: int, before: int = before) -> None:
                left(total + converted - before - done)
                rate.report(before + done)

            files.append(download(remote, report, lambda blob, path=remote.path: client_cache.note(held, path, blob)))  # type: ignore[misc]
            before += size
    return tuple(files)


class _Rate:
    """Turns bytes into a share and a sentence with speed and time left."""

    def __init__(self, progress: Progress, name: str, total: int) -> None:
        self.progress, self.name, self.total = progress, name, total
        self.started: tuple[float, int] | None = None

    def report(self, done: int) -> None:
        now = time.monotonic()
        self.started = self.started or (now, done)
        seconds, received = now - self.started[0], done - self.started[1]
        speed = received / seconds if seconds > 0 else 0
        left = f", {speed / 1e6:,.1f} MB/s, {_duration((self.total - done) / speed)} left" if speed > 0 else ""
        share = min(done / self.total, 1.0) if self.total else 0.0
        self.progress(share, f"Downloading {self.name}: {done / 1e6:,.1f} of {self.total / 1e6:,.1f} MB{left}.")


def _duration(seconds: float) -> str:
    whole = max(round(seconds), 0)
    return f"{whole} s" if whole < 100 else f"{whole // 60:,} min"


@contextmanager
def explained(wanted: HubName, with_token: bool) -> Iterator[None]:
    """Turn what the client raises into a sentence with what to do."""
    name, hub = wanted.repository, constants.ENDPOINT
    token = (
        "set HF_TOKEN to a token that may read it"
        if with_token
        else "ask the operator of this server: names that viewers enter are opened without the server's token, unless "
        "REWARDSCOPE_OPEN has 'private'"
    )
    try:
        yield
    except GatedRepoError as error:
        raise SourceError(
            f"{name} is gated: its owner must grant you access. Ask for it at {hub}/datasets/{name}, then {token}."
        ) from error
    except RepositoryNotFoundError as error:
        raise SourceError(
            f"There is no dataset {name} on {hub}, or it is private. Check the name; if it is private, {token}."
        ) from error
    except RevisionNotFoundError as error:
        raise SourceError(
            f"{name} has no revision {wanted.revision}. Give a branch, tag or commit that it has, or none."
        ) from error
    except HfHubHTTPError as error:
        raise SourceError(_of_status(error.response.status_code, name, token)) from error
    except OfflineModeIsEnabled as error:
        raise SourceError(
            f"{wanted} is not in the Hub's cache on this machine, and HF_HUB_OFFLINE prevents downloading it. "
            "Unset HF_HUB_OFFLINE, or choose another dataset."
        ) from error
    except (HTTPError, LocalEntryNotFoundError) as error:
        raise SourceError(
            f"The Hub ({hub}) cannot be reached, and {wanted} is not in its cache on this machine. "
            f"Check the network, the proxy and HF_ENDPOINT, and try again. ({type(error).__name__})"
        ) from error
    except OSError as error:
        if is_disk_full(error):
            raise no_space() from error
        raise StorageError(
            f"{constants.HF_HUB_CACHE} cannot be written ({error.strerror or error}). "
            "Set HF_HOME to a folder that can be written."
        ) from error


def _of_status(status: int, name: str, token: str) -> str:
    if status in (401, 403):
        return f"The Hub refuses to send {name} ({status}): it is private or gated, or the token is not valid. If so, {token}."
    if status == 429:
        return f"The Hub limits how often this server may ask (429). Wait a few minutes, or {token}."
    if status >= 500:
        return f"The Hub has a problem ({status}). Try again in a few minutes."
    return f"The Hub answered {status} for {name}. Check the name, and HF_ENDPOINT."
