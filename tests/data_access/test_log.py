"""The log: one line an event, and nothing of the data's texts."""

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from data_access import database, log
from data_access.console.sql_console import Limits, run
from data_access.errors import DataError, QueryTimeoutError
from tests.conftest import open_path, wide_table
from tests.e2e.hostile import ROWS

ENDLESS = "SELECT sum(a.range * b.range) FROM range(9999999) a, range(9999999) b"
SECRET = "the text of a response"
TIME = r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is written to the log meanwhile."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log.OneLine())
    log.LOG.addHandler(handler)
    before = log.LOG.level
    log.LOG.setLevel(logging.INFO)
    yield stream
    log.LOG.removeHandler(handler)
    log.LOG.setLevel(before)


def lines(stream: io.StringIO) -> list[str]:
    """The lines, each without its time."""
    found = stream.getvalue().splitlines()
    assert all(re.match(rf"{TIME} level=", line) for line in found), found
    return [line.partition(" ")[2] for line in found]


def test_an_event_is_a_line_of_words_and_quoted_values(written: io.StringIO) -> None:
    log.event("export_made", dataset="my data\nof today", rows=12, format="trl")
    assert lines(written) == [r'level=info event=export_made dataset="my data\nof today" rows=12 format=trl']


def test_what_failed_is_said_by_kind_and_place_not_by_its_words(written: io.StringIO) -> None:
    try:
        try:
            duckdb.sql(f"SELECT '{SECRET}'::INTEGER").fetchall()
        except duckdb.Error as error:
            raise DataError(f"This is no number: {SECRET}") from error
    except DataError as error:
        log.failed("page_failed", error, page="prompt")
    (line,) = lines(written)
    assert re.fullmatch(
        r"level=error event=page_failed page=prompt error=DataError cause=ConversionException "
        r"at=tests/data_access/test_log\.py:\d+",
        line,
    )


def test_what_a_library_says_is_one_line_too_without_the_words_of_its_exception(written: io.StringIO) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        log.LOG.exception("Something failed:\nin two lines")
    (line,) = lines(written)
    assert re.fullmatch(
        r'level=error event=said by=rewardscope message="Something failed:" error=ValueError '
        r"at=tests/data_access/test_log\.py:\d+",
        line,
    )


def test_the_servers_libraries_write_in_this_form_and_a_failed_page_is_written_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    handler, library = logging.StreamHandler(stream := io.StringIO()), logging.getLogger("streamlit.a_test")
    library.addHandler(handler)
    before = [*log.LOG.handlers], log.LOG.level, log.LOG.propagate
    try:
        log.begin()
        library.error("Uncaught app execution", exc_info=ValueError(SECRET))
        library.warning("A port is in use")
    finally:
        library.removeHandler(handler)
        log.LOG.handlers[:], log.LOG.propagate = before[0], before[2]
        log.LOG.setLevel(before[1])
    assert lines(stream) == ['level=warning event=said by=streamlit.a_test message="A port is in use"']
    assert SECRET not in capsys.readouterr().err


def test_opening_preparing_and_limits_are_a_line_each_without_a_hostile_text(
    written: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(wide_table(ROWS), tmp_path / "hostile.parquet")
    dataset = open_path(tmp_path / "hostile.parquet", tmp_path / "cache")
    open_path(tmp_path / "hostile.parquet", tmp_path / "cache")
    with monkeypatch.context() as slow:
        slow.setattr(database, "statement", lambda query: ENDLESS)
        with pytest.raises(QueryTimeoutError):
            database.read(dataset, "questions/overview", time_limit_s=0.2)
    with pytest.raises(QueryTimeoutError):
        run(
            dataset,
            ENDLESS,
            lambda said: None,
            Limits(0.5),
        )
    (tmp_path / "broken.parquet").write_text(SECRET)
    with pytest.raises(DataError):
        open_path(tmp_path / "broken.parquet", tmp_path / "cache")
    found = lines(written)
    assert [re.findall(r"event=(\w+)", line) for line in found] == [
        ["preparation_begun"],
        ["preparation_finished"],
        ["dataset_opened"],
        ["dataset_opened"],
        ["query_stopped"],
        ["sql_stopped"],
        ["preparation_begun"],
        ["preparation_failed"],
        ["dataset_failed"],
    ]
    opened = rf"level=info event=dataset_opened dataset=hostile prompts={len(ROWS)} candidates=\d+ scorers=1 is_prepared=True "
    assert re.fullmatch(opened + r"seconds=\d+\.\d\d", found[2])
    assert found[4] == "level=info event=query_stopped query=questions/overview limit_s=0.2"
    texts = [text for row in ROWS for text in (row["prompt"], *(said for _, said, _ in row["candidates"])) if text]
    assert len(texts) > 20
    assert [text for text in [*texts, SECRET] if text in written.getvalue()] == []
