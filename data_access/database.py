"""DuckDB: connections, locking them down, and reading a named query into a data frame."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache, partial
from importlib import resources
from pathlib import Path
from threading import Timer
from types import MappingProxyType
from typing import Any, Protocol

import duckdb
import pandas as pd
import pyarrow as pa

from data_access import stores
from data_access.errors import QueryTimeoutError
from data_access.failures import answering, reading
from data_access.log import event
from data_access.priority import after_others
from data_access.sql_text import LONGEST_RECORD, literal, name, parquet

Connection = duckdb.DuckDBPyConnection

TIME_LIMIT_S = 30.0
RELATION = re.compile(r"\b(FROM|JOIN)\s+(prompts|responses|scores)\b")
MACROS = ("texts", "preparing")  # files in macros/


class HasConnection(Protocol):
    """What `read` needs of a dataset."""

    @property
    def connection(self) -> Connection: ...


def connect(memory: str, spill: Path | None = None, macros: Sequence[str] = MACROS, threads: int = 4) -> Connection:
    """A database in memory, with our macros: half a millisecond each, so only those of the files that are needed.

    `memory` as DuckDB writes sizes; it spills to the folder `spill`, if any; at most as many `threads` as there are cores.
    """
    config: dict[str, Any] = {
        "memory_limit": memory,
        "threads": min(threads, os.cpu_count() or 1),
        "temp_directory": str(spill) if spill else "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = _connected(config)
    add_macros(connection, macros)
    return connection


def _connected(config: dict[str, Any]) -> Connection:
    """DuckDB's own threads get the priority of the thread that they are started from: they come after the pages, so that a
    long query leaves a core to everybody else. The thread that asks works on its query too, with its own priority."""
    return after_others(partial(duckdb.connect, config=config))


def add_macros(connection: Connection, macros: Sequence[str]) -> None:
    """Our macros of these files in macros/."""
    for file in macros:
        connection.execute(resources.files("data_access").joinpath("macros", f"{file}.sql").read_text(encoding="utf-8"))


def reach(connection: Connection, files: Iterable[Path]) -> None:
    """Let the connection read files of stores, where some of these are."""
    if stores.of_store(files):
        connection.register_filesystem(stores.for_database())


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


def read(
    dataset: HasConnection,
    query: str,
    time_limit_s: float = TIME_LIMIT_S,
    parts: Mapping[str, str] = MappingProxyType({}),
    narrowed: Mapping[str, str] = MappingProxyType({}),
    **parameters: Any,
) -> pd.DataFrame:
    """Run a query (see `statement`) with its named parameters; errors as `failures.answering` says them.

    `parts` are SQL of ours, never a viewer's, for the places {…} of the query; `narrowed` is what it reads instead of
    relations, as `Dataset.narrowed` gives it.
    """
    with _stopped_in_the_log(query, time_limit_s), _cursor(dataset, time_limit_s) as cursor:
        return cursor.execute(of_some_files(_with_parts(query, parts), narrowed), parameters).df()


def of_some_files(select: str, narrowed: Mapping[str, str]) -> str:
    """A query that reads something else instead of these relations."""

    def instead(found: re.Match[str]) -> str:
        relation = narrowed.get(found[2])
        return f"{found[1]} (SELECT * FROM {relation})" if relation else found[0]

    return RELATION.sub(instead, select)


def read_table(
    dataset: HasConnection,
    query: str,
    parts: Mapping[str, str] = MappingProxyType({}),
    narrowed: Mapping[str, str] = MappingProxyType({}),
    **parameters: Any,
) -> pa.Table:
    """As `read`, with the types that the query's columns have, and nothing but None for what is missing."""
    with _cursor(dataset, TIME_LIMIT_S) as cursor:
        return cursor.sql(of_some_files(_with_parts(query, parts), narrowed), params=parameters).to_arrow_table()


def _with_parts(query: str, parts: Mapping[str, str]) -> str:
    text = statement(query)
    for place, sql in parts.items():
        text = text.replace(f"{{{place}}}", sql)
    return text


@contextmanager
def _stopped_in_the_log(query: str, time_limit_s: float) -> Iterator[None]:
    try:
        yield
    except QueryTimeoutError:
        event("query_stopped", query=query, limit_s=f"{time_limit_s:g}")
        raise


@contextmanager
def _cursor(dataset: HasConnection, time_limit_s: float) -> Iterator[Connection]:
    """A cursor a query: one DuckDB connection used from several threads has given wrong rows silently."""
    with answering(time_limit_s), closing(dataset.connection.cursor()) as cursor:
        timer = Timer(time_limit_s, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield cursor
        finally:
            timer.cancel()


def has_relation(dataset: HasConnection, name: str) -> bool:
    """Whether there is a table or view of this name."""
    with _cursor(dataset, TIME_LIMIT_S) as cursor:
        found = cursor.execute("SELECT 1 FROM information_schema.tables WHERE table_name = $name", {"name": name})
        return bool(found.fetchall())


def show_file(dataset: HasConnection, name: str, file: Path) -> None:
    """A relation that is a Parquet file, which the dataset's connection must be allowed to read."""
    with _cursor(dataset, TIME_LIMIT_S) as cursor:
        create_view(cursor, name, f"SELECT * FROM {parquet([file])}")


def put_table(dataset: HasConnection, name: str, rows: pa.Table) -> None:
    """A relation that is held in memory."""
    with _cursor(dataset, TIME_LIMIT_S) as cursor:
        cursor.register("given", rows)
        create_table(cursor, name, "SELECT * FROM given")
        cursor.unregister("given")


def columns_of(dataset: HasConnection, relation: str) -> dict[str, str]:
    """The columns of a relation of an open dataset, name -> DuckDB type."""
    with _cursor(dataset, TIME_LIMIT_S) as cursor:
        return {row[0]: row[1] for row in cursor.execute(f'DESCRIBE "{relation}"').fetchall()}


def not_containing(dataset: HasConnection, relation: str, pairs: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """For pairs of text columns (whole, part): in how many rows the whole does not contain the part, of how many."""
    checked = ", ".join(
        f"count(*) FILTER (NOT contains({name(whole)}::VARCHAR, {name(part)}::VARCHAR)), "
        f"count(*) FILTER ({name(whole)} IS NOT NULL AND {name(part)} IS NOT NULL)"
        for whole, part in pairs
    )
    with _cursor(dataset, TIME_LIMIT_S) as cursor:
        counts = cursor.execute(f'SELECT {checked} FROM "{relation}"').fetchall()[0]
    return sum(counts[::2]), sum(counts[1::2])


def rows(connection: Connection, query: str) -> list[dict[str, Any]]:
    """The rows of a query (see `statement`), each column -> value."""
    result = connection.execute(statement(query))
    names = [column[0] for column in result.description]
    return [dict(zip(names, found, strict=True)) for found in result.fetchall()]


def frame(connection: Connection, query: str) -> pd.DataFrame:
    """As `rows`, as a data frame. Errors are DuckDB's: wrap the call in one of `failures`."""
    return connection.execute(statement(query)).df()


def row(connection: Connection, query: str) -> dict[str, Any]:
    """The one row of a query (see `statement`), column -> value."""
    return rows(connection, query)[0]


def create_view(connection: Connection, name: str, select: str) -> None:
    """A view, or another under its name."""
    connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS {select}')


def create_table(connection: Connection, name: str, select: str) -> None:
    """A table in memory with the result of a SELECT."""
    connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS {select}')


def drop_table(connection: Connection, name: str) -> None:
    """Let go of a table."""
    connection.execute(f'DROP TABLE IF EXISTS "{name}"')


def set_limits(connection: Connection, memory: str, threads: int) -> None:
    """What a connection may take from now on."""
    connection.execute(f"SET memory_limit = {literal(memory)}")
    connection.execute(f"SET threads = {threads}")


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


def columns(connection: Connection, files: Sequence[Path], named: Path | None = None) -> dict[str, str]:
    """The columns of Parquet files, name -> DuckDB type. SourceError if the first, or what it is `named`, cannot be read."""
    with reading(files[0], named):
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


def row_count(connection: Connection, file: Path, named: Path | None = None) -> int:
    """The number of rows that a Parquet file's footer states. SourceError if it, or what it is `named`, cannot be read."""
    with reading(file, named):
        rows = connection.execute(f"SELECT num_rows FROM parquet_file_metadata({literal(file)})").fetchall()
    return int(rows[0][0])


def copy(connection: Connection, select: str, target: Path, row_group: int, compression: str = "zstd") -> None:
    """Write a SELECT's result as one Parquet file. Errors are DuckDB's: wrap the call in one of `failures`.

    Zstandard at its lowest level: a quarter less time than at the usual one, for files that are 8 % larger.
    """
    level = ", COMPRESSION_LEVEL 1" if compression == "zstd" else ""
    options = f"FORMAT parquet, COMPRESSION {compression}{level}, ROW_GROUP_SIZE {row_group}"
    connection.execute(f"COPY ({select}) TO {literal(target)} ({options})")
