"""Three people answer the same blind pairs at once, in browsers of their own, while their server is killed again and again.

`python -m tests.e2e.judges DATA --pairs 30 --kills 20 [--postgresql]` says how many answers there were, and which were lost.
"""

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import BrowserContext, Page, async_playwright
from playwright.async_api import Error as BrowserError

from tests.e2e.conftest import FLAGS
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PEOPLE = ("Ada", "Ben", "Cy")
KEYS = {"a": "left", "b": "right", "g": "both good", "h": "both bad", "s": "skip"}
WAIT_S = 4  # for the next pair; after that the page is opened anew
LONGEST_S = 900


class Told(NamedTuple):
    """What a page showed as kept: who answered which pair of the set, and how."""

    person: str
    place: int
    said: str


class Server:
    """The app on a port of its own, to be killed and started again."""

    def __init__(self, data: str, store: str, cache: Path) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = (cache.parent / "log").open("w")
        self.environment = os.environ | {
            "REWARDSCOPE_DATA": data,
            "REWARDSCOPE_CACHE": str(cache),
            "REWARDSCOPE_JUDGEMENTS": store,
        }
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1"],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


async def _open(page: Page, link: str, person: str) -> None:
    """The set's page, however often it takes until the server is there."""
    while True:
        with suppress(BrowserError):
            await page.goto(link, timeout=10_000)
            asks = page.get_by_role("textbox", name="Your name")
            pair = page.locator("[class*=st-key-say_a_], .st-key-blind_end")
            await asks.or_(pair).first.wait_for(timeout=15_000)
            if await asks.count():
                await asks.fill(person)
                await page.get_by_role("button", name="This is me").click()
            await pair.first.wait_for(timeout=10_000)
            return
        await asyncio.sleep(0.3)


async def _place(page: Page) -> int:
    """The place of the pair on the page; 0 where all are answered."""
    if await page.locator(".st-key-blind_end").count():
        return 0
    named = await page.locator("[class*=st-key-say_a_]").first.get_attribute("class") or ""
    return int(named.rpartition("st-key-say_a_")[2].split()[0])


async def _judge(context: BrowserContext, link: str, person: str, told: list[Told]) -> None:
    page, draw = await context.new_page(), random.Random(person)
    await _open(page, link, person)
    while True:
        try:
            place = await _place(page)
            if not place:
                return
            key = draw.choice([*KEYS])
            await page.keyboard.press(key)
            moved = f".st-key-blind_end, [class*=st-key-say_a_]:not(.st-key-say_a_{place})"
            await page.locator(moved).first.wait_for(timeout=WAIT_S * 1000)
            told.append(Told(person, place, KEYS[key]))
        except BrowserError:
            await _open(page, link, person)


async def _kill(server: Server, told: list[Told], kills: int, answers: int, is_done: Callable[[], bool]) -> int:
    """Kill the server, spread over all answers, at whatever moment; how often that was."""
    draw, done = random.Random(7), 0
    for number in range(kills):
        # An answer that was kept as the server died is not shown: so that there are answers left for the last kill.
        while len(told) < 0.5 * (number + 0.5) * answers / kills and not is_done():
            await asyncio.sleep(0.02)
        if is_done():
            break
        await asyncio.sleep(draw.random())
        await asyncio.to_thread(server.kill)
        done += 1
        server.start()
    return done


async def judged(server: Server, link: str, pairs: int, kills: int, chromium: str) -> tuple[list[Told], int]:
    """What the pages of three people showed as kept, until each has answered all; and how often the server was killed."""
    told: list[Told] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        contexts = [await browser.new_context(base_url=server.address) for _ in PEOPLE]
        judges = [
            asyncio.create_task(_judge(context, link, person, told))
            for context, person in zip(contexts, PEOPLE, strict=True)
        ]
        killing = asyncio.create_task(
            _kill(server, told, kills, pairs * len(PEOPLE), lambda: all(judge.done() for judge in judges))
        )
        await asyncio.wait_for(asyncio.gather(*judges), LONGEST_S)
        done = await killing
        await browser.close()
    return told, done


def lost(told: list[Told], data: str, store: str, cache: Path, pairs: int) -> tuple[list[Told], int]:
    """Which of what was shown as kept is not in the store as the last answer of that person; and how many answers are."""
    from data_access.dataset import open_dataset
    from data_access.judgements.answers import answers
    from data_access.judgements.people import Person
    from data_access.judgements.store import open_store
    from data_access.judgements.votes import Pair
    from data_access.opening.addresses import configured_sources
    from data_access.opening.local_files import to_local_files
    from data_access.questions.blind_pairs import PairSet, blind_pairs, pair_texts
    from data_access.settings import Settings

    settings = Settings.from_environment({"REWARDSCOPE_DATA": data, "REWARDSCOPE_CACHE": str(cache)})
    source = to_local_files(configured_sources(settings)[0], settings, lambda done, doing: None)
    dataset = open_dataset(source, cache, lambda done, doing: None)
    asked = PairSet("random", dataset.contents.scorers[0], "", pairs, 0)
    everything = range(1, dataset.contents.prompts + 1)
    places = [texts.keys for texts in pair_texts(dataset, blind_pairs(dataset, asked, everything))]
    kept = {
        (one.person, Pair(one.prompt, one.first, one.second)): one
        for one in answers(open_store(store))
        if one.drawn == asked.name
    }
    missing = []
    for one in {(told_one.person, told_one.place): told_one for told_one in told}.values():
        answer = kept.get((Person(one.person), places[one.place - 1]))
        sides = (
            {}
            if answer is None
            else {answer.left: "left"} | dict.fromkeys({"first", "second"} - {answer.left}, "right")
        )
        if answer is None or sides.get(answer.answer, answer.answer) != one.said:
            missing.append(one)
    return missing, len(kept)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    asked = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = str(folder / "judgements.sqlite")
        if asked.postgresql:
            from tests.postgres import running_postgres

            store = stack.enter_context(running_postgres()).new_database()
        server = Server(asked.data, store, folder / "cache")
        stack.callback(server.kill)
        begun = time.monotonic()
        told, kills = asyncio.run(judged(server, f"/blind?n={asked.pairs}", asked.pairs, asked.kills, asked.chromium))
        missing, kept = lost(told, asked.data, store, folder / "cache", asked.pairs)
    took = time.monotonic() - begun
    print(
        f"{len(PEOPLE)} people, {asked.pairs} pairs, {kills} kills, {took:.0f} s: {len(told)} answers shown as kept, "
        f"{kept} in the store, {len(missing)} lost {missing or ''}"
    )
    return 1 if missing or kept != asked.pairs * len(PEOPLE) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
