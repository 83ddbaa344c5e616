"""JSONL, JSON and CSV files -> one Parquet file in the cache folder, made once for the files' present state."""

import csv
import gzip
import json
import os
import shutil
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from data_access import database, failures, sql_text
from data_access.errors import SourceError, StorageError
from data_access.opening.file_state import state
from data_access.opening.hub.splits import TEXT
from data_access.opening.sources import is_whole

VERSION = "1"
MEMORY = "600MB"
ROW_GROUP = 2048


def is_text(file: Path) -> bool:
    """Whether a file is of a kind that is converted, by its name."""
    return file.name.lower().endswith(TEXT)


def conversion_path(files: Sequence[Path], cache: Path) -> Path:
    """Where the conversion of the files' present state lies, or would. SourceError for a file that is gone."""
    return cache / f"converted-{state(files, VERSION)}" / f"{_stem(files[0])}.parquet"


def convert(files: Sequence[Path], cache: Path, progress: Callable[[float, str], None]) -> Path:
    """Convert the files, unless that is done, to one Parquet file, and return its path.

    Raises SourceError, naming file and line, for what cannot be read, StorageError where the cache cannot be written.
    """
    whole = conversion_path(files, cache)
    if is_whole(whole):
        return whole
    size = sum(file.stat().st_size for file in files)
    more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
    progress(0.0, f"Converting {files[0].name}{more} to Parquet ({size / 1e6:,.0f} MB).")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = FileLock(whole.parent.with_suffix(".lock"))
        while True:
            try:
                with lock.acquire(timeout=0.2):
                    if not is_whole(whole):
                        _convert_into_place(files, whole)
                    return whole
            except Timeout:
                progress(0.0, f"Another session is already converting {files[0].name}{more}.")
    except OSError as error:
        raise StorageError(
            f"{files[0].name} must be converted to Parquet, but {cache} cannot be written ({error.strerror}). "
            "Free some space, or set REWARDSCOPE_CACHE to a folder that can be written."
        ) from error


def _convert_into_place(files: Sequence[Path], whole: Path) -> None:
    """Under the lock: convert into a partial folder, then give it its name."""
    partial = whole.parent.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
        _convert(files, partial / whole.name, partial)
        if conversion_path(files, whole.parent.parent) != whole:
            raise SourceError(f"{files[0]} has changed while it was read. Open it again.")
        shutil.rmtree(whole.parent, ignore_errors=True)
        partial.rename(whole.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _convert(files: Sequence[Path], parquet: Path, folder: Path) -> None:
    empty = next((file for file in files if not file.stat().st_size), None)
    if empty:
        raise SourceError(f"{empty} is empty. Open a file with at least one prompt.")
    with (
        closing(database.connect(MEMORY, folder / "spill", macros=())) as connection,
        failures.converting(lambda: next(filter(None, map(_fault, files)), None), folder),
    ):
        delimiter = _delimiter(files[0])
        records = sql_text.csv_records(files, delimiter) if delimiter else database.json_records(connection, files)
        database.copy(connection, f"SELECT * FROM {records}", parquet, ROW_GROUP)
    # The same files converted again are the same dataset: its fingerprint is of size and time of change.
    newest = max(file.stat().st_mtime_ns for file in files)
    os.utime(parquet, ns=(newest, newest))


def _stem(file: Path) -> str:
    name = file.name.removesuffix(".gz")
    return name.rpartition(".")[0] or name


def _delimiter(file: Path) -> str | None:
    suffix = Path(file.name.removesuffix(".gz")).suffix.lower()
    return {".csv": ",", ".tsv": "\t"}.get(suffix)


def _fault(file: Path) -> str | None:
    """A sentence on the first line of a file that cannot be read, if there is one: DuckDB's own numbers are not exact."""
    delimiter = _delimiter(file)
    if not delimiter and file.name.lower().removesuffix(".gz").endswith(".json"):
        return f"{file} is not JSON that holds a list of objects. Check it, or write one object a line as .jsonl."
    try:
        with _unpacked(file) as lines:
            found = _csv_fault(lines, delimiter) if delimiter else _json_fault(lines)
    except (OSError, EOFError, zlib.error) as error:
        return f"{file} cannot be unpacked ({error}). Copy or download it again."
    return f"{file}, line {found}" if found else None


@contextmanager
def _unpacked(file: Path) -> Iterator[Iterable[bytes]]:
    with file.open("rb") as opened:
        yield gzip.GzipFile(fileobj=opened) if file.name.endswith(".gz") else opened


def _json_fault(lines: Iterable[bytes]) -> str | None:
    """The number of the first line that is no JSON object, and what is wrong with it."""
    for number, line in enumerate(lines, 1):
        try:
            if line.strip() and not isinstance(json.loads(line), dict):
                return f"{number:,}: this is not an object of fields. Correct or remove the line."
        except UnicodeDecodeError:
            return f"{number:,}: this is not UTF-8. Save the file as UTF-8."
        except ValueError as error:
            return f"{number:,}: this is not JSON ({error}). Correct or remove the line."
    return None


def _csv_fault(lines: Iterable[bytes], delimiter: str) -> str | None:
    """The number of the first line that does not fit the header, and what is wrong with it."""
    csv.field_size_limit(sys.maxsize)
    rows = csv.reader((line.decode("utf-8") for line in lines), delimiter=delimiter, strict=True)
    try:
        header = next(rows, [])
        for row in rows:
            if row and len(row) != len(header):
                return (
                    f"{rows.line_num:,}: {len(row)} fields, but the header has {len(header)}. "
                    "Correct the line; put a text with commas or line breaks in double quotes."
                )
    except UnicodeDecodeError:
        return f"{rows.line_num + 1:,}: this is not UTF-8. Save the file as UTF-8."
    except csv.Error as error:
        return f"{rows.line_num:,}: {error}. Check the double quotes."
    return None
