"""Where there are very many candidates: some of the prompts, drawn once, with all that is known of them.

What counts or lists prompts reads all of them. What compares candidates over prompts, such as how source models stand, needs
memory and time that grow with the candidates, while its intervals hardly get narrower: it reads the drawn prompts, and whoever
shows it says of how many.
"""

import json
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from filelock import FileLock, Timeout

from data_access import database, failures, sql_text
from data_access.dataset import Dataset, of_some_prompts
from data_access.plurals import things
from data_access.tables import parquet_file

MOST_CANDIDATES = 1_000_000
FOLDER = "drawn.1"  # with the version of how they are drawn
COUNTS = "counts.json"
ROW_GROUPS = {"prompts": 16_384, "scores": 16_384, "responses": 2048}
MEMORY = "250MB"
SEED = 1
WAIT_S = 0.2

Progress = Callable[[float], None]


def needs_drawing(dataset: Dataset) -> bool:
    """Whether there are so many candidates; never where nothing is prepared, as what is drawn is kept beside the files."""
    return dataset.is_prepared and dataset.contents.candidates > MOST_CANDIDATES


def is_drawn(dataset: Dataset) -> bool:
    """Whether asking for it takes no time."""
    return not needs_drawing(dataset) or (_folder(dataset) / COUNTS).exists()


def drawn(dataset: Dataset, progress: Progress = lambda done: None) -> Dataset:
    """The dataset with some of its prompts, those with about MOST_CANDIDATES candidates, under their own numbers; or with all
    where it has no more. Reads all files the first time."""
    if not needs_drawing(dataset):
        return dataset
    folder = _folder(dataset)
    lock, said = FileLock(folder.with_suffix(".lock")), folder.with_suffix(".progress")
    try:
        while not (folder / COUNTS).exists():
            try:
                with lock.acquire(timeout=WAIT_S):
                    if not (folder / COUNTS).exists():
                        _draw(dataset, folder, said, progress)
            except Timeout:
                with suppress(OSError, ValueError):  # not there yet, or half written
                    progress(float(said.read_text(encoding="utf-8")))
        counts = json.loads((folder / COUNTS).read_text(encoding="utf-8"))
    except OSError:  # the disk is full, or may not be written any more
        return dataset
    contents = replace(dataset.contents, **counts, shards=(counts["prompts"],))
    return of_some_prompts(dataset, folder, contents)


def said_of(dataset: Dataset, part: Dataset) -> str:
    """Of how many prompts the figures are, where some were drawn; else ''."""
    if part is dataset or part.contents.prompts == dataset.contents.prompts:
        return ""
    return f"Figures of {part.contents.prompts:,} drawn of {things(dataset.contents.prompts, 'prompt')}."


def _folder(dataset: Dataset) -> Path:
    return dataset.prepared["responses"][0].with_name(FOLDER)


def _draw(dataset: Dataset, folder: Path, said: Path, progress: Progress) -> None:
    """Under the lock: write the files into a partial folder, then give it its name."""
    total = dataset.contents.prompts
    most = max(1, MOST_CANDIDATES * total // dataset.contents.candidates)
    ids = np.sort(np.random.default_rng(SEED).choice(total, most, replace=False) + 1)
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    steps = sum(len(files) for files in dataset.prepared.values())
    done = 0
    try:
        with closing(database.connect(MEMORY, partial / "spill", macros=())) as connection, failures.answering(0):
            connection.register("drawn", pa.table({"prompt_id": ids}))
            for relation, files in dataset.prepared.items():
                with parquet_file(partial / f"{relation}-00000.parquet", row_group=ROW_GROUPS[relation]) as add:
                    for file in files:
                        progress(done / steps)
                        said.write_text(str(done / steps), encoding="utf-8")
                        select = f"SELECT * FROM {sql_text.parquet([file])} SEMI JOIN drawn USING (prompt_id)"
                        add(connection.sql(select).to_arrow_table())
                        done += 1
                written = sql_text.parquet([partial / f"{relation}-00000.parquet"])
                database.create_view(connection, relation, f"SELECT * FROM {written}")
            counts = database.row(connection, "preparing/totals")
        (partial / COUNTS).write_text(json.dumps(counts), encoding="utf-8")
        shutil.rmtree(partial / "spill", ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        said.unlink(missing_ok=True)
