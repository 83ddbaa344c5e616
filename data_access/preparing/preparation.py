"""Source + layout -> prepared dataset: tidy Parquet files in the cache folder, made once for a source's present state.

Shard by shard, a shard a core, so that memory does not grow with the dataset, into a folder that gets its final name only
when it is whole. What a killed preparation leaves is never taken for a prepared dataset, but the next one goes on behind its
last whole shard. A lock file lets one process do the work while others wait for it.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from functools import partial, reduce
from operator import add
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from data_access import database, sql_text
from data_access.cache_folder import hold
from data_access.database import Connection
from data_access.errors import DataError, SourceError, StorageError
from data_access.opening.sources import Source, check
from data_access.preparing import contents, joining, one_shard
from data_access.preparing.elsewhere import copied
from data_access.preparing.fingerprint import fingerprint
from data_access.preparing.in_parallel import work_through
from data_access.preparing.one_shard import Common, Done, done_before, prepare_shard
from data_access.preparing.shards import Shard, scorers_of, shards, shards_to_join

MEMORY = "400MB"  # alone; several shards at once have less each, and take less, as each has one thread
MEMORY_OF_EACH = "300MB"
MOST_AT_ONCE = 4
PROGRESS = "progress.json"
RELATIONS = ("prompts", "responses", "scores")
FIRST_GUESS_S = 3.0  # seconds of work after which the rest is estimated

Progress = Callable[[float, str], None]
# Prepares shards; hears the share done, a shard's place, and what it is at: see `here`.
PrepareShards = Callable[[Connection, Sequence[Shard], Common, Callable[[float, int, str], None]], list[Done]]


def prepared_folder(source: Source, cache: Path) -> Path:
    """Where the prepared files of the source's present state lie, or would."""
    return cache / f"prepared-{fingerprint(source, cache)}"


def is_prepared(source: Source, cache: Path) -> bool:
    """Whether opening the source needs no preparation, as far as the lengths of files tell."""
    return contents.is_whole(prepared_folder(source, cache))


def here(
    connection: Connection, some: Sequence[Shard], common: Common, progress: Callable[[float, int, str], None]
) -> list[Done]:
    """Prepare shards in this process, a shard a core."""
    at_once = max(1, min(os.cpu_count() or 1, MOST_AT_ONCE, len(some)))
    jobs = [partial(prepare_shard, shard=shard, common=common) for shard in some]
    with ExitStack() as stack:
        connections = [connection]
        if at_once > 1:
            database.set_limits(connection, MEMORY_OF_EACH, threads=1)
        while len(connections) < at_once:
            spill = common.folder / f"spill-{len(connections)}"
            connections.append(stack.enter_context(closing(database.connect(MEMORY_OF_EACH, spill, threads=1))))
        return work_through(jobs, connections, progress)


def prepare(
    source: Source,
    cache: Path,
    progress: Progress,
    prepared_elsewhere: Path | None = None,
    prepare_shards: PrepareShards = here,
) -> Path:
    """Make the prepared files unless they are there, byte for byte as they were made, and return their folder.

    Where somebody has put them at `prepared_elsewhere` they are copied. Raises SourceError or LayoutError for what is wrong
    with the source, StorageError where the cache folder cannot be written. `progress` is called with the share done and a
    sentence; what it raises ends the work, which can be resumed.
    """
    folder = prepared_folder(source, cache)
    if contents.is_sound(folder):
        return folder
    check(source)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder.with_suffix(".lock"))
        while True:
            try:
                with lock.acquire(timeout=0.2):
                    if contents.is_sound(folder) or copied(prepared_elsewhere, folder, progress):
                        return folder
                    _prepare(source, cache, folder, progress, prepare_shards)
                    return folder
            except Timeout:
                progress(*_progress_elsewhere(folder))
    except OSError as error:
        raise StorageError(f"{error.strerror}: {cache}") from error


def prepare_and_hold(
    source: Source, cache: Path, progress: Progress, prepared_elsewhere: Path | None = None
) -> tuple[Path, tuple[BinaryIO, ...]]:
    """As `prepare`, with what keeps the folder from being removed to make room for others, until it is dropped."""
    while True:
        folder = prepare(source, cache, progress, prepared_elsewhere)
        held = hold([folder], source.name)
        if contents.is_whole(folder):  # else it was removed before it was held
            return folder, held


def _progress_elsewhere(folder: Path) -> tuple[float, str]:
    """How far the process is that holds the lock on this folder, as `_prepare` writes it down."""
    try:
        said = json.loads((folder.with_suffix(".partial") / PROGRESS).read_text(encoding="utf-8"))
        return float(said[0]), f"Another session is already preparing this dataset. {said[1]}"
    except (OSError, ValueError):  # not there yet, or half written
        return 0.0, "Another session is already preparing this dataset."


def _prepare(source: Source, cache: Path, folder: Path, progress: Progress, prepare_shards: PrepareShards) -> None:
    """Under the lock: write everything into a partial folder, then give it its name."""
    unfinished = folder.with_suffix(".partial")
    unfinished.mkdir(exist_ok=True)
    try:
        with closing(database.connect(MEMORY, spill=unfinished / "spill")) as connection:
            write_all(connection, source, cache, unfinished, progress, prepare_shards)
        if prepared_folder(source, cache) != folder:  # else it may be of two states, under the name of the first
            raise SourceError(f"{source.named_files[0]} has changed while it was read. Open it again.")
        shutil.rmtree(folder, ignore_errors=True)  # what is left of an earlier one
        unfinished.rename(folder)
    except (DataError, OSError):  # another time would end as this one
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def write_all(
    connection: Connection,
    source: Source,
    cache: Path,
    unfinished: Path,
    progress: Progress,
    prepare_shards: PrepareShards,
) -> None:
    """Into a folder: all shards but for those that an earlier preparation has done; then what they hold together."""
    report = _Reports(progress, unfinished / PROGRESS)
    all_shards, to_join = shards(connection, source, cache), shards_to_join(connection, source, cache)
    scorers = scorers_of([*all_shards, *to_join])
    files = len(all_shards) + len(to_join)
    others: list[Path] = []
    notices: list[str] = []
    for number, shard in enumerate(to_join):
        report(number / files, f"Preparing file {number + 1} of {files}: reading the rewards of {shard.dataset}.")
        gathered, found = one_shard.gather(connection, shard, number, unfinished)
        others.append(gathered)
        notices += found

    done = {shard.number: before for shard in all_shards if (before := done_before(shard, unfinished))}
    left = [shard for shard in all_shards if shard.number not in done]

    def of_all(share: float, place: int, doing: str) -> None:
        number = len(to_join) + left[place].number + 1
        report((len(to_join) + len(done) + share * len(left)) / files, f"Preparing file {number} of {files}: {doing}.")

    prepared = prepare_shards(connection, left, Common(scorers, others, unfinished), of_all) if left else []
    done |= {shard.number: one for shard, one in zip(left, prepared, strict=True)}
    in_order = [done[shard.number] for shard in all_shards]
    joins = _joins(connection, unfinished, others) if others else ()
    result = contents.summarise_contents(
        all_shards,
        scorers,
        reduce(add, (one.counted for one in in_order)),
        joins,
        [*notices, *(notice for one in in_order for notice in one.notices)],
        {name: total for one in in_order for name, total in one.files.items() if name.startswith(RELATIONS)},
    )
    contents.write(result, unfinished)
    one_shard.forget_records(unfinished)
    for left_over in (*unfinished.glob("work-*"), *unfinished.glob("spill*")):
        shutil.rmtree(left_over, ignore_errors=True)
    (unfinished / PROGRESS).unlink(missing_ok=True)


def _joins(connection: Connection, unfinished: Path, others: Sequence[Path]) -> tuple[joining.Join, ...]:
    """How the joined datasets met the first one's candidates; the files that were made for that are removed."""
    matched = sorted(unfinished.glob("matched-*.parquet"))
    database.drop_table(connection, "matched")
    for relation in ("prompts", "responses"):
        prepared = sorted(unfinished.glob(f"{relation}-*.parquet"))
        database.create_view(connection, relation, f"SELECT * FROM {sql_text.parquet(prepared)}")
    for relation, files in (("others", others), ("matched", matched)):
        database.create_view(connection, relation, f"SELECT * FROM {sql_text.parquet(files)}")
    found = joining.joins(connection)
    for file in (*others, *matched):
        file.unlink()
    return found


class _Reports:
    """Progress with the time that is left, written down too for the processes that wait."""

    def __init__(self, progress: Progress, file: Path) -> None:
        self.progress, self.file = progress, file
        self.since: tuple[float, float] | None = None  # when this work began, and at which share

    def __call__(self, share: float, doing: str) -> None:
        now = time.monotonic()
        began, first = self.since = self.since or (now, share)
        passed = now - began
        if passed > FIRST_GUESS_S and share > first:
            doing = f"{doing} {in_words(passed * (1 - share) / (share - first))}"
        self.progress(share, doing)
        self.file.write_text(json.dumps([share, doing]), encoding="utf-8")


def in_words(seconds: float) -> str:
    """'About 40 seconds left.', or minutes, or hours."""
    for unit, size in (("hour", 3600.0), ("minute", 60.0), ("second", 1.0)):
        if seconds >= 1.5 * size or size == 1.0:
            number = max(round(seconds / size), 1)
            return f"About {number} {unit}{'' if number == 1 else 's'} left."
    raise AssertionError
