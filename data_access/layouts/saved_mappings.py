"""What somebody says of a source's columns: in the form on its page, or in a TOML file beside the data."""

import hashlib
import os
from pathlib import Path

from data_access.errors import LayoutError, StorageError
from data_access.layouts.column_mapping import ColumnMapping, from_toml, to_toml
from data_access.opening.sources import Source

APP = "the form on this page"
BESIDE = "rewardscope.toml"


def saved_mapping(source: Source, cache: Path) -> ColumnMapping | None:
    """What is said of the source's columns: what was said in the app goes before a file beside the data.

    LayoutError, naming the file and what is wrong in it, for one that is not a mapping.
    """
    for file in _files(source, cache):
        if not os.path.isfile(file):  # unlike Path.is_file, also False in a folder that may not be looked into
            continue
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise LayoutError(f"{file} cannot be read ({error}). Correct it, or remove it.") from error
        return from_toml(text, APP if file == _remembered(source, cache) else str(file))
    return None


def remember(source: Source, cache: Path, mapping: ColumnMapping) -> None:
    """Take this mapping at every next opening of the source; StorageError where the cache folder cannot be written."""
    file = _remembered(source, cache)
    partial = file.with_suffix(f".{os.getpid()}.partial")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        partial.write_text(to_toml(mapping), encoding="utf-8")
        partial.replace(file)
    except OSError as error:
        raise StorageError(f"The columns cannot be remembered: {error.strerror}: {cache}") from error


def forget(source: Source, cache: Path) -> None:
    """Take what the columns' names or the file beside the data say again."""
    _remembered(source, cache).unlink(missing_ok=True)


def is_remembered(source: Source, cache: Path) -> bool:
    """Whether somebody said in the app which column is what."""
    return bool(source.files) and os.path.isfile(_remembered(source, cache))


def beside(source: Source) -> list[Path]:
    """The files beside the data that may say which column is what, in the order in which they are looked for."""
    if not source.files:
        return []
    first = source.named_files[0]
    return [first.with_name(f"{first.stem}.{BESIDE}"), first.with_name(BESIDE)]


def _files(source: Source, cache: Path) -> list[Path]:
    return [_remembered(source, cache), *beside(source)] if source.files and not source.is_sample else []


def _remembered(source: Source, cache: Path) -> Path:
    """By the path of the first file: one more shard, or a new state of the same files, keeps what was said."""
    return cache / f"columns-{hashlib.sha256(str(source.named_files[0]).encode()).hexdigest()[:20]}.toml"
