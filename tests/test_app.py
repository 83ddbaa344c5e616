"""The server: what it does at its start."""

import asyncio
import os
from pathlib import Path

import pytest

import app


@pytest.mark.parametrize(("written", "times"), [("on", 1), ("off", 0)])
def test_a_missing_wall_of_the_console_is_looked_for_once_at_the_start(
    monkeypatch: pytest.MonkeyPatch, written: str, times: int
) -> None:
    looked: list[int] = []

    async def start() -> None:
        async with app.lifespan(app.app):
            pass

    monkeypatch.setenv("REWARDSCOPE_SQL", written)
    monkeypatch.setattr(app, "log_missing_walls", lambda: looked.append(1))
    for name in ("collect", "freeze"):
        monkeypatch.setattr(app.gc, name, lambda: None)
    monkeypatch.setattr(app, "prepare_first", lambda: None)
    asyncio.run(start())
    assert len(looked) == times


def test_the_start_removes_what_a_killed_server_left_and_what_is_over_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARDSCOPE_DATA", "sample")
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path))
    monkeypatch.setenv("REWARDSCOPE_CACHE_LIMIT", "500 MB")
    (tmp_path / "prepared-a.partial").mkdir()
    os.utime(tmp_path / "prepared-a.partial", (1, 1))
    old = tmp_path / f"converted-{'b' * 20}"
    old.mkdir()
    with (old / "data.parquet").open("wb") as sparse:
        sparse.truncate(600 * 10**6)
    app.prepare_first()
    left = {path.name.partition("-")[0] for path in tmp_path.iterdir() if path.suffix != ".lock"}
    assert left == {"sample", "prepared"}
    assert not (tmp_path / "prepared-a.partial").exists()
