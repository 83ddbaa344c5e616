"""Somebody asks what a scorer rewards, by attributes, words and twins, and follows a figure to the texts behind it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import drawn, heading
from tests.e2e.test_browse import click_cell, parameters
from tests.e2e.test_safety import DOES_NOTHING, NOTHING

ROW = 30  # pixels of a row of the tables here
BUTTON = {"attributes": 160, "words": 175, "twins": 38}  # pixels from the left
QUESTIONS = "question marks"


def expect_first(page: Page, column: int, text: str) -> None:
    """The first row of the view's table has this text there; what a screen reader has of it follows when there is time."""
    expect(page.locator(f".st-key-view_table canvas table tbody tr:first-child td:nth-child({column})")).to_have_text(
        text
    )


def table(page: Page) -> list[list[str]]:
    """The rows of the view's table that are drawn, as a screen reader has them."""
    rows = page.locator(".st-key-view_table canvas table tbody tr")
    rows.first.wait_for(state="attached")
    found: list[list[str]] = rows.evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.textContent))")
    return found


def mark(page: Page, said: str) -> Locator:
    """The first point of the chart that says this of itself."""
    return page.locator(f'.st-key-panes .mark-symbol.role-mark [aria-label*="{said}"]').first


def listed(page: Page) -> int:
    """How many prompts the filters in force keep, on Prompts."""
    expect(heading(page, "Prompts")).to_be_visible()
    filters = page.locator(".st-key-filters")
    expect(filters).to_contain_text(re.compile(r"\d+ of 69 prompts"))
    expect(drawn(page)).to_be_visible()
    (count,) = re.findall(r"(\d+) of 69 prompts", filters.inner_text())
    return int(count)


def test_an_attribute_leads_from_its_mark_and_from_its_row_to_its_prompts_and_back(page: Page) -> None:
    page.goto("/rewards")
    expect(heading(page, "What it rewards")).to_be_visible()
    expect(mark(page, QUESTIONS)).to_be_visible()
    rows = table(page)
    place = [row[0] for row in rows].index(QUESTIONS)
    for click in (
        mark(page, f"attribute: {QUESTIONS}").click,
        lambda: click_cell(page, "view_table", place, BUTTON["attributes"], ROW),
    ):
        click()
        assert listed(page) == int(rows[place][4])  # "in prompts"
        expect(page.locator(".st-key-filters").get_by_label(f"candidates differ in {QUESTIONS}").first).to_be_visible()
        asked = parameters(page)
        assert asked["sort"] == ["-attribute" if float(rows[place][2]) > 0 else "attribute"]
        assert len(asked["attribute"]) == 1
        page.go_back()
        expect(heading(page, "What it rewards")).to_be_visible()
        expect(mark(page, QUESTIONS)).to_be_visible()
        assert [row[0] for row in table(page)] == [row[0] for row in rows]


def test_two_words_lead_to_the_prompts_whose_responses_have_them(page: Page) -> None:
    page.goto("/rewards?show=words")
    expect(mark(page, "phrase: ")).to_be_visible()
    page.get_by_role("radio", name="Two words").click()
    expect(page).to_have_url(re.compile("phrases=pairs"))
    expect(mark(page, "phrase: been double-checked")).to_be_visible()
    expect(drawn(page)).to_be_visible()
    expect_first(page, 1, "been double-checked")
    rows = table(page)
    place = [row[0] for row in rows].index("been double-checked")
    for click in (
        mark(page, "phrase: been double-checked").click,
        lambda: click_cell(page, "view_table", place, BUTTON["words"], ROW),
    ):
        click()
        # At least those of the quarters, from which the phrase is counted.
        assert int(rows[place][6]) <= listed(page) <= 69
        asked = parameters(page)
        assert (asked["in"], asked["as"]) == (["responses"], ["regex"])
        assert re.search(asked["q"][0], "It has been double-checked. Feel free to ask.", re.IGNORECASE)
        page.go_back()
        expect(page.get_by_role("radio", name="Two words")).to_be_checked()
        expect(mark(page, "phrase: been double-checked")).to_be_visible()
    page.get_by_role("radio", name="Attributes").click()
    expect(mark(page, "attribute: ")).to_be_visible()


def test_twins_are_narrowed_to_a_kind_sent_as_a_link_and_compared(page: Page) -> None:
    page.goto("/rewards?show=twins")
    counts = page.locator(".st-key-twin_tools .rs-line")
    expect(counts).to_contain_text("pairs in 69 prompts")
    assert len({row[3] for row in table(page)}) > 1
    page.get_by_label("Change", exact=True).click()
    page.get_by_role("option", name="Headings added").click()
    expect(page).to_have_url(re.compile("change=heading"))
    expect(counts).to_contain_text("pairs in 68 prompts")
    expect(drawn(page)).to_be_visible()
    expect_first(page, 4, "headings added")
    narrowed, said = table(page), counts.inner_text()
    assert {row[3] for row in narrowed} == {"headings added"}
    page.get_by_text("One per prompt").click()
    expect(page).to_have_url(re.compile("each=pair"))
    page.go_back()
    expect(page.get_by_role("switch", name="One per prompt")).to_be_checked()

    link = page.url
    page.goto("/")
    page.goto(link)
    expect(counts).to_have_text(said)
    expect_first(page, 4, "headings added")
    assert table(page) == narrowed
    expect(page.get_by_label("Change", exact=True)).to_have_value("Headings added")

    click_cell(page, "view_table", 1, BUTTON["twins"], ROW)
    expect(heading(page, f"Compare: prompt {narrowed[1][4]}")).to_be_visible()
    asked = parameters(page)
    assert asked["id"] == [narrowed[1][4]]
    for side in ("a", "b"):
        expect(heading(page, f"{side.upper()}: candidate {asked[side][0]}")).to_be_visible()
    marked = page.locator(".st-key-text_a ins")  # A has the heading
    expect(marked.first).to_be_visible()
    assert any("#" in text for text in marked.all_inner_texts())
    expect(page.locator(".st-key-reader output")).to_have_text(re.compile(r"\d+ differences?"))
    expect(page.get_by_text(f"A − B: reward {float(narrowed[1][1]):+.2f}")).to_be_visible()
    page.go_back()
    expect(counts).to_have_text(said)
    expect_first(page, 4, "headings added")


def test_a_mark_of_a_kind_of_change_narrows_the_table_to_it_as_often_as_it_is_picked(page: Page) -> None:
    page.goto("/rewards?show=twins")
    change = page.get_by_label("Change", exact=True)
    first = table(page)[0][3]
    for _ in range(2):
        mark(page, "list items added").click()
        expect(page).to_have_url(re.compile("change=list"))
        expect(change).to_have_value("List items added")
        expect_first(page, 4, "list items added")
        change.click()
        page.get_by_role("option", name="All changes").click()
        expect(page).not_to_have_url(re.compile("change="))
        expect(drawn(page)).to_be_visible()
        expect_first(page, 4, first)
    page.go_back()
    expect_first(page, 4, "list items added")
    assert {row[3] for row in table(page)} == {"list items added"}
    page.get_by_role("link", name="Prompts", exact=True).last.click()
    assert listed(page) > 0
    assert parameters(page)["twin"] == ["list"]


def test_an_attribute_in_which_two_scorers_differ_leads_to_its_prompts_and_back(page: Page) -> None:
    page.goto("/rewards?show=scorers&data=hostile+%2B+length")
    expect(mark(page, "attribute: ")).to_be_visible()
    expect(drawn(page)).to_be_visible()
    click_cell(page, "view_table", 0, 165, ROW)
    expect(heading(page, "Prompts")).to_be_visible()
    expect(page.locator(".st-key-filters").get_by_label("candidates differ in").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("radio", name="Between scorers")).to_be_checked()


@pytest.mark.parametrize("show", ["attributes", "twins"])  # phrases are of letters only
def test_hostile_texts_do_nothing_in_a_view(page: Page, show: str) -> None:
    page.goto(f"/rewards?data=hostile&show={show}&of=<script>alert(1)</script>")
    expect(page.get_by_text("There is no '<script>alert(1)</script>' here")).to_be_visible()
    expect(mark(page, "95 % from")).to_be_visible()
    assert table(page)
    assert page.evaluate(DOES_NOTHING) == NOTHING
    mark(page, "95 % from").hover()
    expect(page.locator("#vg-tooltip-element.visible")).to_be_visible()
    assert page.evaluate(DOES_NOTHING) == NOTHING
    click_cell(page, "view_table", 0, BUTTON[show], ROW)
    expect(heading(page, re.compile("^Prompts$|^Compare"))).to_be_visible()
    expect(drawn(page)).to_be_visible()
    assert page.evaluate(DOES_NOTHING) == NOTHING
