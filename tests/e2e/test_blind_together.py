"""Three people answer the same pairs at once while their server is killed: what was shown as kept is there."""

import subprocess
import sys

import pytest

from tests.e2e.conftest import ROOT, chromium
from tests.postgres import programs


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_that_was_shown_as_kept_is_lost(kind: str) -> None:
    if kind == "postgresql" and programs() is None:
        pytest.skip("PostgreSQL is not installed; on Debian: sudo apt-get install postgresql")
    # In a process of its own: it drives three browsers at once, which the one of these tests cannot.
    command = [sys.executable, "-m", "tests.e2e.judges", "sample", "--pairs", "4", "--kills", "2"]
    command += ["--chromium", chromium(), *(["--postgresql"] if kind == "postgresql" else [])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "3 people, 4 pairs, 2 kills" in done.stdout
    assert "12 in the store, 0 lost" in done.stdout
