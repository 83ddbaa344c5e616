"""The SQL console: what it answers, its limits, and everything that a stranger might try with it."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.console import sandbox, sql_console
from data_access.console.sql_console import Limits, Result, examples
from data_access.dataset import Dataset
from data_access.derived.attributes import attributes
from data_access.derived.twins import twins
from data_access.errors import QueryError, QueryTimeoutError, RefusedError, SourceError
from tests.conftest import open_path, wide_table

ROWS = [
    {"prompt": "Name a prime.", "subset": "hep-go", "candidates": [("ant", "Two.", 3.0), ("bee", "Three.", 1.0)]},
    {"prompt": "Name a fruit.", "subset": "hep-go", "candidates": [("ant", "Fig.", None), ("bee", "Pear.", 2.0)]},
]
SLOW = "SELECT sum(a.range % 7 * b.range) FROM range(200000) AS a, range(500000) AS b"
Open = Callable[..., Dataset]


def run(dataset: Dataset, sql: str, limits: Limits = sql_console.LIMITS) -> Result:
    return sql_console.run(dataset, sql, lambda doing: None, limits)


def values(dataset: Dataset, sql: str) -> list[tuple[object, ...]]:
    """The rows that the sealed process would give, without the process, which takes some tenths of a second."""
    schema, batches, _ = sandbox.answered(sql_console.job(dataset, sql))
    return [tuple(row.values()) for row in pa.Table.from_batches(batches, schema).to_pylist()]


@contextmanager
def unharmed(dataset: Dataset, folder: Path) -> Iterator[None]:
    """Afterwards every file below the folder has the bytes that it had, and the dataset gives the right rows."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    cursor = dataset.connection.cursor()
    assert cursor.execute("SELECT reward FROM scores ORDER BY ALL").fetchall() == [(1.0,), (2.0,), (3.0,), (None,)]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The dataset ROWS, opened once for the tests that only try to do harm."""
    folder = tmp_path_factory.mktemp("console")
    pq.write_table(wide_table(ROWS), folder / "tiny.parquet")
    (folder / "other.csv").write_text("secret\n42\n")
    return open_path(folder / "tiny.parquet", folder / "cache")


def test_a_select_on_the_relations_gives_its_rows_with_their_types(shared: Dataset) -> None:
    rows, seconds, cut = run(
        shared,
        "SELECT p.prompt, s.reward, r.chars FROM prompts p JOIN scores s USING (prompt_id) "
        "JOIN responses r USING (prompt_id, candidate) ORDER BY s.reward DESC -- with a comment",
    )
    assert rows["prompt"].tolist() == ["Name a prime.", "Name a fruit.", "Name a prime.", "Name a fruit."]
    assert rows["reward"].tolist()[:3] == [3.0, 2.0, 1.0]
    assert rows["reward"].isna().tolist() == [False, False, False, True]
    assert rows["chars"].tolist() == [4, 5, 6, 4]
    assert 0 < seconds < 5
    assert not cut


def test_every_way_to_read_is_open(shared: Dataset) -> None:
    assert values(shared, "FROM prompts SELECT count(*)") == [(2,)]
    assert values(shared, "WITH Best AS (SELECT max(reward) AS r FROM scores) SELECT r FROM best;") == [(3.0,)]
    assert values(shared, "WITH scores AS (SELECT 1 AS n) FROM scores") == [(1,)]
    assert values(shared, "VALUES (1), (2)") == [(1,), (2,)]
    assert values(shared, 'SELECT count(*) FROM "Source" WHERE reward_2 > (SELECT min(reward) FROM SCORES)') == [(1,)]
    assert values(shared, "SELECT n FROM range(3) AS t(n), (SELECT unnest([1, 2]) AS m) WHERE n = m") == [(1,), (2,)]
    assert values(shared, "FROM (DESCRIBE scores) SELECT column_name LIMIT 1") == [("scorer",)]
    assert values(shared, "FROM (SUMMARIZE SELECT reward FROM scores) SELECT max") == [("3.0",)]
    pivot = (
        "FROM (SELECT candidate, model, reward FROM scores) PIVOT (max(reward) FOR model IN ('ant', 'bee')) ORDER BY 1"
    )
    assert values(shared, pivot) == [(1, 3.0, None), (2, None, 2.0)]
    counting = "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 4) SELECT sum(n) FROM t"
    assert values(shared, counting) == [(10,)]


def test_sums_and_decimals_are_plain_numbers_and_a_name_twice_is_two_columns(shared: Dataset) -> None:
    rows = run(
        shared, "SELECT sum(chars) AS n, 1.25 AS n, 10::HUGEINT ** 0 AS n, (2::HUGEINT << 100) AS big FROM scores"
    ).rows
    assert list(rows) == ["n", "n_1", "n_2", "big"]
    assert rows.iloc[0].tolist() == [19, 1.25, 1.0, float(2**101)]


def test_a_large_result_is_cut_at_so_many_rows_or_bytes_and_says_so(shared: Dataset) -> None:
    def counted(sql: str, limits: Limits) -> tuple[int, bool]:
        _, batches, answer = sandbox.answered(sql_console.job(shared, sql, limits))
        return sum(batch.num_rows for batch in batches), answer["cut"]

    few = Limits(rows=3000)
    found = [counted(f"FROM range({n})", few) for n in (2999, 3000, 3001, 10**12)]
    assert found == [(2999, False), (3000, False), (3000, True), (3000, True)]
    small = Limits(megabytes=1)
    rows, cut = counted("SELECT repeat('x', 300_000) AS x FROM range(10)", small)
    assert (1 <= rows <= 3, cut) == (True, True)
    with pytest.raises(sandbox.RefusedError, match="A single row of this result is too large"):
        counted("SELECT repeat('x', 3_000_000)", small)


REFUSED = [
    "",
    "-- nothing",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY scores TO '{file}'",
    "COPY (SELECT 1) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "COPY (SELECT 1) TO '{folder}/new.csv'",
    "WITH a AS (COPY scores TO '{file}' (FORMAT parquet, USE_TMP_FILE false)) FROM a",
    "FROM (WITH a AS (COPY scores TO '{file}' (USE_TMP_FILE false)) FROM a)",
    "WITH a AS (INSERT INTO scores VALUES (1) RETURNING *) FROM a",
    "WITH a AS (DELETE FROM scores RETURNING *) FROM a",
    "EXPLAIN SELECT 1",
    "EXPLAIN ANALYZE COPY scores TO '{folder}/new.csv'",
    "EXPORT DATABASE '{folder}/new'",
    "IMPORT DATABASE '{folder}'",
    "ATTACH '{folder}/new.duckdb'",
    "ATTACH '{other}' AS other (READ_ONLY)",
    "DETACH memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 1",
    "SET lock_configuration = false",
    "RESET memory_limit",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "CALL pragma_version()",
    "USE memory",
    "CREATE TABLE t AS SELECT 1",
    "CREATE OR REPLACE VIEW scores AS SELECT 1",
    "DROP VIEW scores",
    "INSERT INTO scores VALUES (1)",
    "CREATE SECRET s (TYPE s3)",
    "PREPARE p AS SELECT 1",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    "VACUUM",
    "CHECKPOINT",
    *(
        f"FROM {reader}('{{other}}')"
        for reader in (
            "read_text", "read_blob", "read_csv", "read_csv_auto", "sniff_csv", "read_json", "read_json_objects",
            "read_ndjson", "read_parquet", "parquet_scan", "parquet_metadata", "parquet_schema", "parquet_file_metadata",
            "parquet_kv_metadata", "glob", "read_duckdb", "query", "query_table",
        )
    ),
    "FROM read_parquet('{file}')",
    "FROM '{file}'",
    "FROM '{other}'",
    "FROM '/etc/passwd'",
    "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "SELECT 1 WHERE EXISTS (FROM read_text('/etc/passwd'))",
    "SELECT [x FOR x IN (SELECT list(content) FROM read_text('/etc/passwd'))]",
    "WITH \"/etc/passwd\" AS (SELECT 1) FROM \"/etc/passwd\"",
    "FROM query('SELECT 1')",
    "FROM read_parquet('https://localhost/x.parquet')",
    "FROM 'https://localhost/x.parquet'",
    "FROM duckdb_settings()",
    "FROM duckdb_views()",
    "FROM duckdb_views",
    "FROM system.main.duckdb_views()",
    "SELECT * FROM (WITH duckdb_views AS (SELECT 1) FROM duckdb_views), duckdb_views",
    "SELECT * FROM (WITH DuckDB_Views AS (SELECT 1) FROM duckdb_views), duckdb_views",
    "FROM pg_catalog.pg_views",
    "FROM information_schema.tables",
    "FROM sqlite_master",
    "FROM memory.main.scores",
    "FROM arrow_scan(1, 2, 3)",
    "FROM json_execute_serialized_sql('{{}}')",
    "SELECT current_setting('allowed_paths')",
    "SELECT system.main.current_setting('allowed_paths')",
    "SELECT list_transform([1], lambda x: current_setting('home_directory'))",
    "SELECT pg_get_viewdef(1)",
    "SELECT getvariable('x')",
    "SELECT json_serialize_plan('FROM scores')",
    "SELECT sleep_ms(100000)",
    "SELECT write_log('x')",
]  # fmt: skip


def test_nothing_but_one_select_on_the_relations_is_admitted(shared: Dataset, tmp_path: Path) -> None:
    """Asked of wall 1 alone, on an open DuckDB: most would be stopped by the others as well."""
    names = {"file": shared.files[0], "other": shared.files[0].with_name("other.csv"), "folder": tmp_path}
    with duckdb.connect() as connection:
        for attempt in REFUSED:
            sql = attempt.format(**names)
            with pytest.raises(sandbox.RefusedError) as raised:
                sandbox.admitted(connection, sql, {"prompts", "responses", "scores", "source"})
            assert str(raised.value).endswith("."), sql


@pytest.mark.parametrize(
    "attempt",
    [
        "WITH a AS (COPY scores TO '{file}' (FORMAT parquet, USE_TMP_FILE false)) FROM a",
        "FROM read_text('/etc/passwd')",
        "SELECT reward FROM prompts",
        "SELEC 1",
        f"SELECT {'(' * 3000}1{')' * 3000}",
    ],
)
def test_an_attack_or_a_slip_is_a_sentence_and_harms_nothing(shared: Dataset, tmp_path: Path, attempt: str) -> None:
    file = shared.files[0]
    with unharmed(shared, file.parent), pytest.raises(QueryError) as raised:
        run(shared, attempt.format(file=file, folder=tmp_path))
    assert len(str(raised.value)) > 20
    assert str(file.parent) not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "greedy",
    [
        "SELECT list(a.range || b.range) FROM range(100000) AS a, range(1000) AS b",
        "SELECT DISTINCT repeat(a.range::VARCHAR, 50) FROM range(100000000) AS a",
        "SELECT range(500000000)",  # DuckDB's own limit lets this take 16 GB
        "SELECT repeat('x', 1000000000)",
    ],
)
def test_a_run_that_wants_all_memory_is_ended_and_harms_nothing(shared: Dataset, greedy: str) -> None:
    with (
        unharmed(shared, shared.files[0].parent),
        pytest.raises(QueryError, match=r"^The query needs more than the 100 MB"),
    ):
        run(shared, greedy, Limits(memory_mb=100, seconds=90))


def test_what_fails_after_the_first_rows_is_said_as_it_is_and_not_as_memory(shared: Dataset) -> None:
    with pytest.raises(QueryError, match=r"^Conversion Error: Could not convert string 'a' to INT32"):
        run(shared, "SELECT CASE WHEN range = 5000 THEN 'a' ELSE '1' END::INT FROM range(9000)")


@pytest.mark.parametrize(
    "deep",
    [
        "SELECT " + "1+" * 900 + "1",
        "SELECT " + "(SELECT " * 800 + "1" + ")" * 800,
        "SELECT " + "(" * 3000 + "1" + ")" * 3000,
        "SELECT " + "[" * 100 + "1" + "]" * 100,
    ],
)
def test_a_query_that_nests_too_deep_is_refused_with_what_to_do(shared: Dataset, deep: str) -> None:
    with pytest.raises(RefusedError) as raised:
        run(shared, deep)
    assert str(raised.value) == (
        "The query nests too deep; a chain such as a + b + … does so as well. Split it with WITH, or give the chain as a "
        "list: list_sum([a, b, …]), concat(a, b, …)."
    )


def test_a_chain_of_three_hundred_is_not_too_deep(shared: Dataset) -> None:
    assert values(shared, "SELECT " + "1+" * 300 + "1") == [(301,)]


def test_a_query_that_crashes_its_process_is_said_as_such_and_logged_in_one_line(
    shared: Dataset, caplog: pytest.LogCaptureFixture
) -> None:
    """DuckDB 2.0 looks for a text in JSON by recursion, until its stack is at its end."""
    crash = "SELECT json_contains(repeat('[', 1000000) || repeat(']', 1000000), '1')"
    with unharmed(shared, shared.files[0].parent), pytest.raises(QueryError) as raised:
        run(shared, crash)
    assert str(raised.value) == (
        "The query crashed the process that ran it (SIGSEGV); nothing else is harmed. Write it in another way: with less "
        "nesting, or without the function that you added last."
    )
    ((logger, level, line),) = caplog.record_tuples
    assert (logger, level) == ("rewardscope", logging.ERROR)
    assert line.startswith(
        "The SQL console's process ended by SIGSEGV. It wrote: Fatal Python error: Segmentation fault"
    )
    assert "\n" not in line
    assert values(shared, "SELECT 1") == [(1,)]


ANOTHER_PROGRAM = """
import importlib.util, os, signal, sys
spec = importlib.util.spec_from_file_location("sandbox", {program!r})
sandbox = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sandbox)
{change}
sandbox.main()
"""


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Have the sealed process do something else: Python that may change `sandbox` before it starts."""

    def change(code: str) -> None:
        program = tmp_path / "changed.py"
        program.write_text(ANOTHER_PROGRAM.format(program=str(sql_console.PROGRAM), change=code))
        monkeypatch.setattr(sql_console, "PROGRAM", program)

    return change


def test_where_a_wall_cannot_be_put_up_nothing_is_run_and_the_log_says_which(
    shared: Dataset, tmp_path: Path, changed: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    looked = tmp_path / "looked"
    changed(f"sandbox.ADD_RULE = 9999\nsandbox.answered = lambda job: open({str(looked)!r}, 'w')")
    if not sandbox.landlock_version():
        pytest.skip("this kernel has no Landlock")
    with pytest.raises(QueryError) as raised:
        run(shared, "SELECT 1")
    assert str(raised.value) == (
        "The query was not run, as its process could not be sealed off on this server. Tell whoever runs the server: its "
        "log says why."
    )
    assert [record.message for record in caplog.records] == [
        "The SQL console's process could not be sealed off: [Errno 38] landlock_add_rule: Function not implemented"
    ]
    assert not looked.exists()


def test_a_limit_on_memory_that_the_system_refuses_ends_the_run(
    shared: Dataset, changed: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    changed("sandbox.resource.setrlimit(sandbox.resource.RLIMIT_DATA, (10**9, 10**9))\nos.setuid(65534)")
    if os.getuid() != 0:
        pytest.skip("only root can become somebody who may not raise a limit")
    with pytest.raises(QueryError, match="could not be sealed off on this server"):
        run(shared, "SELECT 1")
    assert caplog.messages == ["The SQL console's process could not be sealed off: not allowed to raise maximum limit"]


def test_a_process_that_cannot_start_is_said_as_such_and_its_words_are_logged(
    shared: Dataset, changed: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    changed("raise ModuleNotFoundError('No module named duckdb')")
    with pytest.raises(QueryError) as raised:
        run(shared, "SELECT 1")
    assert str(raised.value) == (
        "The query was not run, as its process could not start on this server. Tell whoever runs the server: its log says "
        "why."
    )
    (line,) = caplog.messages
    assert line.startswith("The SQL console's process ended by exit code 1. It wrote: Traceback ")
    assert line.endswith("ModuleNotFoundError: No module named duckdb")
    assert "\n" not in line


def test_an_error_that_nobody_foresaw_is_a_crash_and_its_message_is_not_logged(
    shared: Dataset, changed: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    changed("def broken(job):\n    raise KeyError('a text of the data')\nsandbox.answered = broken")
    with pytest.raises(
        QueryError, match=r"^The query crashed the process that ran it \(KeyError\); nothing else is harmed"
    ):
        run(shared, "SELECT 1")
    assert caplog.messages == ["The SQL console's process broke: KeyError in changed.py, line 7"]


def test_a_server_without_landlock_says_so_at_its_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sandbox, "landlock_version", lambda: 7)
    sql_console.log_missing_walls()
    assert caplog.record_tuples == []
    monkeypatch.setattr(sandbox, "landlock_version", lambda: 0)
    sql_console.log_missing_walls()
    assert caplog.record_tuples == [
        (
            "rewardscope",
            logging.WARNING,
            "This system has no Landlock (Linux 5.13 and later, unless a container forbids it): what the SQL console may "
            "read is kept by DuckDB alone. REWARDSCOPE_SQL=off takes the console away.",
        )
    ]


def test_a_run_that_takes_too_long_is_ended_and_other_readers_get_their_rows_meanwhile(shared: Dataset) -> None:
    def read() -> list[tuple[object, ...]]:
        return shared.connection.cursor().execute("SELECT sum(reward) FROM scores").fetchall()

    with ThreadPoolExecutor(1) as other, unharmed(shared, shared.files[0].parent):
        rows = []

        def progress(doing: str) -> None:
            rows.append(other.submit(read).result())

        started = time.monotonic()
        with pytest.raises(QueryTimeoutError, match=r"^The query was stopped after 1 seconds\."):
            sql_console.run(shared, SLOW, progress, Limits(seconds=1))
        assert time.monotonic() - started < 15
    assert len(rows) > 2
    assert set(map(tuple, rows)) == {((6.0,),)}


SERVER = """
import subprocess, sys, time
program, job = sys.argv[1:]
process = subprocess.Popen([sys.executable, "-P", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
process.stdin.write(job)
process.stdin.close()
print(process.stdout.readline().strip(), process.pid, flush=True)
time.sleep(60)
"""


def is_running(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes() != b""  # of one that has ended, but is still listed
    except OSError:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a process with its parent")
def test_a_query_does_not_outlive_a_server_that_is_killed(shared: Dataset) -> None:
    job = json.dumps(sql_console.job(shared, SLOW))
    command = [sys.executable, "-c", SERVER, str(sql_console.PROGRAM), job]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        sealed, _, query = server.stdout.readline().strip().rpartition(" ")
        assert sealed == '{"sealed": true}'
        assert is_running(query)
        server.kill()
    for _ in range(100):
        if not is_running(query):
            return
        time.sleep(0.1)
    os.kill(int(query), signal.SIGKILL)
    raise AssertionError("The query goes on without its server.")


def test_a_query_is_given_nothing_of_the_servers_environment(
    shared: Dataset, monkeypatch: pytest.MonkeyPatch, changed: Callable[[str], None], tmp_path: Path
) -> None:
    """What the process has is written down by itself, in place of answering."""
    for name in ("HF_TOKEN", "REWARDSCOPE_JUDGEMENTS", "HOME"):
        monkeypatch.setenv(name, "sesame")
    seen = tmp_path / "seen"
    changed(f"open({str(seen)!r}, 'w').write(' '.join(os.environ))")
    assert run(shared, "SELECT 1 AS n").rows["n"].tolist() == [1]
    own = {"LC_CTYPE", "PWD", "SHLVL", "_", "__CF_USER_TEXT_ENCODING"}  # what a system adds to each process
    given = {*seen.read_text().split()} - own
    assert given <= {"MALLOC_ARENA_MAX", "OPENBLAS_NUM_THREADS", *sql_console.PASSED_ON}


def test_whoever_cancels_ends_the_process_and_lets_the_next_one_run(shared: Dataset) -> None:
    class CancelError(Exception):
        pass

    def cancel(doing: str) -> None:
        raise CancelError

    with pytest.raises(CancelError):
        sql_console.run(shared, SLOW, cancel)
    left = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True, check=False
    )
    assert "sandbox.py" not in left.stdout
    assert values(shared, "SELECT 1") == [(1,)]


def test_runs_wait_for_each_other_with_a_word(shared: Dataset) -> None:
    said: list[str] = []
    with ThreadPoolExecutor(2) as readers:
        first = readers.submit(sql_console.run, shared, SLOW, lambda doing: None, Limits(seconds=1.5))
        time.sleep(0.3)
        second = readers.submit(sql_console.run, shared, "SELECT 42 AS n", said.append)
        assert second.result().rows["n"].tolist() == [42]
        assert isinstance(first.exception(), QueryTimeoutError)
    assert said[0] == "Waiting for another viewer's query to end."


def test_a_query_longer_than_the_limit_is_not_even_parsed(shared: Dataset) -> None:
    with pytest.raises(RefusedError, match="at most 10,000 characters; this one has 10,007"):
        run(shared, "SELECT " + "1" * 10_000)


def test_a_source_that_is_gone_is_said_by_its_name_alone(opened: Open) -> None:
    dataset = opened(ROWS)
    (file,) = dataset.files
    file.unlink()
    with pytest.raises(SourceError) as raised:
        run(dataset, "FROM source")
    assert str(raised.value) == f"{file.name} of the open dataset is gone. Reload this page."


def test_each_example_answers_its_question_on_the_sample_and_is_admitted(sample: Dataset) -> None:
    assert len(examples()) >= 12
    attributes(sample)
    twins(sample)
    for question, sql in examples():
        assert question.endswith("?")
        assert "'reward'" not in sql  # works with any scorer
        assert len(values(sample, sql)) > 0, question


def test_the_example_of_preference_pairs_gives_the_hand_worked_pair(opened: Open) -> None:
    """Mean 2, sd 2: the nearest to μ − 2σ = −2 is 0. The second prompt's candidates are all alike."""
    first = [("ant", "a", 4.0), ("bee", "b", 2.0), ("cow", "c", 0.0), ("dog", "d", None)]
    dataset = opened(
        [
            {"prompt": "p", "candidates": first},
            {"prompt": "q", "candidates": [("ant", "a", 1.0), ("bee", "a", 1.0)]},
        ]
    )
    assert values(dataset, examples()[1].sql) == [("reward", 1, 4.0, "p", "a", "c")]
