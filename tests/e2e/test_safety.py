"""Hostile texts are shown and do nothing; nothing outside the server is asked for (see the fixture `context`)."""

import http.client

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hostile import ATTACKS
from tests.e2e.test_browse import ROW, heading

# Also within our own components, whose elements are in trees of their own.
DOES_NOTHING = """() => {
  const within = ({ shadowRoot }) => shadowRoot ? trees(shadowRoot) : []
  const trees = root => [root, ...[...root.querySelectorAll("*")].flatMap(within)]
  const all = selector => trees(document).flatMap(root => [...root.querySelectorAll(selector)])
  return {
    attacked: window.attacked ?? null,
    frames: all("iframe").length,
    images: all("img").filter(({ src }) => !src.startsWith(location.origin) && !src.startsWith("data:")).length,
    links: all("a[href]").filter(({ href }) => href.startsWith("javascript:") || href.includes("attacker")).length,
    formulas: all(".katex").length,
    scripts: all("script").filter(script => script.textContent.includes("attacked")).length,
    styles: all("style").filter(style => style.textContent.includes("body { display: none }")).length,
    shown: getComputedStyle(document.body).display !== "none",
  }
}"""
NOTHING = {
    "attacked": None,
    "frames": 0,
    "images": 0,
    "links": 0,
    "formulas": 0,
    "scripts": 0,
    "styles": 0,
    "shown": True,
}


@pytest.mark.parametrize("number", range(1, len(ATTACKS) + 1), ids=list(ATTACKS))
def test_a_hostile_text_does_nothing_raw_or_rendered(page: Page, number: int) -> None:
    for link, title in (
        (f"/prompt?data=hostile&id={number}&find=attack", f"Prompt {number}"),
        (f"/prompt?data=hostile&id={number}&view=rendered", f"Prompt {number}"),
        (f"/compare?data=hostile&id={number}&a=1&b=2&c=chosen&diff=a-b", f"Compare: prompt {number}"),
        (f"/compare?data=hostile&id={number}&a=1&b=2&c=chosen&view=rendered", f"Compare: prompt {number}"),
    ):
        page.goto(link)
        expect(heading(page, title)).to_be_visible()
        expect(page.get_by_role("button", name="Copy", exact=True).first).to_be_visible()
        if "/prompt" in link:
            expect(page.locator(f"{ROW}[aria-selected=true]")).to_be_visible()
        assert page.evaluate(DOES_NOTHING) == NOTHING


def test_hostile_names_do_nothing_in_tables_charts_filters_and_tooltips(page: Page) -> None:
    page.goto("/?data=hostile")
    expect(heading(page, "By section and subset")).to_be_visible()
    expect(page.locator("svg.marks, canvas.marks").first).to_be_visible()
    assert page.evaluate(DOES_NOTHING) == NOTHING
    page.goto("/prompts?data=hostile&q=attack&subset=<script>alert(1)</script>")
    expect(page.get_by_text("There is no subset '<script>alert(1)</script>' here")).to_be_visible()
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("combobox", name="Subset").click()
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.evaluate(DOES_NOTHING) == NOTHING
    page.goto("/prompt?data=hostile&id=2")
    name = page.locator(ROW).first.locator("td.text")
    expect(name).to_have_text(ATTACKS["event"])
    expect(name).to_have_attribute("title", ATTACKS["event"])
    chart = page.locator(".st-key-distribution svg, .st-key-distribution canvas").first
    chart.wait_for()
    box = chart.bounding_box()
    assert box
    for step in range(60):
        page.mouse.move(box["x"] + box["width"] * step / 60, box["y"] + 115)
        if page.locator("#vg-tooltip-element.visible").count():
            break
    assert page.evaluate(DOES_NOTHING) == NOTHING


def test_the_server_sends_a_policy_that_keeps_everything_at_home(page: Page) -> None:
    response = page.goto("/prompt?id=1")
    assert response
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' data: blob:" in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    expect(heading(page, "Prompt 1")).to_be_visible()
    expect(page.get_by_role("link", name="Overview")).to_be_visible()


def test_a_foreign_page_gets_no_connection(server: str) -> None:
    """A browser says of which page it asks; a page of another site is refused what our own is given."""

    def answer(origin: str) -> int:
        connection = http.client.HTTPConnection(server.removeprefix("http://"), timeout=30)
        asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        connection.request(
            "GET",
            "/_stcore/stream",
            headers=asked | {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": origin},
        )
        status = connection.getresponse().status
        connection.close()
        return status

    assert answer(server) == 101
    assert answer("https://attacker.example") == 403
