"""Export in a browser: from a filter to a downloaded file, which the command gives byte for byte from the saved recipe."""

import csv
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import ROOT, heading


def test_a_filtered_set_is_downloaded_and_made_again_by_the_command(page: Page, tmp_path: Path) -> None:
    page.goto("/prompts?section=Reasoning")
    page.get_by_role("link", name="Export", exact=True).click()
    expect(heading(page, "Export")).to_be_visible()
    expect(page.locator(".st-key-export_title")).to_contain_text(re.compile(r"\d+ of 69 prompts"))
    page.get_by_role("combobox", name="Strategy").click()
    page.get_by_role("option", name="SFT: best k per prompt (RAFT)").click()
    expect(page).to_have_url(re.compile(r"strategy=top"))
    page.get_by_label("Maximum rows per prompt").fill("3")
    page.get_by_label("Maximum rows per prompt").press("Enter")
    expect(page).to_have_url(re.compile(r"per_prompt=3"))
    expect(page.get_by_text("evaluation data")).to_be_visible()
    expect(page.get_by_text("Row 1", exact=True)).to_be_visible()

    with page.expect_download() as saved:
        page.get_by_role("button", name="Save recipe").click()
    recipe = tmp_path / "recipe.json"
    saved.value.save_as(recipe)
    assert json.loads(recipe.read_text())["filter"] == {"section": ["Reasoning"]}

    page.get_by_role("button", name="Prepare download").click()
    link = page.get_by_role("link", name=re.compile("^.*Download [0-9,]+ rows"))
    expect(link).to_be_visible()
    with page.expect_download() as made:
        link.click()
    downloaded = tmp_path / "page.zip"
    made.value.save_as(downloaded)
    with zipfile.ZipFile(downloaded) as archive:
        names = archive.namelist()
        rows = archive.read("train.jsonl").decode().splitlines()
    assert names == ["dataset_info.json", "rewardscope.json", "train.jsonl"]
    assert [message["role"] for message in json.loads(rows[0])["messages"]] == ["user", "assistant"]

    command = [sys.executable, "-m", "data_access.training_data", str(recipe), str(tmp_path / "command.zip")]
    environment = os.environ | {"REWARDSCOPE_DATA": "sample", "REWARDSCOPE_CACHE": str(tmp_path / "cache")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    with zipfile.ZipFile(tmp_path / "command.zip") as archive:
        assert archive.read("train.jsonl").decode().splitlines() == rows


def test_a_table_is_downloaded_whole_and_safe_for_spreadsheets(page: Page, tmp_path: Path) -> None:
    page.goto("/prompts")
    with page.expect_download() as made:
        page.get_by_role("button", name="CSV").click()
    made.value.save_as(tmp_path / "prompts.csv")
    with (tmp_path / "prompts.csv").open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["prompt_id"] for row in rows] == [str(number) for number in range(1, 70)]  # not this page's 50 only

    page.goto("/prompt?data=hostile&id=1")
    page.get_by_role("tab", name="Download").click()
    with page.expect_download() as made:
        page.get_by_role("button", name="CSV").click()
    made.value.save_as(tmp_path / "candidates.csv")
    with (tmp_path / "candidates.csv").open(newline="", encoding="utf-8") as opened:
        cells = [cell for row in csv.reader(opened) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]
