"""Relations that are worked out of an open dataset's texts: written once, beside its prepared files, as Parquet.

Block by block, so that memory does not grow with the dataset. A file gets its name when it is whole, and a lock lets one
process do the work while others wait and see how far it is. Where nothing can be written the rows are held in memory.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from data_access import database, failures, sql_text
from data_access.database import Connection
from data_access.dataset import Dataset

MEMORY = "400MB"
AT_ONCE = 20_000  # candidates in a block
ROW_GROUP = 16_384
WAIT_S = 0.2

Progress = Callable[[float], None]


class Derived(NamedTuple):
    """A relation's name, the macros that its rows need, and its rows of the prompts from one to another, in their order: of
    about `at_once` candidates."""

    relation: str
    macros: tuple[str, ...]
    rows: Callable[[Connection, int, int], pa.Table]
    at_once: int = AT_ONCE


def see_to(dataset: Dataset, derived: Derived, progress: Progress) -> None:
    """See that a relation is there, and make it first if need be. Raises DataError."""
    if database.has_relation(dataset, derived.relation):
        return
    target = dataset.derived_file(derived.relation)
    if target is None:
        _hold(dataset, derived, progress)
        return
    try:
        _see_to_file(dataset, derived, target, progress)
    except OSError:  # the disk is full, or may not be written any more
        _hold(dataset, derived, progress)
        return
    database.show_file(dataset, derived.relation, target)


def _see_to_file(dataset: Dataset, derived: Derived, target: Path, progress: Progress) -> None:
    lock = FileLock(target.with_suffix(".lock"))
    said = target.with_suffix(".progress")
    while not target.exists():
        try:
            with lock.acquire(timeout=WAIT_S):
                if not target.exists():
                    _write(dataset, derived, target, said, progress)
        except Timeout:
            with suppress(OSError, ValueError):  # not there yet, or half written
                progress(float(json.loads(said.read_text(encoding="utf-8"))))


def _write(dataset: Dataset, derived: Derived, target: Path, said: Path, progress: Progress) -> None:
    partial = target.with_suffix(".partial")

    def report(done: float) -> None:
        progress(done)
        said.write_text(json.dumps(done), encoding="utf-8")

    writer: pq.ParquetWriter | None = None
    try:
        with closing(database.connect(MEMORY, partial.with_suffix(".spill"), derived.macros)) as connection:
            for relation, files in dataset.prepared.items():
                database.create_view(connection, relation, f"SELECT * FROM {sql_text.parquet(files)}")
            for rows in _blocks(dataset, connection, derived, report):
                writer = writer or pq.ParquetWriter(partial, rows.schema, compression="zstd")
                writer.write_table(rows, ROW_GROUP)
        if writer:
            writer.close()
        partial.replace(target)
    finally:
        if writer:
            writer.close()
        for left in (partial, said):
            left.unlink(missing_ok=True)


def _hold(dataset: Dataset, derived: Derived, progress: Progress) -> None:
    """The rows in the memory of the dataset's connection."""
    with closing(dataset.connection.cursor()) as cursor:
        database.add_macros(cursor, derived.macros)
        rows = pa.concat_tables(_blocks(dataset, cursor, derived, progress))
    database.put_table(dataset, derived.relation, rows)


def _blocks(dataset: Dataset, connection: Connection, derived: Derived, progress: Progress) -> Iterator[pa.Table]:
    contents = dataset.contents
    at_once = max(1, derived.at_once * contents.prompts // contents.candidates)
    for first in range(1, contents.prompts + 1, at_once):
        progress((first - 1) / contents.prompts)
        with failures.answering(0):
            rows = derived.rows(connection, first, first + at_once - 1)
        yield rows
