"""Whether the server does what it is there for: the first dataset can be queried, and judgements can be read.

The answer is for a monitor that anybody may be: it says which of the two is wrong, and no name, path or address.
"""

import time
from collections.abc import Callable
from contextlib import closing
from threading import Lock
from typing import NamedTuple

from data_access.database import connect, count
from data_access.errors import DataError, SourceError
from data_access.failures import reading
from data_access.judgements.store import open_store, revision
from data_access.log import event, failed
from data_access.opening.addresses import configured_sources
from data_access.opening.local_files import converted_already
from data_access.opening.sources import Source, check
from data_access.preparing import preparation
from data_access.settings import Settings
from data_access.sql_text import parquet

KEPT_S = 5.0
MEMORY = "100MB"


class Health(NamedTuple):
    """Whether all is well, and a sentence or a word that says so."""

    is_well: bool
    said: str


WELL = Health(True, "ok")
PREPARING = Health(True, "ok: the dataset is not prepared yet")
NO_DATA = Health(False, "The dataset cannot be read. The server's log says why.")
NO_JUDGEMENTS = Health(False, "The store of judgements does not answer. The server's log says why.")


class Checked:
    """The health of this server, looked at anew when the last look is some seconds old. Threads may share it."""

    def __init__(self, look: Callable[[], Health], kept_s: float = KEPT_S) -> None:
        self._look, self._kept_s = look, kept_s
        self._lock = Lock()
        self._last, self._at = WELL, -kept_s

    def now(self) -> Health:
        with self._lock:
            if time.monotonic() - self._at >= self._kept_s:
                found = self._look()
                if found != self._last:
                    event("health_changed", said=found.said)
                self._last, self._at = found, time.monotonic()
            return self._last


def health(settings: Settings, could_not_open: bool = False) -> Health:
    """Look at the first dataset and at the store of judgements; nothing is prepared or downloaded for that.

    `could_not_open`: the dataset was tried at the start in vain, so that it is not well until it is prepared.
    """
    try:
        found = _read(configured_sources(settings)[0], settings)
    except (DataError, OSError) as error:
        failed("health_failed", error, of="dataset")
        return NO_DATA
    if found == PREPARING and could_not_open:
        return NO_DATA
    try:
        if settings.judgements:
            revision(open_store(settings.judgements))
    except DataError as error:
        failed("health_failed", error, of="judgements")
        return NO_JUDGEMENTS
    return found


def _read(source: Source, settings: Settings) -> Health:
    """Raises DataError where the source, or what is prepared of it, cannot be read."""
    if source.problem:
        raise SourceError(source.problem)
    if source.is_on_hub or (source.is_sample and not source.files[0].exists()):
        return PREPARING  # the first viewer has it downloaded, or written
    here = converted_already(source, settings.cache)
    if here.given and not all(file.exists() for file in here.files):
        return PREPARING  # it is not converted yet
    if not preparation.is_prepared(here, settings.cache):
        check(here)
        return PREPARING
    file = min(preparation.prepared_folder(here, settings.cache).glob("prompts-*.parquet"))
    with closing(connect(MEMORY, macros=())) as connection, reading(file):
        count(connection, f"SELECT length(prompt) IS NOT NULL FROM {parquet([file])} LIMIT 1")
    return WELL
