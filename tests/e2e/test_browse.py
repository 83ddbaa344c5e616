"""Somebody opens the sample, finds a prompt, reads its candidates and holds one against the pair."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.e2e.conftest import drawn, heading
from tests.e2e.long_texts import RANKED

HEADER = 35  # pixels of a table's header, and of each of its rows but for
LOW = 32  # those of the list of prompts
SPREAD = -635  # in its column there, from the right
ROW = ".st-key-ranked tbody tr"  # of the ranked list


def click_cell(page: Page, key: str, row: int, x: float, height: int = HEADER) -> None:
    """Click into a row, from 0, of the table in the container `key`, with rows of this height; -1 is its header.

    `x` is from the left, or if it is negative from the right.
    """
    canvas = page.locator(f".st-key-{key} canvas").first
    canvas.wait_for()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()  # a plain click waits for a stable canvas, which a drawn table never is
    assert box
    y = HEADER / 2 if row < 0 else HEADER + height * (row + 0.5)
    page.mouse.click(box["x"] + x % box["width"], box["y"] + y)


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_from_the_overview_to_a_comparison_and_back(page: Page) -> None:
    page.goto("/")
    expect(heading(page, "Overview")).to_be_visible()
    page.get_by_role("link", name="Prompts", exact=True).click()
    listed = page.locator(".st-key-prompts_foot")
    expect(listed).to_contain_text("69 of 69 prompts")

    search = page.get_by_label("Search words")
    search.fill("autumn")
    search.press("Enter")
    expect(page).to_have_url(re.compile(r"q=autumn"))
    in_force = page.locator(".st-key-filters")
    expect(in_force).to_contain_text(re.compile(r"[1-9] of 69 prompts"))
    expect(in_force.get_by_label("prompt or responses contains “autumn”").first).to_be_visible()
    page.go_back()
    expect(listed).to_contain_text("69 of 69 prompts")
    expect(in_force).to_have_count(0)
    expect(search).to_have_value("")

    # A header sorts all prompts, not the rows in view; a second click turns the order round.
    click_cell(page, "prompt_list", -1, SPREAD)
    expect(page).to_have_url(re.compile(r"sort=-spread"))
    click_cell(page, "prompt_list", -1, SPREAD)
    expect(page).to_have_url(re.compile(r"sort=spread"))

    click_cell(page, "prompt_list", 2, 120, LOW)
    expect(heading(page, re.compile(r"^Prompt \d+$"))).to_be_visible()
    expect(page.get_by_text("3 of 69")).to_be_visible()
    opened = page.url
    page.go_back()
    expect(heading(page, "Prompts")).to_be_visible()
    page.go_forward()
    expect(heading(page, re.compile(r"^Prompt \d+$"))).to_be_visible()
    assert page.url == opened

    page.get_by_test_id("stMain").get_by_role("button", name="Compare").click()
    page.get_by_role("link", name="with worst").click()
    expect(heading(page, re.compile(r"^Compare: prompt \d+$"))).to_be_visible()
    assert parameters(page)["b"] == ["worst"]
    expect(page.get_by_role("radio", name="No diff")).to_be_checked()  # the texts are not near each other
    expect(page.locator(".st-key-text_a[tabindex='0']")).to_be_visible()  # the keys are heard
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile(r"diff=a-b"))
    expect(page.locator(".st-key-text_a ins").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"RM-implied preference for A (?:over )?\S+ %"))).to_be_visible()
    page.get_by_role("button", name="Swap").click()
    expect(heading(page, "A: worst")).to_be_visible()
    page.go_back()
    expect(heading(page, "B: worst")).to_be_visible()
    page.get_by_role("link", name="All candidates").click()
    expect(heading(page, re.compile(r"^Prompt \d+$"))).to_be_visible()


def test_the_best_response_against_the_chosen_one_is_three_clicks_from_the_overview(page: Page) -> None:
    page.goto("/?data=long")
    page.get_by_role("button", name="Surprise me").click()
    expect(heading(page, re.compile(r"^Prompt \d+$"))).to_be_visible()
    expect(page.get_by_text("Worth seeing:")).to_be_visible()
    expect(page.locator(".st-key-reading_tools .rs-line")).to_contain_text("rank 1 ·")
    page.get_by_test_id("stMain").get_by_role("button", name="Compare").click()
    page.get_by_role("link", name="with chosen").click()
    for title, text in (("A: best", "value 1 "), ("B: RewardBench chosen", "value 40 ")):
        expect(heading(page, title)).to_be_visible()
        expect(page.locator(f".st-key-text_{title[0].lower()}")).to_contain_text(text)


def test_candidates_are_reached_by_mouse_and_keys_and_by_link(page: Page) -> None:
    page.goto("/prompt?id=4")
    facts = page.locator(".st-key-reading_tools .rs-line")
    expect(facts).to_contain_text("rank 1")
    page.locator(ROW).nth(2).click()
    expect(facts).to_contain_text(re.compile(r"^rank [2-4]"))
    third = facts.inner_text()
    steps = page.evaluate("history.length")
    page.keyboard.press("j")
    expect(facts).not_to_have_text(third)
    assert page.evaluate("history.length") == steps + 1  # one key, one step back
    page.keyboard.press("k")
    expect(facts).to_have_text(third)
    page.locator(ROW).nth(4).click()
    expect(facts).not_to_have_text(third)
    fifth, link = facts.inner_text(), page.url

    page.keyboard.press("n")
    expect(heading(page, "Prompt 5")).to_be_visible()
    expect(facts).to_contain_text("rank 1")
    page.keyboard.press("p")
    expect(heading(page, "Prompt 4")).to_be_visible()
    page.go_back()
    expect(heading(page, "Prompt 5")).to_be_visible()

    page.goto(link)
    expect(facts).to_have_text(fifth)
    expect(page.locator(ROW).nth(4)).to_have_attribute("aria-selected", "true")


def test_keys_pressed_faster_than_the_texts_follow_all_count(page: Page) -> None:
    page.goto("/prompt?data=long&id=1")
    rows, text = page.locator(ROW), page.locator(".st-key-response")
    expect(text).to_contain_text("value 1 ")

    def expect_at(place: int) -> None:
        """The row from 0 is selected at once; its candidate's text and link follow, and stay."""
        number = RANKED[place]
        marked = "rows => rows.map(row => row.ariaSelected).indexOf('true')"
        assert rows.evaluate_all(marked) == place
        expect(page).to_have_url(re.compile(rf"candidate={number}(&|$)"))
        expect(text).to_contain_text(f"value {number} ")
        expect(drawn(page)).to_be_visible()
        assert rows.evaluate_all(marked) == place

    expect(rows.first).to_have_attribute("aria-selected", "true")
    page.locator(".st-key-collapse input").focus()  # anywhere but in a field
    for _ in range(10):
        page.keyboard.press("j")
        page.wait_for_timeout(100)
    expect_at(10)
    for _ in range(4):
        page.keyboard.press("k")
    expect_at(6)
    rows.nth(8).click()
    for _ in range(10):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    expect_at(19)
    for _ in range(5):
        page.get_by_role("button", name="Up K").click()
    expect_at(14)
    page.go_back()
    expect(rows.nth(14)).to_have_attribute("aria-selected", "false")  # what the link asks for, again
    page.get_by_label("Find in text").press_sequentially("jk")
    expect(page.get_by_label("Find in text")).to_have_value("jk")


def test_brushing_the_rewards_narrows_the_list_and_is_in_the_link(page: Page) -> None:
    page.goto("/prompt?id=4")
    count = page.get_by_text(re.compile(r"^\d+ texts$"))
    expect(count).to_be_visible()
    everything = count.inner_text()
    chart = page.locator(".st-key-distribution svg, .st-key-distribution canvas").first
    chart.wait_for()
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 40, steps=6)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"reward=-?[\d.]+\.\.-?[\d.]+"))
    expect(count).not_to_have_text(everything)
    narrowed, link = count.inner_text(), page.url
    page.goto("/")
    page.goto(link)
    expect(count).to_have_text(narrowed)
    expect(page.locator(".st-key-distribution svg, .st-key-distribution canvas").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Rewards")).click()
    expect(count).to_have_text(everything)
    assert "reward" not in parameters(page)
    expect(page.locator(".st-key-rewards_brushed")).to_have_count(0)  # the chart without a brush


def test_typing_in_a_field_does_not_press_the_keys_of_buttons(page: Page) -> None:
    page.goto("/prompt?id=4")
    field = page.get_by_label("Find in text")
    field.click()
    page.keyboard.type("jnkp?", delay=30)
    expect(field).to_have_value("jnkp?")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("find=jnkp"))
    expect(heading(page, "Prompt 4")).to_be_visible()
    page.goto("/sql")
    page.get_by_label("SQL query").press_sequentially("?")
    expect(page.get_by_label("SQL query")).to_have_value(re.compile(r"\?"))
    heading(page, "SQL").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Keys and words")


def test_the_text_of_a_response_can_be_found_in_and_copied(page: Page) -> None:
    page.goto("/prompt?id=4&find=the")
    response = page.locator(".st-key-response")
    expect(response.locator("mark").first).to_be_visible()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.split() == response.inner_text().split()


def test_a_narrow_window_shows_everything_without_scrolling_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    for link, title in (
        ("/", "Overview"),
        ("/prompts", "Prompts"),
        ("/prompt?id=2", "Prompt 2"),
        ("/compare?id=2", "Compare: prompt 2"),
    ):
        page.goto(link)
        expect(heading(page, title)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
