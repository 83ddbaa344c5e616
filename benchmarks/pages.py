"""From a click to the updated page, in Chromium: `python benchmarks/pages.py DATA` prints three Markdown tables.

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
PAUSE_S = 60  # until what is worked out in the background is done
ROOT = Path(__file__).resolve().parent.parent
VIEWPORT = {"width": 1280, "height": 720}
HEADER_HEIGHT, ROW_HEIGHT = 35, 32  # of the list of prompts, in pixels
WORDS = ["volcano", "violin", "glacier", "saxophone", "haiku", "penguin", "lantern", "harbor", "cinnamon", "compass"]
WORDS += ["orchestra", "desert", "meteor", "cathedral", "bamboo"]

# What shows that a page is the one asked for.
HEADING = "h1"
CANDIDATE = (".st-key-reading_tools", ".st-key-response")
PROMPT = (HEADING, *CANDIDATE)
COMPARE = (HEADING, ".st-key-text_a", ".st-key-text_b")
PROMPTS = (HEADING, ".st-key-prompts_foot")
FILTERED = (".st-key-filters",)
# Pages of figures -> what is there at the end of what they show.
FIGURES = {
    "Source models": "[data-testid=stMain] .st-key-view_table",
    "What it rewards": "[data-testid=stMain] .st-key-download_attributes",
    "Best-of-N": "[data-testid=stMain] .st-key-n_row",
    "Checks": "[data-testid=stMain] .st-key-download_matched_pairs",
    "Export": "[data-testid=stMain] .stDownloadButton",
}
# Views of What it rewards -> the same.
VIEWS = {
    "Words": "[data-testid=stMain] .st-key-download_phrases",
    "Twins": "[data-testid=stMain] .st-key-download_twins_by_change",
}
OVERVIEW_IS_WHOLE = "[...document.querySelectorAll('h2')].some(h => h.textContent.includes('Where it comes from'))"
# By how many pixels a word, picture or control in the window was moved by nobody's doing after the page's heading was there.
SHIFTS = """
  window.shifted = 0
  new PerformanceObserver(list => {
    for (const shift of list.getEntries()) {
      if (shift.hadRecentInput || !document.querySelector("h1")) continue
      for (const { node, previousRect: before, currentRect: after } of shift.sources) {
        const drawn = node?.nodeType === 3 || node?.textContent?.trim() || node?.querySelector?.("canvas, svg, img")
        if (drawn && after.width) // nothing is left of what was taken away
          shifted = Math.max(shifted, Math.abs(after.x - before.x), Math.abs(after.y - before.y))
      }
    }
  }).observe({ type: "layout-shift", buffered: true })
"""
LINKS = (
    "/",
    "/prompts",
    "/prompt?id=4",
    "/compare?id=4",
    "/models",
    "/rewards",
    "/best_of_n",
    "/checks",
    "/export",
    "/sql",
)

# Waits for the next press of a button or key, then for all `selectors` to have another text than now.
ARMED = """
selectors => {
  const texts = () => selectors.map(selector => document.querySelector(selector)?.textContent)
  const before = texts()
  const isShown = () => texts().every((text, i) => text !== undefined && text !== before[i])
  window.measured = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("not updated: " + selectors + " still " + texts())), 20000)
    const start = event => {
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


def press_row(page: Page, row: int) -> None:
    """Click a prompt in the list, from 0. The table is drawn on a canvas."""
    box = page.locator(".st-key-prompt_list canvas").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 120, box["y"] + HEADER_HEIGHT + ROW_HEIGHT * (row + 0.5))


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

    main = page.get_by_test_id("stMain")
    follow(page, "Prompts", *PROMPTS)
    for row in range(REPETITIONS):
        timed("open a prompt, from the list", lambda row=row: press_row(page, row), *PROMPT)
        timed("next prompt", click(".st-key-next_prompt button"), *PROMPT)
        timed("select a response, in the list", click(".st-key-ranked tbody tr:nth-child(5)"), *CANDIDATE)
        timed("select the response below, by key", lambda: page.keyboard.press("j"), *CANDIDATE)
        main.get_by_role("button", name="Compare", exact=True).click()
        timed("open Compare", page.get_by_role("link", name="with worst").click, *COMPARE)
        timed("open the list of prompts", main.get_by_role("link", name="Prompts", exact=True).click, *PROMPTS)
    for number, word in enumerate(WORDS[:REPETITIONS]):
        main.get_by_role("button", name="Filter", exact=True).click()
        page.locator(".st-key-filter_subset input").click()
        options = page.get_by_role("option").filter(has_not_text="Select all")
        options.first.wait_for()
        option = options.nth(number % options.count())
        timed("change a filter (subset)", option.click, *FILTERED)
        unfiltered(page)
        search = page.locator(".st-key-filter_q input")
        search.fill(word)
        timed("search all texts for a word", lambda search=search: search.press("Enter"), *FILTERED)
        unfiltered(page)
    for _ in range(REPETITIONS):
        for title, last in FIGURES.items():
            timed(f"open {title}", main.get_by_role("link", name=title, exact=True).click, HEADING, last)
            for view, its_last in VIEWS.items() if title == "What it rewards" else ():
                timed(f"open {title}: {view}", main.get_by_role("radio", name=view, exact=True).first.click, its_last)
    return found


def unfiltered(page: Page) -> None:
    """The list of all prompts, drawn."""
    page.goto(page.evaluate("location.origin") + "/prompts")
    page.locator(".st-key-prompt_list canvas").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def shifts(browser: Browser, url: str) -> dict[str, float]:
    """For each page opened cold: the most pixels by which anything moved after it was first painted."""
    found = {}
    for link in LINKS:
        context = browser.new_context(viewport=VIEWPORT)
        context.add_init_script(SHIFTS)
        page = context.new_page()
        page.goto(url + link)
        page.locator("h1").first.wait_for()
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        page.wait_for_timeout(1500)
        found[link] = page.evaluate("shifted")
        context.close()
    return found


def main(data: str) -> None:
    """Print the tables."""
    openings: dict[str, tuple[float, ...]] = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as cache:
        chromium = which("chromium") or which("chromium-browser") or which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for opening in ("empty cache", "prepared before"):
            with served(data, cache) as server:
                answers = time.perf_counter() - server.start
                page = browser.new_context(viewport=VIEWPORT).new_page()
                page.goto(server.url)
                page.locator(HEADING).first.wait_for(timeout=120_000)
                headed = time.perf_counter() - server.start
                page.wait_for_function(OVERVIEW_IS_WHOLE, timeout=120_000)
                usable = time.perf_counter() - server.start
                openings[opening] = (answers, headed, usable, server.memory, server.peak_memory)
                if opening == "prepared before":
                    time.sleep(PAUSE_S)
                    found = clicks(page)
                    used = server.memory
                    starts = []
                    for _ in range(SESSIONS):
                        before = time.perf_counter()
                        visitor = new_page(browser, server.url)
                        starts.append(time.perf_counter() - before)
                        follow(visitor, "Prompts", *PROMPTS)
                        update(visitor, lambda visitor=visitor: press_row(visitor, 3), *PROMPT)
                        follow(visitor, "Compare", *COMPARE)
                    further = (server.memory - used) / SESSIONS
                    moved = shifts(browser, server.url)
                page.context.close()
        browser.close()

    print("|from a click to|shown, ms|settled, ms|best shown, ms|\n|---|---:|---:|---:|")
    for what, updates in found.items():
        shown, settled = (median(times) for times in zip(*updates, strict=True))
        print(f"|{what}|{shown:,.0f}|{settled:,.0f}|{min(updates).shown:,.0f}|")
    print("\n|opening|server answers, s|first heading, s|Overview whole, s|server memory, MB|its peak, MB|")
    print("|---|---:|---:|---:|---:|---:|")
    for opening, (answers, headed, usable, memory, peak) in openings.items():
        print(f"|{opening}|{answers:.1f}|{headed:.1f}|{usable:.1f}|{memory:,.0f}|{peak:,.0f}|")
    print("\n|page, opened cold|largest move after the first paint, pixels|\n|---|---:|")
    for link, pixels in moved.items():
        print(f"|{link}|{pixels:,.0f}|")
    print(
        f"\nMedians of {REPETITIONS}. After these clicks the server holds {used:,.0f} MB; each of {SESSIONS} further sessions, "
        f"which visit all four pages and stay, takes {further:.1f} MB, and sees a whole Overview after {median(starts):.1f} s."
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
