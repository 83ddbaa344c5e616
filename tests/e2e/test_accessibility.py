"""Every page under axe-core, in light, in dark and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import drawn
from tests.e2e.test_room import LAPTOP, PHONE

PAGES = (
    "/",
    "/prompts",
    "/prompts?show=grid",
    "/prompts?show=scatter",
    "/prompt?id=4",
    "/compare?id=4",
    "/models",
    "/models?show=head+to+head",
    "/rewards",
    "/rewards?show=words",
    "/rewards?show=twins",
    "/rewards?show=scorers&data=hostile+%2B+length",
    "/rewards?show=form",
    "/best_of_n",
    "/scorers",
    "/checks",
    "/checks?show=data+quality",
    "/export",
    "/report",
    "/sql",
    "/blind",
    "/blind?show=results&data=hostile",
    "/judgements?data=hostile",
    "/judgements?data=hostile&of=elsewhere",
    "/prompt?data=hostile&id=1",
)

WHITE = "rgb(255, 255, 255)"


@pytest.mark.parametrize("link", PAGES)
def test_no_page_has_a_serious_barrier_and_headings_are_in_order(page: Page, link: str) -> None:
    page.set_viewport_size(LAPTOP)
    page.emulate_media(color_scheme="light")
    page.goto(link)
    expect(drawn(page)).to_be_visible()
    expect(page.locator("h1").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    found = {"light": barriers(page)}
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".stApp")).not_to_have_css("background-color", WHITE)
    found["dark"] = barriers(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    expect(page.locator(".stApp")).to_have_css("background-color", WHITE)
    found["phone"] = barriers(page)
    assert {look: barrier for look, barrier in found.items() if barrier} == {}


def barriers(page: Page) -> list[tuple[str, list[tuple[str, str]]]]:
    """What is serious, and where."""
    return [
        (one["id"], [(node["target"], node["html"][:120]) for node in one["nodes"][:2]])
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical") or one["id"] == "heading-order"
    ]
