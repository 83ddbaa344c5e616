"""Work that others come before: what takes long must not keep the pages of other viewers waiting."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import get_native_id
from typing import TypeVar

T = TypeVar("T")
NICE = 10


def others_first() -> None:
    """From now on this thread, and those that it starts, such as a database's, run when nobody else of this machine wants to.

    For what DuckDB does alone. A thread that works in Python must not: where other processes have the cores, it would hold
    Python's lock and wait for its turn, and all pages with it.

    On Linux, where a thread has a priority of its own; it cannot be taken back without the rights of an administrator.
    """
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)


def after_others(work: Callable[[], T]) -> T:
    """What `work` gives, in a thread of its own that lets others go first; whoever waits for it keeps its own priority."""
    with ThreadPoolExecutor(1, initializer=others_first) as alone:
        return alone.submit(work).result()
