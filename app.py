"""The server: security headers around the pages, settings checked at start. `streamlit run app.py` serves it."""

import ctypes
import gc
import os
import pkgutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from threading import Event, Thread

# Before NumPy is loaded: on matrices as small as ours its threads wait for each other, on a busy machine for seconds.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# glibc gives each of the pages' threads a heap of its own, up to eight a core, and each keeps what a run once needed.
M_ARENA_MAX = -8  # of malloc.h
with suppress(AttributeError, OSError, TypeError):  # another system
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)

import streamlit as st
from altair.utils import schemapi
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

# Streamlit's own, of the version that is pinned: it offers no way to ask whose a request is outside a page.
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from data_access import log
from data_access.cache_folder import sweep
from data_access.console.sql_console import log_missing_walls
from data_access.dataset import open_dataset
from data_access.errors import DataError, SettingError
from data_access.health import Checked
from data_access.health import health as look
from data_access.judgements.store import open_store
from data_access.opening.addresses import configured_sources
from data_access.opening.local_files import to_local_files
from data_access.opening.room import trim
from data_access.settings import Settings
from data_access.training_data import export_files
from data_access.version import VERSION
from pages import components
from pages.components.serving import delivery
from pages.components.state import ahead

# Here, not on the first visit of a page: so that starting takes the time, and every page is fast.
for module in pkgutil.walk_packages(components.__path__, f"{components.__name__}."):
    import_module(module.name)

delivery.install()
# Charts are checked against Altair's schema in the tests; at every rerun that would take a third of the time.
schemapi.disable_debug_mode()

# Nothing is loaded from, or sent to, anywhere but this server, whatever a text in the data asks for.
# 'unsafe-eval' is Vega's, blob: is how Streamlit loads our own components' scripts.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' blob: 'unsafe-eval' 'wasm-unsafe-eval'; connect-src 'self' ws: wss:; font-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors "
)


class SecurityHeaders:
    """ASGI middleware that adds headers to every HTTP response. `embed_in`: whose pages may show the app in a frame."""

    def __init__(self, app: ASGIApp, embed_in: Sequence[str] = ()) -> None:
        self.app = app
        self.headers = [
            (b"content-security-policy", (POLICY + (" ".join(embed_in) or "'none'")).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self.headers]
            await send(message)

        await self.app(scope, receive, with_headers)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """The server's start. What is imported by now lives as long as the server: it is kept out of the collection after
    every rerun (67 ms)."""
    gc.collect()
    gc.freeze()
    settings = Settings.from_environment(os.environ)
    log.begin()
    log.event("start", version=VERSION, **settings.in_words())
    if settings.sql:
        log_missing_walls()
    Thread(target=prepare_first, daemon=True).start()
    ahead.start()
    yield


def prepare_first() -> None:
    """Remove what killed servers left, and prepare what the first visitor will open while their browser still loads the
    page, which takes it a second or two.

    The visitor sees how far this is. What is wrong with the data is left for the page to say.
    """
    settings = Settings.from_environment(os.environ)
    sweep(settings.cache)
    with suppress(DataError):  # the page says it
        if settings.judgements:
            open_store(settings.judgements)
    try:
        first = configured_sources(settings)[0]
        if not first.is_on_hub:  # a download waits until somebody asks for it, who can then stop it
            open_dataset(to_local_files(first, settings, _unheard), settings.cache, _unheard, settings.prepared)
    except DataError:  # the page says it
        could_not_open.set()
    trim(settings)


def _unheard(done: float, doing: str) -> None:
    """Progress that nobody looks at."""


async def download(request: Request) -> Response:
    """An export that somebody made on the page, from the disk."""
    if at_start.login and not is_signed_in(request):
        return PlainTextResponse("Sign in first, by opening a page.", status_code=401)
    file = export_files.export_file(Settings.from_environment(os.environ).cache, request.path_params["key"])
    if file is None:
        return PlainTextResponse("This export is no longer there. Make it again on the Export page.", status_code=404)
    return FileResponse(file, media_type="application/zip", filename=f"rewardscope-{file.stem[:8]}.zip")


def is_signed_in(request: Request) -> bool:
    """Whether the browser has the cookie that a login gave it, signed by this server or one with the same secret."""
    try:
        return _get_signed_cookie_with_chunks(request.cookies, USER_COOKIE_NAME) is not None
    except ValueError:
        return False


def health(request: Request) -> Response:
    """For a monitor: whether the dataset and the judgements can be read. Streamlit's own says that the server lives."""
    found = checked.now()
    return PlainTextResponse(found.said, 200 if found.is_well else 503, {"cache-control": "no-store"})


def say_that_it_failed(error: Exception) -> bool:
    """A sentence on the page for an error that nobody foresaw; what it was is in the server's log."""
    log.failed("page_failed", error, page=(st.context.url or "").rpartition("/")[2] or "overview")
    st.error(
        "Something went wrong on this page; the server's log says what. Go back, or reload.", icon=":material/error:"
    )
    return True


try:
    at_start = Settings.from_environment(os.environ)
except SettingError as error:
    sys.exit(str(error))
if at_start.login and not (st.secrets.load_if_toml_exists() and "auth" in st.secrets):
    sys.exit("REWARDSCOPE_LOGIN is on, but no login is set up. Give the section [auth] in .streamlit/secrets.toml.")

could_not_open = Event()
checked = Checked(lambda: look(Settings.from_environment(os.environ), could_not_open.is_set()))

# What viewers ask for begins with this, where a proxy serves the app under a path of its own.
prefix = "/".join(["", *filter(None, (st.get_option("server.baseUrlPath") or "").split("/"))])

app = st.App(
    "pages/frame.py",
    routes=[Route(f"{prefix}/download/{{key}}", download), Route(f"{prefix}/health", health)],
    lifespan=lifespan,
    middleware=[Middleware(SecurityHeaders, embed_in=at_start.embed_in)],
    on_script_error=say_that_it_failed,
)
