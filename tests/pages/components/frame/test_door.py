"""Where a login is needed, whoever is not signed in sees nothing of the data."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.frame import door
from tests.pages.conftest import said


def test_nothing_is_shown_before_a_login_where_one_is_needed(
    visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARDSCOPE_LOGIN", "on")
    at = visit("prompt.py", id="1")
    assert [title.value for title in at.title] == ["Rewardscope"]
    assert [one.value for one in at.caption] == ["No login is set up on this server. Tell whoever runs it."]
    assert "Name a prime." not in said(at)
    assert [*at.button, *at.selectbox, *at.text_input] == []


def test_without_that_setting_everybody_sees_the_page(visit: Callable[..., AppTest]) -> None:
    assert [title.value for title in visit("prompt.py", id="1").title] == ["Prompt 1"]
    assert door.settings().login is False
