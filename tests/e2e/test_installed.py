"""The wheel, in an environment of its own: what it adds there, and that its command works from any folder."""

import json
import os
import subprocess
import sys
import sysconfig
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, expect

from data_access.version import VERSION
from tests.conftest import wide_table
from tests.e2e.conftest import ROOT, heading, viewer, wait_until_healthy
from tests.ports import free_port

ROWS = [{"prompt": f"Question {i}", "candidates": [("m", "short", 1.0), ("n", "longer", 2.0)]} for i in (1, 2, 3)]
# Streamlit up to where it would serve: the settings that it has read.
SETTINGS = """
import sys
from streamlit import config
from streamlit.web import bootstrap
from rewardscope.command import main
names = ["client.showErrorDetails", "server.headless", "browser.gatherUsageStats", "server.fileWatcherType"]
bootstrap.run_asgi_app = lambda *started: print([config.get_option(name) for name in names])
main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment's Python: it has what the tests' own has, without a copy, and the wheel."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    found = folder / "venv" / "bin" / "python"
    (packages,) = folder.glob("venv/lib/python*/site-packages")
    (packages / "tests.pth").write_text(sysconfig.get_path("purelib"))
    subprocess.run([*pip, "--python", str(found), "install", "--no-deps", "--no-index", str(wheel)], check=True)
    return found


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a dataset, and with settings of Streamlit that are not ours."""
    folder = tmp_path_factory.mktemp("elsewhere")
    pq.write_table(wide_table(ROWS), folder / "three.parquet")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text(
        '[client]\nshowErrorDetails = "full"\n[server]\nheadless = false\n'
    )
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The tests' own without what leads to this repository, and with a new cache."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REWARDSCOPE_", "PYTHON"))}
    folder = tmp_path_factory.mktemp("cache")
    return kept | {"REWARDSCOPE_CACHE": str(folder), "REWARDSCOPE_JUDGEMENTS": str(folder / "judgements.sqlite")}


@pytest.fixture(scope="module")
def address(python: Path, elsewhere: Path, environment: dict[str, str]) -> Iterator[str]:
    """The address of the installed command's server, on a path relative to the folder where it was started."""
    port = free_port()
    with (elsewhere / "log").open("w") as log:
        command = [str(python.with_name("rewardscope")), "three.parquet", "--port", str(port)]
        process = subprocess.Popen(command, cwd=elsewhere, env=environment, stdout=log, stderr=log)
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process, elsewhere / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
    assert "Traceback" not in (elsewhere / "log").read_text()


def test_nothing_is_added_beside_its_own_folder(python: Path) -> None:
    (packages,) = python.parents[1].glob("lib/python*/site-packages")
    there = {file.name for file in packages.iterdir()}
    assert there - {"tests.pth"} == {"rewardscope", f"rewardscope-{VERSION}.dist-info"}
    assert {file.name for file in (packages / "rewardscope").iterdir()} - {"__pycache__"} == {
        ".streamlit",
        "app.py",
        "charts",
        "command.py",
        "data_access",
        "pages",
    }


def test_the_server_answers_as_the_app_does(address: str) -> None:
    with urllib.request.urlopen(address) as answer:
        assert answer.headers["content-security-policy"].startswith("default-src 'self';")
        assert b"<title>" in answer.read()


def test_the_page_shows_the_data(browser: Browser, address: str) -> None:
    with viewer(browser, address) as context:
        page = context.new_page()
        page.goto("/prompts")
        expect(heading(page, "Prompts")).to_be_visible()
        expect(page.get_by_text("3 of 3 prompts")).to_be_visible()


def test_our_settings_of_streamlit_hold_in_a_folder_that_has_others(
    python: Path, elsewhere: Path, environment: dict[str, str]
) -> None:
    command = [str(python), "-c", SETTINGS, "three.parquet", "--port", str(free_port())]
    said = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "['none', True, False, 'none']"


def test_the_export_command_gives_rows(python: Path, elsewhere: Path, environment: dict[str, str]) -> None:
    command = [str(python.with_name("rewardscope")), "export", str(ROOT / "docs" / "recipe.json"), "out"]
    said = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True, check=True).stdout
    assert json.loads(said)["rows"] > 50
    assert (elsewhere / "out" / "train.jsonl").is_file()
