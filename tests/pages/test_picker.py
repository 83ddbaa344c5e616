"""The picker: what a viewer may open, by name or by link, and what the cache folder holds."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.conftest import wide_table
from tests.hub_server import LoopbackHub
from tests.pages.conftest import said

Visit = Callable[..., AppTest]
SECRET = "/etc/passwd"


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """allowed("paths") sets what viewers may open."""
    return lambda words: monkeypatch.setenv("REWARDSCOPE_OPEN", words)


def open_picker(at: AppTest) -> AppTest:
    """After each choice the picker is another one, which is closed."""
    at.session_state[f"picker_{getattr(at.session_state, 'pickers_shown', 0)}"] = True
    return at.run()


def typed(at: AppTest, name: str) -> AppTest:
    open_picker(at)
    at.text_input(key="named").input(name)
    return at.button(key="open_named").click().run()


@pytest.mark.parametrize(
    ("link", "setting"),
    [
        (SECRET, "paths"),
        ("hf:owner/name", "hub"),
        ("https://huggingface.co/datasets/owner/name", "hub"),
        (f"upload:{'0' * 32}/a.parquet", "upload"),
    ],
)
def test_a_link_opens_nothing_that_is_not_allowed_and_says_so(
    visit: Visit, allowed: Callable[[str], None], link: str, setting: str
) -> None:
    allowed("none")
    at = visit("sql.py")
    at.query_params["data"] = link
    at.run()
    assert not at.exception
    assert at.error[0].value == "This dataset cannot be opened."
    assert f"REWARDSCOPE_OPEN={setting}" in said(at)
    assert not at.title


def test_a_name_that_is_no_address_falls_back_to_what_is_offered(visit: Visit) -> None:
    at = visit()
    at.query_params["data"] = "../tiny"
    at.run()
    assert "There is no dataset '../tiny' here; tiny is shown." in said(at)
    assert ">3 prompts<" in said(at)


def test_without_anything_allowed_there_is_no_picker(visit: Visit, allowed: Callable[[str], None]) -> None:
    allowed("none")
    assert not open_picker(visit("models.py")).text_input


def test_a_path_that_is_typed_opens_and_is_put_into_the_link(
    visit: Visit, allowed: Callable[[str], None], tmp_path: Path
) -> None:
    allowed("paths")
    file = tmp_path / "mine.jsonl"
    file.write_text(json.dumps({"prompt": "A", "response_1": "x", "reward_1": 1, "response_2": "y", "reward_2": 2}))
    at = typed(visit(), str(file))
    assert not at.error
    assert str(file) in at.query_params["data"]
    assert ">1 prompt<" in said(at)
    assert at.selectbox(key="dataset").options == ["tiny", f"{tmp_path.name}/mine.jsonl"]
    at.selectbox(key="dataset").select("tiny").run()
    assert ">3 prompts<" in said(at)


def test_what_does_not_open_leaves_the_link_as_it_was_and_leads_back(
    visit: Visit, allowed: Callable[[str], None], tmp_path: Path
) -> None:
    allowed("paths")
    at = typed(visit(), str(tmp_path / "none.parquet"))
    assert "none.parquet does not exist. Check the path." in said(at)
    assert "data" not in at.query_params
    at.button(key="again").click().run()
    assert "none.parquet does not exist. Check the path." in said(at)
    at.button(key="back").click().run()
    assert not at.error
    assert ">3 prompts<" in said(at)


def test_an_upload_for_which_there_is_no_room_is_refused(
    visit: Visit, allowed: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed("upload")
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("REWARDSCOPE_CACHE_LIMIT", "1 MB")
    at = open_picker(visit("models.py"))
    at.get("file_uploader")[0].set_value(("mine.csv", b"x" * 1_200_000, "text/csv")).run()
    assert "mine.csv needs 1.2 MB on this server, where " in said(at)
    assert not [*(tmp_path / "cache").glob("upload-*")]


def test_prepared_files_of_other_datasets_can_be_removed(
    visit: Visit, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    mine = tmp_path / "mine.parquet"
    mine.write_bytes(tiny.read_bytes())
    at = visit(data=f"{mine},{tiny}")
    at.selectbox(key="dataset").select("tiny").run()

    def folders() -> int:
        return sum(folder.is_dir() for folder in (tmp_path / "cache").glob("prepared-*"))

    open_picker(at)
    before = folders()
    assert [">mine<" in line for line in said(at).splitlines() if "prepared<" in line] == [True]  # not the one in view
    at.button(key="remove_0").click().run()
    assert not at.exception
    assert folders() == before - 1
    assert not [line for line in said(at).splitlines() if "prepared<" in line]
    at.selectbox(key="dataset").select("mine").run()
    assert ">3 prompts<" in said(at)


NAME = "someone/rewards"


@pytest.fixture
def revisions(hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """revisions(3) -> the commit of a new revision with so many prompts."""
    st.cache_resource.clear()
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))

    def put(prompts: int) -> str:
        written = io.BytesIO()
        rows = [{"prompt": f"p{n}", "candidates": [("ant", "a", 1.0), ("bee", "b", 2.0)]} for n in range(prompts)]
        pq.write_table(wide_table(rows), written)
        return hub.put(NAME, {"data/train-00000-of-00001.parquet": written.getvalue()})

    return put


def look_for_a_newer_one(at: AppTest) -> AppTest:
    return at.button(key="newer").click().run()


def test_a_name_without_a_commit_is_asked_for_anew_by_a_click_and_not_before(
    visit: Visit, hub: LoopbackHub, revisions: Callable[[int], str]
) -> None:
    revisions(2)
    at = visit(data=f"hf:{NAME}", scorer="reward")
    assert "2 prompts<" in said(at)
    hub.asked.clear()
    open_picker(at)
    assert hub.asked == []
    look_for_a_newer_one(at)
    assert "This is the newest revision." in said(at)
    assert len(hub.asked) == 1

    new = revisions(3)
    hub.asked.clear()
    at.run()
    assert "2 prompts<" in said(at)
    assert hub.asked == []
    look_for_a_newer_one(at)
    assert "3 prompts<" in said(at)
    assert f"hf:{NAME}@{new}" in said(at)
    assert dict(at.query_params) == {"scorer": "reward"}
    hub.asked.clear()
    assert "3 prompts<" in said(visit(data=f"hf:{NAME}"))  # for all viewers
    assert "3 prompts<" in said(look_for_a_newer_one(open_picker(at)))
    assert "This is the newest revision." in said(at)


def test_a_name_that_was_typed_is_asked_for_anew_though_the_link_has_its_commit(
    visit: Visit, allowed: Callable[[str], None], hub: LoopbackHub, revisions: Callable[[int], str]
) -> None:
    old = revisions(2)
    at = typed(visit(), NAME)
    assert at.query_params["data"] == f"hf:{NAME}@{old}"
    new = revisions(3)
    look_for_a_newer_one(open_picker(at))
    assert "3 prompts<" in said(at)
    assert at.query_params["data"] == f"hf:{NAME}@{new}"
    cold = visit()
    cold.query_params["data"] = f"hf:{NAME}@{old}"
    open_picker(cold.run())
    assert "2 prompts<" in said(cold)
    assert "newer" not in [button.key for button in cold.button]  # who sent this link meant this commit


def test_a_newer_revision_that_does_not_open_leaves_the_one_that_is_open(
    visit: Visit, hub: LoopbackHub, revisions: Callable[[int], str]
) -> None:
    revisions(2)
    at = open_picker(visit(data=f"hf:{NAME}"))
    hub.status = 503
    look_for_a_newer_one(at)
    assert "The Hub does not say which revision is the newest." in said(at)
    assert "The Hub has a problem (503)" in said(at)
    assert "2 prompts<" in said(at)
    hub.status = None
    hub.put(NAME, {"data/train-00000-of-00001.parquet": b"PAR1 damaged PAR1"})
    look_for_a_newer_one(at)
    assert "The newer revision cannot be opened. " in said(at)
    at.button(key="again").click().run()
    assert "The newer revision cannot be opened. " in said(at)
    assert "2 prompts<" in said(visit(data=f"hf:{NAME}"))
    hub.asked.clear()
    at.button(key="back").click().run()
    assert "2 prompts<" in said(at)
    assert hub.asked == []


def test_what_is_not_the_hubs_has_no_newer_revision(visit: Visit) -> None:
    assert "newer" not in [button.key for button in open_picker(visit("sql.py")).button]
