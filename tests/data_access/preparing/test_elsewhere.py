"""Prepared datasets that somebody has put elsewhere."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_access.errors import StorageError
from data_access.opening.sources import Source
from data_access.preparing import contents, elsewhere, preparation
from tests.conftest import wide_table
from tests.data_access.preparing.processes import source_of

ROWS = [{"prompt": "one", "candidates": [("ant", "a", 1.0), ("bee", "b", 2.0)]}]


def unheard(done: float, doing: str) -> None:
    pass


@pytest.fixture
def source(tmp_path: Path) -> Source:
    pq.write_table(wide_table(ROWS), tmp_path / "data.parquet")
    return source_of(tmp_path / "data.parquet")


@pytest.fixture
def shared(source: Source, tmp_path: Path) -> Path:
    """A shared folder that has the prepared dataset."""
    folder = preparation.prepare(source, tmp_path / "of somebody", unheard)
    assert elsewhere.put(folder, tmp_path / "shared", unheard) == tmp_path / "shared" / folder.name
    return tmp_path / "shared"


def test_what_lies_there_is_copied_and_nothing_is_prepared(source: Source, tmp_path: Path, shared: Path) -> None:
    said: list[str] = []
    folder = preparation.prepare(source, tmp_path / "cache", lambda done, doing: said.append(doing), shared)
    assert set(said) == {"Copying the prepared dataset."}
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        file.name: file.read_bytes() for file in (shared / folder.name).iterdir()
    }


@pytest.mark.parametrize("damage", ["a bit", "no file", "no contents", "of another state"])
def test_what_is_not_whole_there_is_prepared_here(source: Source, tmp_path: Path, shared: Path, damage: str) -> None:
    (theirs,) = shared.iterdir()
    spoilt = theirs / ("contents.json" if "contents" in damage else "scores-00000.parquet")
    if damage == "a bit":
        whole = spoilt.read_bytes()
        spoilt.write_bytes(whole[:20] + bytes([whole[20] ^ 1]) + whole[21:])
    elif damage == "of another state":
        theirs.rename(theirs.with_name(f"prepared-{'0' * 20}"))
    else:
        spoilt.unlink()
    said: list[str] = []
    folder = preparation.prepare(source, tmp_path / "cache", lambda done, doing: said.append(doing), shared)
    assert any(doing.startswith("Preparing file 1 of 1") for doing in said)
    assert contents.is_sound(folder)
    assert [path for path in folder.parent.iterdir() if path.is_dir()] == [folder]


def test_a_place_that_cannot_be_written_is_said(source: Source, tmp_path: Path) -> None:
    folder = preparation.prepare(source, tmp_path / "cache", unheard)
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file/prepared-\w+ cannot be written: Not a directory\."):
        elsewhere.put(folder, tmp_path / "file", unheard)
