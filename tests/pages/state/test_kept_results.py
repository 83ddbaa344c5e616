"""Kept results: least recently used first, bounded for all and for each owner, worked out once for all threads that ask."""

from collections.abc import Callable
from threading import Event, Thread

import pytest

from pages.components.state.kept_results import KeptResults


class Stopped(BaseException):
    """As Streamlit ends a run."""


class Asked:
    """A thread that asks for a key, and what came of it."""

    def __init__(self, kept: KeptResults[str, int], work: Callable[[], int]) -> None:
        self.waits, self.answer, self.error = Event(), 0, ""

        def ask() -> None:
            try:
                self.answer = kept.worked_out("key", work, waiting=self.waits.set)
            except BaseException as error:
                self.error = repr(error)

        self.thread = Thread(target=ask)
        self.thread.start()

    def joined(self) -> tuple[int, str]:
        self.thread.join(10)
        return self.answer, self.error


def failing(error: BaseException) -> Callable[[], int]:
    def work() -> int:
        raise error

    return work


def test_the_least_recently_used_makes_room() -> None:
    gone: list[tuple[str, int]] = []
    kept = KeptResults[str, int](2, when_gone=lambda key, value: gone.append((key, value)))
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert (kept.values(), gone) == ([1, 3], [("b", 2)])
    assert kept.worked_out("a", failing(ValueError())) == 1
    assert kept.worked_out("d", lambda: 4) == 4
    assert (kept.values(), gone) == ([1, 4], [("b", 2), ("c", 3)])
    assert kept.get("c") is None


def test_an_owner_with_too_many_makes_room_among_its_own() -> None:
    kept = KeptResults[str, int](10, most_each=2)
    kept.put("other's", 0, owner="other")
    for number, key in enumerate("abc", start=1):
        kept.worked_out(key, lambda number=number: number, owner="mine")  # type: ignore[misc]
    assert kept.values() == [0, 2, 3]
    kept.worked_out("b", failing(ValueError()), owner="other")  # from now on the other's
    kept.worked_out("d", lambda: 4, owner="mine")
    assert kept.values() == [0, 3, 2, 4]


def test_another_value_under_a_key_lets_the_first_go_and_the_same_does_not() -> None:
    gone: list[tuple[str, object]] = []
    kept = KeptResults[str, object](2, when_gone=lambda key, value: gone.append((key, value)))
    first, second = object(), object()
    for value in (first, first, second):
        kept.put("a", value)
    assert gone == [("a", first)]


def test_what_is_dropped_is_told_and_worked_out_again() -> None:
    gone: list[tuple[str, int]] = []
    kept = KeptResults[str, int](5, when_gone=lambda key, value: gone.append((key, value)))
    for number, key in enumerate(("a1", "b1", "a2")):
        kept.put(key, number)
    kept.drop(lambda key: key.startswith("a"))
    assert (kept.values(), gone) == ([1], [("a1", 0), ("a2", 2)])
    assert kept.worked_out("a1", lambda: 7) == 7


def test_one_thread_works_for_all_that_ask_meanwhile() -> None:
    kept = KeptResults[str, int](5)
    begun, go_on, times = Event(), Event(), []

    def work() -> int:
        times.append(1)
        begun.set()
        assert go_on.wait(10)
        return 42

    first = Asked(kept, work)
    assert begun.wait(10)
    others = [Asked(kept, work) for _ in range(4)]
    assert all(other.waits.wait(10) for other in others)
    assert kept.worked_out("another key", lambda: 1) == 1  # which waits for nobody
    go_on.set()
    assert [one.joined() for one in (first, *others)] == [(42, "")] * 5
    assert len(times) == 1


def test_an_exception_reaches_all_who_wait_and_is_not_kept() -> None:
    kept = KeptResults[str, int](5)
    begun, go_on = Event(), Event()

    def work() -> int:
        begun.set()
        assert go_on.wait(10)
        raise ValueError("no")

    first = Asked(kept, work)
    assert begun.wait(10)
    second = Asked(kept, failing(AssertionError()))
    assert second.waits.wait(10)
    go_on.set()
    assert [first.joined(), second.joined()] == [(0, "ValueError('no')")] * 2
    assert kept.worked_out("key", lambda: 3) == 3


def test_where_a_thread_is_stopped_one_that_waits_does_the_work() -> None:
    kept = KeptResults[str, int](5)
    begun, go_on = Event(), Event()

    def work() -> int:
        begun.set()
        assert go_on.wait(10)
        raise Stopped

    first = Asked(kept, work)
    assert begun.wait(10)
    second = Asked(kept, lambda: 5)
    assert second.waits.wait(10)
    go_on.set()
    assert [first.joined(), second.joined()] == [(0, "Stopped()"), (5, "")]
    assert kept.values() == [5]


def test_one_that_waits_can_go_away() -> None:
    kept = KeptResults[str, int](5)
    begun, go_on = Event(), Event()

    def work() -> int:
        begun.set()
        assert go_on.wait(10)
        return 1

    first = Asked(kept, work)
    assert begun.wait(10)
    with pytest.raises(Stopped):
        kept.worked_out("key", work, waiting=failing(Stopped()))  # type: ignore[arg-type]
    go_on.set()
    assert first.joined() == (1, "")


def test_what_is_dropped_while_it_is_worked_out_is_not_kept() -> None:
    kept = KeptResults[str, int](5)

    def work() -> int:
        kept.drop(lambda key: True)
        return 1

    assert kept.worked_out("key", work) == 1
    assert kept.values() == []


def test_the_oldest_can_be_let_go_one_by_one() -> None:
    gone: list[str] = []
    kept = KeptResults[str, int](5, when_gone=lambda key, value: gone.append(key))
    for key in ("a", "b", "c"):
        kept.put(key, 1)
    kept.get("a")
    assert [kept.drop_oldest() for _ in range(4)] == [True, True, True, False]
    assert gone == ["b", "c", "a"]
