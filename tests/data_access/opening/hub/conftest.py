"""A hub on this machine, and datasets opened from it as the app does."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data_access.dataset import Dataset, open_dataset
from data_access.opening.addresses import configured_sources
from data_access.opening.local_files import to_local_files
from data_access.settings import Settings
from tests.conftest import wide_table

NAME = "someone/rewards"
ROWS = [
    {"prompt": f"Prompt {number}", "candidates": [("ant", f"Text {number} " * 40, 1.0), ("bee", "Other", 2.0)]}
    for number in range(40)
]


def parquet(rows: list[dict[str, Any]] = ROWS) -> bytes:
    written = io.BytesIO()
    pq.write_table(wide_table(rows), written, compression="none", use_dictionary=False)
    return written.getvalue()


@pytest.fixture(scope="module")
def data() -> bytes:
    return parquet()


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Dataset]:
    """opened("hf:owner/name") -> the dataset, as the app opens an entry of REWARDSCOPE_DATA; `said` takes the progress."""

    def open_entry(entry: str = f"hf:{NAME}", said: list[tuple[float, str]] | None = None, **settings: Any) -> Dataset:
        chosen = Settings((entry,), tmp_path / "cache", **settings)

        def progress(done: float, doing: str) -> None:
            if said is not None:
                said.append((done, doing))

        return open_dataset(to_local_files(configured_sources(chosen)[0], chosen, progress), chosen.cache, progress)

    return open_entry


@pytest.fixture
def downloaded(tmp_path: Path) -> Callable[..., list[bytes]]:
    """downloaded("hf:owner/name") -> what the files of the dataset hold, brought to this machine as for opening it."""

    def download(entry: str = f"hf:{NAME}") -> list[bytes]:
        chosen = Settings((entry,), tmp_path / "cache")
        found = to_local_files(configured_sources(chosen)[0], chosen, lambda done, doing: None)
        return [file.read_bytes() for file in found.files]

    return download
