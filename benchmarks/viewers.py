"""Many viewers at once, over websockets: `python benchmarks/viewers.py DATA` prints a Markdown table.

Each viewer walks over all pages, by links as the pages have them and by the buttons that take to the next prompt, and thinks
for two seconds in between. A time is from what a browser sends on a click until Streamlit says that the page is whole. The
viewers are in this process, the server is one of its own, with a cache folder that is empty at first; what it works out in
the background is waited for. Beside each number of viewers: a bare Streamlit page of as many elements.

    --viewers 1,10,30,100   how many
    --seconds 60            for how long, for each number
    --by-page               instead: one viewer, and the server's processor time by page
    --cold                  instead: 30 viewers at once, when the server has just started on prepared data
    --beside KIND           instead: one viewer's search, bootstrap, export or sql, again and again, while ten others click
    --minutes 60            instead: ten viewers for so long, and what the server holds, each minute
    --url http://HOST:PORT  a server that runs already, such as one behind a proxy; its memory is then not known
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, suppress
from itertools import cycle
from pathlib import Path
from statistics import mean
from urllib.parse import urlencode

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.server import Server, served, until_idle  # noqa: E402
from benchmarks.viewer import Run, Step, Viewer, viewer  # noqa: E402
from data_access.rewardbench import SECTIONS  # noqa: E402

THINKING_S = 2.0
PROMPTS = 400  # the ids that are asked for are up to this one
WORDS = ("volcano", "violin", "glacier", "saxophone", "haiku", "penguin", "lantern", "harbor", "cinnamon", "compass")
PLACES = [
    *(f"section:{name}" for name in SECTIONS),
    *(f"subset:{subset}" for subsets in SECTIONS.values() for subset in subsets),
]
BARE = """
import random
import streamlit as st
for number in range({containers}):
    with st.container():
        for _ in range({elements} * (number + 1) // {containers} - {elements} * number // {containers}):
            st.text(f"{{random.random()}}")
"""


def walk(number: int) -> list[Step]:
    """The steps of the viewer of this number, over all pages of the bar; each starts at another one."""
    chance = random.Random(number)
    id_ = chance.randint(1, PROMPTS)
    steps = [
        Step("", ""),
        Step("prompts", ""),
        Step("prompts", "sort=-spread&page=2"),
        Step("prompt", f"sort=-spread&id={id_}"),
        Step(press="next_prompt"),
        Step("prompt", f"id={id_}&rank=3"),
        Step("compare", f"id={id_}&a=best&b=worst"),
        Step(press="walk_down"),
        Step("compare", f"id={id_}&a=best&b=median&diff=a-b"),
        Step("prompts", f"q={chance.choice(WORDS)}"),
        Step("prompts", "spread=1..&sort=-gap"),
        Step("prompt", f"spread=1..&sort=-gap&id={id_}"),
        Step(press="next_prompt"),
        Step("prompts", "show=grid"),
        Step("prompts", "show=scatter"),
        Step("models", ""),
        Step("models", "show=head to head"),
        Step("rewards", ""),
        Step("rewards", "show=words"),
        Step("rewards", "show=twins"),
        Step("rewards", "show=form"),
        Step("best_of_n", ""),
        Step("best_of_n", "n=16"),
        Step("scorers", ""),
        Step("checks", ""),
        Step("checks", "show=data quality"),
        Step("export", ""),
        Step("sql", ""),
        Step("sql", urlencode({"query": "SELECT subset, count(*) AS n FROM prompts GROUP BY subset"})),
        Step("blind", ""),
        Step("judgements", ""),
        Step("report", ""),
    ]
    at = number * 7 % len(steps)
    while steps[at].press:
        at -= 1
    return [*steps[at:], *steps[:at]]


def heavy(kind: str) -> Iterator[Step]:
    """What takes a server long, each time another one, so that nothing of it is kept."""
    for number in range(10**6):
        if kind == "search":
            yield Step(
                "prompts", urlencode({"q": f"{WORDS[number % len(WORDS)]}|{number}", "in": "both", "as": "regex"})
            )
        elif kind == "bootstrap":
            yield Step(
                ("models", "best_of_n")[number // len(PLACES) % 2], urlencode({"of": PLACES[number % len(PLACES)]})
            )
        elif kind == "export":
            yield Step("export", f"strategy=raft&seed={number}")
            yield Step(press="make")
        else:
            query = f"SELECT count(*) FILTER (regexp_matches(response, '(a|e|{number}).*x.*y')) AS n FROM responses"
            yield Step("sql", urlencode({"query": query}))


HEAVY = ("search", "bootstrap", "export", "sql")


async def clicks(one: Viewer, number: int, steps: Sequence[Step], until: float, found: list[Run]) -> None:
    """A viewer who comes within the first seconds, and takes these steps until the time is over or the socket is closed."""
    chance = random.Random(-number)
    await asyncio.sleep(chance.uniform(0, THINKING_S))
    for step in cycle(steps):
        if time.perf_counter() > until:
            return
        run = await one.take(step)
        found.append(run)
        if not run.size:
            return
        await asyncio.sleep(chance.uniform(0.5, 1.5) * THINKING_S)


async def watched(url: str, walks: Sequence[Sequence[Step]], seconds: float, found: list[Run]) -> None:
    """A viewer for each of these walks, for so long."""
    async with AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(viewer(url)) for _ in walks]
        until = time.perf_counter() + seconds
        each = enumerate(zip(sessions, walks, strict=True))
        await asyncio.gather(*(clicks(one, number, steps, until, found) for number, (one, steps) in each))


async def first_pages(url: str, viewers: int) -> list[Run]:
    """The first page of viewers who all come at the same moment."""

    async def one_of(number: int) -> Run:
        async with viewer(url) as one:
            return await one.take(walk(number)[0])

    return await asyncio.gather(*map(one_of, range(viewers)))


async def disturbed(url: str, kind: str, viewers: int, seconds: float) -> tuple[list[Run], list[Run]]:
    """What viewers see who click, and what the one sees who asks for what is heavy, again and again."""
    others: list[Run] = []
    own: list[Run] = []
    async with viewer(url) as busy:

        async def ask() -> None:
            for step in heavy(kind):
                own.append(await busy.take(step))
                await asyncio.sleep(0.05)

        asking = asyncio.create_task(ask())
        await watched(url, [walk(number) for number in range(viewers)], seconds, others)
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
    return others, own


async def by_page(server: Server, repetitions: int) -> dict[Step, tuple[float, Run]]:
    """One viewer, each page as often as this, one after the other: the server's seconds for one, and what came of the last."""
    found: dict[Step, tuple[float, Run]] = {}
    async with viewer(server.url) as one:
        for step in walk(0):
            if not step.press:
                last = await one.take(step)  # what is kept from now on is made here
                before = server.cpu
                for _ in range(repetitions):
                    last = await one.take(step)
                found[step] = (server.cpu - before) / repetitions, last
    return found


def settle(server: Server) -> None:
    """Open each page once, and wait until what the server works out in the background is done."""

    async def once() -> None:
        async with viewer(server.url) as one:
            for step in walk(0):
                await one.take(step)

    asyncio.run(once())
    until_idle(server, 240)


def percentile(values: Sequence[float], of_100: int) -> float:
    """By linear interpolation; not a number where there are no values."""
    return float(np.percentile(values, of_100)) if values else float("nan")


def told(runs: Sequence[Run]) -> list[float]:
    """The milliseconds of each run; what went wrong is written to the terminal."""
    for run in [run for run in runs if run.error][:5]:
        print(f"{run.step}: {run.error}", file=sys.stderr)
    return [run.seconds * 1000 for run in runs if run.size]


def row(server: Server, walks: Sequence[Sequence[Step]], seconds: float, found: list[Run]) -> str:
    """A row of the table; its runs are added to `found`."""
    runs: list[Run] = []
    memory, cpu = server.memory, server.cpu
    asyncio.run(watched(server.url, walks, seconds, runs))
    found += runs
    times, errors = told(runs), sum(bool(run.error) for run in runs)
    return (
        f"{len(walks)}|{len(runs):,}|{percentile(times, 50):,.0f}|{percentile(times, 95):,.0f}|"
        f"{max(times, default=0):,.0f}|{errors}|{(server.cpu - cpu) / max(len(runs), 1) * 1000:,.0f}|"
        f"{server.memory:,.0f}|{(server.memory - memory) / len(walks):,.1f}|"
    )


def print_growing(server: Server, numbers: Sequence[int], seconds: float) -> None:
    """The table of this app, and of a bare page of as many elements as its pages have on average."""
    print("||viewers|clicks|p50, ms|p95, ms|slowest, ms|errors|processor, ms a click|server, MB|more, MB a viewer|")
    print(f"|---|{'---:|' * 9}")
    found: list[Run] = []
    for number in numbers:
        print(f"|this app|{row(server, [*map(walk, range(number))], seconds, found)}", flush=True)
    elements, containers = round(mean(run.elements for run in found)), round(mean(run.containers for run in found))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "bare.py"
        script.write_text(BARE.format(elements=elements, containers=containers))
        with served(str(script), {}) as bare:
            for number in numbers:
                print(f"|bare page|{row(bare, [[Step()]] * number, seconds, [])}", flush=True)
    size = mean(run.size for run in found) / 1000
    print(f"\nA page has {elements} elements in {containers} containers on average, and sends {size:,.0f} kB.")


def print_by_page(server: Server, repetitions: int) -> None:
    found = asyncio.run(by_page(server, repetitions))
    print("|page|processor, ms|shown, ms|elements|containers|kB|\n|---|---:|---:|---:|---:|---:|")
    for step, (cpu, last) in found.items():
        name = f"/{step.page}{'?' if step.query else ''}{step.query}"
        figures = (
            f"{cpu * 1000:,.0f}|{last.seconds * 1000:,.0f}|{last.elements}|{last.containers}|{last.size / 1000:,.0f}"
        )
        print(f"|{name}|{figures}|")
    print(f"|mean|{mean(cpu for cpu, _ in found.values()) * 1000:,.0f}|||||")


def print_first_pages(server: Server, viewers: int) -> None:
    times = sorted(told(asyncio.run(first_pages(server.url, viewers))))
    print(f"{viewers} viewers at once on a fresh server: the first page is whole after {times[0] / 1000:,.1f} s,")
    print(f"half of them after {percentile(times, 50) / 1000:,.1f} s, the last after {times[-1] / 1000:,.1f} s.")


def print_disturbed(server: Server, kind: str, viewers: int, seconds: float) -> None:
    others, own = asyncio.run(disturbed(server.url, kind, viewers, seconds))
    times, its = told(others), told(own)
    print("|one viewer's|times|p50, ms|clicks of ten others|p50, ms|p95, ms|slowest, ms|above 300 ms|")
    print(f"|---|{'---:|' * 7}")
    late = sum(one > 300 for one in times)
    print(
        f"|{kind}|{len(its)}|{percentile(its, 50):,.0f}|{len(times):,}|{percentile(times, 50):,.0f}|"
        f"{percentile(times, 95):,.0f}|{max(times, default=0):,.0f}|{late}|"
    )


def print_soak(server: Server, cache: str, viewers: int, minutes: int) -> None:
    """A row a minute; at the end whether memory stayed within 5 % of what it was after ten minutes."""
    assert server.process
    print("|minute|clicks|p95, ms|errors|memory, MB|files|threads|processes|folders in the cache|in the system's|")
    print(f"|{'---:|' * 10}", flush=True)
    memory: list[float] = []

    async def all_of_it() -> None:
        found: list[Run] = []
        walking = asyncio.create_task(watched(server.url, [*map(walk, range(viewers))], minutes * 60, found))
        for minute in range(1, minutes + 1):
            await asyncio.sleep(60)
            runs, found[:] = [*found], []
            memory.append(server.memory)
            print(f"|{minute}|{_held(server.process, cache, runs, server.memory)}", flush=True)
        await walking

    asyncio.run(all_of_it())
    first, after = memory[min(10, len(memory)) - 1], memory[10:]
    if after:
        most = max(abs(one / first - 1) for one in after)
        print(
            f"\nMemory after ten minutes: {first:,.0f} MB; it stayed within {most:.1%} of that, at most 5 % is the aim."
        )


def _held(process: psutil.Process, cache: str, runs: Sequence[Run], memory: float) -> str:
    folders = sum(path.is_dir() for path in Path(cache).iterdir())
    temporary = sum(path.is_dir() for path in Path(tempfile.gettempdir()).iterdir())
    errors = sum(bool(run.error) for run in runs)
    return (
        f"{len(runs):,}|{percentile(told(runs), 95):,.0f}|{errors}|{memory:,.0f}|{process.num_fds()}|"
        f"{process.num_threads()}|{len(process.children(recursive=True))}|{folders}|{temporary}|"
    )


def main() -> None:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("data", nargs="?", default="sample")
    parser.add_argument("--viewers", default="1,10,30,100")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--by-page", action="store_true")
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--beside", choices=HEAVY)
    parser.add_argument("--minutes", type=int)
    parser.add_argument("--url")
    asked = parser.parse_args()
    numbers = [int(number) for number in asked.viewers.split(",")]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = asked.data if asked.data == "sample" else str(Path(asked.data).absolute())
        cache = f"{folder}/cache"
        environment = {"REWARDSCOPE_DATA": data, "REWARDSCOPE_CACHE": cache}
        environment["REWARDSCOPE_JUDGEMENTS"] = f"{folder}/judgements.sqlite"

        def ours() -> Server:
            return stack.enter_context(served(str(ROOT / "app.py"), environment))

        server = Server(asked.url.rstrip("/")) if asked.url else ours()
        settle(server)
        if asked.by_page:
            print_by_page(server, repetitions=20)
        elif asked.cold:
            stack.close()
            print_first_pages(ours(), 30)
        elif asked.beside:
            print_disturbed(server, asked.beside, 10, asked.seconds)
        elif asked.minutes:
            print_soak(server, cache, 10, asked.minutes)
        else:
            print_growing(server, numbers, asked.seconds)


if __name__ == "__main__":
    main()
