"""Sources and prepared datasets in an S3-style store, here one on this machine."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_access import stores
from data_access.console.relations import relations
from data_access.console.sql_console import run
from data_access.dataset import Dataset, open_dataset
from data_access.errors import SettingError, SourceError
from data_access.opening.addresses import configured_sources, source_from_address
from data_access.preparing import preparation
from data_access.settings import Settings
from data_access.stores import StoreFile
from tests.conftest import wide_table
from tests.s3_server import ENVIRONMENT, s3_server

ROWS = [
    {"prompt": "one", "candidates": [("ant", "a", 1.0), ("bee", "b", 2.0)]},
    {"prompt": "two", "candidates": [("ant", "c", 3.0), ("cow", "d", 5.0)]},
]
TEXTS = "SELECT prompt_id, candidate, model, response FROM responses ORDER BY ALL"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, list[str]]]:
    """A store with a bucket `b` of two shards below data/; its folder, and what is asked of it."""
    root = tmp_path / "store"
    for number, row in enumerate(ROWS):
        file = root / "b" / "data" / f"train-{number:05d}-of-00002.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(wide_table([row]), file)
    with s3_server(root) as (address, asked):
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": address}).items():
            monkeypatch.setenv(name, value)
        forget()
        yield root / "b", asked
    forget()


def forget() -> None:
    """As after a minute."""
    for kept in (stores.filesystem, stores.for_database, stores._listed, stores._states):
        kept.cache_clear()


def opened(address: str, cache: Path, elsewhere: Path | None = None) -> Dataset:
    (source,) = configured_sources(Settings((address,), cache))
    return open_dataset(source, cache, lambda done, doing: None, elsewhere)


def rows(dataset: Dataset, query: str) -> list[tuple[object, ...]]:
    return dataset.connection.cursor().execute(query).fetchall()


@pytest.mark.parametrize("address", ["s3://b/data", "s3://b/data/", "s3://b"])
def test_what_lies_below_a_prefix_opens_as_from_a_folder(
    store: tuple[Path, list[str]], tmp_path: Path, address: str
) -> None:
    folder, _ = store
    dataset = opened(address, tmp_path / "cache")
    local = opened(str(folder / "data"), tmp_path / "local")
    assert dataset.name == ("b" if address == "s3://b" else "data")
    assert (
        rows(dataset, TEXTS)
        == rows(local, TEXTS)
        == [
            (1, 1, "ant", "a"),
            (1, 2, "bee", "b"),
            (2, 1, "ant", "c"),
            (2, 2, "cow", "d"),
        ]
    )
    assert rows(dataset, "SELECT prompt, response_2 FROM source ORDER BY prompt") == [("one", "b"), ("two", "d")]
    assert [str(file) for file in dataset.files] == [f"s3://b/data/train-0000{n}-of-00002.parquet" for n in (0, 1)]
    assert not [path.name for path in (tmp_path / "cache").rglob("copy-*")]


def test_one_file_opens_too(store: tuple[Path, list[str]], tmp_path: Path) -> None:
    dataset = opened("s3://b/data/train-00001-of-00002.parquet", tmp_path / "cache")
    assert rows(dataset, "SELECT prompt FROM prompts") == [("two",)]


def test_the_lock_lets_no_query_read_another_file_of_the_store(store: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, _ = store
    shutil.copy(folder / "data" / "train-00000-of-00002.parquet", folder / "secret.parquet")
    dataset = opened("s3://b/data", tmp_path / "cache")
    for query in (
        "SELECT * FROM 's3://b/secret.parquet'",
        "SELECT * FROM 's3://b/*.parquet'",
        "COPY (SELECT 1 AS x) TO 's3://b/data/written.parquet'",
    ):
        with pytest.raises(Exception, match="disabled by configuration"):
            rows(dataset, query)
    assert not (folder / "data" / "written.parquet").exists()


def test_the_console_has_the_prepared_relations_and_no_source(store: tuple[Path, list[str]], tmp_path: Path) -> None:
    dataset = opened("s3://b/data", tmp_path / "cache")
    assert "source" not in relations(dataset)
    assert run(dataset, "SELECT count(*) AS n FROM responses", print).rows["n"].tolist() == [4]


def test_a_look_at_the_files_asks_the_store_once_a_minute(store: tuple[Path, list[str]], tmp_path: Path) -> None:
    _, asked = store
    (source,) = configured_sources(Settings(("s3://b/data",), tmp_path))
    preparation.prepared_folder(source, tmp_path)
    before = len(asked)
    assert asked == ["HEAD /b/data", "GET /b", "GET /b", "GET /b"]  # whatever the number of files
    (again,) = configured_sources(Settings(("s3://b/data",), tmp_path))
    preparation.prepared_folder(again, tmp_path)
    assert len(asked) == before


def test_a_replaced_file_is_another_state(store: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, _ = store
    (source,) = configured_sources(Settings(("s3://b/data",), tmp_path))
    before = preparation.prepared_folder(source, tmp_path)
    pq.write_table(wide_table(ROWS), folder / "data" / "train-00001-of-00002.parquet")
    forget()
    assert preparation.prepared_folder(source, tmp_path) != before


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("s3://b/none", "s3://b/none holds no Parquet file, and in a store no other is read."),
        ("s3://b/data/none.parquet", "s3://b/data/none.parquet holds no Parquet file"),
    ],
)
def test_what_is_not_there_is_said(store: tuple[Path, list[str]], tmp_path: Path, address: str, said: str) -> None:
    (source,) = configured_sources(Settings((address,), tmp_path))
    assert source.problem
    assert source.problem.startswith(said)


def test_a_wrong_key_is_said(store: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    forget()
    (source,) = configured_sources(Settings(("s3://b/data",), tmp_path))
    assert source.problem
    assert source.problem.startswith("s3://b/data cannot be read:")
    assert "AWS_SECRET_ACCESS_KEY" in source.problem


def test_viewers_may_name_a_store_only_where_they_may_name_paths(store: tuple[Path, list[str]], tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Viewers may not open paths"):
        source_from_address("s3://b/data", Settings(("sample",), tmp_path))
    allowed = Settings(("sample",), tmp_path, opens=frozenset({"paths"}))
    assert source_from_address("s3://b/data", allowed).files == (
        StoreFile("s3://b/data/train-00000-of-00002.parquet"),
        StoreFile("s3://b/data/train-00001-of-00002.parquet"),
    )


def test_a_place_is_a_folder_or_a_prefix(tmp_path: Path) -> None:
    assert str(stores.place("s3://b/x/y")) == "s3://b/x/y"
    assert stores.place(str(tmp_path)) == tmp_path
    assert not isinstance(stores.place("s3:/b/x"), StoreFile)
    with pytest.raises(SettingError):
        Settings.from_environment({"REWARDSCOPE_PREPARD": "x"})
