"""What Streamlit does for each message of a page is done once for all that are there.

A page is some hundred messages. Streamlit 1.67 takes each by itself from the page's thread to the server's, wakes that thread
three times for it, and writes it to the socket by itself. Each time another thread may have its turn first, for up to 5 ms, and
with thirty viewers there always is one that wants it. The same messages are sent here, in the same order.

What is replaced are names that Streamlit and uvicorn do not promise: both are pinned, and tests/pages/components/serving fail
where a newer one works in another way.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from functools import cache, partial
from typing import Any, cast

from starlette.websockets import WebSocketDisconnect
from streamlit import config, delta_generator
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.scriptrunner import ScriptRunner, ScriptRunnerEvent
from streamlit.runtime.session_manager import ActiveSessionInfo
from streamlit.web.server.starlette.starlette_websocket import StarletteSessionClient
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

_LOGGER = logging.getLogger("rewardscope")
AT_ONCE = 100  # messages, of the 500 that Streamlit lets wait for a socket before it closes it

_on_event = AppSession._on_scriptrunner_event
_call_soon = AppSession._call_soon_on_event_loop
_flush = AppSession.flush_browser_queue
_send = Runtime._send_message
_connected = WebSocketsSansIOProtocol.connection_made
_theme = app_session._populate_theme_msg
_get_option = config.get_option


class _Waiting:
    """What a session's threads want done by the server's, which is asked once for all that has come until it has its turn."""

    def __init__(self) -> None:
        self.callbacks: deque[Callable[[], None]] = deque()
        self.is_asked = False


def _take_message(
    session: AppSession,
    sender: ScriptRunner | None,
    event: ScriptRunnerEvent,
    forward_msg: ForwardMsg | None = None,
    **more: Any,
) -> None:
    """An event of a page's thread: most are messages, which need nothing of what Streamlit does for the others."""
    if event is ScriptRunnerEvent.ENQUEUE_FORWARD_MSG and forward_msg is not None:
        _call_together(session, partial(_enqueue, session, sender, forward_msg))
    else:
        _on_event(session, sender, event, forward_msg, **more)


def _enqueue(session: AppSession, sender: ScriptRunner | None, message: ForwardMsg) -> None:
    if sender is session._scriptrunner:  # else it is of a run that was left for another
        session._enqueue_forward_msg(message)


def _call_together(session: AppSession, callback: Callable[[], None]) -> None:
    waiting = cast(_Waiting, session.__dict__.setdefault("waiting_together", _Waiting()))
    waiting.callbacks.append(callback)
    if not waiting.is_asked:
        waiting.is_asked = True
        _call_soon(session, lambda: _call_all(session, waiting))


def _call_all(session: AppSession, waiting: _Waiting) -> None:
    waiting.is_asked = False  # first: what comes from now on asks again
    try:
        while waiting.callbacks:
            waiting.callbacks.popleft()()
    finally:  # one has failed: the others have their turn all the same
        if waiting.callbacks and not waiting.is_asked:
            waiting.is_asked = True
            _call_soon(session, lambda: _call_all(session, waiting))


def _wake_once(runtime: Runtime) -> None:
    """The server's loop is told that there is something to send, unless it knows."""
    objects = runtime._get_async_objs()
    if not objects.need_send_data.is_set():
        objects.eventloop.call_soon_threadsafe(objects.need_send_data.set)


def _flush_together(session: AppSession) -> list[Any]:
    messages = _flush(session)
    return [messages[start : start + AT_ONCE] for start in range(0, len(messages), AT_ONCE)]


def _send_together(runtime: Runtime, to: ActiveSessionInfo, messages: list[ForwardMsg]) -> None:
    for message in messages:
        _send(runtime, to, message)


async def _send_waiting(client: StarletteSessionClient) -> None:
    """Streamlit's task that writes a session's messages to its socket: all that are there, each time that there are some."""
    queue, sender = client._send_queue, client._websocket
    try:
        while True:
            waiting = [await queue.get()]
            while not queue.empty():
                waiting.append(queue.get_nowait())
            for payload in waiting:
                await sender.send_bytes(payload)
    except WebSocketDisconnect:
        pass
    except Exception:
        _LOGGER.exception("Messages could not be written to a socket.")
    finally:
        client._closed.set()


class _Together:
    """A connection's transport that writes once what is written to it in one turn of the loop."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._written: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._written:
            asyncio.get_running_loop().call_soon(self._write)
        self._written.append(data)

    def close(self) -> None:
        self._write()
        self._transport.close()

    def _write(self) -> None:
        data, self._written = b"".join(self._written), []
        if data:
            self._transport.write(data)


def _connect_together(protocol: WebSocketsSansIOProtocol, transport: asyncio.BaseTransport) -> None:
    _connected(protocol, cast(asyncio.Transport, _Together(cast(asyncio.Transport, transport))))


@cache
def _theme_of(section: str) -> CustomThemeConfig:
    found = CustomThemeConfig()
    _theme(found, section)
    return found


def _same_theme(message: CustomThemeConfig, section: str = "theme") -> None:
    """The colours and fonts of the settings are the same for each run: looked up among all settings once."""
    found = _theme_of(section)
    if found.ByteSize():
        message.MergeFrom(found)


def _option(key: str) -> Any:
    """A setting, without the lock that Streamlit takes to look at one, at every message: all pages' threads queue for it."""
    options = config._config_options
    return options[key].value if options and key in options else _get_option(key)


def install() -> None:
    """Before the server starts."""
    replaced: dict[Any, dict[str, Any]] = {
        AppSession: {
            "_on_scriptrunner_event": _take_message,
            "_call_soon_on_event_loop": _call_together,
            "flush_browser_queue": _flush_together,
        },
        Runtime: {"_enqueued_some_message": _wake_once, "_send_message": _send_together},
        StarletteSessionClient: {"_sender": _send_waiting},
        WebSocketsSansIOProtocol: {"connection_made": _connect_together},
        app_session: {"_populate_theme_msg": _same_theme},
        config: {"get_option": _option},
        # The first page's first element would look through the sources of all modules for whether this is a terminal: 0.4 s.
        delta_generator: {"_use_warning_has_been_displayed": True},
    }
    for place, names in replaced.items():
        for name, ours in names.items():
            setattr(place, name, ours)
