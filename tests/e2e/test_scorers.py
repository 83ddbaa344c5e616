"""Somebody joins two scorers' rewards, sees where they disagree, opens such a prompt, and comes back."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import drawn
from tests.e2e.test_browse import HEADER, ROW, click_cell, heading, parameters
from tests.e2e.test_safety import DOES_NOTHING, NOTHING


def test_two_scorers_are_compared_and_a_prompt_where_they_disagree_is_opened(page: Page) -> None:
    page.goto("/scorers?data=hostile")
    expect(page.get_by_text("rewards by one scorer only")).to_be_visible()

    page.goto("/?data=hostile+%2B+length")
    expect(page.locator(".st-key-notices")).to_contain_text("length: 100 % of its 33 scored candidates")
    page.get_by_role("link", name="Scorers", exact=True).click()
    expect(heading(page, "Scorers")).to_be_visible()
    page.get_by_role("button", name="Coverage").click()
    expect(page.locator(".st-key-coverage")).to_contain_text("33 of 33 candidates scored (100 %), in 11 prompts")
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-coverage")).to_have_count(0)
    expect(page.get_by_text(re.compile("random 0$"))).to_be_visible()
    expect(page.get_by_text("3 candidates scored by both")).to_be_visible()
    assert page.evaluate(DOES_NOTHING) == NOTHING

    page.get_by_role("button", name="Swap A and B").click()
    expect(page).to_have_url(re.compile("scorer=length"))
    assert parameters(page)["other"] == ["hostile"]
    page.get_by_role("radio", name="Regret of B's pick").click()
    expect(page).to_have_url(re.compile("most=back_regret"))

    expect(drawn(page)).to_be_attached()
    # A row shows its candidates here, its id opens the prompt.
    click_cell(page, "disagreements", 1, 15)
    expect(page).to_have_url(re.compile(r"id=\d+"))
    shown = parameters(page)["id"][0]
    expect(page.get_by_role("link", name=f"Open prompt {shown}")).to_be_visible()
    there = page.url
    click_cell(page, "disagreements", 1, HEADER + 35)
    expect(heading(page, f"Prompt {shown}")).to_be_visible()
    assert parameters(page)["scorer"] == ["length"]
    expect(page.locator(ROW)).to_have_count(3)
    assert page.evaluate(DOES_NOTHING) == NOTHING
    page.go_back()
    expect(heading(page, "Scorers")).to_be_visible()
    assert page.url == there
    page.set_viewport_size({"width": 400, "height": 800})
    page.reload()
    expect(page.get_by_role("link", name=f"Open prompt {shown}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
