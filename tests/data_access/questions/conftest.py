"""Questions read: data that several of them are asked of is opened once."""

from collections.abc import Callable

import pytest

from data_access.dataset import Dataset


@pytest.fixture
def opened(opened_once: Callable[..., Dataset]) -> Callable[..., Dataset]:
    """`opened_once`."""
    return opened_once
