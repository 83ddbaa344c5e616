"""Pages as a viewer with this link would get them, without a browser."""

import gc
import html
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest

from pages.components.state import results
from tests.conftest import wide_table

FRAME = str(Path(__file__).parents[2] / "pages" / "frame.py")

ROWS = [
    {
        "prompt": "Name a prime.",
        "subset": "math-prm",
        "rewardbench_chosen": "Two.",
        "rewardbench_rejected": "Nine.",
        "candidates": [("ant", "Two.", 3.0), ("bee", "Three.", 1.0), ("cow", "Two.", 2.0), ("ant", "Six.", None)],
    },
    {
        "prompt": "Name a colour.",
        "subset": "alpacaeval-easy",
        "candidates": [("ant", "Red.", 0.5), ("bee", "Sky blue, like a clear morning.", 4.0)],
    },
    {"prompt": "Say nothing.", "subset": "house rules", "candidates": [("ant", "", -1.0)]},
]

# The texts of ROWS with other rewards, prompts and candidates in another order; the last candidate is not in ROWS.
OTHER: list[dict[str, Any]] = [
    {"prompt": "Name a colour.", "candidates": [("bee", "Sky blue, like a clear morning.", 1.0), ("ant", "Red.", 2.0)]},
    {
        "prompt": "Name a prime.",
        "candidates": [("cow", "Two.", 2.0), ("bee", "Three.", 3.0), ("ant", "Two.", 1.0), ("ant", "Seven.", 9.0)],
    },
]


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    """Of what pages have asked, before the test and after it."""
    results._kept.clear()
    yield
    results._kept.clear()


@pytest.fixture(scope="session", autouse=True)
def no_packages_of_components() -> Iterator[None]:
    """AppTest looks through every installed package for components, for each page that is visited: half of its time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BidiComponentManager, "discover_and_register_components", lambda self, **options: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def pages_compiled_once() -> Iterator[None]:
    """AppTest compiles the frame and the page for each run, where the server keeps them."""
    compiled, compile_anew = {}, ScriptCache.get_bytecode

    def get_bytecode(scripts: ScriptCache, path: str) -> Any:
        if not Path(path).is_relative_to(Path(FRAME).parent):  # a page that a test made up
            return compile_anew(scripts, path)
        if path not in compiled:
            compiled[path] = compile_anew(scripts, path)
        return compiled[path]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ScriptCache, "get_bytecode", get_bytecode)
        yield


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset ROWS in a folder with a cache beside it, prepared once for all tests of pages."""
    gc.freeze()  # as app.py does: Streamlit collects garbage after every run
    data = tmp_path_factory.mktemp("pages") / "tiny.parquet"
    pq.write_table(wide_table(ROWS), data)
    return data


@pytest.fixture(scope="session")
def joined(tiny: Path) -> str:
    """`tiny`, and another scorer's rewards for most of its candidates."""
    pq.write_table(wide_table(OTHER), tiny.parent / "other.parquet")
    return f"{tiny} + {tiny.parent / 'other.parquet'}"


@pytest.fixture
def visit(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """visit("prompts.py", section="Chat") -> the page of the dataset ROWS under this link, after its first run."""
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tiny.parent / "cache"))
    monkeypatch.setenv("REWARDSCOPE_DATA", str(tiny))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # a visit puts the page in its place

    def visit_page(page: str = "", data: str | None = None, **parameters: str | list[str]) -> AppTest:
        if data is not None:
            monkeypatch.setenv("REWARDSCOPE_DATA", data)
        at = AppTest.from_file(FRAME, default_timeout=60)
        if page:
            at.switch_page(page)
        for name, value in parameters.items():
            at.query_params[name] = value
        return at.run()

    return visit_page


def said(at: AppTest) -> str:
    """Every word on the page that is not in a table or chart."""
    kinds = (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "text",
        "html",
        "info",
        "error",
        "warning",
        "metric",
    )
    words = [str(element.value) for kind in kinds for element in at.get(kind)]
    words += [element.label for kind in ("button", "expander", "page_link", "metric") for element in at.get(kind)]
    return "\n".join(words)


def lines(at: AppTest) -> list[str]:
    """The lines of facts, as they are read."""
    shown = [element.proto.body for element in at.get("html") if element.proto.body.startswith('<div style="overflow')]
    return [html.unescape(re.sub("<[^>]*>", "", line)) for line in shown]


def chips(at: AppTest) -> list[str]:
    """The filters in force, as their chips say them; nothing where none is in force."""
    shown = [one for one in at.multiselect if one.key == "in_force"]
    return list(shown[0].options) if shown else []


def component(at: AppTest, key: str) -> dict[str, Any]:
    """What one of our own components, which only a browser can draw, is given to show."""
    (found,) = (one for one in at.get("bidi_component") if one.key == key)
    data: dict[str, Any] = json.loads(found.proto.json)
    return data


def ranked(at: AppTest) -> list[dict[str, str]]:
    """The rows of the ranked list, as they are shown: each column's text, and `candidate`."""
    data = component(at, "ranked")
    labels = [column["label"] for column in data["columns"]]
    return [dict(zip(labels, row["cells"], strict=True), candidate=str(row["number"])) for row in data["rows"]]
