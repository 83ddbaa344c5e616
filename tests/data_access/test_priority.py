"""What takes long runs with a priority of its own, and so do the threads that it starts."""

import os
import sys
from pathlib import Path
from threading import Thread

import pytest

from data_access.database import connect
from data_access.priority import NICE, after_others, others_first

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a thread has a priority of its own on Linux only")


def nice() -> dict[int, int]:
    """The priority of each of this process's threads."""
    return {
        int(task.name): os.getpriority(os.PRIO_PROCESS, int(task.name)) for task in Path("/proc/self/task").iterdir()
    }


def test_a_thread_that_lets_others_go_first_leaves_the_other_threads_as_they_are() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    found: list[int] = []

    def work() -> None:
        others_first()
        found.append(os.getpriority(os.PRIO_PROCESS, 0))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert found == [NICE]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_whoever_waits_for_what_comes_after_others_keeps_its_priority_and_gets_what_it_gives_or_fails_with() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    assert after_others(lambda: os.getpriority(os.PRIO_PROCESS, 0)) == NICE
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
    with pytest.raises(ZeroDivisionError):
        after_others(lambda: 1 // 0)


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="DuckDB starts no thread where there is one core")
def test_the_threads_of_a_database_let_others_go_first_and_the_one_that_asks_keeps_its_own_priority() -> None:
    before = nice()
    connection = connect("100MB")
    started = {priority for thread, priority in nice().items() if thread not in before}
    assert started == {NICE}
    assert os.getpriority(os.PRIO_PROCESS, 0) == before[os.getpid()]
    connection.close()
