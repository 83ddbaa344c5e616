"""The SQL page: a query by link, by example, and what is said when there is none, or one that is refused or cut."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data_access.console import sql_console
from data_access.console.sql_console import Limits, Result, examples
from data_access.dataset import Dataset
from tests.pages.conftest import said

Visit = Callable[..., AppTest]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that were run, in order."""
    st.cache_resource.clear()
    queries: list[str] = []
    original = sql_console.run

    def noted(
        dataset: Dataset, sql: str, progress: Callable[[str], None], limits: Limits = sql_console.LIMITS
    ) -> Result:
        queries.append(sql)
        return original(dataset, sql, progress, limits)

    monkeypatch.setattr(sql_console, "run", noted)
    return queries


def test_without_a_query_the_page_says_what_to_do_and_shows_the_relations(visit: Visit, ran: list[str]) -> None:
    at = visit("sql.py")
    assert not at.exception
    words = said(at)
    assert "at most 20 seconds, 1,000 MB of memory, and 10,000 rows or 16 MB of result" in at.title[0].help
    assert "Write a SELECT and press Ctrl-Enter, or choose an example." in words
    assert [tab.label for tab in at.tabs] == ["prompts", "responses", "scores", "attributes", "twins", "source"]
    assert "rewardbench_chosen" not in words  # a tab is made when it is opened
    at.session_state["schema"] = "scores"
    words = said(at.run())
    assert "the prompt&#x27;s best reward minus this one; 0 is best" in words.replace("'", "&#x27;")
    at.session_state["schema"] = "source"
    assert "rewardbench_chosen" in said(at.run())
    assert ran == []


def test_a_query_in_the_link_is_run_once_and_shown_with_its_rows_and_time(visit: Visit, ran: list[str]) -> None:
    sql = "SELECT model, count(*) AS n FROM scores GROUP BY model ORDER BY model"
    at = visit("sql.py", query=sql)
    assert at.dataframe[0].value.to_dict("list") == {"model": ["ant", "bee", "cow"], "n": [4, 2, 1]}
    assert "**3 rows** in " in said(at)
    assert [button.label for button in at.get("download_button")] == ["CSV", "Parquet"]
    assert len(at.get("vega_lite_chart")) == 1
    at.run()
    assert ran == [sql]
    assert not at.error


def test_an_example_is_chosen_run_and_in_the_link(visit: Visit, ran: list[str]) -> None:
    at = visit("sql.py")
    at.selectbox(key="sql_example").select(examples()[0].sql).run()
    assert at.query_params["query"] == examples()[0].sql
    assert ran == [examples()[0].sql]
    assert "**3 rows** in " in said(at)
    assert at.selectbox(key="sql_example").value == examples()[0].sql


def test_a_query_that_is_refused_or_fails_is_said_and_not_run_again_at_once(visit: Visit, ran: list[str]) -> None:
    at = visit("sql.py", query="DROP VIEW scores")
    assert at.error[0].value == "This query is not allowed here."
    assert at.code[0].value.startswith("The console runs SELECT only")
    at.run()
    assert len(ran) == 1
    at = visit("sql.py", query="SELECT rewrd FROM scores")
    assert at.error[0].value == "The query failed."
    assert 'Referenced column "rewrd" not found' in at.code[0].value
    assert not at.dataframe


def test_a_result_that_was_cut_says_so_and_hostile_cells_are_plain(visit: Visit) -> None:
    at = visit("sql.py", query="SELECT range AS n, chr(8238) || chr(7) || repeat('x', 1200) AS t FROM range(10_001)")
    table = at.dataframe[0].value
    assert len(table) == 10_000
    assert table["t"][0] == "\ufffd" + "x" * 998 + "… (1,202 characters)"
    assert "The first 10,000 rows; there are more." in said(at)


def test_a_dataset_that_is_not_prepared_has_no_console(
    visit: Visit, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARDSCOPE_CACHE", "/proc/c")
    other = Path(shutil.copy(tiny, tmp_path / "other.parquet"))
    at = visit("sql.py", data=str(other), query="SELECT 1")
    assert "SQL needs prepared files, and the cache folder is not writable." in said(at)
    assert not at.exception


def test_the_page_and_its_link_are_gone_where_the_operator_takes_them_away(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "SQL" in [link.label for link in visit().get("page_link")]
    monkeypatch.setenv("REWARDSCOPE_SQL", "off")
    assert "SQL" not in [link.label for link in visit().get("page_link")]
