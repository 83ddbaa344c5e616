"""Prepared datasets that lie elsewhere, in a shared folder or an S3-style store: copied from there, or put there."""

import shutil
from collections.abc import Callable
from pathlib import Path

from data_access import stores
from data_access.errors import DataError, StorageError
from data_access.preparing import contents

Progress = Callable[[float, str], None]


def copied(elsewhere: Path | None, folder: Path, progress: Progress) -> bool:
    """Copy a prepared folder of this name into its place, if it is there and whole; whether that was done.

    OSError where this machine's folder cannot be written. A place that does not answer is none: the source is prepared.
    """
    if not elsewhere:
        return False
    theirs = elsewhere / folder.name
    incoming = folder.with_suffix(".incoming.partial")
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir()
    try:
        stores.fetch(theirs / contents.NAME, incoming / contents.NAME)
        files = contents.read(incoming).files
        whole, came = sum(size for size, _ in files.values()) or 1, 0
        for name, (size, _) in files.items():
            progress(came / whole, "Copying the prepared dataset.")
            stores.fetch(theirs / name, incoming / name)
            came += size
        if not contents.is_sound(incoming):
            return False
        shutil.rmtree(folder, ignore_errors=True)
        incoming.rename(folder)
        return True
    except (DataError, ValueError, KeyError, TypeError):  # not there, or not whole
        return False
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def put(folder: Path, elsewhere: Path, progress: Progress) -> Path:
    """Put a prepared folder there, what tells that it is whole last, and return its place. StorageError if that fails."""
    theirs = elsewhere / folder.name
    names = list(contents.read(folder).files)
    try:
        for number, name in enumerate(names):
            progress(number / len(names), f"Copying to {theirs}.")
            stores.put(folder / name, theirs / name)
        stores.put(folder / contents.NAME, theirs / contents.NAME)
    except OSError as error:
        raise StorageError(f"{theirs} cannot be written: {str(error.strerror or error).splitlines()[0]}.") from error
    return theirs
