"""Values that are worked out once for all threads, and kept while there is room for them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
WAIT_S = 0.2


@dataclass
class _Work(Generic[V]):
    """What one thread works out while others wait: ended with a value, with an error, or with neither where it was stopped."""

    ended: Event = field(default_factory=Event)
    values: list[V] = field(default_factory=list)
    error: Exception | None = None


class KeptResults(Generic[K, V]):
    """At most `most` values by key, and of each owner at most `most_each`: the least recently used make room.

    The owner of a value is whoever asked for it last. `when_gone` is told of each value that is let go.
    """

    def __init__(
        self, most: int, most_each: int | None = None, when_gone: Callable[[K, V], None] = lambda key, value: None
    ) -> None:
        self._most = most
        self._most_each = most_each or most
        self._when_gone = when_gone
        self._lock = Lock()
        self._kept: OrderedDict[K, tuple[V, Hashable]] = OrderedDict()  # the least recently used first
        self._under_way: dict[K, _Work[V]] = {}

    def get(self, key: K) -> V | None:
        """The value, if it is kept; this is a use of it."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def values(self) -> list[V]:
        """All that is kept, the least recently used first."""
        with self._lock:
            return [value for value, _ in self._kept.values()]

    def put(self, key: K, value: V, owner: Hashable = None) -> None:
        """Keep a value."""
        with self._lock:
            gone = self._place(key, value, owner)
        self._tell(gone)

    def drop(self, which: Callable[[K], bool]) -> None:
        """Let go of the values of these keys; what is being worked out for them will not be kept."""
        with self._lock:
            gone = [(key, self._kept.pop(key)[0]) for key in [*self._kept] if which(key)]
            for key in [*self._under_way]:
                if which(key):
                    del self._under_way[key]
        self._tell(gone)

    def drop_oldest(self) -> bool:
        """Let go of the least recently used value, if there is one; whether there was."""
        with self._lock:
            gone = [(key, self._kept.pop(key)[0]) for key in [*self._kept][:1]]
        self._tell(gone)
        return bool(gone)

    def worked_out(
        self, key: K, work: Callable[[], V], owner: Hashable = None, waiting: Callable[[], None] = lambda: None
    ) -> V:
        """The kept value, else what `work` gives: one thread does it, and others that ask meanwhile wait for it, calling
        `waiting` now and then.

        An exception is not kept, and reaches all who wait. Where the thread is stopped, by what is no Exception, one of
        those who wait does the work.
        """
        while True:
            with self._lock:
                if key in self._kept:
                    value = self._kept[key][0]
                    gone = self._place(key, value, owner)
                    break
                work_of_others = self._under_way.get(key)
                if not work_of_others:
                    own_work = self._under_way[key] = _Work()
            if not work_of_others:
                value, gone = self._do(key, own_work, work, owner)
                break
            while not work_of_others.ended.wait(WAIT_S):
                waiting()
            if work_of_others.error:
                raise work_of_others.error
            if work_of_others.values:
                return work_of_others.values[0]
        self._tell(gone)
        return value

    def _do(self, key: K, own: _Work[V], work: Callable[[], V], owner: Hashable) -> tuple[V, list[tuple[K, V]]]:
        """The value, kept, and what made room for it."""
        gone: list[tuple[K, V]] = []
        try:
            own.values.append(work())
        except Exception as error:
            own.error = error
            raise
        finally:
            with self._lock:
                if self._under_way.get(key) is own:  # else it was dropped meanwhile
                    del self._under_way[key]
                    if own.values:
                        gone = self._place(key, own.values[0], owner)
            own.ended.set()
        return own.values[0], gone

    def _place(self, key: K, value: V, owner: Hashable) -> list[tuple[K, V]]:
        """Under the lock: put a value last, and take out what has to make room for it, or was there under its key."""
        before = self._kept.pop(key, None)
        self._kept[key] = (value, owner)
        if before and before[0] is value and before[1] == owner:  # nothing new, so nothing has to make room
            return []
        gone = [] if before is None or before[0] is value else [(key, before[0])]
        owned = [one for one, (_, its_owner) in self._kept.items() if its_owner == owner]
        over = [*owned[: -self._most_each], *[*self._kept][: -self._most]]
        return gone + [(one, self._kept.pop(one)[0]) for one in dict.fromkeys(over)]

    def _tell(self, gone: list[tuple[K, V]]) -> None:
        for key, value in gone:
            self._when_gone(key, value)
