"""Prompt and Compare have room for what people came to see, without scrolling the page; and nothing jumps."""

import re
from typing import Any

from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.conftest import drawn, until
from tests.e2e.long_texts import RANKED
from tests.e2e.test_browse import HEADER, LOW, ROW, heading, parameters

LAPTOP: ViewportSize = {"width": 1280, "height": 720}
SCREEN: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
BAR, STRIP, LINE = 56, 140, 44  # pixels, at most; a line of buttons and facts

# What is wholly inside the window and inside all that scrolls or clips around it.
IN_VIEW = """
  const box = node => node.getBoundingClientRect()
  const view = node => {
    const seen = { top: 0, bottom: innerHeight, left: 0, right: innerWidth }
    for (let at = node; at; at = at.assignedSlot ?? at.parentElement ?? at.getRootNode().host) {
      const { overflowX, overflowY } = getComputedStyle(at), around = box(at)
      if (overflowY !== "visible") {
        seen.top = Math.max(seen.top, around.top)
        seen.bottom = Math.min(seen.bottom, around.bottom)
      }
      if (overflowX !== "visible") {
        seen.left = Math.max(seen.left, around.left)
        seen.right = Math.min(seen.right, around.right)
      }
    }
    return seen
  }
  const within = (inner, outer) =>
    inner.top >= outer.top - 0.5 && inner.bottom <= outer.bottom + 0.5 &&
    inner.left >= outer.left - 0.5 && inner.right <= outer.right + 0.5
"""
# For a text: how many lines of it are in view. Words of one line share its height, so lines are told apart by their middle.
LINES = f"""node => {{ {IN_VIEW}
  const range = document.createRange()
  range.selectNodeContents(node)
  const seen = view(node), height = parseFloat(getComputedStyle(node.querySelector(".rs-text")).lineHeight)
  const middles = [...range.getClientRects()].filter(one => within(one, seen)).map(one => (one.top + one.bottom) / 2)
  return new Set(middles.map(middle => Math.round((middle - box(node).top) / height))).size
}}"""
# For the rows of the list: which are in view, and whether every cell of them is, with its text not cut off.
ROWS = f"""rows => {{ {IN_VIEW}
  return rows.filter(row => within(box(row), view(row.parentElement))).map(row => ({{
    cells: [...row.cells].map(cell => cell.textContent),
    whole: [...row.cells].every(cell => within(box(cell), view(row)) && cell.scrollWidth <= cell.clientWidth),
  }}))
}}"""


def boxes(page: Page, *keys: str) -> list[dict[str, float]]:
    """Where the containers with these keys are in the window: x, y, width and height."""
    found = [page.locator(f".st-key-{key}").first.bounding_box() for key in keys]
    assert None not in found, keys
    return [dict(box) for box in found if box]


def heights(page: Page, *keys: str) -> list[float]:
    return [box["height"] for box in boxes(page, *keys)]


def lines(page: Page, key: str) -> int:
    found: int = page.locator(f".st-key-{key}").evaluate(LINES)
    return found


def rows_in_view(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.locator(ROW).evaluate_all(ROWS)
    return found


def scrolled(page: Page, selector: str = "html, body, .stMain, .stApp, .st-key-desk, .st-key-panes") -> list[float]:
    """How far what matches is scrolled; without a selector, the page and what holds it."""
    found: list[float] = page.locator(selector).evaluate_all("all => all.map(one => one.scrollTop + one.scrollLeft)")
    return found


def facts_in_view(page: Page, key: str) -> list[str]:
    """Of the line of facts in a container those that are not cut off."""
    line = page.locator(f".st-key-{key} .rs-line")
    found: list[str] = line.evaluate(
        f"line => {{ {IN_VIEW} return [...line.children].filter(one => within(box(one), view(one)))"
        " .map(one => one.textContent) }"
    )
    return found


def shares(page: Page) -> list[float]:
    """How far each compared text is scrolled, as a share of what there is to scroll."""
    found: list[float] = page.locator(".st-key-text_a, .st-key-text_b").evaluate_all(
        "panes => panes.map(pane => pane.scrollTop / (pane.scrollHeight - pane.clientHeight))"
    )
    return found


def wheel_over(page: Page, name: str, pixels: int) -> None:
    pane = page.locator(f".st-key-text_{name}")
    before = pane.evaluate("pane => pane.scrollTop")
    pane.hover(position={"x": 200, "y": 200})
    page.mouse.wheel(0, pixels)
    until(page, lambda: pane.evaluate("pane => pane.scrollTop") == before + pixels)


def are_together(page: Page, after: int = 0) -> bool:
    """Whether both texts are scrolled as far; `after` A is scrolled by so many pixels more."""
    if after:
        wheel_over(page, "a", after)
        page.wait_for_timeout(100)
    first, second = shares(page)
    return abs(first - second) < 0.01


def expect_selected(page: Page, candidate: int) -> None:
    """The candidate's row is marked and its text is in the pane."""
    expect(page.locator(f"{ROW}[aria-selected=true]")).to_have_attribute("data-number", str(candidate))
    expect(page.locator(".st-key-response")).to_contain_text(
        f"value {candidate if candidate > 9 else candidate // 3 + 1} "
    )


def is_selected_in_view(page: Page) -> bool:
    row = page.locator(f"{ROW}[aria-selected=true]")
    found: bool = row.evaluate(f"row => {{ {IN_VIEW} return within(box(row), view(row)) }}")
    return found


def test_a_prompts_ranking_and_a_response_fit_one_screen_and_change_in_place(page: Page) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto("/prompt?data=long&id=1&section=Chat+Hard")
    expect_selected(page, 1)
    expect(page.locator(".st-key-distribution canvas")).to_be_visible()

    def assert_room(rows: int, text_lines: int) -> None:
        bar, strip, *tools = heights(page, "bar", "distribution", "title", "ranking_tools", "reading_tools")
        assert (bar <= BAR, strip <= STRIP) == (True, True)
        assert [height for height in tools if height > LINE] == []
        shown = rows_in_view(page)
        assert len(shown) >= rows
        assert [row["cells"] for row in shown if not row["whole"]] == []
        assert facts_in_view(page, "reading_tools")[:3] == ["rank 1", "12.38", "Qwen/Qwen1.5-110B-Chat"]
        assert shown[0]["cells"] == ["1", "12.38", "0.00", "Qwen/Qwen1.5-110B-Chat", "3,781", "×3"]
        assert shown[3]["cells"] == [
            *("10", "11.25", "1.12", "mistralai/Mixtral-8x22B-Instruct-v0.1", "3,819", "cut off?, template tokens")
        ]
        assert page.locator(".st-key-ranked .scroller").evaluate("list => list.scrollWidth <= list.clientWidth")
        assert lines(page, "response") >= text_lines
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    assert_room(rows=8, text_lines=12)  # with a filter in force
    page.get_by_role("button", name="Remove section: Chat Hard").click()
    expect(page.locator(".st-key-filters")).to_have_count(0)
    page.set_viewport_size(SCREEN)
    assert_room(rows=16, text_lines=20)
    page.set_viewport_size(LAPTOP)
    assert_room(rows=9, text_lines=13)

    # Keys and clicks change the pane and the list's selection, and nothing else moves.
    around = "title", "distribution", "ranking_tools", "ranked", "reading_tools", "response"
    places, at = boxes(page, *around), scrolled(page)
    page.locator(".st-key-response").evaluate("pane => { pane.scrollTop = 400 }")
    table = page.locator(".st-key-ranked table").element_handle()  # the same one all along
    is_at = "([table, number]) => table.querySelector('[aria-selected=true]')?.dataset.number === number"
    for candidate in RANKED[1:31]:
        page.keyboard.press("j")
        page.wait_for_function(is_at, arg=[table, str(candidate)])
    expect_selected(page, 37)
    assert parameters(page)["candidate"] == ["37"]
    assert is_selected_in_view(page)
    assert scrolled(page, ".st-key-response") == [0]  # another text is read from its beginning
    page.keyboard.press("k")
    expect_selected(page, 36)
    in_list = scrolled(page, ".st-key-ranked .scroller")
    assert in_list != [0]
    page.locator(f'{ROW}[data-number="33"]').click()
    expect_selected(page, 33)
    expect(page.locator(".st-key-reading_tools")).to_contain_text("rank 33")
    assert scrolled(page, ".st-key-ranked .scroller") == in_list
    for key, candidate in (("ArrowUp", 32), ("End", 100), ("Home", 1)):  # the focus stays in the list
        page.keyboard.press(key)
        expect_selected(page, candidate)
        assert is_selected_in_view(page)
    assert (boxes(page, *around), scrolled(page)) == (places, at)


def test_compared_texts_fit_one_screen_and_are_read_together_by_wheel_and_keys(page: Page) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto("/compare?data=long&id=1&a=12&b=chosen")
    count = page.locator(".st-key-reader output")
    expect(count).to_have_text("30 differences")
    expect(page.locator(".st-key-text_b ins").first).to_be_visible()

    def assert_room(text_lines: int) -> None:
        first, second = boxes(page, "text_a", "text_b")
        assert first["y"] == second["y"]
        assert first["y"] <= 200
        assert [
            height for height in heights(page, "title", "compare_tools", "header_a", "header_b") if height > LINE
        ] == []
        assert facts_in_view(page, "header_a")[:3] == ["rank 12", "11.00", "meta-llama/Meta-Llama-3-70B-Instruct"]
        assert facts_in_view(page, "header_b")[:3] == ["rank 40", "7.50", "text by anthropic/claude-3-opus-20240229"]
        assert min(lines(page, "text_a"), lines(page, "text_b")) >= text_lines
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.set_viewport_size(SCREEN)
    assert_room(text_lines=24)
    page.set_viewport_size(LAPTOP)
    assert_room(text_lines=16)
    around = "title", "compare_tools", "header_a", "header_b", "text_a", "text_b"
    places, at = boxes(page, *around), scrolled(page)

    # Panes scroll together, by the share of what there is to scroll, until that is turned off.
    assert shares(page) == [0, 0]
    for name, pixels in (("a", 300), ("b", -100)):
        wheel_over(page, name, pixels)
        until(page, lambda: shares(page)[0] > 0 and are_together(page))
    together = page.locator(".st-key-together label")
    together.click()
    expect(page).to_have_url(re.compile("apart=1"))
    until(page, lambda: not are_together(page, after=20))
    together.click()
    expect(page.get_by_role("switch", name="Scroll together")).to_be_checked()
    until(page, lambda: are_together(page, after=20))

    # D goes through the differences, Shift D back; both sides of the one it is at are outlined, and in view.
    outlined = page.locator(".st-key-texts [style*=outline]")
    for key, place in (("d", 1), ("d", 2), ("Shift+D", 1), ("Shift+D", 30), ("Shift+D", 29), ("d", 30), ("d", 1)):
        page.keyboard.press(key)
        expect(count).to_have_text(f"{place} of 30")
        expect(outlined).to_have_text(["12", "40"])
        for side in outlined.all():
            assert side.evaluate(f"mark => {{ {IN_VIEW} return within(box(mark), view(mark)) }}")
            assert side.evaluate("mark => mark.previousSibling.textContent.slice(-30)").endswith(
                f"{place * 2} takes value "
            )
    page.get_by_role("button", name="Next difference").click()
    expect(count).to_have_text("2 of 30")

    # A walks through the ranking while B stays; S swaps them.
    for key, titles in (
        ("j", ["A: candidate 13", "B: RewardBench chosen"]),
        ("j", ["A: candidate 14", "B: RewardBench chosen"]),
        ("k", ["A: candidate 13", "B: RewardBench chosen"]),
        ("s", ["A: RewardBench chosen", "B: candidate 13"]),
    ):
        page.keyboard.press(key)
        expect(page.locator(".st-key-texts").get_by_role("heading")).to_have_text(titles)
    expect(page.locator(".st-key-text_b ins").first).to_have_text("13")
    expect(count).to_have_text("30 differences")  # those of the texts that are there now, from the first
    assert (parameters(page)["a"], parameters(page)["b"]) == (["chosen"], ["13"])
    assert (boxes(page, *around), scrolled(page)) == (places, at)


def test_the_presenting_view_is_a_third_distribution_and_texts_in_large_type(page: Page) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto("/compare?data=long&id=1&a=12&b=chosen")
    expect(page.locator(".st-key-reader output")).to_have_text("30 differences")
    page.keyboard.press("v")
    chart = page.locator(".st-key-presenting canvas")
    expect(chart).to_be_visible()
    expect(page.locator(".st-key-bar")).to_be_hidden()
    until(page, lambda: bool(240 <= (chart.bounding_box() or {"height": 0})["height"] <= 260))
    first, second = boxes(page, "text_a", "text_b")
    assert (first["y"], first["height"]) == (second["y"], second["height"])
    assert min(lines(page, "text_a"), lines(page, "text_b")) >= 7
    size = page.locator(".st-key-text_a .rs-text").evaluate("text => parseFloat(getComputedStyle(text).fontSize)")
    assert size >= 24
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.keyboard.press("j")  # the keys work, though their buttons are gone
    expect(heading(page, "A: candidate 13")).to_be_visible()
    expect(page.locator(".st-key-walk_down")).to_be_hidden()
    page.keyboard.press("v")
    expect(page.locator(".st-key-bar")).to_be_visible()
    expect(chart).to_have_count(0)


def test_the_list_of_prompts_has_room_for_twelve_rows(page: Page) -> None:
    for window, rows in ((LAPTOP, 12), (SCREEN, 17)):
        page.set_viewport_size(window)
        page.goto("/prompts")
        expect(page.locator(".st-key-prompt_list canvas").first).to_be_visible()
        expect(drawn(page)).to_be_visible()
        (listed,) = boxes(page, "prompt_list")
        seen = min(listed["y"] + listed["height"], window["height"]) - listed["y"] - HEADER
        assert seen >= rows * LOW


def test_a_phone_has_prompt_strip_list_and_text_one_below_the_other_each_within_one_screen(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/prompt?data=long&id=1")
    expect_selected(page, 1)
    expect(page.locator(".st-key-distribution canvas")).to_be_visible()
    title, strip, ranked, response = boxes(page, "title", "distribution", "ranked", "response")
    assert title["y"] < strip["y"] < ranked["y"] < response["y"]
    assert max(ranked["height"], response["height"]) < PHONE["height"] - BAR
    assert len(rows_in_view(page)) >= 8
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".st-key-response").scroll_into_view_if_needed()
    assert lines(page, "response") >= 12
    for steps in boxes(page, "steps", "candidate_steps"):  # the bar at the bottom
        assert steps["y"] + steps["height"] == PHONE["height"]
        assert steps["x"] + steps["width"] <= PHONE["width"]
