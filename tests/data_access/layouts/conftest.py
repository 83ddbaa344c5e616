"""Saying which column is what, beside the data that `opened` writes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data_access.layouts.column_mapping import from_values, to_toml


@pytest.fixture
def mapped(tmp_path: Path) -> Callable[..., None]:
    """mapped(prompt="question", ...) writes rewardscope.toml beside the data."""

    def write(**said: Any) -> None:
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / "rewardscope.toml").write_text(to_toml(from_values(said, "test")), encoding="utf-8")

    return write
