"""Relations that are worked out of an open dataset's texts: written once, beside its prepared files, as Parquet.

Block by block, so that memory does not grow with the dataset. A file gets its name when it is whole, and a lock lets one
process do the work while others wait and see how far it is. Where nothing can be written the rows are held in memory.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import pyarrow as pa
from filelock import FileLock, Timeout

from data_access import database, failures, sql_text
from data_access.database import Connection
from data_access.dataset import Dataset
from data_access.tables import parquet_file

MEMORY = "250MB"
AT_ONCE = 20_000  # candidates in a block
ROW_GROUP = 16_384
WAIT_S = 0.2

Progress = Callable[[float], None]
Narrowed = Mapping[str, str]  # what is read instead of a relation, see `Dataset.narrowed`

_relating = Lock()  # two threads that name a relation at the same time: one would fail


class Derived(NamedTuple):
    """A relation's name, the macros that its rows need, and the rows, in blocks with the same columns, of what was opened."""

    relation: str
    macros: tuple[str, ...]
    blocks: Callable[[Connection, Dataset, Progress], Iterable[pa.Table]]


def by_prompts(
    rows: Callable[[Connection, Narrowed, int, int], pa.Table], candidates: int | None = None
) -> Callable[..., Iterator[pa.Table]]:
    """Blocks of what `rows` gives of the prompts from one to another, of about so many candidates, or AT_ONCE."""

    def blocks(connection: Connection, dataset: Dataset, progress: Progress) -> Iterator[pa.Table]:
        for first, last in dataset.spans(candidates or AT_ONCE):
            progress((first - 1) / dataset.last_prompt)
            yield rows(connection, dataset.narrowed(first, last), first, last)

    return blocks


def is_made(dataset: Dataset, relation: str) -> bool:
    """Whether asking for a relation takes no time."""
    return database.has_relation(dataset, relation)


def see_to(dataset: Dataset, derived: Derived, progress: Progress) -> None:
    """See that a relation is there, and make it first if need be. Raises DataError."""
    if is_made(dataset, derived.relation):
        return
    target = dataset.derived_file(derived.relation)
    try:
        if target:
            _see_to_file(dataset, derived, target, progress)
    except OSError:  # the disk is full, or may not be written any more
        target = None
    with _relating:
        if is_made(dataset, derived.relation):
            return
        if target:
            database.show_file(dataset, derived.relation, target)
        else:
            _hold(dataset, derived, progress)


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

    try:
        with (
            closing(database.connect(MEMORY, partial.with_suffix(".spill"), derived.macros)) as connection,
            parquet_file(partial, row_group=ROW_GROUP) as add,
            failures.answering(0),
        ):
            for relation, files in dataset.prepared.items():
                database.create_view(connection, relation, f"SELECT * FROM {sql_text.parquet(files)}")
            for rows in derived.blocks(connection, dataset, report):
                add(rows)
        partial.replace(target)
    finally:
        for left in (partial, said):
            left.unlink(missing_ok=True)


def _hold(dataset: Dataset, derived: Derived, progress: Progress) -> None:
    """The rows in the memory of the dataset's connection."""
    with closing(dataset.connection.cursor()) as cursor:
        database.add_macros(cursor, derived.macros)
        with failures.answering(0):
            rows = pa.concat_tables(derived.blocks(cursor, dataset, progress))
    database.put_table(dataset, derived.relation, rows)
