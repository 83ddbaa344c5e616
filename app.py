"""The server: security headers around the pages, settings checked at start. `streamlit run app.py` serves it."""

import gc
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from threading import Thread

# Before NumPy is loaded: on matrices as small as ours its threads wait for each other, on a busy machine for seconds.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Imported here, not on the first visit: so that starting takes the time, and the first page is fast.
import streamlit as st
from altair.utils import schemapi
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import charts.prompt  # noqa: F401
import data_access.questions.compare
import data_access.questions.overview
import data_access.questions.search  # noqa: F401
from data_access.cache_folder import sweep
from data_access.console.sql_console import log_missing_walls
from data_access.dataset import open_dataset
from data_access.errors import DataError, SettingError
from data_access.judgements.store import open_store
from data_access.opening.addresses import configured_sources
from data_access.opening.local_files import to_local_files
from data_access.opening.room import trim
from data_access.settings import Settings
from data_access.training_data import export_files
from pages.components.serving import delivery
from pages.components.state import ahead

delivery.install()
# Charts are checked against Altair's schema in the tests; at every rerun that would take a third of the time.
schemapi.disable_debug_mode()

# Nothing is loaded from, or sent to, anywhere but this server, whatever a text in the data asks for.
# 'unsafe-eval' is Vega's, blob: is how Streamlit loads our own components' scripts.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' blob: 'unsafe-eval' 'wasm-unsafe-eval'; connect-src 'self' ws: wss:; font-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


class SecurityHeaders:
    """ASGI middleware that adds HEADERS to every HTTP response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        await self.app(scope, receive, with_headers)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """The server's start. What is imported by now lives as long as the server: it is kept out of the collection after
    every rerun (67 ms)."""
    gc.collect()
    gc.freeze()
    if Settings.from_environment(os.environ).sql:
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
    with suppress(DataError):
        first = configured_sources(settings)[0]
        if not first.is_on_hub:  # a download waits until somebody asks for it, who can then stop it
            open_dataset(to_local_files(first, settings, _unheard), settings.cache, _unheard)
    trim(settings)


def _unheard(done: float, doing: str) -> None:
    """Progress that nobody looks at."""


async def download(request: Request) -> Response:
    """An export that somebody made on the page, from the disk."""
    file = export_files.export_file(Settings.from_environment(os.environ).cache, request.path_params["key"])
    if file is None:
        return PlainTextResponse("This export is no longer there. Make it again on the Export page.", status_code=404)
    return FileResponse(file, media_type="application/zip", filename=f"rewardscope-{file.stem[:8]}.zip")


def say_that_it_failed(error: Exception) -> bool:
    """A sentence on the page for an error that nobody foresaw; what it was is in the server's log."""
    logging.getLogger("rewardscope").error("A page failed.", exc_info=error)
    st.error(
        "Something went wrong on this page; the server's log says what. Go back, or reload.", icon=":material/error:"
    )
    return True


try:
    Settings.from_environment(os.environ)
except SettingError as error:
    sys.exit(str(error))

app = st.App(
    "pages/frame.py",
    routes=[Route("/download/{key}", download)],
    lifespan=lifespan,
    middleware=[Middleware(SecurityHeaders)],
    on_script_error=say_that_it_failed,
)
