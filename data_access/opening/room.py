"""Room for what is to be written: the cache folder and what was downloaded from the hub count together.

What was unused for longest goes first; what is open stays.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import ModuleType

from filelock import FileLock

from data_access import cache_folder
from data_access.cache_folder import Kept
from data_access.errors import NoRoomError, StorageError
from data_access.settings import Settings


def kept(settings: Settings) -> list[Kept]:
    """Everything that can be removed, the last used first."""
    hub = _downloads(settings)
    found = cache_folder.kept(settings.cache) + (hub.kept() if hub else [])
    return sorted(found, key=lambda one: one.used, reverse=True)


def taken(settings: Settings) -> int:
    """The bytes of all that lies in the cache folder, and of what was downloaded from the hub to elsewhere."""
    from_hub = 0
    if hub := _downloads(settings):
        is_inside = hub.folder().is_relative_to(settings.cache.resolve())
        from_hub = 0 if is_inside else hub.taken()
    return cache_folder.size_of(settings.cache) + from_hub


def remove(settings: Settings, one: Kept) -> bool:
    """Remove something unless it is open somewhere; whether it is gone. StorageError if it may not be removed."""
    hub = _downloads(settings)
    return bool(hub.remove(one.folder)) if hub and one.kind == "download" else cache_folder.remove(one.folder)


def trim(settings: Settings) -> int:
    """Remove what was unused for longest until all of it is within the limit; returns the bytes that are taken then."""
    with suppress(OSError), _lock(settings):
        _free(settings, settings.cache_limit - cache_folder.reserved(settings.cache))
    return taken(settings)


@contextmanager
def room_for(settings: Settings, needed: int, name: str) -> Iterator[Callable[[int], None]]:
    """Make room for so many bytes more, and keep it; what comes out is to be called with those that are still to come.

    NoRoomError, with nothing removed, where they do not fit under the limit beside what is in use.
    """
    if needed <= 0:
        yield _not_counted
        return
    with ExitStack() as stack:
        left: Callable[[int], None] = _not_counted
        with suppress(OSError):  # where the cache folder cannot be written, whoever writes says so
            settings.cache.mkdir(parents=True, exist_ok=True)
            with _lock(settings):
                _fit(settings, needed, name)
                left = stack.enter_context(cache_folder.reserve(settings.cache, needed))
        yield left


def in_words(size: int) -> str:
    """'1.5 GB', or below one '20.0 MB'."""
    return f"{size / 1e9:,.1f} GB" if size >= 10**9 else f"{size / 1e6:,.1f} MB"


def _fit(settings: Settings, needed: int, name: str) -> None:
    limit = settings.cache_limit - cache_folder.reserved(settings.cache) - needed
    size = taken(settings)
    if size <= limit:
        return
    stays = size - sum(one.size for one in _removable(settings))
    if stays <= limit and _free(settings, limit) <= limit:
        return
    free = in_words(max(limit + needed - stays, 0))
    raise NoRoomError(
        f"{name} needs {in_words(needed)} on this server, where {free} of {in_words(settings.cache_limit)} can be made free: "
        "the rest is in use. Try again later, or raise REWARDSCOPE_CACHE_LIMIT."
    )


def _free(settings: Settings, at_most: int) -> int:
    """Remove what is not open, the longest unused first, until at most so many bytes are taken; returns how many are."""
    size = taken(settings)
    if size > at_most:
        cache_folder.remove_unfinished(settings.cache)
        size = taken(settings)
    for one in _removable(settings) if size > at_most else ():
        if size <= at_most:
            break
        with suppress(StorageError):
            if remove(settings, one):
                size = taken(settings)
    return size


def _removable(settings: Settings) -> list[Kept]:
    """What is not open, the longest unused first."""
    hub = _downloads(settings)

    def is_open(one: Kept) -> bool:
        return bool(hub.is_open(one.folder)) if hub and one.kind == "download" else cache_folder.is_open(one.folder)

    return [one for one in reversed(kept(settings)) if not is_open(one)]


def _lock(settings: Settings) -> FileLock:
    """One process at a time counts, removes and reserves."""
    return FileLock(settings.cache / "room.lock")


def _downloads(settings: Settings) -> ModuleType | None:
    """The module that knows the hub client's cache; not for a server that never asked the hub: its client takes long to
    import."""
    if not any((settings.cache / name).is_dir() for name in cache_folder.LISTINGS):
        return None
    from data_access.opening.hub import client_cache  # noqa: PLC0415

    return client_cache


def _not_counted(still_to_come: int) -> None:
    """Where nothing is reserved."""
