"""One file of the hub into the hub client's own cache, with progress; what was downloaded before a break is kept.

The client (huggingface_hub) throws a partial file away when a download ends early, so the bytes are fetched here, by
the client's session, to where older clients kept theirs, `blobs/<etag>.incomplete`; the client then links the whole
file into its snapshot. Not left to the client, since its 2.4.0 resumes only within a call: each call writes to a new file.
"""

import errno
import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from httpx2 import TransportError
from huggingface_hub import constants, get_hf_file_metadata, get_session, hf_hub_download, hf_hub_url
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.file_download import repo_folder_name
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status  # type: ignore[attr-defined]

from data_access.errors import SourceError, StorageError

TRIES = 4  # in a row without a new byte
PAUSE_S = 1.0
TIMEOUT_S = 20.0
REPORT_EVERY_S = 0.2
SHA256_LENGTH = 64

Report = Callable[[int], None]


class _NoSuchRestError(Exception):
    """The blob store sends nothing that would go behind what is there of a file."""


@dataclass(frozen=True)
class RemoteFile:
    """A file of a dataset at a commit. `token` is what the hub's client takes: None for its own, False for none."""

    repository: str
    revision: str
    path: str
    token: bool | None

    @property
    def url(self) -> str:
        return hf_hub_url(self.repository, self.path, repo_type="dataset", revision=self.revision)


def download(file: RemoteFile, report: Report, note: Callable[[str], None]) -> Path:
    """Fetch a file, or what is still missing of it, and return its path in the hub client's cache.

    `report` is called with the bytes that are there, `note` with the blob's name before it is begun. Raises the client's
    errors for what the hub refuses, SourceError for a connection that broke off and for a file that is not what the hub
    announced, StorageError without disk space.
    """
    metadata = get_hf_file_metadata(file.url, token=file.token, timeout=TIMEOUT_S)
    if not metadata.etag:
        raise SourceError(
            f"{file.url} came without an ETag, which the Hub always sends. Check HF_ENDPOINT and the proxy."
        )
    note(metadata.etag)
    cache = Path(constants.HF_HUB_CACHE)
    folder = repo_folder_name(repo_id=file.repository, repo_type="dataset")
    blob = cache / folder / "blobs" / metadata.etag
    lock = cache / ".locks" / folder / f"{metadata.etag}.lock"  # the client's own
    for needed in (blob.parent, lock.parent):
        needed.mkdir(parents=True, exist_ok=True)
    partial = blob.with_name(f"{blob.name}.incomplete")
    while not blob.exists():
        try:
            with FileLock(lock).acquire(timeout=REPORT_EVERY_S):
                if not blob.exists():
                    _fetch_whole(file, partial, metadata.size, metadata.etag, report)
                    partial.replace(blob)
        except Timeout:  # another session downloads it
            report(_size(partial))
    return Path(
        hf_hub_download(file.repository, file.path, repo_type="dataset", revision=file.revision, token=file.token)
    )


def _fetch_whole(file: RemoteFile, partial: Path, size: int | None, etag: str, report: Report) -> None:
    """Fetch what is missing; where what was kept is not the beginning of what the hub has now, all of it, once."""
    for is_last in (_size(partial) == 0, True):
        try:
            _fetch(file, partial, size, report)
            wrong = _fault(partial, size, etag)
            sentence = f"{file.path}, as it was downloaded, {wrong}. It was thrown away: try again." if wrong else ""
        except _NoSuchRestError:
            sentence = (
                f"The Hub does not send the rest of {file.path}, which broke off after {_size(partial):,} bytes: it may have "
                "changed there. What was downloaded was thrown away: try again."
            )
        if not sentence:
            return
        partial.unlink(missing_ok=True)
        if is_last:
            raise SourceError(sentence)


def _fetch(file: RemoteFile, partial: Path, size: int | None, report: Report) -> None:
    tries = TRIES
    while size is None or _size(partial) < size:
        before = _size(partial)
        _check_space(partial, (size or 0) - before)
        try:
            _fetch_rest(file, partial, report)
            return
        except TransportError as error:
            tries = TRIES if _size(partial) > before else tries - 1
            if not tries:
                raise SourceError(
                    f"The connection to the Hub broke off after {_size(partial) / 1e6:,.1f} of {(size or 0) / 1e6:,.1f} MB "
                    f"of {file.path} ({type(error).__name__}). What was downloaded is kept: try again to resume."
                ) from error
            time.sleep(PAUSE_S)


def _fetch_rest(file: RemoteFile, partial: Path, report: Report) -> None:
    start = _size(partial)
    headers = build_hf_headers(token=file.token) | {"Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    with get_session().stream("GET", file.url, headers=headers, timeout=TIMEOUT_S) as response:
        if (
            response.status_code == 416 and start
        ):  # the file changed, or something between here and there sends no parts
            raise _NoSuchRestError
        hf_raise_for_status(response)
        resumes = response.status_code == 206
        reported = 0.0
        with partial.open("ab" if resumes else "wb") as target:
            done = start if resumes else 0
            for chunk in response.iter_bytes():  # as it comes, so that nothing is lost with the connection
                target.write(chunk)
                done += len(chunk)
                if time.monotonic() - reported > REPORT_EVERY_S:
                    reported = time.monotonic()
                    report(done)
    report(done)


def _fault(partial: Path, size: int | None, etag: str) -> str:
    """What is wrong with a downloaded file, if anything is. A large file's ETag is the SHA-256 of what is in it."""
    found = _size(partial)
    if size not in (None, found):
        return f"has {found:,} bytes instead of {size:,}"
    if len(etag) == SHA256_LENGTH:
        with partial.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != etag:
                return "does not have the checksum that the Hub states"
    return ""


def _check_space(partial: Path, needed: int) -> None:
    free = shutil.disk_usage(partial.parent).free
    if needed > free:
        raise no_space(needed - free)


def no_space(missing: int | None = None) -> StorageError:
    """What to say where the disk with the hub client's cache is full."""
    short = f" {missing / 1e6:,.0f} MB more are needed." if missing else ""
    return StorageError(
        f"There is no space left on the disk of {constants.HF_HUB_CACHE}.{short} "
        "Free some, or set HF_HOME to a folder on another disk. What was downloaded is kept."
    )


def is_disk_full(error: OSError) -> bool:
    """Whether an error of the system says that a disk, or this user's share of it, is full."""
    return not isinstance(error, HfHubHTTPError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
