"""Somebody types a dataset of the hub into the picker, the connection breaks, and a second try opens it."""

import io
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.conftest import wide_table
from tests.e2e.conftest import drawn, running, viewer
from tests.e2e.test_browse import heading, parameters
from tests.hub_server import LoopbackHub

NAME = "someone/rewards"
TEXT_BYTES = 20_000


def parquet(prompts: int) -> bytes:
    """A dataset of 40 kB a prompt, which does not compress."""
    rows = []
    for number in range(prompts):
        texts = [random.Random(number + place / 4).randbytes(TEXT_BYTES // 2).hex() for place in range(2)]
        rows.append({"prompt": f"Prompt {number}", "candidates": [("ant", texts[0], 1.0), ("bee", texts[1], 2.0)]})
    written = io.BytesIO()
    pq.write_table(wide_table(rows), written, compression="none", use_dictionary=False)
    return written.getvalue()


@pytest.fixture(scope="module")
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub().running() as found:
        found.put(NAME, {"data/train-00000-of-00001.parquet": parquet(100)})
        found.put("someone/slow", {"data/train-00000-of-00001.parquet": parquet(99)})
        yield found


@pytest.fixture(scope="module")
def context(browser: Browser, hub: LoopbackHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    folder = tmp_path_factory.mktemp("hub")
    settings = {
        "HF_ENDPOINT": hub.address,
        "HF_HOME": str(folder / "hf"),
        "HF_TOKEN": "",
        "REWARDSCOPE_OPEN": "hub,upload",
    }
    with running(folder, **settings) as address, viewer(browser, address) as found:
        expect.set_options(timeout=15_000)
        yield found


def picker(page: Page) -> Locator:
    return page.locator(".st-key-picker").get_by_role("button", name="Open").first


def open_by_name(page: Page, name: str) -> None:
    picker(page).click()
    page.get_by_role("textbox", name="Name a dataset of the Hugging Face hub").fill(name)
    page.locator(".st-key-open_named button").click()


def test_a_dataset_of_the_hub_opens_from_the_picker_after_a_broken_download(
    context: BrowserContext, hub: LoopbackHub
) -> None:
    page = context.new_page()
    page.goto("/")
    expect(heading(page, "Overview")).to_be_visible()

    open_by_name(page, "hf:someone/reward")
    expect(page.get_by_text("There is no dataset someone/reward on")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(heading(page, "Overview")).to_be_visible()
    assert "data" not in parameters(page)

    hub.chunk_s, hub.drop_after = 0.05, 2_000_000
    open_by_name(page, NAME)
    expect(
        page.get_by_text(re.compile(rf"Downloading {NAME}: [\d.]+ of 4\.0 MB, [\d.]+ MB/s, \d+ s left\."))
    ).to_be_visible()
    hub.drop_after = 0
    expect(page.get_by_text(re.compile(r"broke off after 2\.0 of 4\.0 MB .* try again to resume"))).to_be_visible(
        timeout=30_000
    )
    hub.chunk_s, hub.drop_after = 0.0, None
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("100 prompts · 200 candidates")).to_be_visible()
    assert hub.ranges()[-1] == "bytes=2000000-"
    sha = hub.datasets[NAME]["main"].sha
    assert parameters(page) == {"data": [f"hf:{NAME}@{sha}"]}
    expect(page.get_by_text(f"hf:{NAME}@{sha}")).to_be_visible()
    expect(page.get_by_role("combobox", name="Dataset")).to_have_value(f"{NAME}@{sha[:7]}")
    expect(page.get_by_role("textbox", name="Name a dataset of the Hugging Face hub")).to_be_hidden()
    link = page.url
    page.go_back()
    expect(page.get_by_text("This is the built-in sample")).to_be_visible()

    hub.asked.clear()
    page.goto(link)
    expect(page.get_by_text("100 prompts · 200 candidates")).to_be_visible()
    assert hub.asked == []

    open_by_name(page, NAME)
    expect(page.get_by_text("100 prompts · 200 candidates")).to_be_visible()
    look = page.get_by_role("button", name="Look for a newer revision")
    expect(look).to_be_hidden()  # the picker that it was opened from is closed
    expect(drawn(page)).to_be_visible()
    picker(page).click()
    look.click()
    expect(page.get_by_text("This is the newest revision.")).to_be_visible()
    new = hub.put(NAME, {"data/train-00000-of-00001.parquet": parquet(50)})
    look.click()
    expect(page.get_by_text("50 prompts · 100 candidates")).to_be_visible()
    expect(look).to_be_hidden()
    assert parameters(page) == {"data": [f"hf:{NAME}@{new}"]}


def test_a_download_can_be_stopped_and_gone_on_with(context: BrowserContext, hub: LoopbackHub) -> None:
    page = context.new_page()
    hub.chunk_s, hub.drop_after = 0.1, None
    page.goto("/?data=hf:someone/slow")
    expect(page.get_by_text(re.compile(r"Downloading someone/slow: 0\.[3-9]"))).to_be_visible()
    page.get_by_role("button", name="Stop opening").click()
    expect(page.get_by_text("Opening was stopped. What was downloaded is kept.")).to_be_visible()
    hub.chunk_s = 0.0
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("99 prompts · 198 candidates")).to_be_visible()
    assert re.fullmatch(r"bytes=\d+-", hub.ranges()[-1])


def test_a_file_can_be_uploaded_and_its_link_opens_it(context: BrowserContext, tmp_path: Path) -> None:
    page = context.new_page()
    page.goto("/")
    lines = '{"prompt": "A", "response_1": "x", "response_2": "y", "reward_1": 1, "reward_2": 2}\n'
    expect(drawn(page)).to_be_visible()
    picker(page).click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=re.compile("Upload|Browse")).last.click()
    (tmp_path / "mine.jsonl").write_text(lines)
    chooser.value.set_files(tmp_path / "mine.jsonl")
    expect(page.get_by_text("1 prompt · 2 candidates")).to_be_visible()
    assert re.fullmatch(r"upload:[0-9a-f]{32}/mine\.jsonl", parameters(page)["data"][0])
    page.goto(page.url)
    expect(page.get_by_text("1 prompt · 2 candidates")).to_be_visible()
