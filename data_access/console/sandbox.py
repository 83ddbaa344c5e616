"""The process of one console query: `console.run` starts it anew for each. It answers one SELECT, and can do nothing else.

What a stranger types is met by four walls, each of which holds where another has a gap:
1. `admitted` lets one SELECT through that names our relations and harmless functions only. (DuckDB parses
   `WITH a AS (COPY …)` as a SELECT, and its `allowed_paths` may be written as well as read.)
2. DuckDB is locked: these files and no other, no network, no extension, no setting, nothing spilled to disk.
3. The kernel lets the process open these files for reading, and nothing else (Landlock, where Linux has it).
4. The kernel holds its memory: DuckDB's own limit leaves out what a constant takes (`range(500000000)`: 16 GB). The
   caller ends it when its time is over, and the kernel when the caller is gone.

A wall that the system has but does not put up when asked ends the run before the query is looked at.

It knows nothing of the server: this file imports none of ours, and is given neither environment nor open files.
"""

import ctypes
import errno
import faulthandler
import json
import os
import re
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from typing import Any, cast

import duckdb
import pyarrow as pa

NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
TABLES = {"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "SHOW_REF", "PIVOT"}
TABLE_FUNCTIONS = {"range", "generate_series", "unnest"}
# They tell of the server, or of the files behind the relations, or wait, or remember.
REFUSED_FUNCTIONS = re.compile(
    r"pg_.*|current_setting|getenv|getvariable|write_log|sleep.*|json_serialize_plan|json_execute.*|nextval|currval|setval"
)
NAME = re.compile(r"[^\W\d]\w*")
DEEPEST = 950  # levels of JSON, of which a + of a chain takes three; Python 3.11 itself reads about 990
TOO_DEEP = (
    "The query nests too deep; a chain such as a + b + … does so as well. Split it with WITH, or give the chain as a "
    "list: list_sum([a, b, …]), concat(a, b, …)."
)
# How DuckDB (as it parses, as it binds) and Arrow (of the result's type) say that.
THEIR_TOO_DEEP = (
    "Parser Error: Max expression depth limit",
    "Binder Error: Max expression depth limit",
    "Recursion level in ArrowSchema",
)

# Linux's numbers for Landlock: the same on every processor.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
PARENT_DEATH_SIGNAL, NO_NEW_PRIVILEGES = 1, 38  # of prctl
READ_FILE = 1 << 2
MACHINE = ("/proc/self/cgroup", "/sys/fs/cgroup", "/sys/devices/system/cpu")  # without them DuckDB does not start
# The kernel is older than Landlock; it was left out at boot; a container's filter of system calls does not let it through.
NO_LANDLOCK = {errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM}
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # version -> how many rights on files it knows


class RefusedError(Exception):
    """A query that the console does not run; the message is a sentence for the page."""


def main() -> None:
    """Read the job from standard input; write whether the walls stand and what came of it, each a line of JSON, and after
    them the rows as an Arrow stream."""
    faulthandler.enable()  # a crash says on standard error where it was
    job = json.loads(sys.stdin.buffer.read())
    output = sys.stdout.buffer

    def tell(said: dict[str, Any]) -> None:
        output.write(json.dumps(said).encode() + b"\n")
        output.flush()

    try:
        seal(job)
    except (OSError, ValueError) as error:
        tell({"sealed": False, "why": str(error)})
        return
    tell({"sealed": True})
    try:
        schema, batches, answer = answered(job)
    except RefusedError as error:
        tell({"refused": str(error)})
    except (duckdb.OutOfMemoryException, MemoryError, pa.ArrowMemoryError):
        tell({"memory": True})
    except (duckdb.Error, pa.ArrowException, OSError) as error:  # OSError: what DuckDB says after the first batch
        tell(problem(without_paths(str(error), job["files"])))
    except Exception as error:  # its message may hold text of the data; its type and place do not
        place = traceback.extract_tb(error.__traceback__)[-1]
        tell({"broke": f"{type(error).__name__} in {os.path.basename(place.filename)}, line {place.lineno}"})
    else:
        tell(answer)
        with pa.ipc.new_stream(output, schema) as stream:
            for batch in batches:
                stream.write_batch(batch)
    output.flush()


def problem(message: str) -> dict[str, Any]:
    """What to tell of an error with this message."""
    if message.startswith("Out of Memory Error"):
        return {"memory": True}
    return {"refused": TOO_DEEP} if message.startswith(THEIR_TOO_DEEP) else {"failed": message}


def seal(job: dict[str, Any]) -> None:
    """Walls 3 and 4; OSError or ValueError if one cannot be put up."""
    end_with_the_server()
    for limit, size in (
        (resource.RLIMIT_DATA, job["data_bytes"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (size, size))
    os.nice(10)  # the pages of other viewers come first
    see_only(job["files"])


def end_with_the_server() -> None:
    """Have the kernel end this process with its parent: of a server that was killed nobody would end its queries."""
    signal_and_more = (ctypes.c_ulong(value) for value in (signal.SIGKILL, 0, 0, 0))
    if sys.platform.startswith("linux") and _libc().prctl(PARENT_DEATH_SIGNAL, *signal_and_more) != 0:
        raise OSError(ctypes.get_errno(), f"prctl: {os.strerror(ctypes.get_errno())}")


def answered(job: dict[str, Any]) -> tuple[pa.Schema, list[pa.RecordBatch], dict[str, Any]]:
    """The rows up to the limits, and how long it took and whether there were more."""
    connection = duckdb.connect(
        config={
            "memory_limit": job["memory"],
            "threads": job["threads"],
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
    )
    used = admitted(connection, job["sql"], set(job["relations"]))
    # Else a wide file of one row group is held twice: `FROM source LIMIT 10` on 250 MB took 1.2 GB and more instead of 0.8.
    connection.execute("SET disable_parquet_prefetching = true; SET enable_external_file_cache = false")
    for relation in used:
        connection.execute(f'CREATE VIEW "{relation}" AS {job["relations"][relation]}')
    lock(connection, job["files"])
    started = time.perf_counter()
    reader = connection.sql(job["sql"]).to_arrow_reader(2048)
    batches, cut = within(reader, job["rows"], job["bytes"])
    return reader.schema, batches, {"seconds": time.perf_counter() - started, "cut": cut}


def lock(connection: duckdb.DuckDBPyConnection, files: Iterable[str]) -> None:
    """Wall 2."""
    paths = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    connection.execute(f"SET allowed_paths = [{paths}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def admitted(connection: duckdb.DuckDBPyConnection, sql: str, relations: set[str]) -> set[str]:
    """Wall 1: the relations that this one SELECT reads; RefusedError for anything else, duckdb.Error if it does not parse."""
    statements = duckdb.extract_statements(sql)
    if not statements:
        raise RefusedError("There is nothing to run. Write a SELECT, or choose an example.")
    if len(statements) > 1:
        raise RefusedError("The console runs one statement at a time. Take out all but one.")
    try:
        parsed = json.loads(_value(connection, "SELECT json_serialize_sql($text::VARCHAR)", {"text": sql}))
    except RecursionError:
        raise RefusedError(TOO_DEEP) from None
    if statements[0].type != duckdb.StatementType.SELECT or parsed["error"]:
        raise RefusedError(
            "The console runs SELECT only, also as WITH, FROM, VALUES, DESCRIBE and SUMMARIZE; PIVOT needs its values: "
            "FROM … PIVOT (… FOR column IN (…))."
        )
    named = {entry["key"] for node in _dicts(parsed) for entry in node.get("cte_map", {}).get("map", [])}
    taken = _value(connection, "SELECT list(lower(view_name)) FROM duckdb_views()", {})
    for name in named:
        if not NAME.fullmatch(name) or name.lower() in taken:
            raise RefusedError(f"A WITH may not be called {name!r} here. Choose another name.")
    used = set()
    for node in _dicts(parsed):
        kind = str(node.get("type", ""))
        if (kind.endswith("_NODE") and kind not in NODES) or ("sample" in node and _is_table(node, kind)):
            raise RefusedError("The console only reads: this statement does something else.")
        if kind == "BASE_TABLE":
            used |= _relation(node["qualified_name"]["path"], relations, named)
        if kind == "TABLE_FUNCTION" and node["function"]["function_name"].lower() not in TABLE_FUNCTIONS:
            raise RefusedError(
                f"{node['function']['function_name']}(…) is not a table here. The tables are "
                f"{', '.join(sorted(relations))}; the functions {', '.join(sorted(TABLE_FUNCTIONS))}."
            )
        if REFUSED_FUNCTIONS.fullmatch(str(node.get("function_name", "")).lower()):
            raise RefusedError(f"{node['function_name']}(…) cannot be used here.")
    return used


def _is_table(node: dict[str, Any], kind: str) -> bool:
    """Whether this is a part of a FROM clause that is of no kind that we know; SHOW has to be of a query."""
    if "alias" not in node or "select_list" in node:
        return False
    return kind not in TABLES or (kind == "SHOW_REF" and not node.get("query"))


def _relation(path: list[str], relations: set[str], named: set[str]) -> set[str]:
    name = path[-1].lower()
    if len(path) == 1 and name in {known.lower() for known in named}:
        return {name} & relations
    if len(path) > 1 or name not in relations:
        raise RefusedError(f"There is no relation {'.'.join(path)!r}. There are {', '.join(sorted(relations))}.")
    return {name}


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value, the outer before the inner; RefusedError if they nest too deep."""
    waiting = [(value, 1)]
    while waiting:
        found, depth = waiting.pop()
        if depth > DEEPEST:
            raise RefusedError(TOO_DEEP)
        if isinstance(found, dict):
            yield found
        inner: Iterable[Any] = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
        waiting += [(each, depth + 1) for each in reversed([*inner])]


def _value(connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, Any]) -> Any:
    return connection.execute(query, parameters).fetchall()[0][0]


def within(reader: Iterable[pa.RecordBatch], rows: int, size: int) -> tuple[list[pa.RecordBatch], bool]:
    """The first batches up to so many rows and bytes, and whether there were more. A first row is never left out."""
    batches: list[pa.RecordBatch] = []
    for batch in reader:
        fits = min(batch.num_rows, rows)
        while fits and (taken := batch.slice(0, fits).nbytes) > size:
            fits = min(fits - 1, fits * size // taken)
        if not fits and not batches and batch.num_rows:
            raise RefusedError("A single row of this result is too large to be shown. Select less of it.")
        batches.append(batch.slice(0, fits))
        rows, size = rows - fits, size - batches[-1].nbytes
        if fits < batch.num_rows:
            return batches, True
    return batches, False


def without_paths(message: str, files: Iterable[str]) -> str:
    """A message that names files by their names alone: where they lie is the server's business."""
    for file in files:
        message = message.replace(file, file.rpartition("/")[2])
    return message


def landlock_version() -> int:
    """Which version of Landlock this system has, 0 for none; OSError if it does not say."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        return _called("landlock_create_ruleset", CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    except OSError as error:
        if error.errno in NO_LANDLOCK:
            return 0
        raise


def see_only(files: Iterable[str]) -> bool:
    """Wall 3: for good, this process opens these files for reading, and nothing else. False where the system has no
    Landlock; OSError where it has, and does not do as asked.

    To be called before DuckDB starts its threads, which inherit it. https://docs.kernel.org/userspace-api/landlock.html
    """
    version = landlock_version()
    if not version:
        return False
    rights = (1 << FILE_RIGHTS.get(version, max(FILE_RIGHTS.values()))) - 1
    handled = (ctypes.c_uint64 * 2)(rights, 0b11)  # from version 4 on also TCP: neither bind nor connect
    size = ctypes.c_size_t(16 if version >= 4 else 8)
    rules = _called("landlock_create_ruleset", CREATE_RULESET, handled, size, ctypes.c_uint32(0))
    for path in (*files, *filter(os.path.exists, MACHINE)):
        opened = os.open(path, os.O_RDONLY)
        rule = READ_FILE.to_bytes(8, sys.byteorder) + opened.to_bytes(4, sys.byteorder)
        _called("landlock_add_rule", ADD_RULE, rules, ctypes.c_int(1), rule, ctypes.c_uint32(0))
        os.close(opened)
    no_more = (ctypes.c_ulong(value) for value in (1, 0, 0, 0))
    if _libc().prctl(NO_NEW_PRIVILEGES, *no_more) != 0:
        raise OSError(ctypes.get_errno(), f"prctl: {os.strerror(ctypes.get_errno())}")
    _called("landlock_restrict_self", RESTRICT_SELF, rules, ctypes.c_uint32(0))
    os.close(rules)
    return True


def _called(name: str, number: int, *arguments: Any) -> int:
    """What a system call gives; OSError with its name if it fails."""
    given = int(_libc().syscall(number, *arguments))
    if given < 0:
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")
    return given


def _libc() -> Any:
    return cast(Any, ctypes.CDLL(None, use_errno=True))


if __name__ == "__main__":
    main()
    os._exit(0)  # the answer is out: what is left to take down could only fail
