"""From a click to the updated page, in Chromium: `python benchmarks/pages.py DATA` prints two Markdown tables.

The app runs on a free port with a cache folder that is empty at first. A click's times are taken inside the page, from
the browser's own event of pressing the button or key: *shown* is the first frame in which all that was asked for is
there, *settled* the page's last change to itself, charts included. A frame lasts 16 ms.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import which
from statistics import median
from typing import NamedTuple

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

REPETITIONS = 10
SESSIONS = 10
ROOT = Path(__file__).resolve().parent.parent
VIEWPORT = {"width": 1400, "height": 1400}
ROW_HEIGHT = 35  # of Streamlit's tables, in pixels
WORDS = ["volcano", "violin", "glacier", "saxophone", "haiku", "penguin", "lantern", "harbor", "cinnamon", "compass"]
WORDS += ["orchestra", "desert", "meteor", "cathedral", "bamboo"]

# What shows that a page is the one asked for.
HEADING = "h1"
PROMPT = (HEADING, ".st-key-selected_facts", ".st-key-response")
CANDIDATE = (".st-key-selected_facts", ".st-key-response")
COMPARE = (HEADING, ".st-key-text_a", ".st-key-text_b")
COUNT = "[data-testid=stMain] [data-testid=stMarkdown]:has(strong)"  # "**214** of 1,000 prompts"
OVERVIEW_IS_WHOLE = "[...document.querySelectorAll('h3')].some(h => h.textContent.includes('Where it comes from'))"

# Waits for the next press of a button or of Enter, then for all `selectors` to have another text than now.
ARMED = """
selectors => {
  const texts = () => selectors.map(selector => document.querySelector(selector)?.textContent)
  const before = texts()
  const isShown = () => texts().every((text, i) => text !== undefined && text !== before[i])
  window.measured = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("not updated: " + selectors + " still " + texts())), 20000)
    const start = event => {
      if (event.type === "keydown" && event.key !== "Enter") return
      for (const type of ["pointerdown", "keydown"]) removeEventListener(type, start, true)
      let changed = event.timeStamp, shown
      // The text alternative inside a table's canvas follows the table when there is time, so it does not count.
      const observer = new MutationObserver(changes => {
        if (changes.some(change => !change.target.parentElement?.closest("canvas"))) changed = performance.now()
      })
      observer.observe(document.querySelector("[data-testid=stMain]"),
        {subtree: true, childList: true, characterData: true, attributes: true})
      const frame = now => {
        if (shown === undefined && isShown()) shown = now
        if (shown !== undefined && now - Math.max(shown, changed) > 400) {
          observer.disconnect()
          resolve([shown - event.timeStamp, Math.max(shown, changed) - event.timeStamp])
        } else requestAnimationFrame(frame)
      }
      requestAnimationFrame(frame)
    }
    for (const type of ["pointerdown", "keydown"]) addEventListener(type, start, true)
  })
}
"""


class Update(NamedTuple):
    """Milliseconds from pressing to what was asked for, and to the page's last change."""

    shown: float
    settled: float


class Server(NamedTuple):
    """The running app. `process` is the server's, `start` when it was started."""

    url: str
    process: psutil.Process
    start: float

    @property
    def memory(self) -> float:
        """Megabytes that are resident now."""
        return self.process.memory_info().rss / 1e6

    @property
    def peak_memory(self) -> float:
        """The most megabytes that were ever resident; not a number where the system does not say."""
        status = Path(f"/proc/{self.process.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:")), float("nan"))


@contextmanager
def served(data: str, cache: str) -> Iterator[Server]:
    """The app on this data, from when it answers."""
    with closing(socket.socket()) as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += ["--server.address", "localhost", "--server.port", str(port)]
    environment = os.environ | {"REWARDSCOPE_DATA": str(Path(data).absolute()), "REWARDSCOPE_CACHE": cache}
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://localhost:{port}"
            while True:
                try:
                    with urllib.request.urlopen(f"{url}/_stcore/health"):
                        break
                except OSError:
                    if process.poll() is not None:
                        sys.exit("The app did not start.")
                    time.sleep(0.02)
            yield Server(url, psutil.Process(process.pid), start)
        finally:
            if process.poll() is not None:
                print(f"The app ended by itself, with code {process.returncode}.", file=sys.stderr)
            process.terminate()


def update(page: Page, press: Callable[[], None], *selectors: str) -> Update:
    """Press, and time until every one of these elements has another text."""
    page.evaluate(ARMED, selectors)
    press()
    return Update(*page.evaluate("measured"))


def press_row(page: Page, table: str, row: int) -> None:
    """Click into a row, from 0, of the table in the container with this key. A table is drawn on a canvas."""
    box = page.locator(f".st-key-{table} canvas").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + ROW_HEIGHT, box["y"] + (row + 1.5) * ROW_HEIGHT)


def new_page(browser: Browser, url: str) -> Page:
    """The Overview, whole, for a viewer who was not here before."""
    page = browser.new_context(viewport=VIEWPORT).new_page()
    page.goto(url)
    page.wait_for_function(OVERVIEW_IS_WHOLE, timeout=120_000)
    return page


def follow(page: Page, link: str, *selectors: str) -> Update:
    """Follow the page's first link of this name."""
    return update(
        page, page.get_by_test_id("stMain").get_by_role("link", name=link, exact=True).first.click, *selectors
    )


def clicks(page: Page) -> dict[str, list[Update]]:
    """Walk through the pages, as often as REPETITIONS says, from the Overview on."""
    found: dict[str, list[Update]] = {}

    def timed(what: str, press: Callable[[], None], *selectors: str) -> None:
        found.setdefault(what, []).append(update(page, press, *selectors))

    def click(selector: str) -> Callable[[], None]:
        return page.locator(selector).first.click

    follow(page, "Prompts", HEADING, ".st-key-prompt_list")
    for row in range(REPETITIONS):
        timed("open a prompt, from the list", lambda row=row: press_row(page, "prompt_list", row), *PROMPT)
        timed("next prompt", click(".st-key-next_prompt button"), *PROMPT)
        timed("select a response, in the list", lambda: press_row(page, "ranked_list", 3), *CANDIDATE)
        timed("select the response below, by button", click(".st-key-next_candidate button"), *CANDIDATE)
        worst = page.get_by_test_id("stMain").get_by_role("link", name="Worst", exact=True)
        timed("open Compare", worst.click, *COMPARE)
        follow(page, "Prompts", HEADING, ".st-key-prompt_list")
    for number, word in enumerate(WORDS[:REPETITIONS]):
        page.locator(".st-key-filter_subset input").click()
        options = page.get_by_role("option").filter(has_not_text="Select all")
        options.first.wait_for()
        option = options.nth(number % options.count())
        timed("change a filter (subset)", option.click, COUNT)
        update(page, click(".st-key-remove_subset button"), COUNT)
        search = page.locator(".st-key-filter_q input")
        search.fill(word)
        timed("search all texts for a word", lambda search=search: search.press("Enter"), COUNT)
        update(page, click(".st-key-remove_text button"), COUNT)
    return found


def main(data: str) -> None:
    """Print both tables."""
    openings: dict[str, tuple[float, ...]] = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as cache:
        chromium = which("chromium") or which("chromium-browser") or which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for opening in ("empty cache", "prepared before"):
            with served(data, cache) as server:
                answers = time.perf_counter() - server.start
                page = new_page(browser, server.url)
                usable = time.perf_counter() - server.start
                openings[opening] = (answers, usable, server.memory, server.peak_memory)
                if opening == "prepared before":
                    found = clicks(page)
                    used = server.memory
                    starts = []
                    for _ in range(SESSIONS):
                        before = time.perf_counter()
                        visitor = new_page(browser, server.url)
                        starts.append(time.perf_counter() - before)
                        follow(visitor, "Prompts", HEADING, ".st-key-prompt_list")
                        update(visitor, lambda visitor=visitor: press_row(visitor, "prompt_list", 3), *PROMPT)
                        follow(visitor, "Compare", *COMPARE)
                    further = (server.memory - used) / SESSIONS
                page.context.close()
        browser.close()

    print("|from a click to|shown, ms|settled, ms|best shown, ms|\n|---|---:|---:|---:|")
    for what, updates in found.items():
        shown, settled = (median(times) for times in zip(*updates, strict=True))
        print(f"|{what}|{shown:,.0f}|{settled:,.0f}|{min(updates).shown:,.0f}|")
    print("\n|opening|server answers, s|Overview whole, s|server memory, MB|its peak, MB|\n|---|---:|---:|---:|---:|")
    for opening, (answers, usable, memory, peak) in openings.items():
        print(f"|{opening}|{answers:.1f}|{usable:.1f}|{memory:,.0f}|{peak:,.0f}|")
    print(
        f"\nMedians of {REPETITIONS}. After these clicks the server holds {used:,.0f} MB; each of {SESSIONS} further sessions, "
        f"which visit all four pages and stay, takes {further:.1f} MB, and sees a whole Overview after {median(starts):.1f} s."
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
