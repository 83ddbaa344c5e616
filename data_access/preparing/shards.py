"""A source's files with their layouts, and the relations that a layout's SELECTs make of them, before they are prepared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from data_access import database, layouts, sql_text, stores
from data_access.database import Connection
from data_access.errors import LayoutError, SourceError
from data_access.layouts import ColumnMapping, Layout
from data_access.layouts.column_types import JSON_CONVERSATION
from data_access.layouts.saved_mappings import saved_mapping
from data_access.opening.sources import Source
from data_access.preparing import joining
from data_access.preparing.joining import ENSEMBLE
from data_access.preparing.repair_unicode import write_valid_texts
from data_access.rewardbench import SECTION_OF


@dataclass(frozen=True)
class Shard:
    """What is prepared at once, one file or all of them: its place in the dataset, its layout, and how many rows come
    before it; and where its dataset is joined, that dataset's name and what its scorers are called (name in the file ->
    name). `named_files` are those that somebody named, where `files` were made of them: for sentences; `copies` are what is
    read in place of files that lie in a store."""

    number: int
    files: tuple[Path, ...]
    layout: Layout
    rows: int
    before: int
    named_files: tuple[Path, ...] = ()
    dataset: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    copies: tuple[Path, ...] = ()

    def renamed(self) -> "Shard":
        """With its scorers called as in `names`."""
        return replace(self, layout=joining.rename_scorers(self.layout, self.names)) if self.names else self

    @property
    def named(self) -> Path:
        """What an error calls it: the first of its files as somebody named it."""
        return (self.named_files or self.files)[0]

    @property
    def name(self) -> str:
        """What a notice calls it."""
        files = self.named_files or self.files
        return files[0].name if len(files) == 1 else f"{len(files)} files"


def shards(connection: Connection, source: Source, cache: Path) -> list[Shard]:
    """The source's files with their layouts, in order. SourceError without a row, LayoutError for unknown columns."""
    found: list[Shard] = []
    before = 0
    mapping = saved_mapping(source, cache)
    database.reach(connection, source.files)
    for number, file in enumerate(source.files):
        named = source.given or (file,)
        rows = database.row_count(connection, file, named[0])
        layout = _layout(connection, (file,), mapping, before, named=named[0])
        found.append(Shard(number, (file,), layout, rows, before, source.given))
        before += rows
    first = source.named_files[0]
    if not before:
        raise SourceError(f"{first} holds no rows. Open a file with at least one prompt.")
    if len({shard.layout.spans_files for shard in found}) > 1:
        raise LayoutError(f"{first} and the files that belong with it have different layouts. Open them one by one.")
    if len(found) > 1 and found[0].layout.spans_files:
        layout = _layout(connection, source.files, mapping, 0, named=first)
        found = [Shard(0, source.files, layout, before, 0, source.given)]
    if source.joined:
        dataset = source.joined[0].name
        names = joining.names_after(dataset, [shard.layout for shard in found])
        found = [replace(shard, dataset=dataset, names=names).renamed() for shard in found]
    return found


def shards_to_join(connection: Connection, source: Source, cache: Path) -> list[Shard]:
    """The files of the datasets that are joined to a source's candidates."""
    return [
        shard for other in source.joined[1:] for shard in shards(connection, replace(other, joined=(other,)), cache)
    ]


def scorers_of(some: Sequence[Shard]) -> tuple[str, ...]:
    """Every scorer of these files, and behind several of them the ensemble."""
    return joining.with_ensemble([scorer for shard in some for scorer in shard.layout.scorers])


def columns_of(
    connection: Connection, files: Sequence[Path], given_mapping: ColumnMapping | None, named: Path
) -> dict[str, str]:
    """The columns of files, name -> what they hold: DuckDB's types, but conversations in JSON told apart from texts.

    SourceError, about the file as it is `named`, if they cannot be read.
    """
    columns = database.columns(connection, files, named)
    looked_at = layouts.may_hold_conversations(columns, given_mapping)
    return columns | dict.fromkeys(database.json_conversations(connection, files, looked_at), JSON_CONVERSATION)


def _layout(
    connection: Connection,
    files: Sequence[Path],
    given_mapping: ColumnMapping | None,
    before: int,
    named: Path,
    copies: Sequence[Path] = (),
) -> Layout:
    """The layout of files, over themselves or their copies; its rows are numbered after the `before` of other files.

    Errors are about the file as it is `named`.
    """
    columns = columns_of(connection, copies or files, given_mapping, named)
    relation = sql_text.parquet(copies or files, numbered=True)
    row = (
        f"(file_row_number + {before + 1})" if len(files) == 1 else f"(file_index::BIGINT * {2**40} + file_row_number)"
    )
    name = str(named)
    return layouts.layout(layouts.detect_mapping(columns, name, given_mapping), columns, name, relation, row)


def relate(connection: Connection, some: Sequence[Shard], scorers: Sequence[str]) -> None:
    """Bring shards into one shape: the views source_prompts, candidates and rewards, and the small tables beside them.

    `given_rewards` are those of the files, `rewards` those of the ensemble as well, where it is among the scorers.
    """
    united = " UNION ALL ".join
    database.create_view(connection, "source_prompts", united(shard.layout.prompts for shard in some))
    database.create_view(connection, "candidates", united(part for shard in some for part in shard.layout.candidates))
    database.create_view(connection, "given_rewards", united(shard.layout.rewards for shard in some))
    database.create_table(connection, "sections", sql_text.values(list(SECTION_OF.items()), ("subset", "section")))
    database.create_table(connection, "scorers", sql_text.values([(scorer,) for scorer in scorers], ("scorer",)))
    every = (
        database.statement("preparing/rewards_and_ensemble") if ENSEMBLE in scorers else "SELECT * FROM given_rewards"
    )
    database.create_view(connection, "rewards", every)


def with_copies(connection: Connection, shard: Shard, folder: Path) -> Shard:
    """A shard that reads copies of what lies in a store: as it comes at once, not a column after the other."""
    if not stores.of_store(shard.files):
        return shard
    copies = [stores.fetch(file, folder / f"copy-{place:05d}.parquet") for place, file in enumerate(shard.files)]
    layout = _layout(connection, shard.files, shard.layout.mapping, shard.before, shard.named, copies)
    return replace(shard, layout=layout, copies=tuple(copies)).renamed()


def with_valid_texts(connection: Connection, shard: Shard, partial: Path) -> tuple[Shard, str]:
    """A shard that reads copies with valid texts only, and a notice on how many were not."""
    there = len(list(partial.glob("valid-*")))
    copies = [partial / f"valid-{there + place:05d}.parquet" for place in range(len(shard.files))]
    try:
        changed = sum(
            write_valid_texts(file, shard.layout.columns, copy)
            for file, copy in zip(shard.copies or shard.files, copies, strict=True)
        )
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:  # of writing; what Arrow says of a damaged file has no number
            raise
        said = str(error).partition("\n")[0]
        raise SourceError(f"{shard.named} cannot be prepared: {said} Copy or download it again.") from error
    layout = _layout(connection, shard.files, shard.layout.mapping, shard.before, shard.named, copies)
    notice = f"{shard.name}: texts that are not valid Unicode: {changed}. What cannot be read in them shows as \ufffd."
    return replace(shard, layout=layout).renamed(), notice


def data_notices(connection: Connection, shard: Shard) -> list[str]:
    """Sentences on what is odd in the data that `relate` brought into shape, and what was done about it."""
    counts = database.row(connection, "preparing/oddities")
    said = {
        "without_prompt": "prompts without a text: {n}. They are listed with an empty prompt.",
        "not_finite": "rewards that are NaN or infinite: {n}. They are shown as not scored and left out of every statistic.",
        "without_text": "candidates with a reward but no response text: {n}. They are ranked, with an empty text.",
    }
    found = [(sentence, counts[key]) for key, sentence in said.items()]
    found += [(sentence, database.count(connection, select)) for sentence, select in shard.layout.oddities]
    return [f"{shard.name}: {sentence.replace('{n}', f'{n:,}')}" for sentence, n in found if n]
