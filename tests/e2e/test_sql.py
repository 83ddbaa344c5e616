"""Somebody asks a question of their own in SQL, sends the link on, and somebody else tries to do harm with it."""

import re
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_browse import heading, parameters
from tests.e2e.test_safety import DOES_NOTHING, NOTHING


def test_from_an_example_to_a_query_of_ones_own_its_link_and_its_file(
    page: Page, browser: Browser, server: str
) -> None:
    page.goto("/")
    page.get_by_role("link", name="SQL", exact=True).click()
    expect(heading(page, "SQL")).to_be_visible()
    page.locator(".st-key-sql_title [data-testid=stTooltipIcon]").hover()
    expect(
        page.get_by_text("at most 20 seconds, 1,000 MB of memory, and 10,000 rows or 16 MB of result")
    ).to_be_visible()

    page.get_by_role("combobox", name="Example queries").click()
    page.get_by_role("option", name="Does the scorer pay for length?").click()
    editor = page.get_by_label("SQL query")
    expect(editor).to_have_value(re.compile(r"^-- Does the scorer pay for length\?"))
    result = page.locator(".st-key-query_result")
    expect(result.get_by_text(re.compile(r"10 rows in \d+ ms"))).to_be_visible()
    expect(result.locator("canvas.marks, svg.marks").first).to_be_visible()

    # Columns of the relation are completed, and Enter takes one; what is typed runs with Ctrl-Enter only.
    editor.fill("")
    editor.press_sequentially("select sco")
    expect(page.get_by_role("option", name="scores", exact=True)).to_be_visible()
    editor.press("Escape")
    editor.fill("SELECT s.ga")
    editor.press_sequentially("p")
    expect(page.get_by_role("option")).to_have_count(0)
    editor.press_sequentially(" = 0 AS won, count(*) FROM scores AS s WHERE s.p")
    expect(page.get_by_role("option")).to_have_text(["prompt_id", "percentile"])
    editor.press("ArrowDown")
    editor.press("Tab")
    editor.press_sequentially(" IS NOT NULL GROUP BY won ORDER BY won")
    editor.press("Escape")
    expect(editor).to_have_value(re.compile("WHERE s.percentile IS NOT NULL"))
    expect(result.get_by_text(re.compile(r"10 rows in"))).to_be_visible()
    editor.press("Control+Enter")
    expect(result.get_by_text(re.compile(r"2 rows in \d+ ms"))).to_be_visible()
    assert parameters(page)["query"] == [editor.input_value()]

    with page.expect_download() as downloading:
        result.get_by_role("button", name="CSV").click()
    rows = Path(downloading.value.path()).read_text(encoding="utf-8").splitlines()
    assert rows[0] == "won,count_star()"
    assert [row.partition(",")[0] for row in rows[1:]] == ["False", "True"]

    other = browser.new_context(base_url=server).new_page()
    other.goto(page.url)
    expect(other.locator(".st-key-query_result").get_by_text(re.compile(r"2 rows in"))).to_be_visible(timeout=15_000)
    expect(other.get_by_label("SQL query")).to_have_value(editor.input_value())
    other.context.close()

    page.go_back()
    expect(editor).to_have_value(re.compile(r"^-- Does the scorer pay for length\?"))
    expect(result.get_by_text(re.compile(r"10 rows in"))).to_be_visible()


def test_an_attack_by_link_is_refused_and_a_long_query_can_be_cancelled(page: Page, server: str) -> None:
    for attack in ("WITH a AS (COPY scores TO '/tmp/new.csv') FROM a", "FROM read_text('/etc/passwd')"):
        page.goto(f"/sql?query={quote(attack)}")
        expect(page.get_by_text("This query is not allowed here.")).to_be_visible()
        expect(page.locator(".st-key-query_result")).to_have_count(0)
    page.goto("/sql?data=hostile&query=" + quote("SELECT response, chars AS '<img src=x>' FROM responses"))
    expect(page.get_by_text(re.compile(r"\d rows in"))).to_be_visible()
    page.get_by_role("tab", name="source").click()
    expect(page.get_by_text("your file, as it is")).to_be_visible()
    assert page.evaluate(DOES_NOTHING) == NOTHING
    page.goto("/sql?query=" + quote("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b"))
    expect(page.get_by_text(re.compile(r"Running, \d+ of at most 20 seconds"))).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The query was stopped. Press Ctrl-Enter in the editor to run it again.")).to_be_visible()
    page.get_by_label("SQL query").fill("SELECT 1")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text(re.compile(r"1 row in \d+ ms"))).to_be_visible()
