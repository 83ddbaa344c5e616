"""Whatever a link's parameter holds, the page says what it does not understand, and stays whole."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.random_links import JUNK, PARAMETERS, tried

Visit = Callable[..., AppTest]


@pytest.mark.parametrize("page", PARAMETERS)
def test_junk_in_the_parameters_leaves_the_page_whole(visit: Visit, joined: str, page: str) -> None:
    at = visit(page, data=joined)
    failed = {}
    for junk in JUNK:
        at.query_params.clear()
        for name in PARAMETERS[page]:
            at.query_params[name] = junk
        at.run()
        if at.exception or not at.title:
            failed[junk[:40]] = [error.value for error in at.exception]
    assert failed == {}


@pytest.mark.parametrize("page", PARAMETERS)
def test_random_links_leave_the_page_whole(visit: Visit, joined: str, page: str) -> None:
    """A few of those that `python -m tests.pages.random_links` tries."""
    assert tried(lambda wanted: visit(wanted, data=joined), page, 3, seed=1) == []
