"""A PostgreSQL of this test run, from the system's package: on a port of its own, in a folder that goes with it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.ports import free_port

PASSWORD = "open sesame"
_numbers = count()


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, where there are any."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


class Postgres:
    """A running server; it can be stopped and started again."""

    def __init__(self, folder: Path, its_programs: Path) -> None:
        self.folder, self.programs, self.port = folder, its_programs, free_port()

    def run(self, program: str, *arguments: str) -> None:
        # It does not run as root.
        user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, env={"LC_ALL": "C"}, **user)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self.run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

    def stop(self) -> None:
        """At once, as when the machine fails."""
        self.run("pg_ctl", "-D", "data", "-w", "-m", "immediate", "stop")

    def address(self, database: str) -> str:
        return f"postgresql://postgres:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The address of a database with nothing in it."""
        name = f"judgements_{next(_numbers)}"
        engine = create_engine(self.address("postgres").replace("postgresql", "postgresql+psycopg"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.address(name)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    folder_of_programs = programs()
    if folder_of_programs is None:
        pytest.skip("PostgreSQL is not installed; on Debian: sudo apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="rewardscope-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    server = Postgres(folder, folder_of_programs)
    try:
        (folder / "password").write_text(PASSWORD)
        os.chmod(folder / "password", 0o644)
        server.run(
            "initdb", "-D", "data", "-A", "scram-sha-256", "-U", "postgres", "--pwfile", "password", "-E", "UTF8", "-N"
        )
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
