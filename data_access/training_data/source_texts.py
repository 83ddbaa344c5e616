"""The candidates' texts in other numbered columns of the source, such as the text that was formatted for the reward model.

They are not among the prepared files. A prompt is a row of its file; a candidate's text is in a column of its own, of which a
few are read at once: the file's row group may hold all prompts, and the columns together much more than memory.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

from data_access.database import read_table
from data_access.dataset import Dataset
from data_access.sql_text import name, parquet

COLUMNS_AT_ONCE = 25


def texts(dataset: Dataset, column: str, ids: Sequence[int], candidates: Sequence[int]) -> list[str]:
    """The texts in the numbered columns called `column` of these candidates of these prompts; '' for a missing one."""
    found = [""] * len(ids)
    for places, table in _read(dataset, "source_texts", column, ids, candidates):
        for place, text in zip(table["place"].to_pylist(), table["text"].to_pylist(), strict=True):
            found[places[place]] = text or ""
    return found


def without_response(
    dataset: Dataset, column: str, ids: Sequence[int], candidates: Sequence[int]
) -> npt.NDArray[np.bool_]:
    """Which of these texts are missing, or do not contain the candidate's response."""
    found = np.zeros(len(ids), dtype=bool)
    for places, table in _read(dataset, "source_texts_without_response", column, ids, candidates):
        found[places[table["place"].to_numpy()]] = True
    return found


def _read(
    dataset: Dataset, query: str, column: str, ids: Sequence[int], candidates: Sequence[int]
) -> Iterator[tuple[npt.NDArray[np.int64], Any]]:
    """What a query gives of each file and of a few columns, and the places in `ids` that those of the query stand for."""
    contents = dataset.contents
    prompt_ids, numbers = np.asarray(ids, dtype=np.int64), np.asarray(candidates, dtype=np.int64)
    for file, rows, end in zip(dataset.own_files, contents.shards, accumulate(contents.shards), strict=True):
        in_file = (prompt_ids > end - rows) & (prompt_ids <= end)
        there = np.unique(numbers[in_file])
        for start in range(0, len(there), COLUMNS_AT_ONCE):
            some = there[start : start + COLUMNS_AT_ONCE].tolist()
            places = np.flatnonzero(in_file & np.isin(numbers, some))
            cases = " ".join(
                f"WHEN {number} THEN {name(f'{column}_{number - 1 + contents.numbered_from}')}::VARCHAR"
                for number in some
            )
            yield (
                places,
                read_table(
                    dataset,
                    f"training_data/{query}",
                    {"file": parquet([file], numbered=True), "text": f"CASE candidate {cases} END"},
                    ids=prompt_ids[places].tolist(),
                    candidates=numbers[places].tolist(),
                    before=end - rows,
                ),
            )
