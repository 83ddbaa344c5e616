"""What a page sends is the same, in fewer turns of the server's loop."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit import delta_generator
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime.scriptrunner import ScriptRunnerEvent

from pages.components.serving import delivery


class Loop:
    """Counts how often it is asked, and does it when it is told to."""

    def __init__(self) -> None:
        self.asked: list[Callable[[], None]] = []

    def call_soon_threadsafe(self, callback: Callable[[], None]) -> None:
        self.asked.append(callback)

    def turn(self) -> None:
        asked, self.asked = self.asked, []
        for callback in asked:
            callback()


def test_the_loop_is_asked_once_for_all_that_waits_and_keeps_its_order() -> None:
    loop, done = Loop(), []
    session: Any = SimpleNamespace(_event_loop=loop)
    for number in range(3):
        delivery._call_together(session, lambda number=number: done.append(number))
    assert len(loop.asked) == 1
    loop.turn()
    assert done == [0, 1, 2]
    delivery._call_together(session, lambda: done.append(3))
    loop.turn()
    assert done == [0, 1, 2, 3]


def test_what_waits_behind_a_failure_is_done_all_the_same() -> None:
    loop, done = Loop(), []
    session: Any = SimpleNamespace(_event_loop=loop)

    def fail() -> None:
        raise LookupError

    for callback in (fail, lambda: done.append(1)):
        delivery._call_together(session, callback)
    with pytest.raises(LookupError):
        loop.turn()
    assert done == []
    loop.turn()
    assert done == [1]


def test_what_is_written_in_one_turn_of_the_loop_reaches_the_socket_at_once_and_before_it_is_closed() -> None:
    reached: list[Any] = []
    transport: Any = SimpleNamespace(
        write=reached.append, close=lambda: reached.append("closed"), is_closing=lambda: False
    )

    async def write() -> None:
        together = delivery._Together(transport)
        together.write(b"a")
        together.write(b"b")
        await asyncio.sleep(0)
        together.write(b"c")
        together.close()
        await asyncio.sleep(0)
        assert not together.is_closing()

    asyncio.run(write())
    assert reached == [b"ab", b"c", "closed"]


def test_messages_go_together_as_far_as_a_socket_takes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_flush", lambda session: [*range(250)])
    session: Any = None
    assert [len(some) for some in delivery._flush_together(session)] == [100, 100, 50]
    monkeypatch.setattr(delivery, "_flush", lambda session: [])
    assert delivery._flush_together(session) == []


@pytest.mark.parametrize("section", ["theme", "theme.light", "theme.dark.sidebar"])
def test_the_theme_is_that_of_the_settings_each_time(section: str) -> None:
    expected = CustomThemeConfig()
    delivery._theme(expected.light, section)
    for _ in range(2):
        found = CustomThemeConfig()
        delivery._same_theme(found.light, section)
        assert found == expected
        assert found.HasField("light") == expected.HasField("light")


def test_a_setting_is_streamlits_and_one_that_it_does_not_have_is_its_error() -> None:
    for key in ("global.minCachedMessageSize", "browser.gatherUsageStats", "server.port"):
        assert delivery._option(key) == delivery._get_option(key)
    with pytest.raises(RuntimeError, match="not defined"):
        delivery._option("global.nothing")


def test_what_streamlit_says_once_to_a_terminal_is_still_asked_for_by_this_name() -> None:
    assert delta_generator._use_warning_has_been_displayed in (True, False)


def test_a_message_of_the_run_that_is_left_is_not_sent_and_other_events_are_streamlits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop, sent, others = Loop(), [], []
    now: Any = object()
    session: Any = SimpleNamespace(_event_loop=loop, _scriptrunner=now, _enqueue_forward_msg=sent.append)
    monkeypatch.setattr(delivery, "_on_event", lambda *given, **more: others.append((given, more)))
    message, late = ForwardMsg(hash="now"), ForwardMsg(hash="late")
    delivery._take_message(session, now, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, message)
    delivery._take_message(session, None, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, late)
    delivery._take_message(session, now, ScriptRunnerEvent.SHUTDOWN, client_state=None)
    loop.turn()
    assert sent == [message]
    assert others == [((session, now, ScriptRunnerEvent.SHUTDOWN, None), {"client_state": None})]
