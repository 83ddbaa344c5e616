"""The same tests on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.judgements.store import Store, open_store
from tests.postgres import Postgres, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def setting(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What REWARDSCOPE_JUDGEMENTS says: an empty database of its own for each test."""
    if request.param == "sqlite":
        return str(tmp_path / "team's 100% notes" / "judgements.sqlite")
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def store(setting: str) -> Iterator[Store]:
    found = open_store(setting)
    yield found
    found.engine.dispose()
