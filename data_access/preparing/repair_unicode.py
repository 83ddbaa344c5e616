"""A copy of a Parquet file whose texts are all valid Unicode: DuckDB refuses to read one that is not."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def write_valid_texts(file: Path, columns: Sequence[str], target: Path) -> int:
    """Copy these columns, with U+FFFD for invalid UTF-8; returns how many texts it had to change."""
    changed = 0
    opened = pq.ParquetFile(file)
    some = [name for name in opened.schema_arrow.names if name in columns]
    writer = None
    for batch in opened.iter_batches(batch_size=128, columns=some):
        valid_columns = []
        for column in batch.columns:
            valid, n = _valid(column)
            changed += n
            valid_columns.append(valid)
        valid_batch = pa.record_batch(valid_columns, names=batch.schema.names)
        writer = writer or pq.ParquetWriter(target, valid_batch.schema)
        writer.write_batch(valid_batch)
    if writer:
        writer.close()
    else:
        pq.write_table(opened.schema_arrow.empty_table().select(some), target)
    return changed


def _valid(array: pa.Array) -> tuple[pa.Array, int]:
    """The same values with valid texts, also within lists and structs, and how many were changed."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if kind in (pa.string(), pa.large_string(), pa.string_view()):
        raw = array.cast(pa.large_binary()).to_pylist()
        texts = [value if value is None else value.decode("utf-8", errors="replace") for value in raw]
        changed = sum(text is not None and text.encode() != value for text, value in zip(texts, raw, strict=True))
        return pa.array(texts, pa.string()), changed
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        values, changed = _valid(array.values)
        made = pa.LargeListArray if pa.types.is_large_list(kind) else pa.ListArray
        return made.from_arrays(array.offsets, values, mask=array.is_null()), changed
    if pa.types.is_struct(kind):
        parts = [_valid(array.field(place)) for place in range(kind.num_fields)]
        names = [kind.field(place).name for place in range(kind.num_fields)]
        whole = pa.StructArray.from_arrays([part for part, _ in parts], names=names, mask=array.is_null())
        return whole, sum(changed for _, changed in parts)
    return array, 0
