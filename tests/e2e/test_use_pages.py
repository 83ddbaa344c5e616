"""Scorers, Export and SQL show what people came for on one screen of a laptop; on a phone no page scrolls sideways."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import drawn
from tests.e2e.test_browse import HEADER, LOW
from tests.e2e.test_room import LAPTOP, boxes

JOINED = f"/scorers?data={quote('hostile + length')}"
CHART = "canvas.marks, svg.marks"
SIDEWAYS = (
    "[...document.querySelectorAll('html, body, .stMain, .stApp')].some(one => one.scrollWidth > one.clientWidth)"
)


def bottom(box: dict[str, float]) -> float:
    return box["y"] + box["height"]


def test_the_figures_and_both_charts_of_two_scorers_are_on_the_first_screen(page: Page) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto(JOINED)
    charts = page.locator(f".st-key-app :is({CHART})")
    expect(charts).to_have_count(3)
    expect(page.get_by_role("link", name="Open prompt")).to_be_visible()
    title, figures = boxes(page, "scorers_title", "agreement")
    assert title["height"] <= 44
    assert figures["height"] <= 90
    found = [chart.bounding_box() for chart in charts.all()]
    first, second, scatter = (dict(box) for box in found if box)
    assert first["y"] == pytest.approx(second["y"], abs=40)
    assert max(bottom(first), bottom(second)) <= LAPTOP["height"]
    (table,) = boxes(page, "disagreements")
    assert (table["height"] - HEADER) // LOW >= 8
    assert bottom(scatter) == pytest.approx(bottom(table), abs=60)


def test_the_download_and_the_first_rows_of_an_export_are_on_the_first_screen(page: Page) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto("/export")
    button = page.get_by_role("button", name="Prepare download")
    expect(button).to_be_in_viewport(ratio=1)
    expect(page.locator(f".st-key-yield :is({CHART})")).to_have_count(2)
    first_row = page.locator(".st-key-export_rows .rs-text").first
    expect(first_row).to_contain_text('"prompt"')
    box = first_row.bounding_box()
    assert box
    assert box["y"] <= LAPTOP["height"] - 100
    expect(page.get_by_text("More options")).to_be_in_viewport(ratio=1)
    assert page.locator(".stMain").evaluate(
        "main => main.scrollHeight <= main.clientHeight"
    )  # panes scroll by themselves


def test_the_query_and_eight_rows_of_its_result_are_on_one_screen(page: Page) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto("/sql?query=" + quote("SELECT model, count(*) AS n FROM scores GROUP BY model"))
    expect(page.locator(f".st-key-result_chart :is({CHART})")).to_be_visible()
    expect(page.get_by_role("tab", name="prompts")).to_be_in_viewport(ratio=1)
    table, chart = boxes(page, "result_table", "result_chart")
    assert (min(bottom(table), LAPTOP["height"]) - table["y"] - HEADER) // LOW >= 8
    assert chart["y"] == table["y"]
    assert page.locator(".stMain").evaluate("main => main.scrollHeight <= main.clientHeight")

    # A long query scrolls in the editor, with its caret in view and no word list outside of the page.
    editor = page.get_by_label("SQL query")
    editor.fill("SELECT 1\n" * 30)
    editor.press("Control+End")
    editor.press_sequentially("-- end")
    scroller = page.locator(".st-key-sql_editor .scroller")
    assert scroller.evaluate("one => one.scrollTop > 0 && one.scrollTop + one.clientHeight >= one.scrollHeight - 30")
    assert boxes(page, "result_table") == [table]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_no_page_scrolls_sideways(page: Page, scheme: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    query = quote("SELECT model, count(*) AS n FROM scores GROUP BY model")
    for link, shown in (
        (JOINED, ".st-key-disagreements"),
        ("/export", ".st-key-export_tabs [role=tab]"),
        (f"/sql?query={query}", ".st-key-result_chart"),
    ):
        page.goto(link)
        expect(page.locator(shown).first).to_be_visible()
        expect(drawn(page)).to_be_visible()
        assert not page.evaluate(SIDEWAYS)
        expect(page.get_by_role("button", name="?")).to_be_in_viewport(ratio=1)  # the end of the bar
