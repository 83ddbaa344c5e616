"""Where there are very many candidates, pages that compare them say of how many drawn prompts their figures are."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.derived import drawn
from pages.components.state import results
from tests.pages.conftest import said

Visit = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def many_candidates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A cache of its own, in which half of the sample's candidates are too many."""
    monkeypatch.setattr(drawn, "MOST_CANDIDATES", 1_000)
    results._kept.clear()
    yield
    results._kept.clear()


def test_pages_that_compare_candidates_are_of_drawn_prompts_and_say_so(visit: Visit) -> None:
    overview = visit("overview.py", data="sample")
    dataset = overview.session_state["opened"].dataset
    total, candidates = dataset.contents.prompts, dataset.contents.candidates
    sentence = f"Figures of {1_000 * total // candidates:,} drawn of {total:,} prompts."
    assert "drawn of" not in said(overview)
    for page, asked in (
        ("models.py", {}),
        ("rewards.py", {"show": "form"}),
        ("best_of_n.py", {}),
        ("checks.py", {}),
        ("checks.py", {"show": "data quality"}),
    ):
        at = visit(page, data="sample", **asked)
        assert not at.exception
        assert sentence in said(at), (page, asked)
    for page in ("prompts.py", "export.py"):
        assert "drawn of" not in said(visit(page, data="sample"))
