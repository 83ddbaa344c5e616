"""What lies in the cache folder: prepared and converted datasets and uploads, their sizes, and making room for others.

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
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from data_access.errors import StorageError

KEPT = re.compile(r"(prepared|converted|upload)-[0-9a-f]{20,32}")
NAME = "opened.json"  # in each folder: what it was last opened as; its time of change says when


class Kept(NamedTuple):
    """A folder of the cache: what was opened from it, its size in bytes, and when it was last used (a time stamp)."""

    folder: Path
    kind: str
    name: str
    size: int
    used: float


def kept(cache: Path) -> list[Kept]:
    """Every dataset that the cache folder holds, the last used first."""
    found = []
    for folder in cache.glob("*-*"):
        match = KEPT.fullmatch(folder.name)
        if match and folder.is_dir():
            with suppress(OSError):  # removed by another process in between
                sizes = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
                found.append(Kept(folder, match[1], _name(folder), sum(sizes), _used(folder)))
    return sorted(found, key=lambda one: one.used, reverse=True)


def hold(folders: Iterable[Path], name: str) -> tuple[BinaryIO, ...]:
    """Note that folders are in use under a name, and keep them from being removed until what is returned is dropped.

    Nothing is held where the cache folder cannot be written: then nothing can be removed either.
    """
    held = []
    for folder in folders:
        if KEPT.fullmatch(folder.name):
            with suppress(OSError):
                opened = (folder / NAME).open("a+b")
                fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
                opened.truncate(0)
                opened.write(json.dumps({"name": name}).encode())
                opened.flush()
                os.utime(folder / NAME)
                held.append(opened)
    return tuple(held)


def remove(folder: Path) -> bool:
    """Remove a folder of the cache unless it is open somewhere; whether it is gone. StorageError if it may not be."""
    try:
        with (folder / NAME).open("a+b") as opened:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            leaving = folder.with_name(f"{folder.name}.leaving-{time.time_ns()}")
            folder.rename(leaving)  # at once, so that nobody finds half of it
            shutil.rmtree(leaving, ignore_errors=True)
    except FileNotFoundError:
        return True
    except OSError as error:
        raise StorageError(f"{folder} cannot be removed: {error.strerror}. Check its rights.") from error
    return True


def trim(cache: Path, limit: int) -> int:
    """Remove what was unused for longest until the cache folder holds at most `limit` bytes; returns its size then."""
    there = kept(cache)
    size = sum(one.size for one in there)
    for one in reversed(there):
        if size <= limit:
            break
        with suppress(StorageError):
            size -= one.size if remove(one.folder) else 0
    return size


def _name(folder: Path) -> str:
    try:
        return str(json.loads((folder / NAME).read_text(encoding="utf-8"))["name"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _used(folder: Path) -> float:
    file = folder / NAME
    return (file if file.exists() else folder).stat().st_mtime
