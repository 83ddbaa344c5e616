"""A source -> a source of local Parquet files: downloaded from the hub, converted from JSONL, JSON or CSV, or as it is."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from data_access.cache_folder import hold
from data_access.errors import SourceError
from data_access.opening import text_files
from data_access.opening.addresses import JOIN
from data_access.opening.room import room_for
from data_access.opening.sources import Source, is_whole
from data_access.settings import Settings

Progress = Callable[[float, str], None]


def to_local_files(source: Source, settings: Settings, progress: Progress) -> Source:
    """The source with Parquet files that are on this machine, with where they come from.

    Quick for local Parquet and for what was converted. Raises SourceError or StorageError with a sentence.
    """
    if source.problem:
        raise SourceError(source.problem)
    if source.joined:
        return _joined(source, [to_local_files(part, settings, progress) for part in source.joined])
    if source.wanted and not source.files:
        # Here, not above: its client takes 0.2 s of a server's start, and most servers never ask the hub.
        from data_access.opening.hub import repository  # noqa: PLC0415

        found = repository.download_split(
            source.wanted,
            source.name,
            _records(source, settings),
            settings.cache_limit,
            source.is_trusted,
            progress,
            partial(room_for, settings, name=source.name),
        )
        source = replace(source, files=found.files, origin=str(found.pinned), notes=found.notes, held=found.held)
    if source.files and all(text_files.is_text(file) for file in source.files):
        return _converted(source, settings, progress)
    return source


def _converted(source: Source, settings: Settings, progress: Progress) -> Source:
    """A source of text files with their conversion, for which room is made first: it is not larger than they are."""
    origin = source.origin or ", ".join(str(file) for file in source.files)
    while True:
        is_there = is_whole(text_files.conversion_path(source.files, settings.cache))
        needed = 0 if is_there else sum(file.stat().st_size for file in source.files)
        with room_for(settings, needed, source.name):
            parquet = text_files.convert(source.files, settings.cache, progress)
            held = (*source.held, *hold([parquet.parent], source.name))
        if parquet.exists():  # else it was removed before it was held
            return replace(source, files=(parquet,), given=source.files, origin=origin, held=held)


def newest_revision(source: Source, settings: Settings) -> str:
    """Ask the hub what `to_local_files` would open now: the provenance that the source would have.

    Raises SourceError where the hub cannot be asked.
    """
    if source.joined:
        return JOIN.join(newest_revision(part, settings) for part in source.joined)
    if not source.wanted:
        return source.provenance
    from data_access.opening.hub import repository  # noqa: PLC0415

    return str(repository.newest_revision(source.wanted, _records(source, settings), source.is_trusted))


def _records(source: Source, settings: Settings) -> Path:
    """Where the hub's listings are kept: what the server's token showed is not for viewers for whom it is not used."""
    return settings.cache / ("hub" if source.is_trusted else "hub-public")


def converted_already(source: Source, cache: Path) -> Source:
    """A source of local files as `to_local_files` gives it, if nothing is to be done for that."""
    if source.joined:
        return _joined(source, [converted_already(part, cache) for part in source.joined])
    if source.files and all(text_files.is_text(file) for file in source.files):
        return replace(source, files=(text_files.conversion_path(source.files, cache),), given=source.files)
    return source


def _joined(source: Source, parts: list[Source]) -> Source:
    """A joined source with the files of its parts."""
    origin = JOIN.join(part.provenance for part in parts) if any(part.origin for part in parts) else ""
    notes = tuple(f"{part.name}: {note}" for part in parts for note in part.notes)
    held = tuple(lock for part in parts for lock in part.held)
    first = parts[0]
    return replace(
        source, files=first.files, given=first.given, joined=tuple(parts), origin=origin, notes=notes, held=held
    )
