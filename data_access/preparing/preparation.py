"""Source + layout -> prepared dataset: tidy Parquet files in the cache folder, made once for a source's present state.

Shard by shard, so that memory does not grow with the dataset, into a folder that gets its final name only when it is
whole: a killed preparation leaves nothing that is later taken for a prepared dataset. A lock file lets one process do
the work while others wait for it.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from data_access import database, failures, sql_text
from data_access.cache_folder import hold
from data_access.database import Connection
from data_access.errors import LayoutError, StorageError
from data_access.failures import InvalidTextError
from data_access.opening.sources import Source, check
from data_access.preparing import joining
from data_access.preparing.fingerprint import fingerprint
from data_access.preparing.joining import Join
from data_access.preparing.shards import (
    Shard,
    data_notices,
    relate,
    scorers_of,
    shards,
    shards_to_join,
    with_valid_texts,
)

MEMORY = "400MB"
RESPONSES_ROW_GROUP = 2048
SCORES_ROW_GROUP = 16_384  # one prompt is read in 4 ms instead of 7, all prompts as fast
PROGRESS = "progress.json"
RELATIONS = ("prompts", "responses", "scores")

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Contents:
    """What a preparation found. `shards` are row counts by file; `notices` are sentences about the data; `joins` say how
    the datasets that were joined met this one's candidates. `numbered_texts` are what the source's other texts of each
    candidate are called, as in `Layout`, where every file has them."""

    layout: str
    scorers: tuple[str, ...]
    shards: tuple[int, ...]
    prompts: int
    candidates: int
    scored: int
    notices: tuple[str, ...]
    joins: tuple[Join, ...] = ()
    numbered_texts: tuple[str, ...] = ()
    numbered_from: int = 1


def prepared_folder(source: Source, cache: Path) -> Path:
    """Where the prepared files of the source's present state lie, or would."""
    return cache / f"prepared-{fingerprint(source, cache)}"


def is_prepared(source: Source, cache: Path) -> bool:
    """Whether opening the source needs no preparation."""
    return _is_whole(prepared_folder(source, cache))


def _is_whole(folder: Path) -> bool:
    """Whether a prepared folder has all its files: somebody may have tidied up in the cache."""
    if not (folder / "contents.json").exists():
        return False
    files = len(contents(folder).shards)
    return all(len(list(folder.glob(f"{relation}-*.parquet"))) == files for relation in RELATIONS)


def contents(folder: Path) -> Contents:
    """What the prepared dataset in this folder holds."""
    values: dict[str, Any] = json.loads((folder / "contents.json").read_text(encoding="utf-8"))
    lists = {name: tuple(values[name]) for name in ("scorers", "shards", "notices", "numbered_texts")}
    joins = tuple(Join(**join) for join in values["joins"])
    return Contents(**(values | lists | {"joins": joins}))


def prepare(source: Source, cache: Path, progress: Progress) -> Path:
    """Make the prepared files unless they are there, and return their folder.

    Raises SourceError or LayoutError for what is wrong with the source, StorageError where the cache folder cannot be
    written. `progress` is called with the share done and a sentence.
    """
    folder = prepared_folder(source, cache)
    if is_prepared(source, cache):
        return folder
    check(source)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder.with_suffix(".lock"))
        while True:
            try:
                with lock.acquire(timeout=0.2):
                    if not is_prepared(source, cache):
                        _prepare(source, cache, folder, progress)
                    return folder
            except Timeout:
                progress(*_progress_elsewhere(folder))
    except OSError as error:
        raise StorageError(f"{error.strerror}: {cache}") from error


def prepare_and_hold(source: Source, cache: Path, progress: Progress) -> tuple[Path, tuple[BinaryIO, ...]]:
    """As `prepare`, with what keeps the folder from being removed to make room for others, until it is dropped."""
    while True:
        folder = prepare(source, cache, progress)
        held = hold([folder], source.name)
        if _is_whole(folder):  # else it was removed before it was held
            return folder, held


def summarise_contents(
    connection: Connection,
    all_shards: Sequence[Shard],
    scorers: Sequence[str],
    joins: Sequence[Join],
    notices: Sequence[str],
) -> Contents:
    """Count what the relations of a connection hold. LayoutError if no candidate at all has a reward."""
    counts = database.row(connection, "preparing/totals")
    layouts = [shard.layout for shard in all_shards]
    numbered_from = layouts[0].numbered_from
    if not counts["scored"]:
        raise LayoutError(
            f"{all_shards[0].named}: every reward is missing (null, NaN or infinite), so nothing can be ranked. "
            "Score the responses, or open another file."
        )
    return Contents(
        layout="; ".join(dict.fromkeys(shard.layout.description for shard in all_shards)),
        scorers=tuple(scorers),
        shards=(counts["prompts"],) if all_shards[0].layout.spans_files else tuple(shard.rows for shard in all_shards),
        prompts=counts["prompts"],
        candidates=counts["candidates"],
        scored=counts["scored"],
        notices=(
            *(join.sentence() for join in joins),
            *dict.fromkeys(notice for shard in all_shards for notice in shard.layout.notices),
            *notices,
        ),
        joins=tuple(joins),
        numbered_texts=tuple(
            stem
            for stem in layouts[0].numbered_texts
            if all(stem in other.numbered_texts and other.numbered_from == numbered_from for other in layouts)
        ),
        numbered_from=numbered_from,
    )


def _progress_elsewhere(folder: Path) -> tuple[float, str]:
    """How far the process is that holds the lock on this folder, as `_prepare` writes it down."""
    try:
        said = json.loads((folder.with_suffix(".partial") / PROGRESS).read_text(encoding="utf-8"))
        return float(said[0]), f"Another session is already preparing this dataset. {said[1]}"
    except (OSError, ValueError):  # not there yet, or half written
        return 0.0, "Another session is already preparing this dataset."


def _prepare(source: Source, cache: Path, folder: Path, progress: Progress) -> None:
    """Under the lock: write everything into a partial folder, then give it its name."""
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()

    def report(done: float, doing: str) -> None:
        progress(done, doing)
        (partial / PROGRESS).write_text(json.dumps([done, doing]), encoding="utf-8")

    def step(number: int) -> Progress:
        files = len(all_shards) + len(others)
        return lambda done, doing: report((number + done) / files, f"Preparing file {number + 1} of {files}: {doing}.")

    try:
        with closing(database.connect(MEMORY, spill=partial / "spill")) as connection:
            all_shards, others = shards(connection, source, cache), shards_to_join(connection, source, cache)
            scorers = scorers_of([*all_shards, *others])
            notices: list[str] = []
            for number, shard in enumerate(others):
                step(number)(0.0, f"reading the rewards of {shard.dataset}")
                notices += _gather(connection, shard, partial, number)
            for number, shard in enumerate(all_shards, start=len(others)):
                notices += _prepare_shard(connection, shard, partial, step(number), scorers, len(others))
            for relation in RELATIONS:
                files = sorted(partial.glob(f"{relation}-*.parquet"))
                database.create_view(connection, relation, f"SELECT * FROM {sql_text.parquet(files)}")
            joins = joining.joins(connection, len(all_shards)) if others else ()
            result = summarise_contents(connection, all_shards, scorers, joins, notices)
        (partial / "contents.json").write_text(json.dumps(asdict(result)), encoding="utf-8")
        (partial / PROGRESS).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)  # what is left of an earlier one
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _gather(connection: Connection, shard: Shard, partial: Path, number: int) -> list[str]:
    """Keep the rewards of a file that is to be joined; returns the notices about its data."""
    notices = []
    try:
        with failures.preparing(shard.files[0], partial, shard.named):
            joining.gather(connection, shard.dataset, shard.layout, number)
    except InvalidTextError:
        shard, notice = with_valid_texts(connection, shard, partial)
        notices.append(notice)
        with failures.preparing(shard.files[0], partial, shard.named):
            joining.gather(connection, shard.dataset, shard.layout, number)
    return notices


def _prepare_shard(
    connection: Connection, shard: Shard, partial: Path, report: Progress, scorers: Sequence[str], others: int
) -> list[str]:
    """Write one shard's three files, with the rewards of the `others` gathered files; returns the notices about its data."""

    def write(relation: str, row_group: int) -> None:
        target = partial / f"{relation}-{shard.number:05d}.parquet"
        with failures.preparing(shard.files[0], partial, shard.named):
            database.copy(connection, database.statement(f"preparing/{relation}"), target, row_group)
            database.create_view(connection, relation, f"SELECT * FROM {sql_text.parquet([target])}")

    notices = []
    report(0.0, "reading the responses")
    try:
        blocks = _narrowed(connection, shard, partial, scorers)
    except InvalidTextError:
        report(0.1, "replacing what is not valid Unicode")
        shard, notice = with_valid_texts(connection, shard, partial)
        notices.append(notice)
        blocks = _narrowed(connection, shard, partial, scorers)
    report(0.3, "measuring the responses")
    write("responses", RESPONSES_ROW_GROUP)
    for block in blocks:
        block.unlink()
    if others:
        report(0.6, "joining the rewards")
        with failures.preparing(shard.files[0], partial, shard.named):
            joining.match(connection, others, shard.number)
    report(0.7, "ranking the rewards")
    write("scores", SCORES_ROW_GROUP)
    report(0.8, "summarising the prompts")
    write("prompts", SCORES_ROW_GROUP)
    return notices + data_notices(connection, shard)


def _narrowed(connection: Connection, shard: Shard, partial: Path, scorers: Sequence[str]) -> list[Path]:
    """Bring one shard into shape, its candidates by way of small files: the wide columns together need much memory."""
    relate(connection, [shard], scorers)
    blocks = []
    with failures.preparing(shard.files[0], partial, shard.named):
        for number, select in enumerate(shard.layout.candidates):
            blocks.append(partial / f"block-{number:05d}.parquet")
            database.copy(connection, select, blocks[-1], RESPONSES_ROW_GROUP, compression="uncompressed")
    database.create_view(connection, "candidates", f"SELECT * FROM {sql_text.parquet(blocks)}")
    return blocks
