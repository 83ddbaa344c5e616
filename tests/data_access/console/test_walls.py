"""Each of the four walls around a console query alone, the other three taken away: what it stops, and what it lets through.

The walls are taken away in a program of the tests, which loads the sealed process's own file and replaces parts of it.
With all four away every attack does what it wants: else the other tests would show nothing.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.console import sandbox, sql_console
from data_access.console.sql_console import Limits
from data_access.dataset import Dataset
from data_access.errors import QueryTimeoutError, RefusedError
from tests.conftest import open_path, parquet_bytes, wide_table
from tests.data_access.console.test_sql_console import ANOTHER_PROGRAM

WITHOUT = {
    "the parser": "sandbox.admitted = lambda connection, sql, relations: relations",
    "DuckDB's lock": (
        "sandbox.lock = lambda connection, files: None\n"
        "sandbox.duckdb.connect = lambda config, connect=sandbox.duckdb.connect: connect(config={'threads': 2})"
    ),
    "Landlock": "sandbox.see_only = lambda files: False",
    "the limits": "sandbox.resource.setrlimit = lambda limit, size: None",
}
WALLS = tuple(WITHOUT)
SEALED = str(sql_console.PROGRAM)
PARSER, LOCK, LANDLOCK, LIMITS = WALLS

# As `main` of the sealed process, but for several queries, one a line, each on a connection of its own.
PROGRAM = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("sandbox", {program!r})
sandbox = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sandbox)
sandbox.within_the_process = sandbox.pa.table({{"secret": ["sesame"]}})
{change}
job = json.loads(sys.stdin.readline())
sandbox.seal(job)
print(flush=True)
for line in sys.stdin:
    try:
        _, batches, _ = sandbox.answered(job | {{"sql": json.loads(line)}})
        print("answered", json.dumps([batch.to_pylist() for batch in batches], default=str), flush=True)
    except Exception as error:
        print("failed", json.dumps(str(error)), flush=True)
"""


class Attack(NamedTuple):
    """SQL; the sign in its answer, or in the folder, that it did what it wants; and the walls that stop it alone."""

    sql: str
    sign: str
    stopped_by: tuple[str, ...]


ATTACKS = {
    "read a file": Attack("FROM read_text('{folder}/secret.txt')", "sesame", (PARSER, LOCK, LANDLOCK)),
    "read a file by its name alone": Attack("FROM '{folder}/secret.csv'", "sesame", (PARSER, LOCK, LANDLOCK)),
    "list a folder": Attack("FROM glob('{folder}/*')", "secret.txt", (PARSER, LOCK, LANDLOCK)),
    "read what lies in the process": Attack("FROM within_the_process", "sesame", (PARSER, LOCK)),
    "ask where the files lie": Attack("SELECT sql FROM duckdb_views()", "data.parquet", (PARSER,)),
    "write a new file": Attack("COPY (SELECT 1) TO '{folder}/new.csv'", "new.csv: 4", WALLS),
    "write a new file within a SELECT": Attack(
        "WITH a AS (COPY (SELECT 1) TO '{folder}/new.csv') FROM a", "new.csv: 4", WALLS
    ),
    "overwrite a file of the dataset": Attack(
        "WITH a AS (COPY (SELECT 1) TO '{folder}/data.parquet' (FORMAT parquet, USE_TMP_FILE false)) FROM a",
        "data.parquet",
        (PARSER, LANDLOCK),
    ),
    "make a database": Attack(
        "ATTACH '{folder}/new.db' AS n; CREATE TABLE n.t AS SELECT 1; CHECKPOINT n",
        "new.db: ",
        (PARSER, LOCK, LANDLOCK),
    ),
    "take off the lock": Attack(
        "SET allowed_directories = ['{folder}']; FROM read_text('{folder}/secret.txt')",
        "sesame",
        (PARSER, LOCK, LANDLOCK),
    ),
    "ask the network": Attack(
        "SET home_directory = '{folder}'; SET custom_extension_repository = 'http://127.0.0.1:{port}'; INSTALL httpfs",
        "asked",
        (PARSER, LOCK, LANDLOCK),
    ),
    "take all memory": Attack("SELECT length(repeat(repeat('x', 1000), 200_000))", "200000000", (LIMITS,)),
}


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """A port of this machine, and a word for every connection that somebody made to it."""
    asked: list[str] = []

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            asked.append("asked")
            self.request.recv(4096)
            self.request.sendall(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], asked
        server.shutdown()


def without(walls: tuple[str, ...]) -> str:
    return "\n".join(WITHOUT[wall] for wall in walls)


def fill(folder: Path) -> dict[str, bytes]:
    """The folder as it is before an attack; its files."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.name != "data.parquet":  # Landlock knows a file, not its name: another one would be closed to everybody
            path.rmdir() if path.is_dir() else path.unlink()
    (folder / "secret.txt").write_text("sesame\n")
    (folder / "secret.csv").write_text("secret\nsesame\n")
    (folder / "data.parquet").write_bytes(parquet_bytes(pa.table({"reward": [1.0, 2.0]})))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def done_by_attacks(folder: Path, walls_away: tuple[str, ...]) -> set[str]:
    """Which attacks do what they want on a process without these walls."""
    fill(folder)
    file = str(folder / "data.parquet")
    job = {
        "relations": {"source": f"SELECT * FROM read_parquet('{file}')"},
        "files": [file],
        "threads": 2,
        "memory": "300MB",
        "data_bytes": 400 * 10**6,  # of which the interpreter and DuckDB take 180
        "rows": 100,
        "bytes": 10**6,
    }
    code = PROGRAM.format(program=SEALED, change=without(walls_away))
    done = set()
    with (
        listening() as (port, asked),
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            # The last, as Arrow's own pool takes a GB for the table that is to be stolen.
            env={"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"},
        ) as process,
    ):
        assert process.stdin
        assert process.stdout

        def said(line: object) -> str:
            print(json.dumps(line), file=process.stdin, flush=True)
            return process.stdout.readline()

        said(job)
        assert said("SELECT count(*) AS n FROM source") == 'answered [[{"n": 2}]]\n'
        for name, attack in ATTACKS.items():
            before = fill(folder)
            asked.clear()
            answer = said(attack.sql.format(folder=folder, port=port))
            assert answer, f"the process ended when it was to {name}"
            changed = {
                path.name: path.stat().st_size
                for path in folder.iterdir()
                if path.is_file() and path.read_bytes() != before.get(path.name)
            }
            signs = [answer] if answer.startswith("answered") else []
            signs += [*asked, *(f"{changed_file}: {size}" for changed_file, size in changed.items())]
            if any(attack.sign in sign for sign in signs):
                done.add(name)
        process.stdin.close()
    return done


def test_without_the_four_walls_every_attack_does_what_it_wants(tmp_path: Path) -> None:
    assert done_by_attacks(tmp_path, WALLS) == {*ATTACKS}


@pytest.mark.parametrize("wall", WALLS)
def test_what_a_wall_stops_alone(tmp_path: Path, wall: str) -> None:
    if wall == LANDLOCK and not sandbox.landlock_version():
        pytest.skip("this kernel has no Landlock")
    lets_through = {name for name, attack in ATTACKS.items() if wall not in attack.stopped_by}
    if wall == LANDLOCK and sandbox.landlock_version() < 4:
        lets_through.add("ask the network")
    assert done_by_attacks(tmp_path, tuple(other for other in WALLS if other != wall)) == lets_through


def test_the_table_of_the_walls_in_the_document_is_this_one() -> None:
    document = (Path(__file__).parents[3] / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [
        f"| {name} | {' | '.join('●' if wall in attack.stopped_by else '○' for wall in WALLS)} |"
        for name, attack in ATTACKS.items()
    ]
    header = f"| attack | {' | '.join(WALLS)} |\n|---|:-:|:-:|:-:|:-:|\n"
    assert header + "\n".join(rows) in document


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("walls")
    table = wide_table([{"prompt": "p", "candidates": [("ant", "a", 1.0), ("bee", "b", 2.0)]}])
    pq.write_table(table, folder / "tiny.parquet")
    return open_path(folder / "tiny.parquet", folder / "cache")


@pytest.fixture
def leave_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Have the console run its queries with no other walls than these."""

    def leave(*walls: str) -> None:
        program = tmp_path / "changed.py"
        change = without(tuple(wall for wall in WALLS if wall not in walls))
        program.write_text(ANOTHER_PROGRAM.format(program=SEALED, change=change))
        monkeypatch.setattr(sql_console, "PROGRAM", program)

    return leave


def test_a_query_that_only_waits_is_stopped_by_the_parser_alone_and_by_the_time_limit_alone(
    dataset: Dataset, leave_only: Callable[..., None]
) -> None:
    def wait(seconds: float) -> sql_console.Result:
        return sql_console.run(dataset, "SELECT sleep_ms(1500)", lambda doing: None, Limits(seconds=seconds))

    leave_only()
    assert wait(60).seconds > 1.4
    with pytest.raises(QueryTimeoutError, match=r"^The query was stopped after 1 seconds\."):
        wait(1)
    leave_only(PARSER)
    with pytest.raises(RefusedError, match="cannot be used here"):
        wait(60)
