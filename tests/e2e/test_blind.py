"""A team compares blind: by key, without a hint of whose the texts are, and what was answered is there after a reload."""

import re

from playwright.sync_api import Browser, Page, expect

from data_access.dataset import Dataset
from data_access.questions.prompts import choices
from tests.e2e.conftest import drawn, heading, viewer
from tests.e2e.test_browse import click_cell, parameters

LINK = "/blind?draw=train&seed=7"


def give_a_name(page: Page, name: str) -> None:
    page.get_by_role("textbox", name="Your name").fill(name)
    page.get_by_role("button", name="This is me").click()
    expect(page.get_by_text(f"You write as {name}")).to_be_visible()


def press(page: Page, key: str) -> None:
    """A key, when the buttons that take it are there."""
    expect(drawn(page)).to_be_attached()
    expect(page.get_by_role("button", name="Skip")).to_be_visible()
    page.keyboard.press(key)


def pair(page: Page) -> list[str]:
    """The texts on the left and on the right, without the words that both have."""
    expect(drawn(page)).to_be_attached()
    return [page.locator(f".st-key-text_{side}").inner_text() for side in ("a", "b")]


def test_pairs_are_answered_by_key_and_nothing_gives_their_models_or_rewards_away(
    page: Page, browser: Browser, server: str, sample: Dataset
) -> None:
    models = choices(sample, "reward").model
    page.goto(LINK)
    give_a_name(page, "Ann")
    seen = []
    for number, key in enumerate(("a", "2", "g", "ArrowLeft", "s"), start=1):
        expect(page.get_by_text(f"Pair {number} of 20 · {number - 1} answered")).to_be_visible()
        seen.append(pair(page))
        everything = page.content()
        assert [model for model in models if model in everything] == []
        around = page.evaluate(
            """() => { const copy = document.querySelector('.stApp').cloneNode(true)
                 copy.querySelectorAll('.rs-text, style').forEach(one => one.remove()); return copy.outerHTML }"""
        )
        told = re.sub(r'(style|class|d|viewBox|transform)="[^"]*"', "", around)
        assert not re.search(r"[−-]?\d\.\d\d\b", told)
        assert not re.search(r"candidate \d|chosen\b|rank \d", told)
        press(page, key)
    expect(page.get_by_text("Pair 6 of 20 · 5 answered")).to_be_visible()
    assert len({tuple(sorted(texts)) for texts in seen}) == 5

    page.reload()
    expect(page.get_by_text("Pair 6 of 20 · 5 answered")).to_be_visible()
    expect(page.get_by_text("You write as Ann")).to_be_visible()  # the browser keeps the name
    for number in (5, 4):
        press(page, "u")
        expect(page.get_by_text(f"Pair {number} of 20 · 5 answered")).to_be_visible()
    assert pair(page) == seen[3]
    expect(page.get_by_role("button", name="A is better")).to_have_attribute("kind", "primary")

    page.get_by_role("radio", name="Results").click()
    expect(page.get_by_text("4 answers by 1 person · 3 prefer one text · 4 pairs of 4 prompts")).to_be_visible()
    click_cell(page, "people_apart", 0, 60)
    expect(heading(page, "Compare: prompt 57")).to_be_visible()
    assert [parameters(page)[side] for side in "ab"] == [["17"], ["24"]]  # A is what Ann prefers
    page.go_back()
    expect(heading(page, "Where do they prefer different texts?")).to_be_visible()

    with viewer(browser, server) as other:
        theirs = other.new_page()
        theirs.goto(LINK)
        give_a_name(theirs, "Bo")
        expect(theirs.get_by_text("Pair 1 of 20 · 0 answered")).to_be_visible()
        assert sorted(pair(theirs)) == sorted(seen[0])  # the same pairs, on sides of their own


def test_both_texts_and_the_answers_fit_a_projector_and_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto("/blind?data=long&draw=random")
    give_a_name(page, "Cy")
    for side in ("a", "b"):
        box = page.locator(f".st-key-text_{side}").bounding_box()
        assert box
        assert box["height"] > 14 * 24  # lines
    expect(page.get_by_role("button", name="B is better")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 390, "height": 844})
    for name in ("A is better", "Both good", "Both bad", "B is better", "Skip"):
        expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
