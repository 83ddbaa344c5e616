"""A finding to send on: added by clicks, taken away as one file, and read where there is neither network nor script."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, drawn, heading
from tests.e2e.test_room import LAPTOP, PHONE

PAGES = ("Overview", "Prompt", "Compare", "Source models", "Best-of-N", "Checks")


def add(page: Page, title: str, number: int) -> None:
    """Go to a page by the menu, and add what it shows."""
    if title != "Overview":
        page.get_by_role("link", name=title, exact=True).click()
    expect(heading(page, re.compile(f"^{title}"))).to_be_visible()
    expect(drawn(page)).to_be_visible()
    page.mouse.move(640, 700)  # away from the menu, whose words lie over the row below
    page.get_by_role("button", name="Add to report").click()
    expect(page.get_by_text(f"Added to report, part {number}", exact=True)).to_be_visible()


def assert_made_again_by_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "data_access.report", str(tmp_path / "report.json"), str(tmp_path / "again.html")]
    environment = os.environ | {"REWARDSCOPE_DATA": "sample", "REWARDSCOPE_CACHE": str(tmp_path / "cache")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    made_again = (tmp_path / "again.html").read_text(encoding="utf-8")
    assert re.findall("<h2.*?</h2>", made_again) == re.findall(
        "<h2.*?</h2>", (tmp_path / "report.html").read_text("utf-8")
    )
    assert [one["page"] for one in json.loads((tmp_path / "report.json").read_text("utf-8"))["parts"]][2] == "models"


def assert_without_barriers(browser: Browser, file: Path) -> None:
    """axe-core, which is a script itself, finds nothing in the file, in light and in dark."""
    for scheme in ("light", "dark"):
        looked_at = browser.new_context(color_scheme=scheme, offline=True, bypass_csp=True, viewport=LAPTOP)
        looked = looked_at.new_page()
        looked.goto(file.as_uri())
        violations = Axe().run(looked).response["violations"]
        assert [(one["id"], [node["html"][:150] for node in one["nodes"][:2]]) for one in violations] == []
        looked_at.close()


def test_six_parts_become_a_file_that_needs_nothing(page: Page, browser: Browser, tmp_path: Path) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto("/?section=Reasoning")
    for number, title in enumerate(PAGES, start=1):
        add(page, title, number)
    page.get_by_role("button", name="Team").click()
    page.get_by_role("link", name="Report", exact=True).click()
    expect(heading(page, "Report")).to_be_visible()
    frame = page.frame_locator("iframe[srcdoc]")
    expect(frame.get_by_role("heading", name="6 Checks: reliability")).to_be_attached()
    comment = page.get_by_label("Comment on part 4")
    comment.fill("heron is first.\nStork is long.")
    comment.press("Control+Enter")
    expect(frame.get_by_text("Stork is long.")).to_be_attached()
    page.get_by_role("button", name="Move part 4 up").click()
    expect(frame.get_by_role("heading", name="3 Source models")).to_be_attached()
    page.get_by_label("Title", exact=True).fill("What our scorer likes")
    page.get_by_label("Title", exact=True).press("Enter")
    expect(frame.get_by_role("heading", name="What our scorer likes")).to_be_attached()
    for kind in ("HTML", "Markdown", "JSON"):
        with page.expect_download() as made:
            page.get_by_role("button", name=kind, exact=True).click()
        made.value.save_as(tmp_path / made.value.suggested_filename)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["report.html", "report.json", "report.zip"]
    assert (tmp_path / "report.html").stat().st_size < 2_000_000

    # Read from the disk, without network and without scripts.
    context = browser.new_context(java_script_enabled=False, offline=True, viewport=LAPTOP)
    reader = context.new_page()
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto((tmp_path / "report.html").as_uri())
    expect(reader.get_by_role("heading", level=1)).to_have_text("What our scorer likes")
    expect(reader.get_by_role("heading", level=2)).to_have_count(6)
    expect(reader.get_by_text("heron is first.")).to_be_visible()
    expect(reader.get_by_text("section: Reasoning").first).to_be_visible()
    assert reader.get_by_role("img").count() >= 8
    for picture in reader.get_by_role("img").all():
        expect(picture).to_have_attribute("aria-label", re.compile(".{10}"))
    back = reader.get_by_role("link", name="Open this view in Rewardscope")
    expect(back.nth(1)).to_have_attribute(
        "href", re.compile(r"^http://127.0.0.1:\d+/prompt\?data=sample&scorer=reward&section=Reasoning&id=3$")
    )
    for window in (LAPTOP, PHONE):
        reader.set_viewport_size(window)
        assert reader.locator("body").evaluate("body => body.scrollWidth <= body.clientWidth + 1")
    printed = reader.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) >= 6
    assert [url for url in asked if not url.startswith("file:")] == []
    context.close()
    assert_made_again_by_the_command(tmp_path)
    assert_without_barriers(browser, tmp_path / "report.html")


def test_hostile_texts_in_a_report_do_nothing(page: Page) -> None:
    page.goto("/prompt?data=hostile&id=1")
    expect(drawn(page)).to_be_visible()
    page.get_by_role("button", name="Add to report").click()
    expect(page.get_by_text("Added to report, part 1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Team").click()
    page.get_by_role("link", name="Report", exact=True).click()
    frame = page.frame_locator("iframe[srcdoc]")
    expect(frame.get_by_text("<script>window.attacked = 'script'</script>").first).to_be_attached()
    assert page.evaluate("window.attacked") is None
    assert page.frames[-1].evaluate("window.attacked") is None


NO_ROOM_BUT_FOR_THE_CHART = """box =>
    Math.abs(box.offsetHeight - box.querySelector(".stVegaLiteChart").offsetHeight) <= 1"""


@pytest.mark.parametrize(("link", "name"), [("/best_of_n", "gain"), ("/models?show=head+to+head", "head-to-head")])
def test_a_chart_is_saved_as_a_picture_without_taking_room(page: Page, link: str, name: str) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto(link)
    chart = page.locator(f".st-key-chart_{name}")
    expect(chart.locator(".stVegaLiteChart svg.marks, .stVegaLiteChart canvas")).to_be_visible()
    expect(drawn(page)).to_be_visible()
    page.wait_for_function(NO_ROOM_BUT_FOR_THE_CHART, arg=chart.element_handle())
    button = chart.get_by_role("button", name=re.compile("^.*Save as a picture: "))
    expect(button).to_have_css("opacity", "0")
    chart.hover()
    expect(button).to_have_css("opacity", "1")
    page.mouse.move(1, 1)
    button.focus()
    expect(button).to_have_css("opacity", "1")
    button.press("Enter")
    for kind, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg ")):
        with page.expect_download() as made:
            page.get_by_role("button", name=kind, exact=True).click()
        assert made.value.suggested_filename == f"{name}.{kind.lower()}"
        assert Path(made.value.path()).read_bytes().startswith(begins)


def test_a_prompts_card_is_saved_as_a_picture(page: Page) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto("/prompt?id=4")
    expect(drawn(page)).to_be_visible()
    page.get_by_role("tab", name="Download").click()
    for kind, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg ")):
        with page.expect_download() as made:
            page.get_by_role("button", name=kind, exact=True).click()
        assert made.value.suggested_filename == f"prompt-4.{kind.lower()}"
        assert Path(made.value.path()).read_bytes().startswith(begins)
