"""What is kept between runs: never a failure, and what one viewer types only among the viewer's own."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access.console import sql_console
from data_access.errors import QueryTimeoutError
from data_access.questions import overview, search
from pages.components.state import results
from tests.pages.conftest import said

Visit = Callable[..., AppTest]
LATE = "The search was stopped after 10 seconds. Make the expression simpler."

pytestmark = pytest.mark.usefixtures("nothing_kept")


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were searched for, in order; a search while the list has "fail" last runs into its time limit."""
    texts: list[str] = []
    original = search.found_prompts

    def noted(dataset: Any, text: str, *rest: Any) -> list[int]:
        if texts[-1:] == ["fail"]:
            texts.pop()
            raise QueryTimeoutError(LATE)
        texts.append(text)
        return original(dataset, text, *rest)

    monkeypatch.setattr(search, "found_prompts", noted)
    return texts


def test_a_search_that_timed_out_once_empties_nobodys_export(visit: Visit, searched: list[str]) -> None:
    searched.append("fail")
    at = visit("export.py", q="prime", strategy="max_min")
    assert [error.value for error in at.error] == ["The search cannot be carried out."]
    assert LATE in said(at)
    assert "with rows" not in said(at)
    for one in (at.run(), visit("export.py", q="prime", strategy="max_min")):
        assert not one.error
        assert "1 prompt in → 1 with rows → 1 row out" in said(one)
    assert searched == ["prime"]


def test_a_search_that_failed_is_no_empty_list(visit: Visit, searched: list[str]) -> None:
    searched.append("fail")
    at = visit("prompts.py", q="prime")
    assert [error.value for error in at.error] == ["The search cannot be carried out."]
    assert "of 3 prompts" not in said(at)
    assert "No prompt passes" not in said(at)
    assert "**1** of 3 prompts" in said(at.run())


def test_a_failure_on_a_page_without_the_list_is_not_said_again_on_one_that_has_it(
    visit: Visit, searched: list[str]
) -> None:
    searched.append("fail")
    at = visit("checks.py", q="prime")
    assert not at.error
    at.switch_page("prompts.py").run()
    assert not at.error
    assert "**1** of 3 prompts" in said(at)


def test_where_the_search_failed_a_prompt_is_not_said_to_be_outside_the_filter(
    visit: Visit, searched: list[str]
) -> None:
    searched.append("fail")
    at = visit("prompt.py", q="prime", id="2")
    assert [error.value for error in at.error] == ["The search cannot be carried out."]
    assert [title.value for title in at.title] == ["Prompt 2"]
    assert "outside the filter" not in said(at)
    assert at.button(key="next_prompt").disabled
    assert "outside the filter" in said(at.run())


def test_a_query_that_failed_for_one_viewer_is_run_for_the_next(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    original, failing = sql_console.run, [True]

    def run(*asked: Any) -> sql_console.Result:
        if failing:
            raise QueryTimeoutError("It took too long.")
        return original(*asked)

    monkeypatch.setattr(sql_console, "run", run)
    first = visit("sql.py", query="SELECT 1 AS one")
    assert first.error[0].value == "The query failed."
    failing.clear()
    assert first.run().code[0].value == "It took too long."  # a click runs nothing again
    second = visit("sql.py", query="SELECT 1 AS one")
    assert not second.error
    assert second.dataframe[0].value.to_dict("list") == {"one": [1]}


def test_what_one_viewer_types_evicts_nothing_of_another(
    visit: Visit, searched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    original = overview.counts

    def counts(dataset: Any, scorer: str) -> Any:
        counted.append(scorer)
        return original(dataset, scorer)

    monkeypatch.setattr(overview, "counts", counts)
    monkeypatch.setitem(results.BOUNDS, "searches", (128, 5))
    reader = visit("overview.py")
    searcher = visit("prompts.py", q="prime")
    typist = visit("prompts.py")
    for number in range(7):
        typist.text_input(key="filter_q").set_value(f"word {number}").run()
    assert len(searched) == 8
    assert len(counted) == 1
    searcher.run()
    reader.run()
    assert len(searched) == 8
    assert len(counted) == 1
    typist.text_input(key="filter_q").set_value("word 6").run()
    assert len(searched) == 8
    typist.text_input(key="filter_q").set_value("word 0").run()
    assert len(searched) == 9


def test_what_lasts_is_not_worked_out_again_by_the_next_server(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_access.derived.kept_answers.WORTH_S", 0.0)
    before = said(visit("overview.py"))
    results._kept.clear()  # as at a start

    def again(*asked: Any) -> Any:
        raise AssertionError("asked again")

    monkeypatch.setattr(overview, "read", again)
    assert said(visit("overview.py")) == before
