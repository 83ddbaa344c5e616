"""Several server processes behind the proxy of compose.yaml: what a viewer sees, also when their process dies."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.deploy.behind_proxy import Behind, behind_proxy, proxy_program
from tests.e2e.conftest import heading, viewer
from tests.openid_provider import openid_provider, secrets
from tests.ports import free_port

PREFIX = "/team/rewards"
COUNT_RUNS = """() => {
  const app = document.querySelector("[data-testid=stApp]")
  window.runs = 0
  new MutationObserver(() => { if (app.dataset.testScriptState === "notRunning") window.runs += 1 })
    .observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] })
}"""


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """Two processes that opened the sample at once, on one cache, under a path prefix."""
    if not proxy_program():
        pytest.skip("no HAProxy: sudo apt-get install haproxy")
    with behind_proxy(tmp_path_factory.mktemp("behind"), 2, PREFIX, REWARDSCOPE_DATA="sample") as found:
        yield found


def asked(behind: Behind, *paths: str) -> set[str]:
    """The addresses of the processes that have answered requests whose path begins so, as the proxy's log says."""
    text = (behind.folder / "log-proxy").read_text()
    begins = "|".join(re.escape(behind.prefix + path) for path in paths)
    return set(re.findall(rf"path=(?:{begins})\S* status=\d+ \S+ \S+ process=(\S+)", text))


def test_a_viewer_stays_on_a_process_and_comes_back_on_another_with_the_same_view(
    browser: Browser, behind: Behind, tmp_path: Path
) -> None:
    expect.set_options(timeout=60_000)
    with viewer(browser, behind.address) as context:
        page = context.new_page()
        page.goto(f"{behind.address}/prompts?section=Reasoning")
        page.get_by_role("link", name="Export", exact=True).click()
        expect(page).to_have_url(re.compile(rf"{PREFIX}/export\?"))
        _save_load_and_download(page, tmp_path)
        page.goto(f"{behind.address}/prompt?id=3&candidate=2")
        expect(heading(page, "Prompt 3")).to_be_visible()

        # All went to one process: websockets that ended, files, uploads, our own downloads.
        (process,) = asked(behind, "/_stcore/stream")
        for path in ("/media/", "/_stcore/upload_file", "/download/", "/_stcore/host-config", "/static/"):
            assert asked(behind, path) == {process}, path

        page.evaluate(COUNT_RUNS)
        behind.kill(behind.number(process))
        page.wait_for_function("window.runs > 0")  # the browser comes back by itself, and the page runs again
        assert len(asked(behind, "/_stcore/host-config")) == 2
        expect(heading(page, "Prompt 3")).to_be_visible()
        page.keyboard.press("n")
        expect(heading(page, "Prompt 4")).to_be_visible()
        page.goto(f"{behind.address}/export?section=Reasoning")
        with page.expect_download():
            page.get_by_role("button", name="Save recipe").click()
        assert len(asked(behind, "/media/")) == 2


def _save_load_and_download(page: Page, folder: Path) -> None:
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save recipe").click()
    saved.value.save_as(folder / "recipe.json")
    page.get_by_role("button", name="Load recipe").click()
    page.locator("input[type=file]").set_input_files(folder / "recipe.json")
    expect(page).to_have_url(re.compile("strategy="))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Prepare download").click()
    link = page.get_by_role("link", name=re.compile("^.*Download [0-9,]+ rows"))
    with page.expect_download() as made:
        link.click()
    assert made.value.suggested_filename.endswith(".zip")


def test_where_a_login_is_needed_nothing_is_shown_before_and_it_holds_on_every_process(
    browser: Browser, tmp_path: Path
) -> None:
    if not proxy_program():
        pytest.skip("no HAProxy: sudo apt-get install haproxy")
    expect.set_options(timeout=60_000)
    port, file = free_port(), tmp_path / "login.toml"
    with openid_provider(email="ada@example.org", name="Ada") as provider:
        file.write_text(secrets(provider, f"http://127.0.0.1:{port}{PREFIX}"))
        with behind_proxy(
            tmp_path,
            2,
            PREFIX,
            port,
            REWARDSCOPE_DATA="sample",
            REWARDSCOPE_LOGIN="on",
            STREAMLIT_SECRETS_FILES=str(file),
        ) as found:
            context = browser.new_context()
            context.set_default_timeout(60_000)
            page = context.new_page()
            page.goto(f"{found.address}/prompt?id=3")
            expect(page.get_by_role("button", name="Sign in")).to_be_visible()
            assert page.get_by_test_id("stMain").inner_text().split() == ["Rewardscope", "Sign", "in"]
            download = f"{found.address}/download/{'a' * 64}"
            assert context.request.get(download).status == 401

            page.get_by_role("button", name="Sign in").click()
            expect(heading(page, "Overview")).to_be_visible()
            assert page.url.startswith(found.address)
            assert context.request.get(download).status == 404  # there is none of that name
            (process,) = asked(found, "/oauth2callback")
            found.kill(found.number(process))
            page.goto(f"{found.address}/prompt?id=3")
            expect(heading(page, "Prompt 3")).to_be_visible()
            context.close()
        lines = [line for number in (0, 1) for line in (tmp_path / f"log-{number}").read_text().splitlines()]
    logins = [line.partition("event=login ")[2] for line in lines if "event=login" in line]
    assert logins == ['person="ada@example.org \\u2713"'] * 2
