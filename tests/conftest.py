"""Small datasets, written inline by the tests that need them, and opened as the app opens them."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.dataset import Dataset, open_dataset
from data_access.opening.addresses import configured_sources
from data_access.settings import Settings

Candidates = list[tuple[str | None, str | None, float | None]]
Started = list[list[str]]


def wide_table(rows: list[dict[str, Any]]) -> pa.Table:
    """A numbered wide table: each row has any of the seed's single columns, and `candidates`: (model, response, reward)."""
    most = max(len(row["candidates"]) for row in rows)
    columns: dict[str, pa.Array] = {}
    for name in dict.fromkeys(key for row in rows for key in row if key != "candidates"):
        columns[name] = pa.array([row.get(name) for row in rows])
    for i in range(most):
        at = [row["candidates"][i] if i < len(row["candidates"]) else (None, None, None) for row in rows]
        columns[f"response_{i + 1}_model"] = pa.array([c[0] for c in at], pa.string())
        columns[f"response_{i + 1}"] = pa.array([c[1] for c in at], pa.string())
        columns[f"reward_{i + 1}"] = pa.array([c[2] for c in at], pa.float64())
    return pa.table(columns)


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Dataset]:
    """Write tables as the shards of one dataset and open it through preparation: opened(rows, rows, ...) -> Dataset."""

    def open_tables(*shards: list[dict[str, Any]] | pa.Table) -> Dataset:
        folder = tmp_path / "data"
        folder.mkdir(exist_ok=True)
        for number, shard in enumerate(shards):
            table = shard if isinstance(shard, pa.Table) else wide_table(shard)
            pq.write_table(table, folder / f"train-{number:05d}-of-{len(shards):05d}.parquet")
        return open_path(folder, tmp_path / "cache")

    return open_tables


def open_path(path: Path | str, cache: Path) -> Dataset:
    """Open what lies at a path, as the app does."""
    (source,) = configured_sources(Settings((str(path),), cache))
    return open_dataset(source, cache, lambda done, doing: None)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The built-in sample."""
    cache = tmp_path_factory.mktemp("sample")
    (source,) = configured_sources(Settings(("sample",), cache))
    return open_dataset(source, cache, lambda done, doing: None)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Started:
    """The arguments with which our command has started Streamlit, which does not serve here.

    It offers the sample; the command's path and environment are as before when the test is over.
    """
    from streamlit.web import cli

    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setenv("REWARDSCOPE_DATA", "sample")
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    calls: Started = []
    monkeypatch.setattr(cli, "main", calls.append)
    return calls
