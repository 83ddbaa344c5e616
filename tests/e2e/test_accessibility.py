"""Every page under axe-core, in light, in dark and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import drawn

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


def settled(page: Page, link: str) -> None:
    page.goto(link)
    expect(drawn(page)).to_be_visible()
    expect(page.locator("h1").first).to_be_visible()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(
    ("scheme", "width", "height"), [("light", 1280, 720), ("dark", 1280, 720), ("light", 390, 844)]
)
def test_no_page_has_a_serious_barrier_and_headings_are_in_order(
    browser: Browser, server: str, scheme: str, width: int, height: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        base_url=server,  # type: ignore[arg-type]
    )
    expect.set_options(timeout=30_000)
    page = context.new_page()
    found = []
    for link in PAGES:
        settled(page, link)
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical") or violation["id"] == "heading-order":
                nodes = [(node["target"], node["html"][:120]) for node in violation["nodes"][:2]]
                found.append((link, violation["id"], nodes))
    context.close()
    assert found == []
