"""The only module that knows DuckDB: connections, locking them down, and reading a named query into a data frame."""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from threading import Timer
from typing import Any, Protocol

import duckdb
import pandas as pd
import pyarrow as pa

from data_access.errors import DataError, QueryError, QueryTimeoutError, SourceError, StorageError
from data_access.sql_text import LONGEST_RECORD, literal, name, parquet

Connection = duckdb.DuckDBPyConnection

TIME_LIMIT_S = 30.0


class HasConnection(Protocol):
    """What `read` needs of a dataset."""

    @property
    def connection(self) -> Connection: ...


def connect(memory: str, spill: Path | None = None) -> Connection:
    """A database in memory, with our macros. `memory` as DuckDB writes sizes; it spills to the folder `spill`, if any."""
    config: dict[str, Any] = {
        "memory_limit": memory,
        "threads": min(4, os.cpu_count() or 1),
        "temp_directory": str(spill) if spill else "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(config=config)
    connection.execute(resources.files("data_access").joinpath("macros.sql").read_text(encoding="utf-8"))
    return connection


def lock(connection: Connection, files: Iterable[Path]) -> None:
    """Let the connection read these files and nothing else, for good: no other file, network, extension or setting."""
    paths = ", ".join(literal(file) for file in files)
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute(f"SET allowed_paths = [{paths}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


@cache
def statement(query: str) -> str:
    """The text of a query, named by its room: 'questions/overview' is `questions/sql/overview.sql`."""
    room, _, name = query.partition("/")
    return resources.files("data_access").joinpath(room, "sql", f"{name}.sql").read_text(encoding="utf-8")


def read(dataset: HasConnection, query: str, time_limit_s: float = TIME_LIMIT_S, **parameters: Any) -> pd.DataFrame:
    """Run a query (see `statement`) with its named parameters; QueryError or QueryTimeoutError if DuckDB gives up on it."""
    with _cursor(dataset, time_limit_s) as cursor:
        return cursor.execute(statement(query), parameters).df()


def read_table(dataset: HasConnection, query: str, **parameters: Any) -> pa.Table:
    """As `read`, with the types that the query's columns have, and nothing but None for what is missing."""
    with _cursor(dataset, TIME_LIMIT_S) as cursor:
        return cursor.sql(statement(query), params=parameters).to_arrow_table()


@contextmanager
def _cursor(dataset: HasConnection, time_limit_s: float) -> Iterator[Connection]:
    """A cursor a query: one DuckDB connection used from several threads has given wrong rows silently."""
    cursor = dataset.connection.cursor()
    timer = Timer(time_limit_s, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield cursor
    except duckdb.InterruptException as error:
        raise QueryTimeoutError(f"This took longer than {time_limit_s:g} seconds and was stopped.") from error
    except duckdb.InvalidInputException as error:
        raise QueryError(_first_line(error)) from error
    except (duckdb.IOException, duckdb.PermissionException) as error:
        # Under the lock a file that is gone is one that may not be read.
        raise SourceError(
            f"A file of the open dataset cannot be read. Reload this page. ({_first_line(error)})"
        ) from error
    finally:
        timer.cancel()
        cursor.close()


def columns_of(dataset: HasConnection, relation: str) -> dict[str, str]:
    """The columns of a relation of an open dataset, name -> DuckDB type."""
    with closing(dataset.connection.cursor()) as cursor:
        return {row[0]: row[1] for row in cursor.execute(f'DESCRIBE "{relation}"').fetchall()}


def not_containing(dataset: HasConnection, relation: str, pairs: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """For pairs of text columns (whole, part): in how many rows the whole does not contain the part, of how many."""
    checked = ", ".join(
        f"count(*) FILTER (NOT contains({name(whole)}::VARCHAR, {name(part)}::VARCHAR)), "
        f"count({name(whole)}::VARCHAR || {name(part)}::VARCHAR)"
        for whole, part in pairs
    )
    with closing(dataset.connection.cursor()) as cursor:
        counts = cursor.execute(f'SELECT {checked} FROM "{relation}"').fetchall()[0]
    return sum(counts[::2]), sum(counts[1::2])


def rows(connection: Connection, query: str) -> list[dict[str, Any]]:
    """The rows of a query (see `statement`), each column -> value."""
    result = connection.execute(statement(query))
    names = [column[0] for column in result.description]
    return [dict(zip(names, found, strict=True)) for found in result.fetchall()]


def row(connection: Connection, query: str) -> dict[str, Any]:
    """The one row of a query (see `statement`), column -> value."""
    return rows(connection, query)[0]


def create_view(connection: Connection, name: str, select: str) -> None:
    """A view, or another under its name."""
    connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS {select}')


def create_table(connection: Connection, name: str, select: str) -> None:
    """A table in memory with the result of a SELECT."""
    connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS {select}')


def rename_view(connection: Connection, name: str, new: str) -> None:
    """Another name for a view, for views that are built on it and take its place."""
    connection.execute(f'DROP VIEW IF EXISTS "{new}"')
    connection.execute(f'ALTER VIEW "{name}" RENAME TO "{new}"')


# Words in DuckDB's type names that stand for texts read as something else; names in quotes are fields.
NOT_TEXT = re.compile(r'"(?:[^"]|"")*"|\b(DATE|TIMESTAMP WITH TIME ZONE|TIMESTAMP\w*|TIME|UUID|JSON)\b')


def json_records(connection: Connection, files: Sequence[Path]) -> str:
    """The FROM clause that reads JSON objects, one a line or in a list; texts stay texts, whatever they look like."""
    listed = (
        f"[{', '.join(literal(file) for file in files)}], union_by_name = true, maximum_object_size = {LONGEST_RECORD}"
    )
    reader = f"read_json({listed}, sample_size = -1, records = 'true'"
    found = connection.execute(f"DESCRIBE SELECT * FROM {reader})").fetchall()
    types = {row[0]: NOT_TEXT.sub(lambda part: "VARCHAR" if part[1] else part[0], row[1]) for row in found}
    listed_types = ", ".join(f"{literal(column)}: {literal(kind)}" for column, kind in types.items())
    return f"{reader}, columns = {{{listed_types}}})"


def columns(connection: Connection, files: Sequence[Path]) -> dict[str, str]:
    """The columns of Parquet files, name -> DuckDB type. SourceError if the first cannot be read as Parquet."""
    with reading(files[0]):
        rows = connection.execute(f"DESCRIBE SELECT * FROM {parquet(files)}").fetchall()
    return {row[0]: row[1] for row in rows}


def json_conversations(connection: Connection, files: Sequence[Path], some: Sequence[str]) -> list[str]:
    """Which of these text columns hold message lists as JSON, as far as their first 50 rows show."""
    if not some:
        return []
    is_so = "bool_and(is_json_conversation({0}::VARCHAR)) FILTER ({0} IS NOT NULL)"
    asked = ", ".join(is_so.format(name(one)) for one in some)
    listed = ", ".join(map(name, some))
    try:
        select = f"SELECT {asked} FROM (SELECT {listed} FROM {parquet(files)} LIMIT 50)"
        found = connection.execute(select).fetchall()[0]
    except duckdb.Error:  # damaged or not Unicode: whoever reads these columns in full says so
        return []
    return [one for one, yes in zip(some, found, strict=True) if yes]


def count(connection: Connection, select: str) -> int:
    """The one number that a SELECT gives."""
    return int(connection.execute(select).fetchall()[0][0])


def row_count(connection: Connection, file: Path) -> int:
    """The number of rows that a Parquet file's footer states."""
    with reading(file):
        rows = connection.execute(f"SELECT num_rows FROM parquet_file_metadata({literal(file)})").fetchall()
    return int(rows[0][0])


def copy(connection: Connection, select: str, target: Path, row_group: int, compression: str = "zstd") -> None:
    """Write a SELECT's result as one Parquet file. Errors are DuckDB's: wrap the call in `reading` or `writing`."""
    options = f"FORMAT parquet, COMPRESSION {compression}, ROW_GROUP_SIZE {row_group}"
    connection.execute(f"COPY ({select}) TO {literal(target)} ({options})")


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Turn DuckDB's errors on reading one of the user's files into a SourceError that names it."""
    try:
        yield
    except duckdb.Error as error:
        raise SourceError(
            f"{file} cannot be read as Parquet: {_first_line(error)} Copy or download it again."
        ) from error


@contextmanager
def reading_directly(file: Path) -> Iterator[None]:
    """As `reading`; a string that is not UTF-8 needs a copy, for which there is no place here."""
    try:
        with reading(file):
            yield
    except SourceError as error:
        if isinstance(error.__cause__, duckdb.Error) and _is_invalid_text(error.__cause__):
            raise SourceError(
                f"{file} has texts that are not valid Unicode. To read them nevertheless, the cache folder must be one "
                "that can be written: set REWARDSCOPE_CACHE."
            ) from error
        raise


@contextmanager
def preparing(file: Path, folder: Path) -> Iterator[None]:
    """As `reading`, but an error in writing to `folder` is a StorageError, and a string that is not UTF-8 InvalidTextError."""
    try:
        yield
    except duckdb.Error as error:
        message = _first_line(error)
        if _is_invalid_text(error):
            raise InvalidTextError(message) from error
        if str(folder) in str(error) or isinstance(error, duckdb.OutOfMemoryException):
            raise StorageError(message) from error
        raise SourceError(f"{file} cannot be prepared: {message} Copy or download it again.") from error


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


def _first_line(error: Exception) -> str:
    """What DuckDB says, in one line: its message, out of the JSON or the prefix that it may come in."""
    said = str(error).strip()
    before, brace, json_text = said.partition('{"exception_type"')
    if brace:
        said = str(json.loads(brace + json_text).get("exception_message", before))
    line = next(iter(said.splitlines()), type(error).__name__)
    return line.partition("Error: ")[2] or line
