"""Files that viewers send: kept in the cache folder under the digest of what is in them, so that a link opens them."""

import hashlib
import re
import shutil
from pathlib import Path

from filelock import FileLock

from data_access.errors import SourceError, StorageError
from data_access.opening.text_files import is_text

PREFIX = "upload:"
ADDRESS = re.compile(r"upload:([0-9a-f]{32})/([\w][\w.-]{0,99})", re.ASCII)
KINDS = ("parquet", "jsonl", "csv", "json")


def keep(name: str, content: bytes, cache: Path, at_most: int) -> str:
    """Write an uploaded file into the cache folder and return its address, `upload:<digest>/<name>`.

    SourceError for a file of another kind or of more than `at_most` bytes, StorageError where the cache folder cannot be
    written.
    """
    if len(content) > at_most:
        raise SourceError(
            f"{name} has {len(content) / 1e6:,.1f} MB, and this server takes {at_most / 1e6:,.1f} MB. "
            "Ask its operator to raise REWARDSCOPE_UPLOAD_LIMIT, or upload a part."
        )
    plain = re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII).lstrip("._-")[-100:].lstrip("._-")
    if not (plain.endswith(".parquet") or is_text(Path(plain))):
        raise SourceError(f"{name} is not one of {', '.join(KINDS)}. Convert it, and upload it again.")
    address = f"{PREFIX}{hashlib.sha256(content).hexdigest()[:32]}/{plain}"
    file = _file(address, cache)
    if not file.exists():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with FileLock(file.parent.with_suffix(".lock")):
                _write(file, content)
        except OSError as error:
            raise StorageError(
                f"{name} cannot be kept: {cache} cannot be written ({error.strerror}). Free some space there."
            ) from error
    return address


def _write(file: Path, content: bytes) -> None:
    """Under the lock: the same file may come from two viewers at once, or with another name."""
    partial = file.parent.with_suffix(".partial")
    try:
        partial.mkdir(exist_ok=True)
        (partial / file.name).write_bytes(content)
        file.parent.mkdir(exist_ok=True)
        (partial / file.name).replace(file)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def path(address: str, cache: Path) -> Path:
    """The file of an upload; raises SourceError if it is not there (any more)."""
    if not ADDRESS.fullmatch(address) or not _file(address, cache).is_file():
        raise SourceError(
            f"{address} is not on this server: uploads make room for newer data after a while. Upload the file again."
        )
    return _file(address, cache)


def file_name(address: str) -> str:
    """What the uploaded file was called."""
    return address.rpartition("/")[2]


def _file(address: str, cache: Path) -> Path:
    digest, _, name = address.removeprefix(PREFIX).partition("/")
    return cache / f"upload-{digest}" / name
