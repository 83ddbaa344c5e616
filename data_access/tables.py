"""Any table as a file: CSV that no spreadsheet takes for formulas, and Parquet, at once or by and by."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas.api.types import is_bool_dtype, is_numeric_dtype

# What makes a spreadsheet read a cell as a formula: texts of models and of red-teaming sets begin with anything.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv(frame: pd.DataFrame) -> bytes:
    """The rows and column names as CSV in UTF-8, without the index; what is missing is empty, lists and structs are JSON.

    A text, or a column's name, that begins as a formula does gets an apostrophe before it; numbers stay as they are.
    """
    table = frame.set_axis([_cell(str(name)) for name in frame.columns], axis=1)
    for name, column in table.items():
        if not is_numeric_dtype(column) and not is_bool_dtype(column):
            table[name] = column.astype(object).map(_cell)
    # With \r\n between rows, as RFC 4180 has it, a text with a lone \r is quoted as well.
    return table.to_csv(index=False, lineterminator="\r\n").encode()


def parquet(frame: pd.DataFrame) -> bytes:
    """The rows as one Parquet file, without the index, texts as they are."""
    written = BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), written, compression="zstd")
    return written.getvalue()


@contextmanager
def parquet_file(
    file: Path, schema: pa.Schema | None = None, row_group: int | None = None
) -> Iterator[Callable[[Any], None]]:
    """Adds tables of pyarrow, which have the same columns, to a Parquet file; without any it is an empty one of this schema."""
    writer: pq.ParquetWriter | None = None

    def add(table: Any) -> None:
        nonlocal writer
        writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table, row_group)

    try:
        yield add
        if writer is None and schema is not None:
            add(schema.empty_table())
    finally:
        if writer:
            writer.close()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    if isinstance(value, dict | list | tuple | np.ndarray):
        return json.dumps(value, default=_plain, ensure_ascii=False)
    return value


def _plain(value: Any) -> Any:
    """A list or number of NumPy, or anything else that JSON has no word for, as one that it has."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else str(value)
