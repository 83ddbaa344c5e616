"""One shard -> its three prepared files, and a record of them that is written last: a shard that has one is whole.

All that is needed comes as arguments, and what is written depends on nothing else, down to the byte: not on how many threads
or processes there are, nor on which of them does it.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from data_access import database, failures, sql_text, stores
from data_access.database import Connection
from data_access.failures import InvalidTextError
from data_access.preparing import joining
from data_access.preparing.contents import Counted, Sums, sum_of
from data_access.preparing.shards import Shard, data_notices, relate, with_copies, with_valid_texts

RESPONSES_ROW_GROUP = 2048
SCORES_ROW_GROUP = 16_384  # one prompt is read in 4 ms instead of 7, all prompts as fast
ROW_GROUPS = {"responses": RESPONSES_ROW_GROUP, "scores": SCORES_ROW_GROUP, "prompts": SCORES_ROW_GROUP}
# A search unpacks every text: LZ4 takes half of Zstandard's time for that, and 60 % more room.
COMPRESSION = {"responses": "lz4_raw", "scores": "zstd", "prompts": "zstd"}

Report = Callable[[float, str], None]


class Common(NamedTuple):
    """What the shards of a dataset have in common: the scorers of all, the gathered rewards of others, and the folder that
    their files go to."""

    scorers: Sequence[str]
    others: Sequence[Path]
    folder: Path


@dataclass(frozen=True)
class Done:
    """A shard that is prepared: its files with their sums, sentences about its data, and counts."""

    files: Sums
    notices: tuple[str, ...]
    counted: Counted


def prepare_shard(connection: Connection, report: Report, shard: Shard, common: Common) -> Done:
    """Write a shard's files, and then the record of them. `report` hears the share done and what is being done.

    Raises DataError.
    """
    folder = common.folder
    work = folder / f"work-{shard.number:05d}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        files, notices = _write(connection, report, shard, common, work)
        counted = Counted(**database.row(connection, "preparing/totals"))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    done = Done({file.name: sum_of(file) for file in files}, tuple(notices), counted)
    partial = record(folder, shard).with_suffix(".partial")
    partial.write_text(json.dumps(asdict(done)), encoding="utf-8")
    partial.replace(record(folder, shard))
    return done


def done_before(shard: Shard, folder: Path) -> Done | None:
    """What an earlier preparation, which came to no end, left of a shard; None unless that is all of it."""
    try:
        with record(folder, shard).open("rb") as opened:
            values = json.loads(opened.read())
        files = {name: (size, total) for name, (size, total) in values["files"].items()}
        if any(sum_of(folder / name) != expected for name, expected in files.items()):
            return None
        return Done(files, tuple(values["notices"]), Counted(**values["counted"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget_records(folder: Path) -> None:
    """When all is whole."""
    for record in folder.glob("done-*.json"):
        record.unlink()


def gather(connection: Connection, shard: Shard, number: int, folder: Path) -> tuple[Path, list[str]]:
    """The rewards of a file that is to be joined, as a file, and the notices about its data."""
    target, work = folder / f"others-{number:05d}.parquet", folder / f"work-others-{number:05d}"
    work.mkdir(exist_ok=True)
    notices = []
    shard = with_copies(connection, shard, work)
    try:
        with failures.preparing(shard.files[0], folder, shard.named):
            joining.gather(connection, shard.dataset, shard.layout, number)
    except InvalidTextError:
        shard, notice = with_valid_texts(connection, shard, work)
        notices.append(notice)
        with failures.preparing(shard.files[0], folder, shard.named):
            joining.gather(connection, shard.dataset, shard.layout, number)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    with failures.preparing(shard.files[0], folder, shard.named):
        database.copy(connection, f"SELECT * FROM others_{number}", target, SCORES_ROW_GROUP)
        database.drop_table(connection, f"others_{number}")
    return target, notices


def record(folder: Path, shard: Shard) -> Path:
    """Where it is written that a shard is whole."""
    return folder / f"done-{shard.number:05d}.json"


def _write(
    connection: Connection, report: Report, shard: Shard, common: Common, work: Path
) -> tuple[list[Path], list[str]]:
    """The three files, and the notices about the shard's data."""
    files: list[Path] = []
    scorers, others, folder = common

    def write(relation: str) -> None:
        files.append(folder / f"{relation}-{shard.number:05d}.parquet")
        with failures.preparing(shard.files[0], folder, shard.named):
            select = database.statement(f"preparing/{relation}")
            database.copy(connection, select, files[-1], ROW_GROUPS[relation], COMPRESSION[relation])
            database.create_view(connection, relation, f"SELECT * FROM {sql_text.parquet(files[-1:])}")

    notices = []
    if stores.of_store(shard.files):
        report(0.0, "fetching it from the store")
        shard = with_copies(connection, shard, work)
    report(0.0, "reading the responses")
    try:
        _narrow(connection, shard, work, scorers)
    except InvalidTextError:
        report(0.1, "replacing what is not valid Unicode")
        shard, notice = with_valid_texts(connection, shard, work)
        notices.append(notice)
        _narrow(connection, shard, work, scorers)
    report(0.3, "measuring the responses")
    write("responses")
    if others:
        report(0.6, "joining the rewards")
        with failures.preparing(shard.files[0], folder, shard.named):
            joining.match(connection, f"SELECT * FROM {sql_text.parquet(others)}")
            files.append(folder / f"matched-{shard.number:05d}.parquet")
            database.copy(connection, "SELECT * FROM matched", files[-1], SCORES_ROW_GROUP)
    report(0.7, "ranking the rewards")
    write("scores")
    report(0.8, "summarising the prompts")
    write("prompts")
    return files, notices + data_notices(connection, shard)


def _narrow(connection: Connection, shard: Shard, work: Path, scorers: Sequence[str]) -> None:
    """Bring a shard into shape, its candidates by way of small files: the wide columns together need much memory."""
    relate(connection, [shard], scorers)
    blocks = []
    with failures.preparing(shard.files[0], work, shard.named):
        for number, select in enumerate(shard.layout.candidates):
            blocks.append(work / f"block-{number:05d}.parquet")
            database.copy(connection, select, blocks[-1], RESPONSES_ROW_GROUP, compression="uncompressed")
    database.create_view(connection, "candidates", f"SELECT * FROM {sql_text.parquet(blocks)}")
