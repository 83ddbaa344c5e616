"""What looks at files is done once a run: which datasets there are, and whether the open one is as it was."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from data_access.opening import addresses, text_files
from data_access.preparing import fingerprint
from pages.components.state import open_datasets
from tests.pages.state.test_open_datasets import PAGES

Visit = Callable[..., AppTest]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often files were looked at, by what for."""
    counted: Counter[str] = Counter()

    def count(module: ModuleType, name: str, as_what: str) -> None:
        original = getattr(module, name)

        def noted(*asked: object, **named: object) -> object:
            counted[as_what] += 1
            return original(*asked, **named)

        monkeypatch.setattr(module, name, noted)

    count(addresses, "configured_sources", "datasets")
    count(open_datasets, "fingerprint", "fingerprint")
    count(fingerprint, "state", "state of Parquet files")
    count(text_files, "state", "state of text files")
    return counted


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text file, which is converted and prepared once for all pages."""
    file = tmp_path_factory.mktemp("lines") / "mine.jsonl"
    file.write_text(
        "\n".join(
            json.dumps({"prompt": prompt, "response_1": "x", "reward_1": 1, "response_2": "y", "reward_2": 2})
            for prompt in "AB"
        )
    )
    return file


@pytest.mark.parametrize("page", PAGES)
def test_a_run_looks_at_the_files_once(
    visit: Visit, lines: Path, monkeypatch: pytest.MonkeyPatch, calls: Counter[str], page: str
) -> None:
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(lines.parent / "cache"))
    at = visit(page, data=str(lines))
    assert not at.exception
    assert not at.error
    calls.clear()
    at.run()
    assert calls == {"datasets": 1, "fingerprint": 1, "state of Parquet files": 1, "state of text files": 1}
