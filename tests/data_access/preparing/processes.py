"""What tests of preparing have other processes do: in a module of its own, which imports nothing that they do not need."""

import os
import signal
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

from data_access.opening.addresses import configured_sources
from data_access.opening.sources import Source
from data_access.preparing import contents, preparation
from data_access.settings import Settings


def source_of(path: Path) -> Source:
    (source,) = configured_sources(Settings((str(path),), path.parent / "cache"))
    return source


def killed(path: Path) -> None:
    """In another process: be killed when the first file is whole and the second is being prepared."""
    preparation.MOST_AT_ONCE = 1

    def kill(done: float, doing: str) -> None:
        if "file 2 of 2: ranking" in doing:
            os.kill(os.getpid(), signal.SIGKILL)

    preparation.prepare(source_of(path), path.parent / "cache", kill)


def prepared_beside_another(path: Path, other_waits: Event, told: "Queue[tuple[bool, int]]") -> None:
    """In another process: prepare, but do not get on with it before the other process is known to wait."""
    said: list[str] = []

    def progress(done: float, doing: str) -> None:
        said.append(doing)
        if doing.startswith("Another session is already preparing this dataset. Preparing file"):
            other_waits.set()
        elif sum(one.startswith("Preparing file") for one in said) > 1 and not other_waits.wait(30):
            raise TimeoutError("the other process was not told how far this one is")

    folder = preparation.prepare(source_of(path), path.parent / "cache", progress)
    told.put((any(doing.startswith("Preparing") for doing in said), contents.read(folder).candidates))
