"""What is said of a source's columns: where it is looked for, remembered, and that saying it prepares anew."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.dataset import open_dataset
from data_access.errors import LayoutError, StorageError
from data_access.layouts import ColumnMapping, saved_mappings
from data_access.opening.addresses import configured_sources
from data_access.opening.local_files import to_local_files
from data_access.opening.sources import Source
from data_access.settings import Settings
from tests.conftest import open_path
from tests.data_access.preparing.test_preparation import rows

TABLE = pa.table({"task": ["t"], "prompt": ["p"], "response": ["a"], "reward": [1.0], "elo": [2.0]})
REWARDS = "SELECT scorer, reward FROM scores"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    pq.write_table(TABLE, tmp_path / "data.parquet")
    (found,) = configured_sources(Settings((str(tmp_path / "data.parquet"),), tmp_path / "cache"))
    return found


def prompt_of(source: Source, cache: Path) -> str | None:
    mapping = saved_mappings.saved_mapping(source, cache)
    return mapping.prompt if mapping else None


def test_what_was_said_in_the_app_goes_before_the_files_own_toml_and_that_before_the_folders(
    source: Source, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    assert prompt_of(source, cache) is None
    (tmp_path / "rewardscope.toml").write_text('prompt = "folder"')
    assert prompt_of(source, cache) == "folder"
    (tmp_path / "data.rewardscope.toml").write_text('prompt = "file"')
    assert prompt_of(source, cache) == "file"
    saved_mappings.remember(source, cache, ColumnMapping(prompt="app"))
    assert saved_mappings.is_remembered(source, cache)
    assert prompt_of(source, cache) == "app"
    assert [file.suffix for file in cache.iterdir()] == [".toml"]
    saved_mappings.forget(source, cache)
    assert not saved_mappings.is_remembered(source, cache)
    assert prompt_of(source, cache) == "file"


def test_a_dataset_is_prepared_anew_when_something_else_is_said_of_its_columns(source: Source, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    found = open_path(tmp_path / "data.parquet", cache)
    assert rows(found, REWARDS) == [("reward", 1.0)]
    saved_mappings.remember(source, cache, ColumnMapping(rewards=("elo",), prompt="task"))
    said = open_path(tmp_path / "data.parquet", cache)
    assert rows(said, REWARDS) == [("elo", 2.0)]
    assert rows(said, "SELECT prompt FROM prompts") == [("t",)]
    assert found.fingerprint != said.fingerprint
    saved_mappings.forget(source, cache)
    assert open_path(tmp_path / "data.parquet", cache).fingerprint == found.fingerprint


@pytest.mark.parametrize("name", ["mine.jsonl", "mine.csv"])
def test_what_was_said_of_a_file_stays_when_it_changes_and_is_converted_anew(tmp_path: Path, name: str) -> None:
    file, settings = tmp_path / name, Settings((str(tmp_path / name),), tmp_path / "cache")

    def opened(task: str, elo: float) -> tuple[Source, list[tuple[object, ...]]]:
        line = {"task": task, "prompt": "p", "response": "a", "reward": 1.0, "elo": elo}
        csv = f"{','.join(line)}\n{','.join(map(str, line.values()))}\n"
        file.write_text(csv if name.endswith("csv") else json.dumps(line))
        source = to_local_files(configured_sources(settings)[0], settings, lambda done, doing: None)
        dataset = open_dataset(source, settings.cache, lambda done, doing: None)
        return source, rows(dataset, "SELECT scorer, prompt, reward FROM scores JOIN prompts USING (prompt_id)")

    before, as_it_is = opened("first", 2.5)
    assert as_it_is == [("reward", "p", 1.0)]
    saved_mappings.remember(before, settings.cache, ColumnMapping(rewards=("elo",), prompt="task"))
    after, as_said = opened("another one", 3.5)
    assert before.files != after.files
    assert as_said == [("elo", "another one", 3.5)]
    saved_mappings.forget(after, settings.cache)
    assert opened("a third one", 4.5)[1] == [("reward", "p", 1.0)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b'promt = "task"', "{}: there is no setting promt. The settings are layout, "),
        (b'prompt = "question"', "{}: prompt is said to be question, but {}/data.parquet has no such column. Found: "),
        (b"\xff", "{} cannot be read ("),
        (b"prompt", "{} is not valid TOML: "),
    ],
    ids=["unknown setting", "missing column", "not UTF-8", "not TOML"],
)
def test_what_is_wrong_in_a_toml_file_is_said_with_its_name(
    source: Source, tmp_path: Path, text: bytes, sentence: str
) -> None:
    (tmp_path / "rewardscope.toml").write_bytes(text)
    with pytest.raises(LayoutError) as raised:
        open_dataset(source, tmp_path / "cache", lambda done, doing: None)
    assert str(raised.value).startswith(sentence.format(tmp_path / "rewardscope.toml", tmp_path))


def test_where_the_cache_folder_cannot_be_written_it_is_said(source: Source, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(StorageError, match="The columns cannot be remembered: File exists"):
        saved_mappings.remember(source, tmp_path / "cache", ColumnMapping())


def test_the_built_in_sample_has_no_mapping(tmp_path: Path) -> None:
    (sample,) = configured_sources(Settings(("sample",), tmp_path))
    (sample.files[0].parent / "rewardscope.toml").write_text('prompt = "x"')
    assert saved_mappings.saved_mapping(sample, tmp_path) is None
