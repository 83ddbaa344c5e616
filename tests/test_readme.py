"""What the README and the other documents say is so."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

import command
from data_access.judgements.command import main as backup
from data_access.prepare import main as prepare
from data_access.report.command import main as report
from data_access.settings import NAMES
from data_access.training_data.command import main as export
from tests.conftest import Started

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_setting_with_its_meaning() -> None:
    listed = dict(re.findall(r"^\| `(REWARDSCOPE_\w+)` \| (.+?) \|", README, re.MULTILINE))
    assert {name: meaning.replace("`sample`", "'sample'") for name, meaning in listed.items()} == NAMES


def test_every_make_command_in_the_readme_is_a_target() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    commands = re.findall(r"^make (\w+)", README, re.MULTILINE)
    assert commands
    assert set(commands) <= targets


def test_the_export_command_of_the_readme_gives_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (command,) = re.findall(
        r"^REWARDSCOPE_DATA=sample python -m data_access.training_data (\S+) training.zip$", README, re.MULTILINE
    )
    monkeypatch.setenv("REWARDSCOPE_DATA", "sample")
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path))
    assert export([str(ROOT / command), str(tmp_path / "training.zip")]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] > 50


def test_the_command_of_the_readme_prepares_ahead(tmp_path: Path, started: Started) -> None:
    (line,) = re.findall(r"^python -m data_access.prepare (.*)$", README, re.MULTILINE)
    assert prepare(shlex.split(line)) == 0
    assert command.main(["prepare", *shlex.split(line)]) == 0


def test_the_backup_command_of_the_readme_copies_what_people_wrote(
    tmp_path: Path, judgements_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = re.findall(r"^python -m data_access.judgements (.*)$", README, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    assert backup(shlex.split(line)) == 0
    assert Path(shlex.split(line)[1]).is_file()


def test_the_report_commands_of_the_readme_give_a_file(tmp_path: Path, started: Started) -> None:
    (file,) = re.findall(
        r"^REWARDSCOPE_DATA=sample python -m data_access.report (\S+) report.html$", README, re.MULTILINE
    )
    assert report([str(ROOT / file), str(tmp_path / "one.html")]) == 0
    (installed,) = re.findall(r"`rewardscope report (\S+) report.html`", README)
    assert command.main(["report", str(ROOT / installed), str(tmp_path / "other.html")]) == 0
    one, other = ((tmp_path / name).read_text(encoding="utf-8") for name in ("one.html", "other.html"))
    assert one.count("<section ") == other.count("<section ") == 3


def test_the_commands_of_the_readme_start_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: Started
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"rewardscope": "rewardscope.command:main"}
    assert re.findall(r"^pip .*$", README, re.MULTILINE) == ["pip install ."]
    monkeypatch.setattr(command, "_check_port", lambda address, port: None)  # somebody may work on 8501
    monkeypatch.chdir(tmp_path)
    Path("path/to/data").mkdir(parents=True)
    Path("path/to/data/a.parquet").touch()
    lines = re.findall(r"^(?:uvx --from \. )?rewardscope\b(.*)$", README, re.MULTILINE)
    assert lines == ["", " path/to/data --port 8599"]
    assert [command.main(shlex.split(line)) for line in lines] == [0, 0]
    assert [arguments[arguments.index("--server.port") + 1] for arguments in started] == ["8501", "8599"]


def test_the_installed_export_command_of_the_readme_gives_rows(
    tmp_path: Path, started: Started, capsys: pytest.CaptureFixture[str]
) -> None:
    (recipe,) = re.findall(r"`rewardscope export (\S+) training.zip`", README)
    assert command.main(["export", str(ROOT / recipe), str(tmp_path / "training.zip")]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] > 50


def test_every_file_that_the_readme_names_is_there() -> None:
    for link in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (ROOT / link).exists(), link


def test_the_image_holds_every_package_of_the_app() -> None:
    dockerfile, ignored = ((ROOT / name).read_text(encoding="utf-8") for name in ("Dockerfile", ".dockerignore"))
    for name in ("data_access", "charts", "pages", ".streamlit"):
        assert f"COPY {name} {name}" in dockerfile
        assert f"!{name}\n" in ignored
