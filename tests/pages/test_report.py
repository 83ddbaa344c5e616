"""Report: views are added on their pages, ordered, given a sentence, and taken away; and a file of a report is opened."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access.report.reports import State, from_json, to_json
from pages.components.report.draft import DRAFTS
from pages.components.state import judgement_store
from tests.pages.conftest import lines, said

Visit = Callable[..., AppTest]
ADDED = ("overview", "prompt", "compare", "models", "rewards", "best_of_n", "scorers", "checks")


def draft(at: AppTest) -> Any:
    ((found, _),) = at.session_state[DRAFTS].values()
    return found


def toasts(at: AppTest) -> list[str]:
    return [toast.value for toast in at.toast]


def preview(at: AppTest) -> str:
    (frame,) = at.get("iframe")
    return str(frame.proto.srcdoc)


@pytest.mark.parametrize("page", ADDED)
def test_every_page_of_figures_and_texts_can_be_added(visit: Visit, joined: str, page: str) -> None:
    at = visit(f"{page}.py", data=joined)
    at.button(key="add_to_report").click().run()
    assert not at.exception
    assert toasts(at) == ["Added to report, part 1"]
    (added,) = draft(at).parts
    assert (added.page, added.value("scorer")) == (page, "tiny")


def test_a_part_is_what_the_page_shows_where_its_link_does_not_say(visit: Visit) -> None:
    at = visit("prompt.py", section="Reasoning", candidate="2", data_of="x")
    at.button(key="add_to_report").click().run()
    at.switch_page("compare.py").run()
    at.button(key="add_to_report").click().run()
    assert toasts(at) == ["Added to report, part 2"]
    prompt, compare = draft(at).parts
    assert dict(prompt.parameters) == {
        "scorer": ("reward",),
        "section": ("Reasoning",),
        "candidate": ("2",),
        "id": ("1",),
    }
    assert len(prompt.text_key) == 32
    assert (compare.value("a"), compare.value("b"), compare.value("id")) == ("best", "worst", "1")


def with_parts(visit: Visit) -> AppTest:
    """The Report page with two parts."""
    at = visit("best_of_n.py", n="2")
    at.button(key="add_to_report").click().run()
    at.switch_page("checks.py").run()
    at.button(key="add_to_report").click().run()
    at.query_params.clear()
    return at.switch_page("report.py").run()


def test_parts_are_listed_and_seen_as_others_will(visit: Visit) -> None:
    at = with_parts(visit)
    assert not at.exception
    assert lines(at)[:3] == ["tiny", "2 parts", "1. Best-of-N"]
    page = preview(at)
    assert page.startswith("<!DOCTYPE html>")
    assert page.index("Best-of-N") < page.index("Checks: reliability")
    assert "Best of 2: gain" in page


def test_parts_are_moved_commented_and_taken_out(visit: Visit) -> None:
    at = with_parts(visit)
    at.button(key="up_1").click().run()
    assert [one.page for one in draft(at).parts] == ["checks", "best_of_n"]
    at.text_area(key="sentence_0").set_value("See <b>here</b>.").run()
    assert "See &lt;b&gt;here&lt;/b&gt;." in preview(at)
    at.button(key="down_0").click().run()
    assert [one.sentence for one in draft(at).parts] == ["", "See <b>here</b>."]
    assert [area.value for area in at.text_area] == ["", "See <b>here</b>."]
    at.text_input(key="report_title").set_value("Our scorer").run()
    assert "<h1>Our scorer</h1>" in preview(at)
    at.button(key="remove_0").click().run()
    at.button(key="remove_0").click().run()
    assert "This report has no parts yet." in said(at)
    assert not at.get("iframe")


def test_without_parts_the_page_says_how_to_begin(visit: Visit) -> None:
    at = visit("report.py")
    assert "press *Add to report* there" in said(at)
    assert not at.get("download_button")


def test_a_report_is_of_one_dataset_and_another_has_its_own(visit: Visit, joined: str) -> None:
    at = visit("checks.py", data=f"sample,{joined}")
    at.button(key="add_to_report").click().run()
    at.selectbox(key="dataset").select("tiny + other").run()
    at.button(key="add_to_report").click().run()
    assert toasts(at) == ["Added to report, part 1"]
    assert sorted(at.session_state[DRAFTS]) == [("", "sample"), ("", "tiny + other")]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, ""),
        ({"dataset": {"address": "other"}}, "It is of the dataset 'other', and 'tiny' is open. Open that one first."),
        ({"parts": 3}, "The report's parts must be a list of at most 50."),
    ],
)
def test_a_reports_file_is_opened_or_why_it_is_not(visit: Visit, change: dict[str, Any], sentence: str) -> None:
    at = visit("report.py")
    whole = {"rewardscope_report": 1, "dataset": {"address": "tiny"}, "parts": [{"page": "checks"}]} | change
    at.get("file_uploader")[0].upload("report.json", json.dumps(whole).encode()).run()
    assert not at.exception
    assert sentence in said(at)
    assert bool(at.get("iframe")) is not bool(sentence)


def test_the_saved_file_is_the_report(visit: Visit) -> None:
    at = with_parts(visit)
    found = draft(at)
    assert from_json(to_json(found)) == found
    assert found.dataset == State("tiny", "", found.dataset.fingerprint, 3, 7)


def test_a_chart_and_a_prompt_can_be_saved_as_pictures(visit: Visit) -> None:
    at = visit("prompt.py")
    keys = [one.key for one in at.get("download_button")]
    assert not [key for key in keys if key and key.startswith(("png_of", "card_"))]  # made when it is asked for
    at.query_params["tab"] = "Download"
    at.session_state["save_rewards"] = True
    at.run()
    labels = [one.proto.label for one in at.get("download_button")]
    assert labels.count("PNG") == labels.count("SVG") == 2


def test_a_report_is_kept_for_whoever_has_given_a_name(visit: Visit, judgements_file: Path) -> None:
    judgement_store._failures().clear()
    at = visit("models.py")
    at.button(key="add_to_report").click().run()
    at.session_state["viewer_name"] = "Ada"
    at.switch_page("report.py").run()  # what was put together before is kept from now on
    for name, parts in (("Ada", 1), ("Ben", 0)):
        other = visit("report.py")  # another window
        other.session_state["viewer_name"] = name
        other.run()
        assert not other.exception
        assert f"{parts} part" in "\n".join(lines(other))


def test_who_changes_a_report_in_two_windows_is_told_and_keeps_what_was_typed(
    visit: Visit, judgements_file: Path
) -> None:
    judgement_store._failures().clear()
    first = visit("models.py")
    first.session_state["viewer_name"] = "Ada"
    first.button(key="add_to_report").click().run()
    first.switch_page("report.py").run()
    second = visit("best_of_n.py")
    second.session_state["viewer_name"] = "Ada"
    second.button(key="add_to_report").click().run()
    first.text_area(key="sentence_0").set_value("See here.").run()
    assert "See here." in said(first)
    assert "changed in another window" in first.error[0].value
    assert [one.page for one in draft(first).parts] == ["models", "best_of_n"]
    first.text_area(key="sentence_0").set_value("See here.").run()
    assert [one.sentence for one in draft(first).parts] == ["See here.", ""]


def test_whoever_takes_another_name_has_their_own_report(visit: Visit, judgements_file: Path) -> None:
    judgement_store._failures().clear()
    at = visit("models.py")
    for name in ("Ada", "Ben"):
        at.session_state["viewer_name"] = name
        at.run()
        at.button(key="add_to_report").click().run()
    for name in ("Ada", "Ben"):
        other = visit("report.py")
        other.session_state["viewer_name"] = name
        assert "1 part" in "\n".join(lines(other.run()))
