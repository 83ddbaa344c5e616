"""A team says what it thinks of prompts and responses: by name, signed in, two at once, and without a database."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from data_access.judgements.judgements import Judgement, judgements
from data_access.judgements.people import Person
from data_access.judgements.store import open_store
from tests.e2e.conftest import heading, running, viewer
from tests.openid_provider import openid_provider, secrets
from tests.ports import free_port

HOSTILE = "<img src=x onerror=alert(1)> ![x](http://example.com/y.png) $x$"


def form_of(page: Page, container: str) -> Locator:
    """Open the form beside a text."""
    page.locator(f"{container} [class*=st-key-judge_] button").first.click()
    return page.locator("[data-testid=stPopoverBody]")


def give_name(form: Locator, name: str) -> None:
    form.get_by_role("textbox", name="Your name").fill(name)
    form.get_by_role("button", name="This is me").click()


def say(form: Locator, note: str, tag: str = "", star: bool = False) -> None:
    form.get_by_role("textbox", name="Note").fill(note)
    if tag:
        form.get_by_role("combobox", name="Tags").fill(tag)
        form.get_by_role("combobox", name="Tags").press("Enter")
    if star:
        form.get_by_text("Star", exact=True).click()
    form.get_by_role("button", name="Save", exact=True).click()


def said_in(folder: Path) -> list[Judgement]:
    return judgements(open_store(str(folder / "judgements.sqlite")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("team")


@pytest.fixture(scope="module")
def team(folder: Path) -> Iterator[str]:
    """The address of a server where nobody has said anything yet."""
    with running(folder, REWARDSCOPE_DATA="sample") as address:
        yield address


def test_what_one_says_of_a_response_another_sees_finds_and_takes_away(
    browser: Browser, team: str, folder: Path
) -> None:
    with viewer(browser, team) as ada, viewer(browser, team) as ben:
        page = ada.new_page()
        page.goto("/prompt?id=4")
        form = form_of(page, ".st-key-reading_tools")
        give_name(form, "Ada")
        say(form, HOSTILE, "wrong sum", star=True)
        expect(page.locator(".st-key-ranked tbody tr").first).to_contain_text("★1 · wrong sum · ✎1")
        expect(page.locator(".st-key-response")).to_contain_text(f"Ada: ★ wrong sum {HOSTILE}")
        assert [(one.person, one.said.note) for one in said_in(folder)] == [(Person("Ada"), HOSTILE)]

        # Another viewer has it in the list, as a filter, beside the text, and on the page of all judgements.
        other = ben.new_page()
        other.goto("/prompts?judged=star&tag=wrong+sum")
        expect(other.locator(".st-key-filters")).to_contain_text("1 of 69 prompts")
        other.goto("/compare?id=4&a=best")
        expect(other.locator(".st-key-text_a")).to_contain_text("Ada: ★ wrong sum")
        form = form_of(other, ".st-key-text_b")
        give_name(form, "Ben")
        form.get_by_role("combobox", name="Tags").click()
        expect(other.get_by_role("option", name="wrong sum")).to_be_visible()  # completed from those in use
        other.keyboard.press("Escape")
        say(form, "terse")
        expect(other.locator(".st-key-text_b")).to_contain_text("Ben: terse")
        other.goto("/judgements")
        expect(other.locator(".st-key-judgements_foot")).to_contain_text("2 of 2 judgements")
        expect(other.locator(".st-key-response")).to_contain_text("terse")
        other.get_by_role("textbox", name="Find").fill("onerror")
        other.get_by_role("textbox", name="Find").press("Enter")
        expect(other.locator(".st-key-judgements_foot")).to_contain_text("1 of 2 judgements")
        expect(other.locator(".st-key-response")).to_contain_text(HOSTILE)
        expect(other.get_by_role("button", name="Edit")).to_have_count(0)  # each edits their own
        with other.expect_download() as download:
            other.get_by_role("button", name="JSONL").click()
        assert '"author": "Ada"' in Path(download.value.path()).read_text(encoding="utf-8")

        # The name is given once; one's own can be changed, and every change is kept.
        page.goto("/judgements?find=onerror")
        page.get_by_role("button", name="Edit").click()
        form = page.locator("[data-testid=stPopoverBody]")
        expect(form.get_by_role("textbox", name="Note")).to_have_value(HOSTILE)
        say(form, "on second thoughts right")
        page.goto("/judgements?find=second")
        page.get_by_role("button", name="Changes").click()
        expect(page.locator("[data-testid=stPopoverBody]")).to_contain_text("2 changes")
        expect(page.locator("[data-testid=stPopoverBody]")).to_contain_text(HOSTILE)


def test_who_edits_the_same_in_two_windows_is_told_and_loses_nothing(browser: Browser, team: str) -> None:
    with viewer(browser, team) as context:
        first, second = context.new_page(), context.new_page()
        first.goto("/prompt?id=7")
        give_name(form_of(first, ".st-key-reading_tools"), "Cy")
        expect(first.get_by_text("You write as Cy")).to_be_visible()
        second.goto("/prompt?id=7")
        form_of(second, ".st-key-reading_tools")
        second.get_by_role("textbox", name="Note").fill("typed in the second window")
        say(first.locator("[data-testid=stPopoverBody]"), "saved in the first window")
        expect(first.locator(".st-key-response")).to_contain_text("saved in the first window")
        second.get_by_role("button", name="Save", exact=True).click()
        told = second.locator("[data-testid=stPopoverBody]")
        expect(told).to_contain_text("This was saved under your name meanwhile")
        expect(told).to_contain_text("“saved in the first window”")
        expect(second.get_by_role("textbox", name="Note")).to_have_value("typed in the second window")
        second.get_by_role("button", name="Save", exact=True).click()
        expect(second.locator(".st-key-response")).to_contain_text("typed in the second window")


def test_who_is_signed_in_writes_under_that_name(browser: Browser, tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / ".streamlit").mkdir()
    with openid_provider(email="ada@example.org", name="Ada") as provider:
        (tmp_path / ".streamlit" / "secrets.toml").write_text(secrets(provider, f"http://127.0.0.1:{port}"))
        with running(tmp_path, port, REWARDSCOPE_DATA="sample", HOME=str(tmp_path)) as address:
            context = browser.new_context(base_url=address)
            context.set_default_timeout(60_000)
            # A name that somebody made up for themselves counts for nothing here.
            context.add_cookies([{"name": "rewardscope_name", "value": "Eve", "url": address}])
            page = context.new_page()
            page.goto("/prompt?id=4")
            form = form_of(page, ".st-key-reading_tools")
            expect(form.get_by_role("textbox", name="Your name")).to_have_count(0)
            form.get_by_role("button", name="Sign in").click()
            expect(heading(page, "Overview")).to_be_visible()
            page.goto("/prompt?id=4")
            say(form_of(page, ".st-key-reading_tools"), "proven")
            expect(page.locator(".st-key-response")).to_contain_text("ada@example.org ✓: proven")
            context.close()
    assert [one.person for one in said_in(tmp_path)] == [Person("ada@example.org", signed_in=True)]


def test_while_the_database_is_away_browsing_goes_on_and_what_is_typed_stays(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path, REWARDSCOPE_DATA="sample") as address, viewer(browser, address) as context:
        page = context.new_page()
        page.goto("/prompt?id=4")
        form = form_of(page, ".st-key-reading_tools")
        give_name(form, "Ada")
        form.get_by_role("textbox", name="Note").fill("typed while it was away")
        database = tmp_path / "judgements.sqlite"
        for part in tmp_path.glob("judgements.sqlite*"):
            part.rename(tmp_path / f"away-{part.name}")
        database.write_text("This is no database. " * 100)
        form.get_by_role("button", name="Save", exact=True).click()
        expect(form).to_contain_text("Not saved; what you typed is still here.")
        expect(form.get_by_role("textbox", name="Note")).to_have_value("typed while it was away")
        other = context.new_page()
        other.goto("/prompts")
        expect(other.locator(".st-key-prompts_foot")).to_contain_text("69 of 69 prompts")
        database.unlink()
        for part in tmp_path.glob("away-*"):
            part.rename(tmp_path / part.name.removeprefix("away-"))
        page.wait_for_timeout(11_000)  # the database is not asked again at once
        form.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".st-key-response")).to_contain_text("Ada: typed while it was away")


def test_without_judgements_there_is_nothing_to_write_with(browser: Browser, tmp_path: Path) -> None:
    settings = {"REWARDSCOPE_DATA": "sample", "REWARDSCOPE_JUDGEMENTS": "off"}
    with running(tmp_path, **settings) as address, viewer(browser, address) as context:
        page = context.new_page()
        page.goto("/prompt?id=4")
        expect(page.locator(".st-key-response")).to_be_visible()
        expect(page.locator("[class*=st-key-judge_]")).to_have_count(0)
        page.goto("/judgements")
        expect(page.get_by_text(re.compile("REWARDSCOPE_JUDGEMENTS is off"))).to_be_visible()
