"""The command makes a report again with what the data holds now, or says in a sentence why it cannot."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data_access.report.command import main
from data_access.report.reports import State, key_of, to_json
from tests.conftest import open_path, wide_table
from tests.data_access.report.conftest import ROWS, part, report

ROOT = Path(__file__).parents[3]
PARTS = (
    part("prompt", "The best one.", key_of("Name a prime."), id="1"),
    part("compare", "", key_of("Name a colour."), id="2"),
    part("best_of_n"),
)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The dataset ROWS, which REWARDSCOPE_DATA names; report.json lies beside it."""
    data = tmp_path / "data.parquet"
    pq.write_table(wide_table(ROWS), data)
    monkeypatch.setenv("REWARDSCOPE_DATA", str(data))
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    dataset = open_path(data, tmp_path / "cache")
    (tmp_path / "report.json").write_text(to_json(report(dataset, *PARTS)), encoding="utf-8")
    return data


def test_it_writes_html_markdown_or_both_in_a_zip(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = file.parent
    for name in ("out.html", "out.md", "out.zip"):
        assert main([str(folder / "report.json"), str(folder / name)]) == 0
        assert capsys.readouterr().out == ""
    assert "<h2" in (folder / "out.html").read_text(encoding="utf-8")
    text = (folder / "out.md").read_text(encoding="utf-8")
    pictures = sorted(one.name for one in (folder / "out-pictures").iterdir())
    assert len(pictures) == 4
    assert all(f"(out-pictures/{name})" in text for name in pictures)
    with zipfile.ZipFile(folder / "out.zip") as archive:
        assert sorted(archive.namelist()) == [*(f"pictures/{name}" for name in pictures), "report.md"]
    left = {one.name for one in folder.iterdir()}
    assert left == {"data.parquet", "cache", "report.json", "out.html", "out.md", "out-pictures", "out.zip"}


def test_after_the_data_has_changed_it_says_so_and_keeps_what_no_longer_fits(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new: dict[str, Any] = {"prompt": "Name a fish.", "candidates": [("ant", "Eel.", 1.0), ("bee", "Cod.", 2.0)]}
    pq.write_table(wide_table([new, ROWS[0]]), file)
    out = file.parent / "out.html"
    assert main([str(file.parent / "report.json"), str(out)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("The dataset is another state of its files than when parts were added")
    assert said[1:] == [
        "Part 1, Prompt 1: The prompt was number 1 when it was added, and is number 2 now.",
        "Part 2, Compare: prompt 2: Prompt 2 is not in the dataset any more, so this part has nothing to show.",
    ]
    page = out.read_text(encoding="utf-8")
    assert "The best one." in page
    assert "Best of 2: gain" in page


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["gone.json", "out.html"], "gone.json cannot be read"),
        (["report.json", "out.pdf"], "out.pdf must end in .html, .md, .zip: that says what is written."),
        (["report.json", "report.json"], "report.json must end in"),
        (["report.json", "there.html"], "there.html is there already. Remove it, or name another."),
        (["damaged.json", "out.html"], "The report is not JSON"),
        (
            ["other.json", "out.html"],
            "The report is of the dataset 'other'; REWARDSCOPE_DATA names data.",
        ),
        (["report.json", "gone/out.html"], "cannot be written: No such file or directory."),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(file.parent)
    Path("there.html").touch()
    Path("damaged.json").write_text("{", encoding="utf-8")
    whole = json.loads(Path("report.json").read_text(encoding="utf-8"))
    Path("other.json").write_text(json.dumps(whole | {"dataset": {"address": "other"}}), encoding="utf-8")
    assert main(arguments) == 2
    assert sentence in capsys.readouterr().err
    assert not Path("out.html").exists()


def test_a_dataset_of_the_hub_is_found_at_whatever_revision_is_offered() -> None:
    from data_access.opening.addresses import configured_sources, source_of_address
    from data_access.settings import Settings

    sources = configured_sources(Settings(("sample", "hf:owner/name"), Path()))
    for address in ("hf:owner/name@0123abc?split=train", "owner/name", "hf:owner/name"):
        found = source_of_address(sources, address)
        assert found
        assert found.name == "owner/name"
    assert source_of_address(sources, "hf:owner/other") is None
    assert source_of_address(sources, State("sample").address) is sources[0]


def test_the_package_is_the_command(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "data_access.report", "report.json", str(tmp_path / "out")],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (
        2,
        f"{tmp_path}/out must end in .html, .md, .zip: that says what is written.\n",
    )
