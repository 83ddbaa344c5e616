"""An open dataset: its relations, ready to be queried."""

import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from data_access import database, failures, log, sql_text
from data_access.cache_folder import hold
from data_access.database import Connection
from data_access.errors import DataError, StorageError
from data_access.opening import sample
from data_access.opening.sources import Source, check
from data_access.preparing import contents, joining, preparation, shards
from data_access.preparing.contents import Contents, Counted
from data_access.preparing.fingerprint import fingerprint
from data_access.preparing.preparation import RELATIONS

MEMORY = "300MB"
UNPREPARED_MEMORY = "1GB"
# Relations that data_access.derived makes later, beside the prepared files -> the version of what they hold. Of phrases
# there are two for each scorer.
OF_SOME = "-drawn"  # the end of the fingerprint of what has some of a dataset's prompts only
DERIVED = {"attributes": 1, "twins": 1, "text_keys": 1, "phrases": 1}


@dataclass(frozen=True)
class Dataset:
    """What the pages query. `connection` has the relations prompts, responses, scores and source, and is locked.

    `files` are those of joined datasets too, `own_files` those of the relation source; `prepared` has the files of each
    prepared relation, and is empty where the source is read directly. `provenance` is the hub's name with revision, config
    and split, or the files; `notes` say what was chosen there. `held` keeps the files from being removed from the cache.
    `last_prompt` is the highest prompt_id; there are as many prompts, but for some that are drawn of a larger dataset.
    """

    name: str
    fingerprint: str
    files: tuple[Path, ...]
    contents: Contents
    connection: Connection
    prepared: Mapping[str, tuple[Path, ...]]
    is_sample: bool
    provenance: str = ""
    notes: tuple[str, ...] = ()
    held: tuple[BinaryIO, ...] = ()
    own_files: tuple[Path, ...] = ()
    last_prompt: int = 0

    @property
    def is_prepared(self) -> bool:
        """Whether the relations are prepared files; else they are slower."""
        return bool(self.prepared)

    def spans(self, candidates: int) -> Iterator[tuple[int, int]]:
        """All prompts in order, from prompt_id to prompt_id, some at once: about so many candidates, or one prompt."""
        at_once = max(1, candidates * self.last_prompt // max(self.contents.candidates, 1))
        for first in range(1, self.last_prompt + 1, at_once):
            yield first, min(first + at_once - 1, self.last_prompt)

    def narrowed(self, first: int, last: int) -> dict[str, str]:
        """Relation -> what a query of the prompts from `first` to `last` reads instead: only the files that have them. Even
        to see that a file has none of them takes time, which grows with the files. Nothing where that makes no difference."""
        shards = self.contents.shards
        if any(len(files) != len(shards) for files in self.prepared.values()):
            return {}
        ends = [*accumulate(shards)]
        start, end = bisect_left(ends, first), bisect_left(ends, last) + 1
        if end - start >= len(shards):
            return {}
        return {
            relation: sql_text.parquet(files[start:end])
            for relation, files in self.prepared.items()
            if files[start:end]
        }

    def narrowed_to(self, ids: Sequence[int]) -> dict[str, str]:
        """As `narrowed`, for these prompts and all between them."""
        return self.narrowed(min(ids), max(ids)) if len(ids) else {}

    def phrases_relation(self, scorer: str, length_equal: bool) -> str:
        """The relation of the phrases that go with this scorer's rewards, with length held equal or not."""
        return _phrases_relations(self.contents)[2 * self.contents.scorers.index(scorer) + length_equal]

    def derived_file(self, relation: str) -> Path | None:
        """Where a relation of DERIVED lies when it is made; None where nothing is prepared."""
        return _derived_file(self.prepared, relation)

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences on what is odd about the data, or about how it was opened."""
        return (*self.notes, *self.contents.notices)


def open_dataset(
    source: Source, cache: Path, progress: Callable[[float, str], None], prepared_elsewhere: Path | None = None
) -> Dataset:
    """Open a source, preparing it first where that is needed and nobody has done so elsewhere; raises DataError with a
    sentence for the page.

    Where the cache folder cannot be written, the same SELECTs serve as views on the source: slower, with a notice.
    """
    for part in (source, *source.joined):
        if part.is_sample:
            sample.write(part.files[0])
    started = time.monotonic()
    try:
        opened = _open(source, cache, progress, prepared_elsewhere)
    except DataError as error:
        log.failed("dataset_failed", error, dataset=source.name)
        raise
    log.event(
        "dataset_opened",
        dataset=source.name,
        prompts=opened.contents.prompts,
        candidates=opened.contents.candidates,
        scorers=len(opened.contents.scorers),
        is_prepared=opened.is_prepared,
        seconds=log.seconds_since(started),
    )
    return opened


def _open(
    source: Source, cache: Path, progress: Callable[[float, str], None], prepared_elsewhere: Path | None
) -> Dataset:
    state = fingerprint(source, cache)  # of before: what changes meanwhile is another state, which is opened anew
    try:
        folder, held = _prepared(source, cache, progress, prepared_elsewhere)
    except StorageError as error:
        return _unprepared(source, cache, state, str(error), progress)
    connection = database.connect(MEMORY, macros=("texts",))
    prepared = {relation: tuple(sorted(folder.glob(f"{relation}-*.parquet"))) for relation in RELATIONS}
    for relation, files in prepared.items():
        database.create_view(connection, relation, f"SELECT * FROM {sql_text.parquet(files)}")
    return _locked(source, state, connection, contents.read(folder), prepared, held)


def _prepared(
    source: Source, cache: Path, progress: Callable[[float, str], None], prepared_elsewhere: Path | None
) -> tuple[Path, tuple[BinaryIO, ...]]:
    """The prepared files, and what holds them. Another process may be preparing: then this one waits for it."""
    if preparation.is_prepared(source, cache):
        return preparation.prepare_and_hold(source, cache, progress, prepared_elsewhere)
    started = time.monotonic()
    log.event("preparation_begun", dataset=source.name, files=len(source.every_file))
    try:
        found = preparation.prepare_and_hold(source, cache, progress, prepared_elsewhere)
    except BaseException as error:  # also where the viewer stops it
        log.failed("preparation_failed", error, dataset=source.name, seconds=log.seconds_since(started))
        raise
    log.event("preparation_finished", dataset=source.name, seconds=log.seconds_since(started))
    return found


def _unprepared(
    source: Source, cache: Path, state: str, reason: str, progress: Callable[[float, str], None]
) -> Dataset:
    """The relations without prepared files: texts stay in the source, the rest is held in memory."""
    check(source)
    connection = database.connect(UNPREPARED_MEMORY)
    progress(0.0, "The cache folder cannot be written; reading the source directly.")
    all_shards, others = shards.shards(connection, source, cache), shards.shards_to_join(connection, source, cache)
    scorers = shards.scorers_of([*all_shards, *others])
    notices_on_data: list[str] = []
    for number, other in enumerate(others):
        with failures.reading_directly(other.files[0], other.named):
            joining.gather(connection, other.dataset, other.layout, number)
    for shard in all_shards:
        shards.relate(connection, [shard], scorers)
        with failures.reading_directly(shard.files[0], shard.named):
            database.create_view(connection, "responses", database.statement("preparing/responses"))
            notices_on_data += shards.data_notices(connection, shard)
    shards.relate(connection, all_shards, scorers)
    with failures.reading_directly(source.files[0], source.named_files[0]):
        database.create_view(connection, "responses", database.statement("preparing/responses"))
        if others:
            gathered = sql_text.united([f"others_{number}" for number in range(len(others))])
            joining.match(connection, gathered)
        for relation, done in (("scores", 0.3), ("prompts", 0.6)):
            progress(done, f"Reading the source directly: {relation}.")
            database.create_table(connection, relation, database.statement(f"preparing/{relation}"))
        notices = (
            f"The cache folder cannot be written ({reason}), so nothing was prepared and pages are slower. "
            "Free some space, or set REWARDSCOPE_CACHE to a folder that can be written.",
            *notices_on_data,
        )
        joins = joining.joins(connection) if others else ()
        counted = Counted(**database.row(connection, "preparing/totals"))
        found = contents.summarise_contents(all_shards, scorers, counted, joins, notices, files={})
    return _locked(source, state, connection, found, {})


def _locked(
    source: Source,
    state: str,
    connection: Connection,
    found: Contents,
    prepared: Mapping[str, tuple[Path, ...]],
    held: tuple[BinaryIO, ...] = (),
) -> Dataset:
    database.reach(connection, source.files)
    with failures.reading(source.files[0], source.named_files[0]):
        database.create_view(connection, "source", f"SELECT * FROM {sql_text.parquet(source.files)}")
    _lock(connection, source.files, found, prepared)
    return Dataset(
        source.name,
        state,
        source.every_file,
        found,
        connection,
        prepared,
        source.is_sample,
        source.provenance,
        source.notes,
        (*held, *source.held, *hold({file.parent for file in source.every_file}, source.name)),
        source.files,
        found.prompts,
    )


def of_some_prompts(dataset: Dataset, folder: Path, found: Contents) -> Dataset:
    """The dataset with other prepared files, which hold some of its prompts under their own numbers."""
    connection = database.connect(MEMORY, macros=("texts",))
    prepared = {relation: tuple(sorted(folder.glob(f"{relation}-*.parquet"))) for relation in RELATIONS}
    for relation, files in prepared.items():
        database.create_view(connection, relation, f"SELECT * FROM {sql_text.parquet(files)}")
    database.create_view(connection, "source", f"SELECT * FROM {sql_text.parquet(dataset.own_files)}")
    database.reach(connection, dataset.own_files)
    _lock(connection, dataset.own_files, found, prepared)
    as_it_is = {field.name: getattr(dataset, field.name) for field in fields(Dataset)}  # it may be held weakly
    state = dataset.fingerprint + OF_SOME
    return Dataset(
        **as_it_is | {"fingerprint": state, "contents": found, "connection": connection, "prepared": prepared}
    )


def _lock(
    connection: Connection, source: Iterable[Path], found: Contents, prepared: Mapping[str, tuple[Path, ...]]
) -> None:
    relations = ["attributes", "twins", "text_keys", *_phrases_relations(found)]
    derived = [file for relation in relations if (file := _derived_file(prepared, relation))]
    database.lock(connection, [*source, *(file for files in prepared.values() for file in files), *derived])


def _phrases_relations(contents: Contents) -> list[str]:
    return [f"phrases_{number}_{kind}" for number in range(len(contents.scorers)) for kind in ("any", "equal")]


def _derived_file(prepared: Mapping[str, tuple[Path, ...]], relation: str) -> Path | None:
    if not prepared:
        return None
    version = next(version for kind, version in DERIVED.items() if relation.startswith(kind))
    return prepared["responses"][0].with_name(f"{relation}.{version}.parquet")
