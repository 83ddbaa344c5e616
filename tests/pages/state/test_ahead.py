"""What is worked out ahead is what the pages then find: they ask for none of it again."""

from collections.abc import Callable
from types import FunctionType, ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from data_access.questions import best_of_n, checks, source_models, text_checks
from data_access.questions.phrases import KINDS
from data_access.training_data import rows
from pages.components.rewards import attribute_view, phrase_view, twin_view
from pages.components.state import ahead

Visit = Callable[..., AppTest]


def test_no_first_visit_works_out_again_what_was_worked_out_ahead(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    overview = visit("overview.py", data="sample")
    for job in list(ahead.jobs(overview.session_state["opened"]))[1:]:  # the first is to wait
        job()

    def again(*asked: object, **options: object) -> None:
        raise AssertionError("asked again")

    def refused(module: ModuleType, name: str) -> FunctionType:
        """Of the same name, by which answers are kept."""
        made = FunctionType(again.__code__, again.__globals__, name)
        made.__module__ = getattr(module, name).__module__
        return made

    for module, name in (
        (checks, "formatting"),
        (checks, "length_bins"),
        (checks, "refusals"),
        (text_checks, "normalised_duplicates"),
        (source_models, "standing"),
        (attribute_view, "effects"),  # where it is imported, once for all pages
        (phrase_view, "distinguishing"),
        (twin_view, "by_change"),
        (twin_view, "twin_pairs"),
        (best_of_n, "scored_candidates"),
        (rows, "selection"),
    ):
        monkeypatch.setattr(module, name, refused(module, name))
    for page, asked in (
        ("models.py", {}),
        ("best_of_n.py", {}),
        ("rewards.py", {}),
        *(("rewards.py", {"show": "words", "phrases": kind}) for kind in KINDS),
        ("rewards.py", {"show": "twins"}),
        ("rewards.py", {"show": "form"}),
        ("checks.py", {}),
        ("checks.py", {"show": "data quality"}),
        ("export.py", {}),
    ):
        at = visit(page, data="sample", **asked)
        assert not at.exception
        assert not at.error


def test_pages_alone_start_no_work(visit: Visit) -> None:
    visit("overview.py")
    assert not ahead._worker.is_alive()
    assert ahead._jobs.empty()
