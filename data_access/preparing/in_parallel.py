"""Jobs that threads of this process do at the same time, each with a database connection of its own.

Threads, not processes: nearly all of the work is DuckDB's, which lets go of Python's lock; what is imported and where memory
is counted is one process; and whoever is killed takes all of it along.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, Queue, SimpleQueue
from threading import Event
from typing import TypeVar

from data_access.database import Connection

Result = TypeVar("Result")
Report = Callable[[float, str], None]
Job = Callable[[Connection, Report], Result]

LOOK_EVERY_S = 0.2


class StoppedError(Exception):
    """In a thread whose work nobody waits for any more."""


@dataclass
class _Said:
    """What the threads have reported: places of jobs, with the share done and what is being done."""

    queue: SimpleQueue[tuple[int, float, str]] = field(default_factory=SimpleQueue)
    is_stopped: Event = field(default_factory=Event)

    def by(self, place: int) -> Report:
        def report(done: float, doing: str) -> None:
            if self.is_stopped.is_set():
                raise StoppedError
            self.queue.put((place, done, doing))

        return report


def work_through(
    jobs: Sequence[Job[Result]],
    connections: Sequence[Connection],
    progress: Callable[[float, int, str], None],
) -> list[Result]:
    """The results of jobs, in order, as many of them at a time as there are connections; the first error, if any.

    `progress` is called in this thread, again and again: with the share of all the work that is done, the place of a job,
    and what that is at. What it raises stops the others.
    """
    said = _Said()
    free: Queue[Connection] = Queue()
    for connection in connections:
        free.put(connection)

    def do(place: int) -> Result:
        connection = free.get()
        try:
            return jobs[place](connection, said.by(place))
        finally:
            free.put(connection)

    shares = [0.0] * len(jobs)
    with ThreadPoolExecutor(len(connections), "preparing") as pool:
        futures: list[Future[Result]] = [pool.submit(do, place) for place in range(len(jobs))]
        try:
            last: tuple[int, str] | None = None
            while not all(future.done() for future in futures) or not said.queue.empty():
                with suppress(Empty):
                    place, shares[place], doing = said.queue.get(timeout=LOOK_EVERY_S)
                    last = place, doing
                for place, future in enumerate(futures):
                    if future.done():
                        future.result()
                        shares[place] = 1.0
                if last:
                    progress(sum(shares) / len(shares), *last)
        except BaseException:
            said.is_stopped.set()
            for future in futures:
                future.cancel()
            for connection in connections:
                connection.interrupt()
            raise
    return [future.result() for future in futures]
