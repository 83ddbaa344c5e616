"""Charts are checked against Altair's schema."""

import pytest


@pytest.fixture(autouse=True)
def checked(charts_are_checked: None) -> None:
    """`charts_are_checked`, in every test of charts."""
