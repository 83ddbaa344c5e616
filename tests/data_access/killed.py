"""Processes that prepare a dataset, or write an export, are killed at random points; the next one must find nothing wrong.

`python -m tests.data_access.killed preparation DATA --kills 50` and `… export DATA --kills 20`, with the path of a small
dataset, say how often the work was cut off, and what of it was not as if nobody had disturbed it.
"""

import argparse
import hashlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from data_access import cache_folder
from data_access.dataset import Dataset, open_dataset
from data_access.opening.addresses import configured_sources
from data_access.opening.local_files import to_local_files
from data_access.settings import Settings
from data_access.training_data import export, export_files
from data_access.training_data.recipes import Recipe
from data_access.training_data.rows import selection

BEGUN = "begun"


def nothing_is_said(done: float, doing: str = "") -> None:
    """Progress that nobody looks at."""


def opened(data: str, cache: Path) -> Dataset:
    settings = Settings((data,), cache)
    source = to_local_files(configured_sources(settings)[0], settings, nothing_is_said)
    return open_dataset(source, cache, nothing_is_said)


def prepare(data: str, cache: Path, begun: Callable[[], None]) -> None:
    begun()
    opened(data, cache)


def write_export(data: str, cache: Path, begun: Callable[[], None]) -> None:
    """As the Export page does, with its first recipe."""
    dataset = opened(data, cache)
    recipe = Recipe(dataset.name, dataset.contents.scorers[0])
    taken = selection(dataset, recipe, export.ids_of(dataset, recipe))
    target = export_files.folder(cache) / f"{export_files.key(dataset, recipe)}.zip"
    target.unlink(missing_ok=True)
    begun()
    export.write(dataset, recipe, taken, target, nothing_is_said)


WORKS: dict[str, Callable[[str, Path, Callable[[], None]], None]] = {"preparation": prepare, "export": write_export}


class Found(NamedTuple):
    """How often the work was cut off, how often it was done before that, and what was not as it should be."""

    kills: int
    too_late: int
    wrong: list[str]


def start(work: str, data: str, cache: Path) -> "subprocess.Popen[str]":
    """Another process that does the work; it has begun."""
    arguments = ["--within", work, data, str(cache)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.data_access.killed", *arguments], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == f"{BEGUN}\n"
    return process


def undisturbed(work: str, data: str, cache: Path) -> float:
    """Do the work in another process; how long it took, in seconds."""
    process = start(work, data, cache)
    begun = time.monotonic()
    assert process.wait() == 0
    return time.monotonic() - begun


def kept(cache: Path) -> dict[str, str]:
    """The files of a cache folder and what they hold; not when they were last used, nor whether they are written."""
    return {
        str(file.relative_to(cache)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(cache.rglob("*"))
        if file.is_file() and file.name not in (cache_folder.NAME, ".writable") and file.suffix != ".lock"
    }


def tried(work: str, data: str, kills: int, seed: int, folder: Path) -> Found:
    """Cut off the work so many times; now and then again before it came to an end, which is then compared."""
    draw = random.Random(seed)
    whole, cache = folder / "undisturbed", folder / "cache"
    took = undisturbed(work, data, whole)
    expected, too_late = kept(whole), 0
    wrong: list[str] = []
    for number in range(kills):
        if work == "export" and not cache.exists():
            opened(data, cache)
        process = start(work, data, cache)
        time.sleep(draw.uniform(0, took))
        process.send_signal(signal.SIGKILL)
        too_late += process.wait() == 0
        if number < kills - 1 and draw.random() < 0.3:
            continue
        cache_folder.sweep(cache)
        if work == "export" and any(kept(cache)[name] != expected[name] for name in kept(cache)):
            wrong.append(f"after kill {number + 1} something stands under the export's name that is not the export")
        WORKS[work](data, cache, lambda: None)
        cache_folder.sweep(cache)
        if differing := {*kept(cache).items()} ^ {*expected.items()}:
            wrong.append(f"after kill {number + 1}: {sorted({name for name, _ in differing})}")
        shutil.rmtree(cache)
    return Found(kills, too_late, wrong)


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--within"]:
        work, data, cache = arguments[1:]
        WORKS[work](data, Path(cache), lambda: print(BEGUN, flush=True))
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("data")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = tried(asked.work, asked.data, asked.kills, asked.seed, Path(folder))
    print(
        f"{asked.work}: {found.kills} kills, {found.kills - found.too_late} of them before it was done; "
        f"{len(found.wrong)} of what was made afterwards is not as if nobody had disturbed it."
    )
    for sentence in found.wrong:
        print(f"  {sentence}")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
