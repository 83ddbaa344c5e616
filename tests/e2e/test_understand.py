"""Somebody asks what the scorer prefers, what sampling more buys, and where not to trust it, and follows each figure."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import drawn
from tests.e2e.test_browse import heading, parameters


def test_a_cell_of_the_matrix_leads_to_the_prompts_that_it_counts_and_back(page: Page) -> None:
    page.goto("/models")
    expect(heading(page, "Source models")).to_be_visible()
    page.get_by_label("Scope", exact=True).click()
    page.get_by_role("option", name="section Reasoning").click()
    expect(page).to_have_url(re.compile(r"of=section"))
    expect(page.get_by_text("12 source models", exact=True)).to_be_visible()
    page.get_by_role("radio", name="Head to head").click()
    page.locator(".st-key-view_matrix .mark-rect path").nth(1).click()
    expect(heading(page, "Prompts")).to_be_visible()
    in_force = page.locator(".st-key-filters")
    expect(in_force).to_contain_text(re.compile(r"\d+ of 69 prompts"))
    for chip in (re.compile(r"^\S+ did better than \S+$"), "section: Reasoning"):
        expect(in_force.get_by_label(chip, exact=True).first).to_be_visible()
    asked = parameters(page)
    assert asked["section"] == ["Reasoning"]
    assert asked["beat"] != asked["over"]
    page.go_back()
    expect(heading(page, "Source models")).to_be_visible()
    expect(page.get_by_label("Scope", exact=True)).to_have_value("section Reasoning")


def test_the_slider_of_best_of_n_is_read_in_a_sentence_and_sent_as_a_link(page: Page) -> None:
    page.goto("/best_of_n")
    sentence = page.get_by_text(re.compile(r"^Best of \d+: gain"))
    expect(sentence).to_contain_text("Best of 16: gain 1.84")
    page.get_by_role("slider").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"n=17"))
    expect(sentence).to_contain_text("Best of 17: gain")
    expect(heading(page, "Who wins at n = 17")).to_be_visible()
    expect(drawn(page)).to_be_visible()
    said, link = page.locator(".stHtml").all_inner_texts(), page.url
    page.goto("/")
    page.goto(link)
    expect(heading(page, "Who wins at n = 17")).to_be_visible()
    expect(sentence).to_contain_text("Best of 17: gain")
    expect(drawn(page)).to_be_visible()
    assert page.locator(".stHtml").all_inner_texts() == said


def test_a_checks_link_leads_to_just_as_many_prompts_as_it_says(page: Page) -> None:
    page.goto("/checks?show=data+quality")
    links = page.get_by_role("link", name=re.compile(r"^\d+ prompts?$"))
    expect(page.get_by_text(re.compile("once normalised"))).to_be_visible()
    expect(drawn(page)).to_be_visible()
    labels = links.all_inner_texts()
    assert len(labels) >= 7
    for place in (0, len(labels) - 1):
        said = int(re.findall(r"(\d+) prompts?$", labels[place])[0])
        links.nth(place).click()
        expect(heading(page, "Prompts")).to_be_visible()
        expect(page.locator(".st-key-filters")).to_contain_text(f"{said} of 69 prompts")
        page.go_back()
        expect(page.get_by_text(re.compile("once normalised"))).to_be_visible()
        expect(drawn(page)).to_be_visible()


def test_a_narrow_window_shows_each_view_without_scrolling_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    for link, title, last in (
        ("/models", "Source models", "These are this scorer's preferences"),
        ("/models?show=head+to+head", "Source models", "A click on a cell opens the prompts"),
        ("/best_of_n", "Best-of-N", "an upper bound on the KL divergence"),
        ("/rewards", "What it rewards", "does not show that it earns it"),
        ("/rewards?show=words", "What it rewards", "so is what they say with it"),
        ("/rewards?show=twins", "What it rewards", "nearest to an experiment"),
        ("/rewards?show=form", "What it rewards", "Whether refusing is right"),
        ("/checks", "Checks", "That is this scorer's noise"),
        ("/checks?show=data+quality", "Checks", "once normalised"),
    ):
        page.goto(link)
        expect(heading(page, title)).to_be_visible()
        expect(page.get_by_text(re.compile(last))).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
