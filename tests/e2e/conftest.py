"""A real server and a real browser. Without Chromium these journeys are skipped, with the command that gets it."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.conftest import wide_table
from tests.e2e.hostile import ROWS, by_length, judge_hostilely
from tests.e2e.long_texts import ROWS as LONG
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
START_S = 40
LONG_NAME = "rewarded-Mistral-RM-for-RAFT-GSHF-v0-of-all-subsets"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)


def chromium() -> str:
    """Where Chromium is; a test that asks is skipped where there is none."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not path:
        pytest.skip("no Chromium: sudo apt-get install chromium, or name one in the variable CHROMIUM")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that offers the sample, long texts, hostile texts, which people have judged, and these joined
    with another scorer, once more under a long name."""
    folder = tmp_path_factory.mktemp("server")
    pq.write_table(wide_table(ROWS), folder / "hostile.parquet")
    pq.write_table(wide_table(by_length(ROWS)), folder / "length.parquet")
    pq.write_table(wide_table(LONG), folder / "long.parquet")
    hostile, length, named = folder / "hostile.parquet", folder / "length.parquet", folder / f"{LONG_NAME}.parquet"
    shutil.copy(hostile, named)
    judge_hostilely(folder / "judgements.sqlite")
    data = f"sample,{folder / 'long.parquet'},{hostile},{hostile} + {length},{named} + {length}"
    with running(folder, REWARDSCOPE_DATA=data) as address:
        yield address


@contextmanager
def running(folder: Path, port: int | None = None, **settings: str) -> Iterator[str]:
    """The address of a server with these settings, and a cache in this folder; nothing may fail in it unforeseen."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    kept = {"REWARDSCOPE_CACHE": str(folder / "cache"), "REWARDSCOPE_JUDGEMENTS": str(folder / "judgements.sqlite")}
    environment = os.environ | kept | settings
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(address, process, folder / "log")
        yield address
    finally:
        process.terminate()
        process.wait(10)
    assert not re.search("Traceback|event=(page|ahead)_failed", (folder / "log").read_text())


def wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_S * 10):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    """A viewer of their own; fails at the end if anything outside the server was asked for."""
    with viewer(browser, server) as found:
        yield found


@contextmanager
def viewer(browser: Browser, server: str) -> Iterator[BrowserContext]:
    """A viewer of a server; fails at the end if anything outside the server was asked for."""
    found = browser.new_context(viewport={"width": 1400, "height": 1000}, base_url=server)
    found.grant_permissions(["clipboard-read", "clipboard-write"], origin=server)
    found.set_default_timeout(60_000)
    asked: list[str] = []
    found.on("request", lambda request: asked.append(request.url))
    yield found
    found.close()
    own = (server, server.replace("http", "ws"), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    expect.set_options(timeout=60_000)
    return context.new_page()


def heading(page: Page, text: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("heading", name=text, exact=isinstance(text, str))


def drawn(page: Page) -> Locator:
    """The app when a run is over: all that it draws is there."""
    return page.locator("[data-testid=stApp][data-test-script-state=notRunning]")


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds that no locator can wait for."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(50)
    assert holds()
