"""JSONL, JSON and CSV files open as Parquet does, and what cannot be read is said with file and line."""

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread, get_ident
from typing import Any

import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from data_access.dataset import open_dataset
from data_access.errors import SourceError, StorageError
from data_access.opening import text_files
from data_access.opening.addresses import configured_sources
from data_access.opening.local_files import to_local_files
from data_access.opening.text_files import conversion_path, convert
from data_access.settings import Settings

LINE = {"prompt": "P", "response_1": "2020-01-01", "response_2": "", "reward_1": 1, "reward_2": 2.5}


@pytest.fixture
def converts(tmp_path: Path) -> Callable[[str, bytes], list[dict[str, object]]]:
    """converts(name, content) -> the rows of the file's conversion."""

    def rows(name: str, content: bytes) -> list[dict[str, object]]:
        (tmp_path / name).write_bytes(content)
        read: list[dict[str, object]] = pq.read_table(
            convert([tmp_path / name], tmp_path / "cache", lambda done, doing: None)
        ).to_pylist()
        return read

    return rows


Converts = Callable[[str, bytes], list[dict[str, object]]]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json", "a.jsonl.gz"])
def test_json_keeps_texts_as_texts_and_lists_as_lists(converts: Converts, name: str) -> None:
    lines = [LINE | {"turns": [{"role": "user", "at": "2020-01-01"}]}, {"prompt": "Q", "reward_1": float("nan")}]
    written = "\n".join(map(json.dumps, lines)).encode()
    first, second = converts(name, gzip.compress(written) if name.endswith("gz") else written)
    assert first == LINE | {"turns": [{"role": "user", "at": "2020-01-01"}]}
    assert (second["prompt"], second["response_1"], str(second["reward_1"])) == ("Q", None, "nan")


def test_json_in_one_list_is_read_too(converts: Converts) -> None:
    assert converts("a.json", json.dumps([LINE, LINE]).encode()) == [LINE, LINE]


@pytest.mark.parametrize(("name", "comma"), [("a.csv", ","), ("a.tsv", "\t")])
def test_csv_tells_an_empty_text_from_a_missing_one(converts: Converts, name: str, comma: str) -> None:
    content = 'prompt,response_1,reward_1\n"a\nb","",1.5\n2020-01-01,,\n'.replace(",", comma)
    assert converts(name, content.encode()) == [
        {"prompt": "a\nb", "response_1": "", "reward_1": 1.5},
        {"prompt": "2020-01-01", "response_1": None, "reward_1": None},
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jsonl", b'{"a": 1}\n{"a": \n', ", line 2: this is not JSON (Expecting value: line 2 column 1 (char 7))."),
        ("a.jsonl", b'{"a": 1}\n\n[1]\n', ", line 3: this is not an object of fields. Correct or remove the line."),
        ("a.jsonl", b'{"a": "\xff"}\n', ", line 1: this is not UTF-8. Save the file as UTF-8."),
        ("a.json", b"[1, 2]", " is not JSON that holds a list of objects. Check it, or write one object a line"),
        ("a.csv", b'a,b\n1,"x\ny"\n1,2,3\n', ", line 4: 3 fields, but the header has 2. Correct the line;"),
        ("a.csv", b"a,b\n1,\xff\n", ", line 2: this is not UTF-8."),
        ("a.csv", b'a,b\n1,"x\n', ", line 2: unexpected end of data. Check the double quotes."),
        ("a.jsonl", b"", " is empty. Open a file with at least one prompt."),
        ("a.jsonl.gz", b'{"a": 1}', " cannot be unpacked (Not a gzipped file"),
        (
            "a.jsonl.gz",
            gzip.compress(b"{}", mtime=0)[:10] + b"\x07" * 20,
            " cannot be unpacked (Error -3 while decompressing data: ",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_file_and_line(
    converts: Converts, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    with pytest.raises(SourceError) as raised:
        converts(name, content)
    assert str(raised.value).startswith(f"{tmp_path / name}{said}")
    assert [file.suffix for file in (tmp_path / "cache").iterdir()] in ([".lock"], [])


def test_a_conversion_is_made_once_for_the_files_present_state_and_the_same_again(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(LINE))
    said: list[str] = []
    settings = Settings((str(file),), tmp_path / "cache")

    def fingerprint() -> str:
        source = to_local_files(configured_sources(settings)[0], settings, lambda done, doing: said.append(doing))
        return open_dataset(source, settings.cache, lambda done, doing: None).fingerprint

    first = fingerprint()
    assert fingerprint() == first
    assert said == ["Converting a.jsonl to Parquet (0 MB)."]
    conversion_path([file], settings.cache).unlink()
    assert fingerprint() == first
    os.utime(file, ns=(1, 1))
    assert fingerprint() != first
    assert not list(settings.cache.glob("*.partial"))


def test_files_of_one_folder_are_one_dataset_unless_there_is_parquet(tmp_path: Path) -> None:
    for name in ("train-00000.jsonl", "train-00001.jsonl", "config.json"):
        (tmp_path / name).write_text(json.dumps(LINE | {"prompt": name}) + "\n")
    settings = Settings((str(tmp_path),), tmp_path.with_name("cache"))
    (source,) = configured_sources(settings)
    dataset = open_dataset(
        to_local_files(source, settings, lambda done, doing: None), settings.cache, lambda done, doing: None
    )
    assert dataset.contents.prompts == 2
    assert dataset.provenance == f"{tmp_path}/train-00000.jsonl, {tmp_path}/train-00001.jsonl"
    (tmp_path / "a.parquet").touch()
    assert [source.files for source in configured_sources(settings)] == [(tmp_path / "a.parquet",)]


def test_a_cache_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(LINE))
    (tmp_path / "cache").touch()
    with pytest.raises(StorageError, match=r"^a\.jsonl must be converted to Parquet, but .*cache cannot be written"):
        convert([tmp_path / "a.jsonl"], tmp_path / "cache", lambda done, doing: None)


def test_a_conversion_that_fails_leaves_the_next_one_its_half_written_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, cache = tmp_path / "a.jsonl", tmp_path / "cache"
    file.write_text(json.dumps(LINE))
    really, failing = text_files._convert, get_ident()
    second_writes, first_is_done = Event(), Event()
    made: list[Path] = []

    class SlowToLeave(FileLock):
        """The first conversion does not go on behind its lock before the second one writes."""

        def release(self, force: bool = False) -> None:
            was_locked = self.is_locked
            super().release(force)
            if was_locked and get_ident() == failing:
                assert second_writes.wait(10)

    def convert_or_fail(files: Any, parquet: Path, folder: Path) -> None:
        if get_ident() == failing:
            second.start()  # it waits behind the lock
            raise SourceError("damaged")
        really(files, parquet, folder)
        second_writes.set()
        assert first_is_done.wait(10)

    monkeypatch.setattr(text_files, "FileLock", SlowToLeave)
    monkeypatch.setattr(text_files, "_convert", convert_or_fail)
    second = Thread(target=lambda: made.append(convert([file], cache, lambda done, doing: None)))
    with pytest.raises(SourceError, match="damaged"):
        convert([file], cache, lambda done, doing: None)
    first_is_done.set()
    second.join(10)
    assert [pq.read_table(one).to_pylist() for one in made] == [[LINE]]


def test_whoever_waits_for_a_conversion_is_told_and_may_give_up(tmp_path: Path) -> None:
    file, cache = tmp_path / "a.jsonl", tmp_path / "cache"
    file.write_text(json.dumps(LINE))
    cache.mkdir()

    class CancelledError(BaseException):
        pass

    def cancel(done: float, doing: str) -> None:
        if doing == "Another session is already converting a.jsonl.":
            raise CancelledError

    partial = conversion_path([file], cache).parent.with_suffix(".partial")
    partial.mkdir()
    with FileLock(partial.with_suffix(".lock")), pytest.raises(CancelledError):
        convert([file], cache, cancel)
    assert partial.is_dir()


def test_a_conversion_that_is_cut_off_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(LINE))
    made = convert([file], tmp_path / "cache", lambda done, doing: None)
    made.write_bytes(made.read_bytes()[:-20])
    assert pq.read_table(convert([file], tmp_path / "cache", lambda done, doing: None)).to_pylist() == [LINE]
