"""The present state of files, as a name for what is made of them."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from data_access.errors import SourceError


def state(files: Iterable[Path], *said: object) -> str:
    """Twenty hexadecimal digits that change when a path, size or time of change does, or what is `said` besides.

    Raises SourceError, naming the file, for one that is gone.
    """
    digest = hashlib.sha256(repr(said).encode())
    for file in files:
        try:
            status = file.stat()
        except OSError as error:
            raise SourceError(
                f"{file} is no longer there ({error.strerror or error}). Put it back, or choose another dataset."
            ) from error
        digest.update(f"{file}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:20]
