"""The picker: what a viewer may open, by name or by link, and what the cache folder holds."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import said

Visit = Callable[..., AppTest]
SECRET = "/etc/passwd"


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """allowed("paths") sets what viewers may open."""
    return lambda words: monkeypatch.setenv("REWARDSCOPE_OPEN", words)


def open_picker(at: AppTest) -> AppTest:
    at.session_state["picker_0"] = True
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
    at = visit()
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
    assert not open_picker(visit()).text_input


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


def test_prepared_files_of_other_datasets_can_be_removed(
    visit: Visit, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    mine = tmp_path / "mine.parquet"
    mine.write_bytes(tiny.read_bytes())
    at = visit(data=f"{mine},sample")
    at.selectbox(key="dataset").select("sample").run()

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
