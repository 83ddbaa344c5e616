"""A recipe's rows as files that trainers read, with a sidecar that says where they are from."""

import json
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa

from data_access.database import read_table
from data_access.dataset import Dataset
from data_access.errors import StorageError
from data_access.judgements.judgements import Judgement
from data_access.log import event, seconds_since
from data_access.questions import prompts, search
from data_access.tables import parquet_file
from data_access.training_data import source_texts
from data_access.training_data.export_files import partial_folder
from data_access.training_data.formats import FORMATS, Record, Row
from data_access.training_data.measured import in_table, see_to_attributes
from data_access.training_data.recipes import Recipe
from data_access.training_data.rows import Selection
from data_access.training_data.sidecar import SIDECAR, sidecar
from data_access.training_data.strategies import STRATEGIES, TABLES

PROMPTS_AT_ONCE = 100  # that follow each other: their texts are in memory
COLUMN_TEXTS_AT_ONCE = 10_000  # of the source's own columns, which are read anew each time
ORIGIN: dict[str, pa.DataType] = {
    "prompt_id": pa.int64(),
    "subset": pa.string(),
    "candidate": pa.int32(),
    "model": pa.string(),
    "other_candidate": pa.int32(),
    "other_model": pa.string(),
    "margin": pa.float64(),
}

# The columns of a selection that make these, and a row's margin and label.
ROW_COLUMNS = ("prompt_id", "subset", "first", "model", "second", "model_second", "margin", "label")
Batch: TypeAlias = list[Record] | Any  # or a table of pyarrow, which has no types
Progress = Callable[[float, str], None]


def ids_of(dataset: Dataset, recipe: Recipe, said: Sequence[Judgement] = ()) -> list[int]:
    """prompt_id of the prompts that pass the recipe's filter, in the source's order; `said`: what people say, for a filter by
    that."""
    chosen = recipe.filter
    found = search.found_prompts(dataset, chosen.text, chosen.where, chosen.regex) if chosen.is_searching else None
    return sorted(prompts.matching_prompts(dataset, recipe.scorer, chosen, found, said))


def examples(dataset: Dataset, recipe: Recipe, taken: Selection, most: int = 5) -> list[Record]:
    """The first rows as they are written, spread over the prompts."""
    kept = taken.kept
    some = kept.iloc[:: max(1, len(kept) // most)][:most] if len(kept) else kept
    found = (batch if isinstance(batch, list) else batch.to_pylist() for batch in _batches(dataset, recipe, some))
    return [record for batch in found for record in batch][:most]


def write(dataset: Dataset, recipe: Recipe, taken: Selection, target: Path, progress: Progress) -> None:
    """Write the rows and their sidecar into a new folder, or a zip file where the name says so; whole or not at all.

    Raises StorageError where it cannot be written, or is there already.
    """
    started = time.monotonic()
    try:
        with partial_folder(target) as partial:
            partial.chmod(0o755)
            _write_files(dataset, recipe, taken, partial, progress)
            if target.suffix == ".zip":
                progress(1.0, "Putting the files together.")
                packed = partial / "all.zip"
                _pack(partial, packed)
                packed.replace(target)
            else:
                partial.rename(target)
    except OSError as error:
        raise StorageError(
            f"{target} cannot be written: {error.strerror}. Free some space, or name another."
        ) from error
    event(
        "export_made",
        dataset=dataset.name,
        rows=len(taken.kept),
        format=recipe.format,
        seconds=seconds_since(started),
    )


def _write_files(dataset: Dataset, recipe: Recipe, taken: Selection, folder: Path, progress: Progress) -> None:
    kept = taken.kept
    names = []
    done = 0
    for name, part in (("train", kept[~kept["is_validation"]]), ("validation", kept[kept["is_validation"]])):
        if part.empty and name == "validation":
            continue
        names.append(f"{name}.{recipe.file}")
        with _writer(folder / names[-1], _schema(recipe)) as add:
            for batch in _batches(dataset, recipe, part):
                add(batch)
                done += len(batch)
                progress(done / max(len(kept), 1), f"Writing rows: {done:,} of {len(kept):,}.")
    (folder / SIDECAR).write_text(
        json.dumps(sidecar(dataset, recipe, taken), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    if info := FORMATS[recipe.format].info:
        entries = {name.rpartition(".")[0]: {"file_name": name, **info} for name in names}
        (folder / "dataset_info.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def _batches(dataset: Dataset, recipe: Recipe, rows: pd.DataFrame) -> Iterator[Batch]:
    """The records of rows, those of some prompts at once: as dicts, or as the table that the database gives."""
    see_to_attributes(dataset, recipe)  # the selection may be of before the dataset was opened again
    ids = rows["prompt_id"].unique().tolist()
    if FORMATS[recipe.format].takes_column:
        blocks = _by_number(ids, max(1, COLUMN_TEXTS_AT_ONCE * len(ids) // max(len(rows), 1)))
    else:
        blocks = _near_each_other(ids)
    for some in blocks:
        if recipe.kind in TABLES:
            yield read_table(
                dataset,
                f"training_data/export_{recipe.kind}",
                {"attributes": in_table(recipe)},
                dataset.narrowed_to(some),
                scorer=recipe.scorer,
                ids=some,
            )
        else:
            yield _records(dataset, recipe, rows[rows["prompt_id"].isin(some)])


def _by_number(ids: Sequence[int], at_once: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), at_once):
        yield ids[start : start + at_once]


def _near_each_other(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The prompts, in the order of the source, by the texts that are read for them: all between the first and the last."""
    start = 0
    for end in range(1, len(ids) + 1):
        if end == len(ids) or ids[end] - ids[start] >= PROMPTS_AT_ONCE:
            yield ids[start:end]
            start = end


def _records(dataset: Dataset, recipe: Recipe, part: pd.DataFrame) -> list[Record]:
    rows = part[list(ROW_COLUMNS)].astype(object).where(part[list(ROW_COLUMNS)].notna(), None)
    record = FORMATS[recipe.format].record
    fields = _schema(recipe).names
    made = []
    texts = _texts(dataset, recipe, part["prompt_id"].tolist(), rows["first"].tolist(), rows["second"].tolist())
    for values, prompt, first, second in zip(rows.itertuples(index=False, name=None), *texts, strict=True):
        origin, (margin, label) = dict(zip(ORIGIN, values, strict=False)), values[-2:]
        shaped = origin | record(Row(prompt, first, second, margin, label))
        made.append({name: shaped[name] for name in fields})
    return made


def _texts(dataset: Dataset, recipe: Recipe, ids: list[int], first: list[int], second: list[Any]) -> list[list[Any]]:
    """Of each row the prompt's text and those of its two candidates; from a text column of the source only the first."""
    if FORMATS[recipe.format].takes_column:
        return [[""] * len(ids), source_texts.texts(dataset, recipe.text_column, ids, first), [None] * len(ids)]
    found = read_table(
        dataset,
        "training_data/training_texts",
        narrowed=dataset.narrowed_to(ids),
        ids=ids,
        first=first,
        second=second,
        wanted=STRATEGIES[recipe.strategy].benchmark_side or "chosen",
    )
    return [column.to_pylist() for column in found.columns]


def _schema(recipe: Recipe) -> pa.Schema:
    """The fields of a format, before them where a row is from, if that is wanted; no margin where there is none."""
    fields = (ORIGIN if recipe.origin else {}) | dict(FORMATS[recipe.format].fields)
    if not STRATEGIES[recipe.strategy].has_margin:
        fields.pop("margin", None)
    return pa.schema(list(fields.items()))


@contextmanager
def _writer(file: Path, schema: pa.Schema | None) -> Iterator[Callable[[Batch], None]]:
    """Adds batches to a file: Parquet, with the schema of those that are no tables, or JSON Lines without a schema."""
    if file.suffix == ".jsonl":
        with file.open("w", encoding="utf-8", newline="\n") as opened:
            yield lambda batch: opened.writelines(
                f"{json.dumps(record, ensure_ascii=False)}\n"
                for record in (batch if isinstance(batch, list) else batch.to_pylist())
            )
        return
    with parquet_file(file, schema) as add:
        yield lambda batch: add(pa.Table.from_pylist(batch, schema) if isinstance(batch, list) else batch)


def _pack(folder: Path, target: Path) -> None:
    """The folder's files as a zip that is the same for the same files: by name, without times."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(folder.iterdir()):
            if file != target:
                entry = zipfile.ZipInfo(file.name)
                entry.external_attr = 0o644 << 16
                with file.open("rb") as opened, archive.open(entry, "w", force_zip64=True) as packed:
                    shutil.copyfileobj(opened, packed, 1 << 20)
