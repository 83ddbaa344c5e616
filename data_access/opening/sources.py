"""A dataset to choose: a value that says which files it has, or why there are none."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from data_access.errors import SourceError
from data_access.opening.hub.names import HubName

MAGIC = b"PAR1"


@dataclass(frozen=True)
class Source:
    """A dataset to choose: a name, unique on this server, and its files in shard order, or why there are none.

    `joined` are the datasets whose rewards it has, where there are several: the first is the one whose candidates these
    are, and whose files. Where `files` were made of others, JSONL for instance, `given` are those that somebody named.
    The files of a dataset of the hub are known only from `to_local_files` on: until then it is what is `wanted`, and
    `is_trusted` says whether the operator named it, so that the server's token may be used. `origin` says where files
    that were downloaded or converted come from, and `notes` are sentences on what was chosen there. `held` keeps them from
    being removed to make room for others.
    """

    name: str
    files: tuple[Path, ...]
    problem: str | None = None
    is_sample: bool = False
    joined: tuple["Source", ...] = ()
    given: tuple[Path, ...] = ()
    wanted: HubName | None = None
    is_trusted: bool = False
    origin: str = ""
    notes: tuple[str, ...] = ()
    held: tuple[BinaryIO, ...] = field(default=(), compare=False, repr=False)

    @property
    def every_file(self) -> tuple[Path, ...]:
        """Its files, and those of the datasets that are joined to it."""
        return self.files + tuple(file for other in self.joined[1:] for file in other.files)

    @property
    def named_files(self) -> tuple[Path, ...]:
        """The files as somebody named them: in sentences, and where a mapping of columns lies beside them."""
        return self.given or self.files

    @property
    def is_on_hub(self) -> bool:
        """Whether its files, or those of a dataset that is joined, are the hub's."""
        return bool(self.wanted) or any(part.wanted for part in self.joined)

    @property
    def provenance(self) -> str:
        """Where the data comes from: the hub's name with revision, config and split, or the files."""
        return self.origin or ", ".join(str(file) for file in self.files)


def released(source: Source) -> Source:
    """The same source, which keeps nothing from being removed."""
    return replace(source, held=(), joined=tuple(released(part) for part in source.joined))


def check(source: Source) -> None:
    """Raise SourceError, naming the file, for one that is not Parquet at all, or not a whole Parquet file."""
    for file, named in (pair for part in (source, *source.joined[1:]) for pair in _named(part)):
        try:
            head, tail = _ends(file)
        except OSError as error:
            raise SourceError(f"{named} cannot be read: {error.strerror or error}. Check its rights.") from error
        if head != MAGIC:
            raise SourceError(
                f"{named} is not a Parquet file, nor JSONL, JSON or CSV by its name. Convert it, or name another file."
            )
        if tail != MAGIC:
            raise SourceError(
                f"{named} is cut off: its end, which holds the index, is missing. Copy or download it again."
            )


def _named(source: Source) -> list[tuple[Path, Path]]:
    """Each file of a source, and what to call it: the first of those that it was made of, or itself."""
    return [(file, source.given[0] if source.given else file) for file in source.files]


def is_whole(file: Path) -> bool:
    """Whether a file is there, and Parquet from its beginning to its end."""
    try:
        return _ends(file) == (MAGIC, MAGIC)
    except OSError:
        return False


def _ends(file: Path) -> tuple[bytes, bytes]:
    """The first and the last four bytes of a file, by which Parquet is known."""
    with file.open("rb") as opened:
        head = opened.read(len(MAGIC))
        opened.seek(0, os.SEEK_END)
        opened.seek(max(opened.tell() - len(MAGIC), 0))
        return head, opened.read(len(MAGIC))
