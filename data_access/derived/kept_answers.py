"""What a question gave of a whole dataset, kept beside its prepared files for the next server that opens it.

An answer is of this very code: after any change of it the question is asked anew. Values are written as JSON, with tables as
Arrow inside, and are never code: only our own named tuples and data classes are made of what is read.
"""

import io
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from importlib import import_module, resources
from importlib.resources.abc import Traversable
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar, cast
from uuid import uuid4

import numpy as np
import pandas as pd
import pyarrow as pa

from data_access.dataset import Dataset

T = TypeVar("T")

WORTH_S = 0.05  # what is worked out faster is not kept
MOST = 500  # answers of a dataset
LARGEST = 32_000_000  # characters
KIND = "$"  # the key that says what an object of the JSON stands for
ROOM = "data_access"


class _NotWrittenError(TypeError):
    """A value that this cannot write; it is worked out anew."""


def answered(dataset: Dataset, asked: tuple[Hashable, ...], work: Callable[[], T]) -> T:
    """What `work` gives, or gave before: `asked` names the question with all that its answer depends on beside the dataset."""
    file = _file(dataset, asked)
    if file is None:
        return work()
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, ImportError):  # not there, or damaged
        return cast(T, _read(json.loads(file.read_text(encoding="utf-8"))))
    start = perf_counter()
    value = work()
    if perf_counter() - start >= WORTH_S:
        with suppress(OSError, _NotWrittenError):
            _keep(file, value)
    return value


def _file(dataset: Dataset, asked: tuple[Hashable, ...]) -> Path | None:
    if not dataset.is_prepared:
        return None
    name = sha256(repr((asked, _code())).encode()).hexdigest()[:32]
    return dataset.prepared["responses"][0].parent / "answers" / f"{name}.json"


@cache
def _code() -> str:
    """A number of all our code that answers come from."""
    summed = sha256()
    for file in _files(resources.files(ROOM)):
        summed.update(file.read_bytes())
    return summed.hexdigest()


def _files(folder: Traversable) -> list[Traversable]:
    """Python and SQL, by name."""
    found = []
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            found += _files(one)
        elif one.name.endswith((".py", ".sql")):
            found.append(one)
    return found


def _keep(file: Path, value: object) -> None:
    written = json.dumps(_written(value))
    file.parent.mkdir(exist_ok=True)
    if len(written) > LARGEST or len(os.listdir(file.parent)) >= MOST:
        return
    partial = file.with_suffix(f".{uuid4().hex}.partial")
    try:
        partial.write_text(written, encoding="utf-8")
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _written(value: Any) -> Any:  # noqa: PLR0911  a kind after the other
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) is list:
        return [_written(one) for one in value]
    if type(value) is tuple:
        return {KIND: "tuple", "items": [_written(one) for one in value]}
    if type(value) is dict:
        return {KIND: "dict", "items": [[_written(key), _written(one)] for key, one in value.items()]}
    if isinstance(value, np.ndarray | np.generic):
        return {KIND: "array", "bytes": _array_bytes(np.asarray(value)), "scalar": isinstance(value, np.generic)}
    if isinstance(value, pd.DataFrame):
        return {KIND: "table", "bytes": _table_bytes(value)}
    kind = type(value)
    if _is_ours(kind):
        values = value if isinstance(value, tuple) else [getattr(value, field.name) for field in fields(value)]
        name = f"{kind.__module__}:{kind.__qualname__}"
        return {KIND: name, "items": [_written(one) for one in values]}
    raise _NotWrittenError(kind)


def _read(written: Any) -> Any:  # noqa: PLR0911
    if isinstance(written, list):
        return [_read(one) for one in written]
    if not isinstance(written, dict):
        return written
    kind = written[KIND]
    if kind == "tuple":
        return tuple(_read(one) for one in written["items"])
    if kind == "dict":
        return {_read(key): _read(one) for key, one in written["items"]}
    if kind == "array":
        array = np.load(io.BytesIO(b64decode(written["bytes"])), allow_pickle=False)
        return array[()] if written["scalar"] else array
    if kind == "table":
        return _table(b64decode(written["bytes"]))
    module, _, name = kind.partition(":")
    if module.split(".")[0] != ROOM:
        raise ValueError(kind)
    ours = getattr(import_module(module), name)
    if not _is_ours(ours):
        raise ValueError(kind)
    return ours(*(_read(one) for one in written["items"]))


def _is_ours(kind: Any) -> bool:
    """Whether this is a named tuple or a data class of this package."""
    is_value = isinstance(kind, type) and (is_dataclass(kind) or (issubclass(kind, tuple) and hasattr(kind, "_fields")))
    return is_value and kind.__module__.split(".")[0] == ROOM


def _array_bytes(array: np.ndarray[Any, Any]) -> str:
    if array.dtype.hasobject:
        raise _NotWrittenError(array.dtype)
    written = io.BytesIO()
    np.save(written, array, allow_pickle=False)
    return b64encode(written.getvalue()).decode()


def _table_bytes(frame: pd.DataFrame) -> str:
    """As Arrow; _NotWrittenError where that would come back as something else."""
    try:
        table = pa.Table.from_pandas(frame)
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise _NotWrittenError(str(error)) from error
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    written = sink.getvalue().to_pybytes()
    back = _table(written)
    if not (back.dtypes.equals(frame.dtypes) and back.index.equals(frame.index) and back.columns.equals(frame.columns)):
        raise _NotWrittenError("dtypes")
    return b64encode(written).decode()


def _table(written: bytes) -> pd.DataFrame:
    with pa.ipc.open_stream(written) as reader:
        return cast(pd.DataFrame, reader.read_all().to_pandas())
