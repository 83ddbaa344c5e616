"""What DuckDB says when something goes wrong, as sentences of `errors` for the person who looks at the page."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data_access.errors import (
    DataError,
    InvalidExpressionError,
    QueryError,
    QueryTimeoutError,
    SourceError,
    StorageError,
)


@contextmanager
def answering(time_limit_s: float) -> Iterator[None]:
    """Turn every error of DuckDB's on reading an open dataset into a QueryError; where the dataset must be opened anew, as a
    file is gone or the database has broken down, into a SourceError."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryTimeoutError(f"This took longer than {time_limit_s:g} seconds and was stopped.") from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise QueryError(
            "This needs more memory than the server lets a dataset's queries use. Narrow the filter to fewer prompts. "
            f"({_first_line(error)})"
        ) from error
    except (duckdb.IOException, duckdb.PermissionException) as error:
        # Under the lock a file that is gone is one that may not be read.
        raise SourceError(
            f"A file of the open dataset cannot be read. Reload this page. ({_first_line(error)})"
        ) from error
    except (duckdb.FatalException, duckdb.InternalError, duckdb.ConnectionException) as error:
        raise SourceError(
            f"The database of this dataset has broken down. Reload this page. ({_first_line(error)})"
        ) from error
    except duckdb.InvalidInputException as error:
        if _is_invalid_text(error):
            raise QueryError("The source has texts that are not valid Unicode, which cannot be read here.") from error
        raise InvalidExpressionError(_first_line(error)) from error
    except duckdb.DataError as error:
        raise QueryError(
            f"The data has a value that is not what is expected there. Correct it in the source. ({_first_line(error)})"
        ) from error
    except duckdb.Error as error:
        raise QueryError(f"The database cannot answer this. ({_first_line(error)})") from error


@contextmanager
def reading(file: Path, named: Path | None = None) -> Iterator[None]:
    """Turn DuckDB's errors on reading a file into a SourceError about the one that the user `named`, if another."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise SourceError(
            f"{named or file} needs more memory to be read than the server gives it. ({_first_line(error)})"
        ) from error
    except duckdb.Error as error:
        raise SourceError(
            f"{named or file} cannot be read as Parquet: {_about(file, named, error)} Copy or download it again."
        ) from error


@contextmanager
def reading_directly(file: Path, named: Path | None = None) -> Iterator[None]:
    """As `reading`; a string that is not UTF-8 needs a copy, for which there is no place here."""
    try:
        with reading(file, named):
            yield
    except SourceError as error:
        if isinstance(error.__cause__, duckdb.Error) and _is_invalid_text(error.__cause__):
            raise SourceError(
                f"{named or file} has texts that are not valid Unicode. To read them nevertheless, the cache folder must be "
                "one that can be written: set REWARDSCOPE_CACHE."
            ) from error
        raise


@contextmanager
def preparing(file: Path, folder: Path, named: Path | None = None) -> Iterator[None]:
    """As `reading`, but an error in writing to `folder` is a StorageError, and a string that is not UTF-8 InvalidTextError."""
    try:
        yield
    except duckdb.Error as error:
        message = _about(file, named, error)
        if _is_invalid_text(error):
            raise InvalidTextError(message) from error
        if str(folder) in str(error) or isinstance(error, duckdb.OutOfMemoryException):
            raise StorageError(message) from error
        raise SourceError(f"{named or file} cannot be prepared: {message} Copy or download it again.") from error


@contextmanager
def converting(fault: Callable[[], str | None], folder: Path) -> Iterator[None]:
    """Turn DuckDB's errors on reading text files into a SourceError: what `fault` finds in them, else DuckDB's words."""
    try:
        yield
    except duckdb.Error as error:
        if str(folder) in str(error) or isinstance(error, duckdb.OutOfMemoryException):
            raise StorageError(f"{_first_line(error)} Free some space, or set REWARDSCOPE_CACHE.") from error
        raise SourceError(fault() or _first_line(error)) from error


class InvalidTextError(DataError):
    """A file has a string that is not UTF-8, which DuckDB refuses to read."""


def _is_invalid_text(error: duckdb.Error) -> bool:
    return "Invalid string encoding" in str(error) or "invalid unicode" in str(error).lower()


def _about(file: Path, named: Path | None, error: duckdb.Error) -> str:
    """What DuckDB says of a file, as if it had read the one that was named."""
    return _first_line(error).replace(str(file), str(named or file))


def _first_line(error: Exception) -> str:
    """What DuckDB says, in one line: its message, out of the JSON or the prefix that it may come in."""
    said = str(error).strip()
    before, brace, json_text = said.partition('{"exception_type"')
    if brace:
        said = str(json.loads(brace + json_text).get("exception_message", before))
    line = next(iter(said.splitlines()), type(error).__name__)
    return line.partition("Error: ")[2] or line
