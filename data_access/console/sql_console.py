"""The SQL console: a reader's own query on the open dataset, each in a sealed process of its own (see `sandbox`)."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from data_access import sql_text, stores
from data_access.console import endings, sandbox
from data_access.console.endings import Ended
from data_access.console.relations import MADE_LATER
from data_access.dataset import Dataset
from data_access.errors import QueryError, QueryTimeoutError, RefusedError, SourceError
from data_access.log import LOG, event

PROGRAM = Path(__file__).with_name("sandbox.py")
LONGEST_QUERY = 10_000  # three bytes a character in a link, of which a server takes 64 kB
POLL_S = 0.1
PASSED_ON = ("PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")  # what an interpreter may need to start


@dataclass(frozen=True)
class Limits:
    """What one run may take: wall time, DuckDB's memory, and rows and bytes of its result."""

    seconds: float = 20.0
    memory_mb: int = 1_000
    rows: int = 10_000
    megabytes: int = 16

    def __str__(self) -> str:
        return (
            f"at most {self.seconds:g} seconds, {self.memory_mb:,} MB of memory, and {self.rows:,} rows or "
            f"{self.megabytes:,} MB of result"
        )


class Result(NamedTuple):
    """What a query gave: its rows up to the limits, how long it took, and whether there were more rows."""

    rows: pd.DataFrame
    seconds: float
    cut: bool


class Example(NamedTuple):
    """A question of people who train with reward models, and the query that answers it."""

    question: str
    sql: str


LIMITS = Limits()
_ONE_AT_A_TIME = BoundedSemaphore(1)  # for the memory: what a run takes comes on top of the server's


def run(dataset: Dataset, sql: str, progress: Callable[[str], None], limits: Limits = LIMITS) -> Result:
    """Run one SELECT on the relations of a prepared dataset; RefusedError, QueryTimeoutError or QueryError if it fails,
    SourceError if a file of the dataset is gone.

    `progress` is called with a sentence several times a second; whatever it raises ends the run.
    """
    if len(sql) > LONGEST_QUERY:
        raise RefusedError(f"A query has at most {LONGEST_QUERY:,} characters; this one has {len(sql):,}.")
    for relation, (_, make) in MADE_LATER.items():
        if re.search(rf"\b{relation}\b", sql, re.IGNORECASE):
            make(dataset, lambda done: progress(f"Reading the texts, once for this dataset: {done:.0%}."))
    told = job(dataset, sql, limits)
    for file in told["files"]:
        if not Path(file).exists():
            raise SourceError(f"{Path(file).name} of the open dataset is gone. Reload this page.")
    while not _ONE_AT_A_TIME.acquire(timeout=POLL_S):
        progress("Waiting for another viewer's query to end.")
    try:
        return _result(_ended(told, progress, limits), limits)
    finally:
        _ONE_AT_A_TIME.release()


def log_missing_walls() -> None:
    """Say in the server's log if the kernel puts no wall around the process of a query. To be called once, at start."""
    try:
        if not sandbox.landlock_version():
            LOG.warning(
                "This system has no Landlock (Linux 5.13 and later, unless a container forbids it): what the SQL console "
                "may read is kept by DuckDB alone. REWARDSCOPE_SQL=off takes the console away."
            )
    except OSError as error:
        LOG.error("The SQL console cannot be sealed off and runs no query: %s", error)


@cache
def examples() -> tuple[Example, ...]:
    """The worked examples, in order: each a file of `sql/examples/` that begins with its question."""
    files = sorted(resources.files("data_access").joinpath("console", "examples").iterdir(), key=lambda file: file.name)
    texts = [file.read_text(encoding="utf-8").strip() for file in files]
    return tuple(Example(text.partition("\n")[0].removeprefix("-- "), text) for text in texts)


def job(dataset: Dataset, sql: str, limits: Limits = LIMITS) -> dict[str, Any]:
    """What the sealed process is told: the query, the relations with their files, and the limits."""
    made = {name: (file,) for name in MADE_LATER if (file := dataset.derived_file(name)) and file.exists()}
    relations = {**dataset.prepared, **made}
    if not stores.of_store(dataset.own_files):  # the sealed process has no network
        relations["source"] = dataset.own_files
    return {
        "sql": sql,
        "relations": {name: f"SELECT * FROM {sql_text.parquet(files)}" for name, files in relations.items()},
        "files": [str(file) for files in relations.values() for file in files],
        "threads": min(2, os.cpu_count() or 1),
        "memory": f"{limits.memory_mb}MB",
        "data_bytes": (limits.memory_mb * 4 // 3 + 250) * 10**6,  # with the interpreter and the result
        "rows": limits.rows,
        "bytes": limits.megabytes * 10**6,
    }


def _ended(told: dict[str, Any], progress: Callable[[str], None], limits: Limits) -> Ended:
    """What became of the sealed process that was told this. It never outlives this call."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    process = subprocess.Popen(  # noqa: S603  the command is ours
        [sys.executable, "-P", str(PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment
        | {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"},  # NumPy's would begin before the walls
        cwd="/",
    )
    started = time.monotonic()
    given: bytes | None = json.dumps(told).encode()
    try:
        while (passed := time.monotonic() - started) < limits.seconds:
            try:
                output, errors = process.communicate(given, timeout=POLL_S)
                return Ended(process.returncode, output, errors)
            except subprocess.TimeoutExpired:
                given = None
                progress(f"Running, {passed:.0f} of at most {limits.seconds:g} seconds.")
        event("sql_stopped", limit_s=f"{limits.seconds:g}")
        raise QueryTimeoutError(
            f"The query was stopped after {limits.seconds:g} seconds. Filter earlier, or join on prompt_id as well."
        )
    finally:
        process.kill()
        process.communicate()


def _result(ended: Ended, limits: Limits) -> Result:
    memory = (
        f"The query needs more than the {limits.memory_mb:,} MB of memory that a run may take. Select fewer columns, or "
        "aggregate before you join or sort."
    )
    if ended.code != 0:
        LOG.error(endings.for_the_log(ended))
        raise QueryError(endings.why(ended, memory))
    walls, _, rest = ended.output.partition(b"\n")
    if not (stand := json.loads(walls))["sealed"]:
        LOG.error("The SQL console's process could not be sealed off: %s", stand["why"])
        raise QueryError(endings.could_not("be sealed off"))
    line, _, stream = rest.partition(b"\n")
    said = json.loads(line)
    if "refused" in said:
        raise RefusedError(said["refused"])
    if "memory" in said:
        raise QueryError(memory)
    if "failed" in said:
        raise QueryError(said["failed"])
    if "broke" in said:
        LOG.error("The SQL console's process broke: %s", said["broke"])
        raise QueryError(endings.crashed(said["broke"].partition(" ")[0]))
    with pa.ipc.open_stream(stream) as reader:
        return Result(_frame(reader.read_all()), said["seconds"], said["cut"])


def _frame(table: pa.Table) -> pd.DataFrame:
    """Arrow's own types, so that a whole number stays one beside a NULL; but what DuckDB counts in 128 bits, or in
    decimals, is a plain number. Columns of the same name get a number."""
    names: list[str] = []
    for name in table.column_names:
        same = sum(other == name or other.startswith(f"{name}_") for other in names)
        names.append(f"{name}_{same}" if name in names else name)
    columns = []
    for column in table.columns:
        if pa.types.is_decimal(column.type):
            whole = column.type.scale == 0 and column.type.precision <= 38
            columns.append(column.cast(pa.int64() if whole and _fits(column) else pa.float64()))
        else:
            columns.append(column)
    frame: pd.DataFrame = pa.table(columns, names=names).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _fits(column: pa.ChunkedArray) -> bool:
    """Whether whole numbers fit 64 bits."""
    return all(value is None or abs(value) < 2**63 for value in column.to_pylist())
