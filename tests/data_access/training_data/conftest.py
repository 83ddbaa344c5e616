"""Rows and files are made of datasets that are only read: the same data is opened once."""

from collections.abc import Callable

import pytest

from data_access.dataset import Dataset


@pytest.fixture
def opened(opened_once: Callable[..., Dataset]) -> Callable[..., Dataset]:
    """`opened_once`."""
    return opened_once
