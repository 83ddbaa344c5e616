"""Small datasets, written inline by the tests that need them, and opened as the app opens them."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from altair.utils import schemapi
from filelock import FileLock
from hypothesis import settings

from data_access.dataset import Dataset, open_dataset
from data_access.opening.addresses import configured_sources
from data_access.settings import Settings
from tests.hub_server import LoopbackHub

Candidates = list[tuple[str | None, str | None, float | None]]
Started = list[list[str]]
KEPT_OPEN = 8

os.environ["REWARDSCOPE_JUDGEMENTS"] = "off"  # tests that need them ask for `judgements_file`

settings.register_profile("patient", deadline=None)  # a busy machine may take its time
settings.load_profile("patient")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without the journeys, Playwright is not imported either."""
    return True if config.option.markexpr == "not e2e" and collection_path.name == "e2e" else None


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


@pytest.fixture(scope="session", autouse=True)
def charts_are_not_checked() -> None:
    """Against Altair's schema, as the server does not: it takes a third of a page's time."""
    schemapi.disable_debug_mode()


@pytest.fixture
def charts_are_checked() -> Iterator[None]:
    """Against Altair's schema: by the tests of charts, and once on each page as a whole."""
    schemapi.enable_debug_mode()
    yield
    schemapi.disable_debug_mode()


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


@pytest.fixture
def judgements_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where judgements are kept, for tests in which somebody judges; there is none yet."""
    file = tmp_path / "judgements" / "judgements.sqlite"
    monkeypatch.setenv("REWARDSCOPE_JUDGEMENTS", str(file))
    return file


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this test run, the same one in each of its processes."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def opened_once(shared_folder: Path) -> Callable[..., Dataset]:
    """As `opened`, for tests that only read: the same tables are prepared once in a test run, and kept open for a while."""
    kept: dict[str, Dataset] = {}

    def open_tables(*shards: list[dict[str, Any]] | pa.Table) -> Dataset:
        files = [parquet_bytes(shard if isinstance(shard, pa.Table) else wide_table(shard)) for shard in shards]
        name = sha256(b"".join(sha256(file).digest() for file in files)).hexdigest()[:20]
        if name not in kept:
            folder = shared_folder / name / "data"
            with FileLock(shared_folder / f"{name}.lock"):
                if not folder.exists():
                    folder.mkdir(parents=True)
                    for number, file in enumerate(files):
                        (folder / f"train-{number:05d}-of-{len(files):05d}.parquet").write_bytes(file)
            kept[name] = open_path(folder, folder.with_name("cache"))
        kept[name] = kept.pop(name)  # the last used stands last
        if len(kept) > KEPT_OPEN:
            del kept[next(iter(kept))]
        return kept[name]

    return open_tables


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as a Parquet file: the same bytes for the same table."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def open_path(path: Path | str, cache: Path) -> Dataset:
    """Open what lies at a path, as the app does."""
    (source,) = configured_sources(Settings((str(path),), cache))
    return open_dataset(source, cache, lambda done, doing: None)


@pytest.fixture(scope="session")
def sample(shared_folder: Path) -> Dataset:
    """The built-in sample, prepared once in a test run."""
    cache = shared_folder / "sample"
    with FileLock(shared_folder / "sample.lock"):
        cache.mkdir(exist_ok=True)
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


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    """A hub on this machine that the client is told to use, with a cache of its own and no token."""
    from huggingface_hub import constants as client
    from huggingface_hub.utils import close_session

    from data_access.opening.hub import downloads

    with LoopbackHub().running() as running:
        template = running.address + client.HUGGINGFACE_CO_URL_TEMPLATE.removeprefix(client.ENDPOINT)
        monkeypatch.setattr(client, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(client, "ENDPOINT", running.address)
        monkeypatch.setattr(client, "HF_HUB_CACHE", str(tmp_path / "hub-cache"))
        monkeypatch.setattr(client, "HF_TOKEN_PATH", str(tmp_path / "token"))
        monkeypatch.delenv("HF_TOKEN", raising=False)
        monkeypatch.setattr(downloads, "PAUSE_S", 0.0)
        yield running
        close_session()
