"""What goes wrong between a viewer and the server: a line that is cut, and a server that is told to end at work."""

import re
import signal
from pathlib import Path
from urllib.parse import quote

import psutil
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import drawn, heading, running, viewer
from tests.e2e.line import line_to
from tests.e2e.test_judgements import form_of, give_name, said_in, say
from tests.ports import free_port

SLOW = "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b"
ENDS_WITHIN_S = 10
PATIENT = 60_000


def test_a_session_goes_on_where_it_was_when_the_line_was_cut(browser: Browser, tmp_path: Path) -> None:
    expect.set_options(timeout=PATIENT)
    with (
        running(tmp_path, REWARDSCOPE_DATA="sample") as address,
        line_to(address) as line,
        viewer(browser, line.address) as context,
    ):
        page = context.new_page()
        sockets: list[str] = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        page.goto("/prompt?id=4")
        form = form_of(page, ".st-key-reading_tools")
        give_name(form, "Ada")  # kept for this session, not in the link
        form.get_by_role("textbox", name="Note").fill("typed before the line was cut")
        before = len(sockets)
        line.cut()
        page.wait_for_timeout(2_000)
        line.mend()
        for _ in range(300):  # until the browser has tried again
            page.wait_for_timeout(100)
            if len(sockets) > before and line.open:
                break
        expect(page.locator("[data-testid=stStatusWidget]").get_by_text("Connecting")).to_have_count(0)
        expect(drawn(page)).to_be_visible()
        form.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Ada: typed before the line was cut").first).to_be_visible()
        expect(page.locator(".st-key-response")).to_have_count(1)
        page.locator(".st-key-next_prompt button").first.click()
        expect(heading(page, "Prompt 5")).to_be_visible()
    assert [(one.person.name, one.said.note) for one in said_in(tmp_path)] == [("Ada", "typed before the line was cut")]


def test_a_server_that_is_told_to_end_at_work_ends_soon_and_keeps_what_people_said(
    browser: Browser, tmp_path: Path
) -> None:
    expect.set_options(timeout=PATIENT)
    port = free_port()
    with running(tmp_path, port, REWARDSCOPE_DATA="sample") as address, viewer(browser, address) as context:
        page = context.new_page()
        page.goto("/prompt?id=4")
        form = form_of(page, ".st-key-reading_tools")
        give_name(form, "Ada")
        say(form, "said before the end")
        expect(page.locator(".st-key-response")).to_contain_text("Ada: said before the end")
        asking = context.new_page()
        asking.goto(f"/sql?query={quote(SLOW)}")
        expect(asking.get_by_text(re.compile(r"Running, \d+ of at most 20 seconds"))).to_be_visible()
        (server,) = (one for one in psutil.Process().children() if str(port) in one.cmdline())
        (query,) = server.children()
        server.send_signal(signal.SIGTERM)
        _, alive = psutil.wait_procs([server, query], timeout=ENDS_WITHIN_S)
        assert alive == []
    assert [one.said.note for one in said_in(tmp_path)] == ["said before the end"]
    assert not [*(tmp_path / "cache").rglob("*partial*")]
