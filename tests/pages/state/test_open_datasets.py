"""Open datasets: eight are kept, the least recently used makes room, and then nothing holds it, nor what it was asked."""

import gc
import json
import random
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pyarrow.parquet as pq
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data_access import cache_folder
from data_access.dataset import Dataset
from data_access.errors import NoRoomError
from data_access.opening.sources import Source
from data_access.preparing import preparation
from pages.components.state import open_datasets, results
from pages.components.state.open_datasets import close, dataset_after_the_run, forget, open_source
from pages.components.state.results import cached
from tests.conftest import wide_table
from tests.pages.conftest import ROWS, said

Visit = Callable[..., AppTest]
PAGES = (
    "overview.py",
    "prompts.py",
    "prompt.py",
    "compare.py",
    "models.py",
    "best_of_n.py",
    "scorers.py",
    "checks.py",
    "export.py",
    "sql.py",
)


@pytest.fixture(autouse=True)
def nothing_open() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def sources(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> list[Source]:
    """Nine datasets, of the same files under nine names."""
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tiny.parent / "cache"))
    return [Source(f"tiny {number}", (tiny,)) for number in range(9)]


def names() -> list[str]:
    return [dataset.name for dataset in open_datasets._kept_open().values()]


def kept() -> list[tuple[Any, ...]]:
    """What was asked and is kept."""
    return [key for kind in results.BOUNDS for key in results._kept(kind)._kept]


def test_the_least_recently_used_of_nine_makes_room(sources: list[Source]) -> None:
    for source in sources[:8]:
        open_source(source)
    open_source(sources[0])
    open_source(sources[8])
    assert names() == [f"tiny {number}" for number in (2, 3, 4, 5, 6, 7, 0, 8)]


def test_results_go_with_the_last_dataset_of_their_files(sources: list[Source]) -> None:
    for source in sources[:2]:
        cached(open_source(source), "question", compute=lambda: "answer")
    assert len(kept()) == 1  # the files are the same
    close("tiny 0")
    assert [key[1:] for key in kept()] == [("question",)]
    forget(sources[1])
    assert (names(), kept()) == ([], [])


def test_a_dataset_is_opened_once_for_all_who_ask_at_once(
    sources: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    original = open_datasets.open_dataset

    def noted(source: Source, *rest: Any) -> Dataset:
        opened.append(source.name)
        return original(source, *rest)

    monkeypatch.setattr(open_datasets, "open_dataset", noted)
    together = Barrier(4)

    def visit() -> None:
        together.wait(10)
        open_source(sources[0])

    threads = [Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert opened == ["tiny 0"]


def test_a_file_that_changed_while_it_was_prepared_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    file, original = tmp_path / "grows.parquet", preparation.prepare_and_hold
    pq.write_table(wide_table(ROWS[:1]), file)

    def grown_meanwhile(*asked: Any) -> Any:
        prepared = original(*asked)
        pq.write_table(wide_table(ROWS), file)
        return prepared

    with monkeypatch.context() as patched:
        patched.setattr(preparation, "prepare_and_hold", grown_meanwhile)
        assert open_source(Source("grows", (file,))).contents.prompts == 1
    assert open_source(Source("grows", (file,))).contents.prompts == 3


@pytest.mark.parametrize("page", PAGES)
def test_no_session_holds_a_dataset_that_was_let_go(visit: Visit, joined: str, page: str) -> None:
    at = visit(page, data=joined, query="SELECT 1")
    assert not at.exception
    (dataset,) = open_datasets._kept_open().values()
    held, folder = weakref.ref(dataset), next(iter(dataset.prepared.values()))[0].parent
    name = dataset.name
    del dataset
    assert kept()
    assert cache_folder.is_open(folder)
    close(name)
    gc.collect()
    assert held() is None
    assert kept() == []
    assert not cache_folder.is_open(folder)  # no lock is left on its files
    at.run()  # and the session goes on
    assert not at.exception
    assert at.title
    assert names() == [name]


def test_the_present_run_keeps_its_dataset(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    from data_access.questions import overview

    original = overview.spread_histogram

    def let_go_first(dataset: Dataset, scorer: str) -> Any:
        close("tiny")
        gc.collect()
        return original(dataset, scorer)

    monkeypatch.setattr(overview, "spread_histogram", let_go_first)
    at = visit()
    assert not at.exception
    assert "prompts with at least two scored candidates" in said(at)


def test_callbacks_and_downloads_go_on_after_their_dataset_was_let_go(visit: Visit) -> None:
    at = visit("sql.py")
    close("tiny")
    at.selectbox(key="sql_example").select_index(0).run()
    assert not at.exception
    assert "3 rows** in " in said(at)
    at = visit("export.py")
    close("tiny")
    at.get("file_uploader")[0].set_value(
        ("recipe.json", b'{"dataset": "tiny", "scorer": "reward"}', "application/json")
    ).run()
    assert not at.exception
    assert not at.error


def test_a_dataset_is_there_for_a_download_after_it_was_let_go(sources: list[Source]) -> None:
    open_source(sources[0])
    close("tiny 0")
    assert dataset_after_the_run(sources[0]).contents.prompts == 3


def test_what_this_server_has_open_and_no_page_needs_makes_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("REWARDSCOPE_CACHE_LIMIT", "1 MB")

    def text_file(name: str, size: int = 170_000) -> Source:
        text = random.Random(name).randbytes(size).hex()
        line = {"prompt": name, "response_1": text, "response_2": "b", "reward_1": 1, "reward_2": 2}
        (tmp_path / name).write_text(json.dumps(line))
        return Source(name, (tmp_path / name,))

    visit = Thread(target=lambda: open_source(text_file("a.jsonl")))
    visit.start()
    visit.join(20)
    assert names() == ["a.jsonl"]
    assert {one.kind for one in cache_folder.kept(tmp_path / "cache")} == {"prepared", "converted"}
    open_source(text_file("b.jsonl"))
    assert names() == ["b.jsonl"]
    assert [one.name for one in cache_folder.kept(tmp_path / "cache")].count("a.jsonl") == 1  # enough is gone
    assert cache_folder.size_of(tmp_path / "cache") < 10**6
    with pytest.raises(NoRoomError, match=r"^c\.jsonl needs 0\.6 MB on this server"):
        open_source(text_file("c.jsonl", 300_000))  # this run's page needs b
