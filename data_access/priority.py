"""Work that others come before: what takes long must not keep the pages of other viewers waiting."""

import os
from contextlib import suppress
from threading import get_native_id

NICE = 10


def others_first() -> None:
    """From now on this thread, and those that it starts, such as a database's, run when nobody else of this machine wants to.

    For what DuckDB does alone. A thread that works in Python must not: where other processes have the cores, it would hold
    Python's lock and wait for its turn, and all pages with it.

    On Linux, where a thread has a priority of its own; it cannot be taken back without the rights of an administrator.
    """
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)
