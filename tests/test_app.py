"""The server: what it does at its start."""

import asyncio

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
