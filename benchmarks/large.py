"""Pages and search of a large dataset: `python benchmarks/large.py DATA [CACHE]` prints three Markdown tables.

Every page runs whole, frame and all, as a session of the server runs it, but in this process and without a browser: *first* is
its first run in a fresh process, *again* the median of three more. Each part has a process of its own:

- nothing kept: the dataset is prepared, and no page of it was ever asked for; nothing is worked out ahead, so each first visit
  works out what it shows.
- worked ahead: an Overview is opened and everything that the server works out in the background is waited for.
- opened again: what the part before kept is there; the background thread runs while pages are visited.
- search: what a list of prompts asks, straight from the search; the time to the first match and to the end.

With CACHE prepared files are kept there between calls.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Overview", "overview.py", {}),
    ("Prompts", "prompts.py", {}),
    ("Prompts by spread", "prompts.py", {"sort": "-spread"}),
    ("Prompts as scatter", "prompts.py", {"show": "scatter"}),
    ("Prompt", "prompt.py", {"id": "4"}),
    ("Compare", "compare.py", {"id": "4"}),
    ("Source models", "models.py", {}),
    ("What it rewards", "rewards.py", {}),
    ("What it rewards: Words", "rewards.py", {"show": "words"}),
    ("What it rewards: Twins", "rewards.py", {"show": "twins"}),
    ("What it rewards: Length and form", "rewards.py", {"show": "form"}),
    ("Best-of-N", "best_of_n.py", {}),
    ("Scorers", "scorers.py", {}),
    ("Checks", "checks.py", {}),
    ("Checks: data quality", "checks.py", {"show": "data quality"}),
    ("Export", "export.py", {}),
    ("SQL", "sql.py", {}),
    ("Compare blind", "blind.py", {}),
    ("Judgements", "judgements.py", {}),
    ("Report", "report.py", {}),
)
SEARCHES = (
    ("a common word", "sorry", False),
    ("a rare word", "volcano", False),
    ("no text has it", "zygomorphic", False),
    ("three words", "volcano island sea", False),
    ("a regular expression", r"\b[Vv]olcan(o|ic)\b", True),
)


def memory() -> float:
    """The most megabytes that this process ever had resident."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


class Visit(NamedTuple):
    """Seconds on the clock, and of the processor in all threads."""

    wall: float
    cpu: float


def visit(page: str, parameters: dict[str, str]) -> Visit:
    """One run of a page in a new session; its problems on the error output."""
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=900)
    at.switch_page(page)
    for name, value in parameters.items():
        at.query_params[name] = value
    start, cpu = time.perf_counter(), time.process_time()
    at.run()
    spent = Visit(time.perf_counter() - start, time.process_time() - cpu)
    for problem in (*at.exception, *at.error):
        print(f"{page} {parameters}: {problem.value}", file=sys.stderr)
    return spent


def pages() -> list[list[Any]]:
    """Of each page: its name, seconds on the clock and of the processor, at first and again, and the peak memory so far."""
    visit("sql.py", {})  # imports, and opens the dataset
    rows: list[list[Any]] = []
    for name, page, asked in PAGES:
        first, again = visit(page, asked), [visit(page, asked) for _ in range(3)]
        rows.append([name, *first, *(median(each) for each in zip(*again, strict=True)), memory()])
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def nothing_kept() -> list[list[Any]]:
    return pages()


def worked_ahead() -> list[list[Any]]:
    from pages.components.state import ahead

    ahead.AFTER_S = ahead.NICE = 0  # nobody is here who would come first
    ahead.start()
    start, cpu = time.perf_counter(), time.process_time()
    visit("overview.py", {})
    opened = time.perf_counter() - start
    idle = 0
    while idle < 20:  # a job puts others
        idle = idle + 1 if ahead.is_idle() else 0
        time.sleep(0.1)
    return [["", opened, time.perf_counter() - start, time.process_time() - cpu, memory()]]


def opened_again() -> list[list[Any]]:
    from pages.components.state import ahead

    ahead.start()
    return pages()


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
            [f"{name}: {text}", len(found), first, time.perf_counter() - start, time.process_time() - cpu, memory()]
        )
    return rows


PARTS = {"nothing kept": nothing_kept, "worked ahead": worked_ahead, "opened again": opened_again, "search": searches}


def of_process(part: str, data: str, cache: str) -> list[list[Any]]:
    environment = os.environ | {
        "REWARDSCOPE_DATA": str(Path(data).absolute()),
        "REWARDSCOPE_CACHE": cache,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-P", __file__, "--part", part]  # -P: `pages` is the app's, not the one beside this
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
    print(f"|{titles}|\n|---|{'---:|' * titles.count('|')}")
    for row in rows:
        print(
            f"|{'|'.join('–' if one is None else f'{one:,.2f}' if isinstance(one, float) else str(one) for one in row)}|"
        )
    print(flush=True)


def main(data: str, cache: str | None = None) -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as temporary:
        cache = str(Path(cache).absolute()) if cache else temporary
        of_process("search", data, cache)  # prepares it, and what is read is in the system's cache
        forget_answers(cache)
        before = of_process("nothing kept", data, cache)
        forget_answers(cache)
        ahead = of_process("worked ahead", data, cache)[0]
        after = of_process("opened again", data, cache)
        found = of_process("search", data, cache)
    table(
        "page|nothing kept: first, s|CPU, s|opened again: first, s|CPU, s|again, s|CPU, s",
        [(*row[:3], *other[1:5]) for row, other in zip(before, after, strict=True)],
    )
    table(
        "peak memory, MB|nothing kept, all pages|worked ahead|opened again, all pages",
        [("", before[-1][5], ahead[4], after[-1][5])],
    )
    print(
        f"Worked ahead: Overview after {ahead[1]:.1f} s, all done after {ahead[2]:.0f} s ({ahead[3]:.0f} CPU seconds).\n"
    )
    table("search|prompts found|first match, s|complete, s|CPU, s|peak memory, MB", found)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        print(json.dumps(PARTS[sys.argv[2]]()))
    else:
        main(*sys.argv[1:])
