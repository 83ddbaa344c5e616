"""Source models, Best-of-N and Checks show what they are for on one screen of a laptop, and nothing sideways on a phone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import drawn
from tests.e2e.test_room import LAPTOP


def bottom(place: Locator) -> float:
    expect(place).to_be_visible()
    box = place.bounding_box()
    assert box
    return box["y"] + box["height"]


def top(place: Locator) -> float:
    expect(place).to_be_visible()
    box = place.bounding_box()
    assert box
    return box["y"]


def opened(page: Page, link: str) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto(link)
    expect(drawn(page)).to_be_visible()


def test_scores_and_table_of_source_models_stand_side_by_side(page: Page) -> None:
    opened(page, "/models")
    forest, table = page.locator(".st-key-view_forest"), page.locator(".st-key-view_table")
    expect(forest.locator(".mark-symbol path").first).to_be_visible()
    assert top(forest) == top(table) < 200
    assert max(bottom(forest), bottom(table)) <= 720
    # Twelve source models with two scores each, all in view.
    symbols = forest.locator("g.mark-symbol.role-mark path")
    assert symbols.count() == 24
    assert bottom(symbols.nth(11)) <= 720
    assert bottom(symbols.nth(23)) <= 720


def test_the_matrix_has_every_source_models_name_on_both_axes(page: Page) -> None:
    opened(page, "/models?show=head+to+head")
    matrix = page.locator(".st-key-view_matrix")
    expect(matrix.locator(".mark-rect path").first).to_be_visible()
    names = [matrix.locator("text", has_text="badger-13b"), matrix.locator("text", has_text="wren-3b")]
    assert [name.count() for name in names] == [2, 2]
    assert top(matrix) < 200
    assert bottom(matrix.locator(".mark-rect path").first) <= 720


def test_the_three_charts_of_best_of_n_are_on_one_screen(page: Page) -> None:
    opened(page, "/best_of_n")
    charts = page.locator(".stVegaLiteChart svg")
    expect(charts).to_have_count(3)
    assert all(bottom(charts.nth(number)) <= 720 for number in range(3))


@pytest.mark.parametrize(("show", "charts"), [("preferences", 2), ("reliability", 1)])
def test_each_view_of_checks_has_its_charts_and_a_table_on_one_screen(page: Page, show: str, charts: int) -> None:
    opened(page, f"/checks?show={show}")
    drawn = page.locator(".stVegaLiteChart svg")
    expect(drawn).to_have_count(charts)
    assert all(bottom(drawn.nth(number)) <= 720 for number in range(charts))
    assert top(page.locator(".stDataFrame").first) <= 720 - 100


def test_all_questions_to_the_data_are_on_one_screen(page: Page) -> None:
    opened(page, "/checks?show=data+quality")
    last = page.get_by_text("Check that each scored text is the response")
    assert bottom(last) <= 720


@pytest.mark.parametrize(
    "link", ["/models", "/best_of_n", "/checks", "/checks?show=reliability", "/checks?show=data+quality"]
)
def test_nothing_is_cut_off_sideways_on_a_phone(page: Page, link: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(link)
    expect(drawn(page)).to_be_visible()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
    title = page.locator(".st-key-page_title")
    for control in title.locator("[role=radiogroup], [data-baseweb=select]").all():
        box = control.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
