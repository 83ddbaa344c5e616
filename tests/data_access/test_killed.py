"""One of the kills that `python -m tests.data_access.killed` does many of."""

from pathlib import Path

import pyarrow.parquet as pq

from tests.conftest import wide_table
from tests.data_access.killed import tried

ROWS = [
    {"prompt": f"p{n}", "candidates": [("ant", f"{n} {c}", float(c * n % 7)) for c in range(20)]} for n in range(50)
]


def test_what_follows_a_killed_export_is_as_if_nobody_had_disturbed_it(tmp_path: Path) -> None:
    pq.write_table(wide_table(ROWS), tmp_path / "data.parquet")
    kills, _, wrong = tried("export", str(tmp_path / "data.parquet"), 1, 1, tmp_path)
    assert (kills, wrong) == (1, [])
