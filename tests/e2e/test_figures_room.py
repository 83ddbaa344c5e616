"""The pages of figures show what they are for on one screen of a laptop, and nothing sideways on a phone."""

from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LONG_NAME, drawn, until
from tests.e2e.test_browse import HEADER
from tests.e2e.test_rewards import ROW
from tests.e2e.test_room import LAPTOP

# Of a chart the labels and titles that are not wholly in it.
CUT_OFF = """svg => {
  const around = svg.getBoundingClientRect()
  const cut = ({ left, right, top, bottom }) =>
    left < around.left - 1 || right > around.right + 1 || top < around.top - 1 || bottom > around.bottom + 1
  return [...svg.querySelectorAll("text")].filter(text => cut(text.getBoundingClientRect())).map(text => text.textContent)
}"""


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


@pytest.mark.parametrize(
    ("show", "view"),
    [("attributes", "effects"), ("words", "phrases"), ("twins", "changes"), ("scorers", "effects")],
)
def test_each_view_of_what_it_rewards_has_its_chart_beside_its_table_on_one_screen(
    page: Page, show: str, view: str
) -> None:
    opened(page, f"/rewards?show={show}" + ("&data=hostile+%2B+length" if show == "scorers" else ""))
    chart, table = page.locator(f".st-key-view_{view}"), page.locator(".st-key-view_table")
    expect(chart.locator(".mark-symbol.role-mark path").first).to_be_visible()
    expect(drawn(page)).to_be_visible()
    # The line of counts above takes its room last: until then one of them may have moved already.
    tops = [f"document.querySelector('.st-key-view_{name}').getBoundingClientRect().top" for name in (view, "table")]
    page.wait_for_function(" === ".join(tops))
    assert top(chart) < 200
    assert bottom(chart) <= 720
    assert bottom(chart.locator(".role-axis-title text")) <= 720  # below all rows
    assert chart.locator("svg.marks").evaluate(CUT_OFF) == []
    room = bottom(table.locator("canvas").first) - top(table)
    assert bottom(table.locator("canvas").first) <= 720
    assert room >= HEADER + 17 * ROW


@pytest.mark.parametrize(
    ("link", "charts"), [("/rewards?show=form", 2), ("/checks?show=reliability", 1)], ids=["form", "reliability"]
)
def test_charts_and_tables_below_each_other_begin_on_one_screen(page: Page, link: str, charts: int) -> None:
    opened(page, link)
    drawn = page.locator(".stVegaLiteChart svg.marks")
    expect(drawn).to_have_count(charts)
    assert all(bottom(drawn.nth(number)) <= 720 for number in range(charts))
    assert top(page.locator(".stDataFrame").first) <= 720 - 100


def test_the_bar_has_all_links_beside_two_scorers_and_a_dataset_of_a_long_name(page: Page) -> None:
    opened(page, f"/rewards?show=form&data={LONG_NAME}+%2B+length")
    bar = page.locator(".st-key-bar")
    links = bar.locator("[data-testid=stPageLink] a:visible")
    expect(links).to_have_count(11)  # those of the team are behind a button
    expect(bar.get_by_label("Scorer", exact=True)).to_be_visible()
    parts = bar.locator(
        ".st-key-brand p, .st-key-dataset, [data-testid=stPopoverButton]:visible, .st-key-scorer, "
        "[data-testid=stPageLink] a:visible, .st-key-help button"
    )
    boxes = sorted((box["x"], box["x"] + box["width"]) for part in parts.all() if (box := part.bounding_box()))
    assert len(boxes) >= 15
    assert [pair for pair in pairwise(boxes) if pair[0][1] > pair[1][0] + 0.5] == []
    assert boxes[-1][1] <= 1280
    cut = "links => links.filter(link => link.scrollWidth > link.clientWidth).map(link => link.textContent)"
    assert links.evaluate_all(cut) == []


def test_all_questions_to_the_data_are_on_one_screen(page: Page) -> None:
    opened(page, "/checks?show=data+quality")
    last = page.get_by_text("Check that each scored text is the response")
    until(page, lambda: bottom(last) <= 720)


@pytest.mark.parametrize(
    "link",
    [
        "/models",
        "/rewards",
        "/rewards?show=words",
        "/rewards?show=twins",
        "/rewards?show=scorers&data=hostile+%2B+length",
        "/rewards?show=form",
        "/best_of_n",
        "/checks",
        "/checks?show=data+quality",
        "/judgements?data=hostile",
        "/blind?show=results&data=hostile",
        "/report",
    ],
)
def test_nothing_is_cut_off_sideways_on_a_phone(page: Page, link: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(link)
    expect(drawn(page)).to_be_visible()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
    if "/rewards" in link:
        charts = page.locator(".stVegaLiteChart svg.marks")
        expect(charts.first).to_be_visible()
        # While the page settles a chart is drawn for less room than it gets in the end.
        whole = f"[...document.querySelectorAll('.stVegaLiteChart svg.marks')].every(svg => !({CUT_OFF})(svg).length)"
        page.wait_for_function(whole)
        for chart in charts.all():
            assert chart.evaluate(CUT_OFF) == []
    title = page.locator(".st-key-page_title")
    for control in title.locator("[role=radiogroup], [data-baseweb=select]").all():
        box = control.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_judgements_have_a_list_of_twelve_rows_beside_one_in_full(page: Page) -> None:
    opened(page, "/judgements?data=hostile")
    rows, text = page.locator(".st-key-view_list canvas").first, page.locator(".st-key-response")
    assert bottom(rows) - top(rows) >= HEADER + 12 * ROW
    assert bottom(page.locator(".st-key-judgements_foot")) <= 720
    assert bottom(text) <= 720
    assert bottom(text) - top(text) >= 14 * 24
