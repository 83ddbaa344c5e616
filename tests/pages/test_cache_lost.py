"""The cache folder goes, or may not be written any more, while the server has its dataset open: pages go on."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import wide_table
from tests.pages.conftest import ROWS, said

Visit = Callable[..., AppTest]
PAGES = ("prompts.py", "prompt.py", "rewards.py", "export.py")


@pytest.fixture
def cache(tmp_path: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of a server that offers a dataset of its own."""
    pq.write_table(wide_table(ROWS), tmp_path / "own.parquet")
    monkeypatch.setenv("REWARDSCOPE_DATA", str(tmp_path / "own.parquet"))
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """While this lasts nobody writes there, root neither; the test is skipped where that cannot be."""
    if os.getuid() == 0:
        for arguments in (["--bind", str(folder), str(folder)], ["-o", "remount,ro,bind", str(folder)]):
            if subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode:
                pytest.skip("root, for whom no folder is read-only, may not mount one here")
        try:
            yield
        finally:
            subprocess.run(["umount", str(folder)], check=True)
    else:
        folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
        for one in folders:
            one.chmod(0o500)
        try:
            yield
        finally:
            for one in folders:
                one.chmod(0o700)


def test_each_page_goes_on_when_the_cache_folder_is_deleted(visit: Visit, cache: Path) -> None:
    visit()
    told = 0
    for page in PAGES:
        shutil.rmtree(cache, ignore_errors=True)  # what a page showed before may still be in memory
        at = visit(page)
        assert not at.exception, page
        if at.error:
            told += 1
            assert "Reload this page." in said(at), page
            at.run()
            assert not at.exception, page
        assert at.title, page
        assert not at.error, page
    assert told > 0


def test_each_page_goes_on_when_the_cache_folder_becomes_read_only(visit: Visit, cache: Path) -> None:
    visit()
    with read_only(cache):
        for page in PAGES:
            at = visit(page)
            assert not at.exception, page
            assert at.title, page
            assert not at.error, page
        at = visit("export.py")
        at.button(key="make").click().run()
        assert not at.exception
        (link,) = [one for one in at.get("link_button") if one.proto.url.startswith("download/")]
        assert link.proto.label.startswith("Download ")
