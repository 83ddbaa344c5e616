"""The command that prepares ahead."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_access.dataset import open_dataset
from data_access.prepare import main
from tests.conftest import wide_table
from tests.data_access.preparing.processes import source_of

ROWS = [{"prompt": "one", "candidates": [("ant", "a", 1.0), ("bee", "b", 2.0)]}]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    for name in ("a", "b"):
        pq.write_table(wide_table(ROWS), tmp_path / f"{name}.parquet")
    return tmp_path


def test_what_was_prepared_ahead_opens_without_preparing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(data / "a.parquet"), str(data / "b.parquet")]) == 0
    (first, second) = capsys.readouterr().out.splitlines()
    assert first.startswith(f"a: {data / 'cache' / 'prepared-'}")
    assert second.startswith(f"b: {data / 'cache' / 'prepared-'}")
    said: list[str] = []
    open_dataset(source_of(data / "a.parquet"), data / "cache", lambda done, doing: said.append(doing))
    assert said == []


def test_it_can_be_put_where_other_servers_find_it(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main([str(data / "a.parquet"), "--to", str(data / "shared")]) == 0
    monkeypatch.setenv("REWARDSCOPE_PREPARED", str(data / "shared"))
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(data / "another"))
    said: list[str] = []
    source = source_of(data / "a.parquet")
    open_dataset(source, data / "another", lambda done, doing: said.append(doing), data / "shared")
    assert set(said) == {"Copying the prepared dataset."}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["none.parquet"], "does not exist. Check the path."),
        (["a.parquet", "--ray", "127.0.0.1:1"], "There is no Ray cluster at 127.0.0.1:1"),
        (
            ["a.parquet + b.parquet", "--ray", "local", "--to", "s3://b/x"],
            "joins datasets: on a cluster they need a folder",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], asked: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(data)
    assert main(asked) == 2
    assert said in capsys.readouterr().err
