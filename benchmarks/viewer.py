"""One viewer without a browser: Streamlit's own messages over a websocket, sent as its frontend sends them."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

PATIENCE_S = 120.0
KEPT_RUNS = 2  # how many runs a browser keeps a large message that was not sent again
LARGEST = 2**28  # bytes of a message
OUR_ERRORS = ("Something went wrong", "cannot be", "failed")


class Step(NamedTuple):
    """What a viewer does: opens a page with these parameters; or presses the button of this key on the page that is open."""

    page: str = ""
    query: str = ""
    press: str = ""


class Run(NamedTuple):
    """What came of one step: seconds until the page was whole, what was drawn, and what went wrong, or ''."""

    step: Step
    seconds: float
    elements: int
    containers: int
    size: int  # bytes
    error: str


class Viewer:
    """A session of a browser's tab."""

    def __init__(self, socket: ClientConnection, patience_s: float) -> None:
        self._socket = socket
        self._patience_s = patience_s
        self._hashes: dict[str, str] = {}  # a page's path -> Streamlit's name of it
        self._page, self.query = "", ""
        self._cached: Counter[str] = Counter()  # a large message -> for how many more runs it is kept
        self._drawn: list[bytes] = []  # the messages of the last run

    async def take(self, step: Step) -> Run:
        """Do this, and wait until Streamlit says that the script has finished."""
        message = BackMsg()
        asked = message.rerun_script
        if step.press:
            asked.widget_states.widgets.add(id=self._id_of(step.press), trigger_value=True)
        else:
            self._page, self.query = step.page, step.query
        asked.query_string = self.query
        if self._page in self._hashes:
            asked.page_script_hash = self._hashes[self._page]
        else:  # opened cold, by link
            asked.page_name = self._page
        asked.cached_message_hashes.extend(self._cached)
        asked.context_info.timezone, asked.context_info.locale = "UTC", "en-US"
        self._drawn = []
        start = time.perf_counter()
        try:
            await self._socket.send(message.SerializeToString())
            elements, containers, error = await self._until_finished(start + self._patience_s)
        except (OSError, ConnectionClosed, TimeoutError) as closed:
            elements, containers, error = 0, 0, f"{type(closed).__name__}: {closed}"
        seconds = time.perf_counter() - start
        return Run(step, seconds, elements, containers, sum(map(len, self._drawn)), error)

    async def _until_finished(self, until: float) -> tuple[int, int, str]:
        elements = containers = 0
        error = ""
        used: set[str] = set()
        while True:
            async with asyncio.timeout(until - time.perf_counter()):
                data = await self._socket.recv(decode=False)
            self._drawn.append(data)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "delta":
                if message.delta.WhichOneof("type") == "new_element":
                    elements += 1
                    error = error or _said_wrong(message)
                    if message.metadata.cacheable:
                        used.add(message.hash)
                else:
                    containers += 1
            elif kind == "ref_hash":
                elements += 1
                used.add(message.ref_hash)
            elif kind == "navigation":
                self._hashes = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
                default = next(page for page in message.navigation.app_pages if page.is_default)
                self._hashes[""] = default.page_script_hash
                self._page = next(
                    name for name, its in self._hashes.items() if its == message.navigation.page_script_hash
                )
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "page_not_found":
                error = error or f"There is no page {self._page!r}."
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    error = error or "The script could not be compiled."
                self._cached = Counter({name: left - 1 for name, left in self._cached.items() if left > 1})
                self._cached.update(dict.fromkeys(used - self._cached.keys(), KEPT_RUNS))
                return elements, containers, error

    def _id_of(self, key: str) -> str:
        """The widget of this key, as the page that is open names it."""
        pattern = re.compile(rb"\$\$ID-[0-9a-f]+-" + re.escape(key).encode() + rb"(?![\w.-])")
        found = next(filter(None, map(pattern.search, self._drawn)), None)
        if not found:
            raise LookupError(f"The page {self._page!r} has no widget {key!r}.")
        return found[0].decode()


def _said_wrong(message: ForwardMsg) -> str:
    """The error that this element is, or ''."""
    element = message.delta.new_element
    kind = element.WhichOneof("type")
    if kind == "exception":
        return f"{element.exception.type}: {element.exception.message}"
    if kind == "alert" and element.alert.format == Alert.ERROR and any(one in element.alert.body for one in OUR_ERRORS):
        return str(element.alert.body)
    return ""


@asynccontextmanager
async def viewer(url: str, patience_s: float = PATIENCE_S) -> AsyncIterator[Viewer]:
    """A viewer who has connected to the server at this address, which may have a path, and has asked for nothing yet."""
    parts = urlsplit(url)
    address = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}{parts.path.rstrip('/')}/_stcore/stream"
    origin = f"{parts.scheme}://{parts.netloc}"
    async with connect(
        address,
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"Origin": origin},
        compression=None,
        max_size=LARGEST,
        open_timeout=PATIENCE_S,
        ping_interval=None,
    ) as socket:
        yield Viewer(socket, patience_s)
