"""Health: well while the data and the judgements can be read; a sentence that names no machine where not."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_access import health as module
from data_access.health import NO_DATA, NO_JUDGEMENTS, PREPARING, WELL, Checked, Health, health
from data_access.settings import Settings
from tests.conftest import open_path, wide_table

ROWS = [{"prompt": "Why?", "candidates": [("ant", "So.", 1.0), ("bee", "Because.", 2.0)]}]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a server with one file, which is not prepared yet."""
    pq.write_table(wide_table(ROWS), tmp_path / "data.parquet")
    return Settings((str(tmp_path / "data.parquet"),), tmp_path / "cache", judgements=str(tmp_path / "j.sqlite"))


def test_it_is_well_before_and_after_the_dataset_is_prepared(settings: Settings) -> None:
    assert health(settings) == PREPARING
    open_path(settings.data[0], settings.cache)
    assert health(settings) == WELL == Health(True, "ok")


def test_it_is_not_well_where_the_dataset_was_tried_in_vain_until_it_is_prepared(settings: Settings) -> None:
    assert health(settings, could_not_open=True) == NO_DATA
    open_path(settings.data[0], settings.cache)
    assert health(settings, could_not_open=True) == WELL


def test_it_is_not_well_where_the_file_is_gone_cut_off_or_was_never_there(settings: Settings, tmp_path: Path) -> None:
    open_path(settings.data[0], settings.cache)
    file = Path(settings.data[0])
    file.write_bytes(file.read_bytes()[:-1])
    assert health(settings) == NO_DATA
    file.unlink()
    assert health(settings) == NO_DATA
    assert str(tmp_path) not in NO_DATA.said


def test_a_prepared_file_that_is_damaged_is_made_anew_by_the_next_viewer_or_is_not_well(settings: Settings) -> None:
    open_path(settings.data[0], settings.cache)
    (prompts,) = settings.cache.glob("prepared-*/prompts-*.parquet")
    whole = prompts.read_bytes()
    prompts.write_bytes(b"\0" * len(whole))
    assert health(settings) == NO_DATA
    prompts.write_bytes(whole[:-1])
    assert health(settings) == PREPARING


def test_the_sample_and_datasets_of_the_hub_wait_for_their_first_viewer(tmp_path: Path) -> None:
    for data in ("sample", "hf:maker/data"):
        assert health(Settings((data,), tmp_path / "cache")) == PREPARING
    assert [*(tmp_path / "cache").glob("prepared-*")] == []


def test_it_is_not_well_where_judgements_cannot_be_read(settings: Settings) -> None:
    Path(settings.judgements).mkdir()
    assert health(settings) == NO_JUDGEMENTS


def test_an_answer_is_kept_for_some_seconds_and_a_change_of_it_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "rewardscope")
    clock, answers = [100.0], [WELL, NO_DATA, WELL]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    checked = Checked(lambda: answers.pop(0))
    for at, found in ((100.0, WELL), (104.9, WELL), (105.0, NO_DATA), (109.0, NO_DATA), (110.0, WELL)):
        clock[0] = at
        assert checked.now() == found, at
    assert caplog.messages == ["health_changed"] * 2
