"""A search of several files: the list of prompts shows what is found, the rest is searched meanwhile, and it can be stopped."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from data_access.errors import QueryTimeoutError
from data_access.questions import search
from data_access.questions.search import NOTHING, Found
from pages.components.filter.searching import Search
from tests.conftest import wide_table
from tests.pages.conftest import ROWS, said

Visit = Callable[..., AppTest]
LATE = "The search was stopped after 10 seconds. Make the expression simpler."

pytestmark = pytest.mark.usefixtures("nothing_kept")


@pytest.fixture
def three_files(tmp_path: Path) -> str:
    """ROWS in three files: a search looks at one after the other."""
    for number in range(3):
        pq.write_table(wide_table([ROWS[0]]), tmp_path / f"train-{number:05d}-of-00003.parquet")
    return str(tmp_path)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Searches wait after the first file until this is set."""
    go, original = Event(), search.searched

    def waiting(*asked: Any) -> Iterator[Found]:
        for number, found in enumerate(original(*asked)):
            yield found
            if number == 0:
                go.wait(20)

    monkeypatch.setattr(search, "searched", waiting)
    yield go
    go.set()


def test_the_list_shows_what_is_found_while_the_rest_is_searched(visit: Visit, three_files: str, held: Event) -> None:
    at = visit("prompts.py", data=three_files, q="prime")
    assert "**1** found so far" in said(at)
    assert at.get("progress")[0].proto.text == "searched 1 of 3 prompts"
    held.set()
    results_of_the_end = _until_over(at)
    assert "**3** of 3 prompts" in said(results_of_the_end)
    assert "found so far" not in said(results_of_the_end)


def test_a_stopped_search_says_over_how_many_prompts_it_went_and_can_go_on(
    visit: Visit, three_files: str, held: Event
) -> None:
    at = visit("prompts.py", data=three_files, q="prime")
    at.button(key="stop_search").click().run()
    assert "**1** found; stopped after 1 of 3 prompts" in said(at)
    held.set()
    assert "**1** found; stopped after 1 of 3 prompts" in said(at.run())  # it stays so
    at.button(key="search_on").click().run()
    assert "**3** of 3 prompts" in said(_until_over(at))


def test_what_is_exported_is_what_all_of_a_search_finds(visit: Visit, three_files: str, held: Event) -> None:
    at = visit("prompts.py", data=three_files, q="prime")
    at.button(key="stop_search").click().run()
    held.set()
    at.switch_page("export.py").run()
    assert "3 of 3 prompts" in said(at)


def test_a_search_that_fails_after_a_while_says_so_and_is_tried_again(
    visit: Visit, three_files: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*asked: Any) -> Iterator[Found]:
        yield Found([1], 1)
        raise QueryTimeoutError(LATE)

    with monkeypatch.context() as patched:
        patched.setattr(search, "searched", failing)
        at = visit("prompts.py", data=three_files, q="prime")
        assert [error.value for error in at.error] == ["The search cannot be carried out."]
        assert LATE in said(at)
    assert "**3** of 3 prompts" in said(_until_over(at.run()))


def test_a_search_ends_when_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.components.filter.searching.NOBODY_LOOKS_S", -1.0)
    one = Search(lambda after: (Found([], done) for done in range(after.searched + 1, 4)), 3)
    for searched in (1, 2, 3, 3):
        one.go_on()
        one.wait_for_first()
        assert one.found == Found([], searched)
    assert one.is_over


def test_a_stopped_search_takes_nothing_more() -> None:
    started, go = Event(), Event()

    def parts(after: Found) -> Iterator[Found]:
        started.set()
        go.wait(20)
        yield Found([1], 1)

    one = Search(parts, 3)
    one.go_on()
    started.wait(20)
    one.stop()
    go.set()
    one.wait_for_first()
    assert one.found == NOTHING


def _until_over(at: AppTest) -> AppTest:
    for _ in range(50):
        if "found so far" not in said(at):
            return at
        at.run()
    raise AssertionError("the search does not end")
