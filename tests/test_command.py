"""The command `rewardscope`, up to where Streamlit takes over; tests/e2e/test_installed.py goes on from there."""

import os
import socket
import sys
from pathlib import Path

import pytest

import command
from tests.conftest import Started

pytestmark = pytest.mark.usefixtures("started")
ROOT = Path(__file__).parents[1]


@pytest.fixture
def port() -> int:
    """One that is free."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_it_starts_streamlit_on_the_app_for_this_machine_only(started: Started, port: int) -> None:
    assert command.main(["--port", str(port)]) == 0
    (arguments,) = started
    assert arguments[:2] == ["run", str(ROOT / "app.py")]
    assert dict(zip(arguments[2::2], arguments[3::2], strict=True)) == {
        "--server.address": "127.0.0.1",
        "--server.port": str(port),
    }
    assert sys.path[0] == str(ROOT)
    assert os.environ["REWARDSCOPE_DATA"] == "sample"


def test_data_of_the_command_takes_the_place_of_the_environments(tmp_path: Path, started: Started, port: int) -> None:
    (tmp_path / "a.parquet").touch()
    assert command.main([str(tmp_path / "a.parquet"), "sample", "--port", str(port), "--address", "0.0.0.0"]) == 0
    assert os.environ["REWARDSCOPE_DATA"] == f"{tmp_path}/a.parquet,sample"
    assert started[0][3] == "0.0.0.0"


def test_a_port_in_use_is_said(started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        used = server.getsockname()[1]
        assert command.main(["--port", str(used)]) == 2
    assert capsys.readouterr().err == f"Port {used} is in use. Name another: --port {used % 65535 + 1}.\n"
    assert started == []


@pytest.mark.parametrize("written", ["0", "65536", "-1", "8501.5", "http"])
def test_a_wrong_port_is_said(written: str, started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main([f"--port={written}"])
    assert f"{written!r} is not a port. Give a number from 1 to 65535." in capsys.readouterr().err
    assert started == []


def test_an_address_of_another_machine_is_said(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--port", str(port), "--address", "192.0.2.1"]) == 2
    assert capsys.readouterr().err == "192.0.2.1 is not an address of this machine. Give 127.0.0.1 or 0.0.0.0.\n"


def test_data_that_is_not_there_is_said(
    tmp_path: Path, started: Started, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["sample", str(tmp_path / "gone.parquet"), "--port", str(port)]) == 2
    assert capsys.readouterr().err == f"{tmp_path}/gone.parquet does not exist. Check the path.\n"
    assert started == []


def test_a_path_with_a_comma_is_not_taken_for_two(
    tmp_path: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a,b.parquet").touch()
    assert command.main([f"{tmp_path}/a,b.parquet", "--port", str(port)]) == 2
    said = f"The path {tmp_path}/a,b.parquet has a comma, which separates datasets. Rename it.\n"
    assert capsys.readouterr().err == said


def test_a_setting_that_cannot_be_used_is_said(
    monkeypatch: pytest.MonkeyPatch, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REWARDSCOPE_SQL", "perhaps")
    assert command.main(["--port", str(port)]) == 2
    assert capsys.readouterr().err == "REWARDSCOPE_SQL is 'perhaps'. Give 'on' or 'off'.\n"


def test_export_is_the_export_command(started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        command.main(["export", "--help"])
    assert capsys.readouterr().out.startswith("usage: rewardscope export [-h] recipe out\n")
    assert command.main(["export", "gone.json", "out"]) == 2
    assert capsys.readouterr().err.startswith("gone.json cannot be read")
    assert started == []


def test_report_is_the_report_command(started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        command.main(["report", "--help"])
    assert capsys.readouterr().out.startswith("usage: rewardscope report [-h] report out\n")
    assert command.main(["report", "gone.json", "out.html"]) == 2
    assert capsys.readouterr().err.startswith("gone.json cannot be read")
    assert started == []


def test_the_version_is_the_changelogs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        command.main(["--version"])
    version = capsys.readouterr().out.removeprefix("rewardscope ").strip()
    newest = next(line for line in (ROOT / "CHANGELOG.md").read_text().splitlines() if line.startswith("## "))
    assert newest.split()[1] == version
