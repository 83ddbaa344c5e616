"""Pages and search of a large dataset: `python -P benchmarks/large.py DATA [CACHE]` prints three Markdown tables.

A server is asked over a websocket, as a browser asks it (`benchmarks/viewer.py`): *first* is the first run of a page in that
server, *again* the median of three more, until Streamlit says that the page is whole.

- nothing kept: the dataset is prepared, and no page of it was ever asked for. Each first visit works out what it shows, while
  the background thread works out what others will.
- opened again: what that server had kept when it had nothing more to do is there, and the server is a new one.
- search: what a list of prompts asks, straight from the search; the time to the first match and to the end.

With CACHE prepared files are kept there between calls.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.server import Server, served, until_idle  # noqa: E402
from benchmarks.viewer import Step, viewer  # noqa: E402

PAGES = {
    "Overview": Step(),
    "Prompts": Step("prompts"),
    "Prompts by spread": Step("prompts", "sort=-spread"),
    "Prompts as scatter": Step("prompts", "show=scatter"),
    "Prompt": Step("prompt", "id=4"),
    "Compare": Step("compare", "id=4"),
    "Source models": Step("models"),
    "What it rewards": Step("rewards"),
    "What it rewards: Words": Step("rewards", "show=words"),
    "What it rewards: Twins": Step("rewards", "show=twins"),
    "What it rewards: Length and form": Step("rewards", "show=form"),
    "Best-of-N": Step("best_of_n"),
    "Scorers": Step("scorers"),
    "Checks": Step("checks"),
    "Checks: data quality": Step("checks", "show=data quality"),
    "Export": Step("export"),
    "SQL": Step("sql"),
    "Compare blind": Step("blind"),
    "Judgements": Step("judgements"),
    "Report": Step("report"),
}
SEARCHES = (
    ("a common word", "sorry", False),
    ("a rare word", "volcano", False),
    ("no text has it", "zygomorphic", False),
    ("three words", "volcano island sea", False),
    ("a regular expression", r"\b[Vv]olcan(o|ic)\b", True),
)


def peak(process: psutil.Process | None = None) -> float:
    """The most megabytes that a process, or else this one, ever had resident (Linux)."""
    status = Path(f"/proc/{process.pid if process else 'self'}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6


async def visits(server: Server) -> dict[str, list[float]]:
    """Of each page, in milliseconds: its first run, the median of three more, and the processor time of one of these."""
    found = {}
    async with viewer(server.url, patience_s=1800) as one:
        for name, step in PAGES.items():
            first = await one.take(step)
            before = server.cpu
            again = [await one.take(step) for _ in range(3)]
            times = [first.seconds, median(run.seconds for run in again), (server.cpu - before) / 3]
            found[name] = [1000 * time for time in times]
            print(name, *map(round, found[name]), first.error, file=sys.stderr, flush=True)
    return found


def searches() -> list[list[Any]]:
    """Of each search: name, prompts found, seconds to the first match and to the end, CPU seconds, and the peak memory."""
    from data_access.dataset import open_dataset
    from data_access.opening.addresses import configured_sources
    from data_access.questions.search import searched
    from data_access.settings import Settings

    here = Settings.from_environment(os.environ)
    dataset = open_dataset(configured_sources(here)[0], here.cache, lambda done, doing: None)
    rows = []
    for name, text, is_regex in SEARCHES:
        start, cpu = time.perf_counter(), time.process_time()
        first, found = None, []
        for so_far in searched(dataset, text, "both", is_regex):
            found = so_far.prompts
            first = time.perf_counter() - start if found and first is None else first
        rows.append(
            [f"{name}: {text}", len(found), first, time.perf_counter() - start, time.process_time() - cpu, peak()]
        )
    return rows


def searched_alone(environment: dict[str, str]) -> list[list[Any]]:
    """`searches`, in a process of its own."""
    command = [sys.executable, "-P", __file__, "--search"]  # -P: `pages` is the app's, not the one beside this
    environment = os.environ | environment | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    found: list[list[Any]] = json.loads(result.stdout.splitlines()[-1])
    return found


def forget_answers(cache: str) -> None:
    """Only what preparation made stays."""
    for folder in Path(cache).glob("prepared-*/"):
        shutil.rmtree(folder / "answers", ignore_errors=True)
        for pattern in ("drawn*", "attributes*", "phrases*", "twins*", "text_keys*"):
            for one in folder.glob(pattern):
                shutil.rmtree(one) if one.is_dir() else one.unlink()


def table(titles: str, rows: Iterable[Iterable[Any]]) -> None:
    def written(value: Any) -> str:
        return (
            "–" if value is None else f"{value:,.{0 if value > 20 else 2}f}" if isinstance(value, float) else str(value)
        )

    print(f"|{titles}|\n|---|{'---:|' * titles.count('|')}")
    for row in rows:
        print(f"|{'|'.join(map(written, row))}|")
    print(flush=True)


def main(data: str, cache: str | None = None) -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as temporary:
        cache = str(Path(cache).absolute()) if cache else temporary
        environment = {"REWARDSCOPE_DATA": str(Path(data).absolute()), "REWARDSCOPE_CACHE": cache}
        environment["REWARDSCOPE_JUDGEMENTS"] = f"{temporary}/judgements.sqlite"
        searched_alone(environment)  # prepares it, and what is read is in the system's cache
        forget_answers(cache)
        with served(str(ROOT / "app.py"), environment) as server:
            start = time.perf_counter()
            before = asyncio.run(visits(server))
            until_idle(server, most_s=3600)
            done, cpu, at_first = time.perf_counter() - start, server.cpu, peak(server.process)
        with served(str(ROOT / "app.py"), environment) as server:
            after = asyncio.run(visits(server))
            at_last = peak(server.process)
        found = searched_alone(environment)
    table(
        "page|nothing kept: first, ms|again, ms|opened again: first, ms|again, ms|processor, ms",
        [(name, *before[name][:2], *after[name]) for name in PAGES],
    )
    print(f"Nothing kept: all of it was worked out after {done:,.0f} s, {cpu:,.0f} of the processor.")
    print(f"Peak memory of a server: {at_first:,.0f} MB where nothing was kept, {at_last:,.0f} MB opened again.\n")
    table("search|prompts found|first match, s|complete, s|CPU, s|peak memory, MB", found)


if __name__ == "__main__":
    if sys.argv[1:] == ["--search"]:
        print(json.dumps(searches()))
    else:
        main(*sys.argv[1:])
