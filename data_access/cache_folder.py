"""What lies in the cache folder: prepared and converted datasets, uploads, exports; what they take, and removing them.

An open dataset holds a shared lock on its folders, which no other process can be talked out of: what is open, here or
in another server with the same cache folder, is never removed. Not diskcache (last release 2023), which keeps single
values of its own, where DuckDB reads folders of Parquet by path, and evicts without asking who has them open.
"""

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import BinaryIO, NamedTuple

from filelock import FileLock

from data_access.errors import StorageError

KEPT = re.compile(r"(prepared|converted|upload)-[0-9a-f]{20,32}")
NAME = "opened.json"  # in each folder: what it was last opened as; its time of change says when
EXPORTS = "exports"
PARTIAL = ".partial-"  # in the name of an export that is being written
LISTINGS = ("hub", "hub-public")  # what the hub said of datasets, a folder for each
RESERVED = "reserved"
HALF_WRITTEN_S = 60  # a small file is written and has its name long before
RESUMED_WITHIN_S = 24 * 3600  # a preparation that was killed, whose whole shards the next one takes over
UNFINISHED = "prepared-*.partial"


class Kept(NamedTuple):
    """What can be removed: its folder or file, what was opened from it, its bytes, when it was last used (a time stamp)."""

    folder: Path
    kind: str
    name: str
    size: int
    used: float


def kept(cache: Path) -> list[Kept]:
    """Everything in the cache folder that can be removed, the last used first."""
    found = []
    for folder in cache.glob("*-*"):
        match = KEPT.fullmatch(folder.name)
        if match and folder.is_dir():
            with suppress(OSError):  # removed by another process in between
                found.append(Kept(folder, match[1], _name(folder), size_of(folder), _used(folder)))
    others = [(file, "export") for file in cache.glob(f"{EXPORTS}/*.zip")]
    others += [(folder, "listing") for listings in LISTINGS for folder in cache.glob(f"{listings}/*/")]
    for path, kind in others:
        with suppress(OSError):
            found.append(Kept(path, kind, "", size_of(path), path.stat().st_mtime))
    return sorted(found, key=lambda one: one.used, reverse=True)


def size_of(path: Path) -> int:
    """The bytes of a file, or of all that lies in a folder."""
    if not path.is_dir():
        return path.lstat().st_size if path.exists() else 0
    size = 0
    for folder, _, names in os.walk(path):
        for name in names:
            with suppress(OSError):  # removed by another process in between
                size += os.lstat(os.path.join(folder, name)).st_size
    return size


def hold(folders: Iterable[Path], name: str) -> tuple[BinaryIO, ...]:
    """Note that folders are in use under a name, and keep them from being removed until what is returned is dropped.

    Nothing is held where the cache folder cannot be written: then nothing can be removed either.
    """
    held = []
    for folder in folders:
        if KEPT.fullmatch(folder.name):
            with suppress(OSError):
                opened = (folder / NAME).open("a+b")
                fcntl.flock(opened, fcntl.LOCK_SH)  # at once, unless it is being removed or asked about just now
                opened.truncate(0)
                opened.write(json.dumps({"name": name}).encode())
                opened.flush()
                os.utime(folder / NAME)
                held.append(opened)
    return tuple(held)


def is_open(path: Path) -> bool:
    """Whether somebody holds what lies there, so that it cannot be removed."""
    try:
        with (path / NAME).open("r+b") as opened:
            return is_locked(opened)
    except OSError:  # never opened, or no folder
        return False


def is_locked(opened: BinaryIO) -> bool:
    """Whether a file is locked by somebody else; it is not locked by asking."""
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(opened, fcntl.LOCK_UN)
    return False


def remove(path: Path) -> bool:
    """Remove a folder or file of the cache unless it is open somewhere; whether it is gone. StorageError if it may not be."""
    try:
        if not KEPT.fullmatch(path.name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            return True
        with (path / NAME).open("a+b") as opened:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            leaving = path.with_name(f"{path.name}.leaving-{time.time_ns()}")
            path.rename(leaving)  # at once, so that nobody finds half of it
            shutil.rmtree(leaving, ignore_errors=True)
    except FileNotFoundError:
        return True
    except OSError as error:
        raise StorageError(f"{path} cannot be removed: {error.strerror}. Check its rights.") from error
    return True


@contextmanager
def reserve(cache: Path, size: int) -> Iterator[Callable[[int], None]]:
    """Count bytes as taken that are about to be written; what comes out is to be called with those that are still to come.

    OSError where the cache folder cannot be written.
    """
    (cache / RESERVED).mkdir(parents=True, exist_ok=True)
    file = cache / RESERVED / f"{os.getpid()}-{time.time_ns()}"
    with file.open("w+b", buffering=0) as opened:
        fcntl.flock(opened, fcntl.LOCK_SH)

        def left(still_to_come: int) -> None:
            os.pwrite(opened.fileno(), b"%020d" % max(still_to_come, 0), 0)

        left(size)
        try:
            yield left
        finally:
            file.unlink(missing_ok=True)


def reserved(cache: Path) -> int:
    """The bytes that running processes are about to write. Only one process may ask or `reserve` at a time."""
    size = 0
    for file in cache.glob(f"{RESERVED}/*"):
        with suppress(OSError), file.open("r+b") as opened:
            if is_locked(opened):
                size += int(opened.read() or 0)
            else:  # what a killed process left
                file.unlink()
    return size


def sweep(cache: Path) -> None:
    """Remove what killed processes left: what was half written or half removed, and locks of what is gone.

    What another process is at, as its lock shows, stays; and what a preparation has done, for a day.
    """
    remove_unfinished(cache, RESUMED_WITHIN_S)
    for partial in [
        *(set(cache.glob("*.partial")) - set(cache.glob(UNFINISHED))),
        *(file for name in LISTINGS for file in cache.glob(f"{name}/*/*.partial")),
    ]:
        with suppress(OSError):
            if partial.is_dir():
                with FileLock(partial.with_suffix(".lock")).acquire(timeout=0):
                    shutil.rmtree(partial, ignore_errors=True)
            elif time.time() - partial.stat().st_mtime > HALF_WRITTEN_S:
                partial.unlink()
    for leaving in cache.glob("*.leaving-*"):  # nobody opens it any more
        shutil.rmtree(leaving, ignore_errors=True)
    for lock in cache.glob("*-*.lock"):
        if not lock.with_suffix("").exists():
            with suppress(OSError), FileLock(lock).acquire(timeout=0):
                lock.unlink()  # who waits for it sees that it is gone, and makes another
    sweep_exports(cache / EXPORTS)


def remove_unfinished(cache: Path, unused_s: float = 0) -> None:
    """Remove what preparations that were killed had done, unless it was touched in the last seconds, or is going on."""
    for partial in cache.glob(UNFINISHED):
        with suppress(OSError):
            touched = max(path.stat().st_mtime for path in (partial, *partial.iterdir()))
            if time.time() - touched >= unused_s:
                with FileLock(partial.with_suffix(".lock")).acquire(timeout=0):
                    shutil.rmtree(partial, ignore_errors=True)


def sweep_exports(exports: Path, name: str = "") -> None:
    """Remove exports that were left half written, or those of this name."""
    for partial in exports.glob(f"{escape(name) or '*'}{PARTIAL}*"):
        with suppress(OSError):
            opened = os.open(partial, os.O_RDONLY)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(partial, ignore_errors=True)
            finally:
                os.close(opened)


def _name(folder: Path) -> str:
    try:
        return str(json.loads((folder / NAME).read_text(encoding="utf-8"))["name"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _used(folder: Path) -> float:
    file = folder / NAME
    return (file if file.exists() else folder).stat().st_mtime
