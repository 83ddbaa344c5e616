"""What a prepared dataset holds: written beside its files, with their sums, when it is whole."""

import json
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from data_access.errors import LayoutError
from data_access.preparing.joining import Join
from data_access.preparing.shards import Shard

NAME = "contents.json"
READ_AT_ONCE = 1 << 20

Sums = dict[str, tuple[int, int]]  # a file's name -> its bytes and their CRC-32


@dataclass(frozen=True)
class Counted:
    """Prompts, candidates, and candidates that at least one scorer has scored."""

    prompts: int
    candidates: int
    scored: int

    def __add__(self, other: "Counted") -> "Counted":
        """Of two shards, which share no prompt."""
        return Counted(self.prompts + other.prompts, self.candidates + other.candidates, self.scored + other.scored)


@dataclass(frozen=True)
class Contents:
    """What a preparation found. `shards` are row counts by file; `notices` are sentences about the data; `joins` say how
    the datasets that were joined met this one's candidates. `numbered_texts` are what the source's other texts of each
    candidate are called, as in `Layout`, where every file has them. `files` are the sums of the prepared files."""

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
    files: Sums = field(default_factory=dict, repr=False)


def summarise_contents(
    all_shards: Sequence[Shard],
    scorers: Sequence[str],
    counted: Counted,
    joins: Sequence[Join],
    notices: Sequence[str],
    files: Sums,
) -> Contents:
    """What these shards hold together. LayoutError if no candidate at all has a reward."""
    layouts = [shard.layout for shard in all_shards]
    numbered_from = layouts[0].numbered_from
    if not counted.scored:
        raise LayoutError(
            f"{all_shards[0].named}: every reward is missing (null, NaN or infinite), so nothing can be ranked. "
            "Score the responses, or open another file."
        )
    return Contents(
        layout="; ".join(dict.fromkeys(shard.layout.description for shard in all_shards)),
        scorers=tuple(scorers),
        shards=(counted.prompts,) if layouts[0].spans_files else tuple(shard.rows for shard in all_shards),
        prompts=counted.prompts,
        candidates=counted.candidates,
        scored=counted.scored,
        notices=(
            *(join.sentence() for join in joins),
            *dict.fromkeys(notice for layout in layouts for notice in layout.notices),
            *notices,
        ),
        joins=tuple(joins),
        numbered_texts=tuple(
            stem
            for stem in layouts[0].numbered_texts
            if all(stem in other.numbered_texts and other.numbered_from == numbered_from for other in layouts)
        ),
        numbered_from=numbered_from,
        files=files,
    )


def write(contents: Contents, folder: Path) -> None:
    """Put it beside the prepared files."""
    (folder / NAME).write_text(json.dumps(asdict(contents)), encoding="utf-8")


def read(folder: Path) -> Contents:
    """What the prepared dataset in this folder holds."""
    values: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    lists = {name: tuple(values[name]) for name in ("scorers", "shards", "notices", "numbered_texts")}
    joins = tuple(Join(**join) for join in values["joins"])
    files = {name: (size, total) for name, (size, total) in values["files"].items()}
    return Contents(**(values | lists | {"joins": joins, "files": files}))


def is_whole(folder: Path) -> bool:
    """Whether a prepared folder has all its files, as long as they were: somebody may have tidied up in the cache."""
    try:
        files = read(folder).files
        return all((folder / name).stat().st_size == size for name, (size, _) in files.items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def is_sound(folder: Path) -> bool:
    """Whether each byte of a prepared folder's files is what was written: a disk or a copy may have spoilt one."""
    if not is_whole(folder):
        return False
    files = read(folder).files
    try:
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda name: sum_of(folder / name), files)) == list(files.values())
    except OSError:
        return False


def sum_of(file: Path) -> tuple[int, int]:
    """A file's bytes, and their CRC-32: two gigabytes a second, and enough to tell damage from none."""
    size, total = 0, 0
    with file.open("rb") as opened:
        while part := opened.read(READ_AT_ONCE):
            size, total = size + len(part), zlib.crc32(part, total)
    return size, total
