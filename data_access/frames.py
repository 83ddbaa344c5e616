"""Data frames as plain Python values."""

from typing import Any, cast

import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """One dict a row, column -> value."""
    return cast(list[dict[str, Any]], frame.to_dict("records"))
