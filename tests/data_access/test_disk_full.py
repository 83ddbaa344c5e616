"""On a full disk the source is read directly, and an export is refused; nothing half written stays."""

from pathlib import Path

import pyarrow.parquet as pq

from tests.conftest import wide_table
from tests.data_access.disk_full import left_over, no_file_larger_than, worked

TEXT = "".join(chr(0x4E00 + n) for n in range(3000))
ROWS = [{"prompt": f"p{n}", "candidates": [("ant", f"{n} {TEXT}", 1.0), ("bee", TEXT, float(-n))]} for n in range(30)]


def test_what_does_not_fit_is_not_there_and_the_dataset_opens_nevertheless(tmp_path: Path) -> None:
    data, cache = tmp_path / "data.parquet", tmp_path / "cache"
    pq.write_table(wide_table(ROWS), data)
    with no_file_larger_than(5_000):
        assert worked(str(data), cache) == ("read directly", "not exported")
    assert left_over(cache, {}) == []
    assert worked(str(data), cache) == ("prepared", "exported")
