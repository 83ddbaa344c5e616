"""Exports that were made on the page: one zip file a recipe and state of the data, kept until newer ones take its place."""

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data_access.cache_folder import EXPORTS, PARTIAL, sweep_exports
from data_access.dataset import Dataset
from data_access.training_data.recipes import Recipe, to_json

KEPT = 8
VERSION = "2"  # of what a recipe gives
KEY = re.compile(r"[0-9a-f]{20}")


def folder(cache: Path) -> Path:
    """Where exports lie: in the cache folder, or in the temporary folder where that cannot be written."""
    for parent in (cache, Path(tempfile.gettempdir()) / "rewardscope"):
        try:
            found = parent / EXPORTS
            found.mkdir(parents=True, exist_ok=True)
            (found / ".writable").touch()
        except OSError:
            continue
        return found
    return cache / EXPORTS


def key(dataset: Dataset, recipe: Recipe, answers: str = "") -> str:
    """A name for what this recipe gives of the data's present state, and of people's answers in the state of this name."""
    state = f"{VERSION}\0{dataset.fingerprint}\0{to_json(recipe)}" + (f"\0{answers}" if answers else "")
    return hashlib.sha256(state.encode()).hexdigest()[:20]


def export_file(cache: Path, name: str) -> Path | None:
    """The file of this key, if it was made and is still there. Anything but a key names no file."""
    file = folder(cache) / f"{name}.zip"
    return file if KEY.fullmatch(name) and file.is_file() else None


def make_room(cache: Path) -> None:
    """Remove the oldest exports, so that with the next one there are KEPT at most, and what was left half done."""
    there = folder(cache)
    files = sorted(there.glob("*.zip"), key=_time)
    for file in files[: max(0, len(files) - KEPT + 1)]:
        file.unlink(missing_ok=True)
    sweep_exports(there)


@contextmanager
def partial_folder(target: Path) -> Iterator[Path]:
    """A new folder beside what is to be written, gone at the end; its lock shows that somebody is at it. Raises OSError.

    What a killed process has left of the same goes first: in a folder of the user's nobody else would remove it.
    """
    sweep_exports(target.parent, target.name)
    # A folder of its own: two sessions of one server may make the same export at once.
    prefix = f"{target.name}{PARTIAL}"
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=prefix, ignore_cleanup_errors=True) as made:
        opened = os.open(made, os.O_RDONLY)
        try:
            with suppress(OSError):  # a file system without such locks
                fcntl.flock(opened, fcntl.LOCK_SH)
            yield Path(made)
        finally:
            os.close(opened)


def _time(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # another session has removed it
        return 0.0
