"""The server: what it does at its start."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send
from streamlit import config
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

import app
from data_access.health import Checked, Health


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
    monkeypatch.setattr(app.log, "begin", lambda: None)
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


def test_health_is_200_or_503_with_a_sentence_and_is_kept_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for found, status in ((Health(True, "ok"), 200), (Health(False, "The dataset cannot be read."), 503)):
        monkeypatch.setattr(app, "checked", Checked(lambda found=found: found))
        answer = app.health(Request({"type": "http"}))
        assert (answer.status_code, answer.body.decode(), answer.headers["cache-control"]) == (
            status,
            found.said,
            "no-store",
        )


@pytest.mark.parametrize(
    ("embed_in", "allowed"),
    [
        ((), "'none'"),
        (("https://a.example.org", "https://b.example.org"), "https://a.example.org https://b.example.org"),
    ],
)
def test_only_the_named_origins_may_show_the_app_in_a_frame(embed_in: tuple[str, ...], allowed: str) -> None:
    sent: list[Message] = []

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app.SecurityHeaders(answer, embed_in)({"type": "http"}, None, send))  # type: ignore[arg-type]
    policy = dict(sent[0]["headers"])[b"content-security-policy"].decode()
    assert policy.rpartition("frame-ancestors ")[2] == allowed


def test_an_export_is_given_only_to_whoever_is_signed_in_where_a_login_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path))
    monkeypatch.setattr(app.st.secrets, "load_if_toml_exists", lambda: False)

    def status(cookies: dict[str, str]) -> int:
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items()).encode()
        scope = {"type": "http", "headers": [(b"cookie", cookie)], "path_params": {"key": "a" * 64}}
        return asyncio.run(app.download(Request(scope))).status_code

    assert status({}) == 404
    monkeypatch.setattr(app, "at_start", replace(app.at_start, login=True))
    assert status({}) == 401
    assert status({app.USER_COOKIE_NAME: "made up"}) == 401
    signed = create_signed_value(config.get_option("server.cookieSecret"), app.USER_COOKIE_NAME, "{}").decode()
    assert status({app.USER_COOKIE_NAME: signed}) == 404
