"""Files of S3-style stores, `s3://bucket/key`: by pyarrow's own client, which reads them for DuckDB too.

Not DuckDB's httpfs, which is no part of its package and opens the network to every query; not s3fs, which brings a dozen
packages. Keys, region and endpoint are the usual AWS_ variables of the environment, or the machine's own.
"""

import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path, PosixPath
from typing import IO, Any

from data_access.errors import SourceError

PREFIX = "s3://"
FRESH_S = 60.0  # how long what a store said of its files is believed: it is asked at every look at a page
AT_ONCE = 8 * 1024 * 1024


class StoreFile(PosixPath):
    """A file of a store, used as a path: `str`, `name`, `stat`, and `open` for reading."""

    def __str__(self) -> str:
        return PREFIX + "/".join(self.parts[1:])

    def __fspath__(self) -> str:
        return str(self)

    @property
    def key(self) -> str:
        """'bucket/key'."""
        return "/".join(self.parts[1:])

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Its size, and when it was written, as of at most a minute ago; FileNotFoundError, or another OSError."""
        size, changed = _state(self.key, int(time.monotonic() / FRESH_S))
        seconds = changed // 10**9
        return os.stat_result((0o100444, 0, 0, 0, 0, 0, size, seconds, seconds, seconds), {"st_mtime_ns": changed})

    def open(self, *arguments: Any, **named: Any) -> IO[Any]:  # type: ignore[override]
        """For reading, as bytes."""
        opened: IO[Any] = filesystem().open_input_file(self.key)
        return opened


def is_in_store(path: object) -> bool:
    """Whether an address, or a file, is one of a store."""
    return str(path).startswith(PREFIX)


@cache
def filesystem() -> Any:
    """The client; loaded when somebody asks a store for the first time."""
    from pyarrow import fs  # noqa: PLC0415

    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    # Three tries, not for half a minute: somebody waits for the page.
    tries = fs.AwsStandardS3RetryStrategy(max_attempts=3)
    return fs.S3FileSystem(
        endpoint_override=endpoint, region=region, retry_strategy=tries, connect_timeout=5, request_timeout=30
    )


@cache
def for_database() -> Any:
    """The client as DuckDB takes it."""
    from fsspec.implementations.arrow import ArrowFSWrapper  # type: ignore[import-untyped]  # noqa: PLC0415

    class S3(ArrowFSWrapper):  # type: ignore[misc]
        protocol = "s3"

    return S3(filesystem())


def listed(address: str) -> list[StoreFile]:
    """The files at an address, or below it, in order. SourceError, naming it, where the store does not answer."""
    with speaking_of(address):
        return [StoreFile(PREFIX + key) for key in _listed(address, int(time.monotonic() / FRESH_S))]


@lru_cache(256)
def _listed(address: str, minute: int) -> tuple[str, ...]:
    from pyarrow import fs  # noqa: PLC0415

    key = address.removeprefix(PREFIX).rstrip("/")
    (at,) = filesystem().get_file_info([key])
    if at.type == fs.FileType.File:
        return (key,)
    found = filesystem().get_file_info(fs.FileSelector(key, allow_not_found=True, recursive=True))
    return tuple(sorted(one.path for one in found if one.type == fs.FileType.File))


@lru_cache(256)
def _states(folder: str, minute: int) -> Mapping[str, tuple[int, int]]:
    """Key -> size and time of change of all files in a folder, by one question; none where it may not be listed."""
    from pyarrow import fs  # noqa: PLC0415

    try:
        found = filesystem().get_file_info(fs.FileSelector(folder, allow_not_found=True))
    except OSError:
        return {}
    return {one.path: (int(one.size), int(one.mtime_ns or 0)) for one in found if one.type == fs.FileType.File}


def _state(key: str, minute: int) -> tuple[int, int]:
    from pyarrow import fs  # noqa: PLC0415

    if known := _states(key.rpartition("/")[0], minute).get(key):
        return known
    (found,) = filesystem().get_file_info([key])
    if found.type != fs.FileType.File:
        raise FileNotFoundError(2, "It is not there", PREFIX + key)
    return int(found.size), int(found.mtime_ns or 0)


@contextmanager
def speaking_of(address: object) -> Iterator[None]:
    """Turn what the client raises into a SourceError about an address."""
    try:
        yield
    except OSError as error:
        said = str(error.strerror or error).splitlines()[0]
        raise SourceError(
            f"{address} cannot be read: {said}. Check the address, and AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION "
            "and AWS_ENDPOINT_URL."
        ) from error


def fetch(file: Path, target: Path) -> Path:
    """Copy a file, of a store or of a shared folder, here, and return where it is. SourceError."""
    with speaking_of(file), file.open("rb") as opened, target.open("wb") as written:
        shutil.copyfileobj(opened, written, AT_ONCE)
    return target


def put(file: Path, target: Path) -> None:
    """Copy a file of this machine to a store or to a shared folder, whole or not at all. OSError."""
    if isinstance(target, StoreFile):
        with file.open("rb") as opened, filesystem().open_output_stream(target.key) as written:
            shutil.copyfileobj(opened, written, AT_ONCE)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    shutil.copyfile(file, partial)
    partial.replace(target)


def of_store(files: Iterable[Path]) -> Sequence[StoreFile]:
    """Those of the files that are a store's."""
    return [file for file in files if isinstance(file, StoreFile)]


def place(written: str) -> Path:
    """A folder, or a prefix of a store, as somebody writes it."""
    return StoreFile(written) if is_in_store(written) else Path(written).expanduser().absolute()


def remove(folder: StoreFile, beginning: str) -> None:
    """Remove the files below a prefix of a store whose names begin so. OSError."""
    from pyarrow import fs  # noqa: PLC0415

    for one in filesystem().get_file_info(fs.FileSelector(folder.key, allow_not_found=True)):
        if one.base_name.startswith(beginning):
            filesystem().delete_file(one.path)
