"""The store: opening the database, bringing its tables up to date, and running what reads and writes in it.

SQLite for a server, PostgreSQL for several: the same tables and statements. A write is one transaction; where it returns, it is
on the disk. Errors are JudgementsError, and never say the database's password.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, insert, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from data_access.errors import ChangedMeanwhileError, JudgementsError, SettingError
from data_access.judgements.tables import METADATA, VERSION_TABLE

VERSION = "2"  # of the tables: the last module of migrations/versions
TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
WAIT_S = 5  # for a lock of another process, and for a server that does not answer
MIGRATING_S = 60
# For a server that does not answer, a lock that is held, and a query that does not end.
PATIENCE = {
    "connect_timeout": WAIT_S,
    "tcp_user_timeout": WAIT_S * 1000,
    "options": f"-c lock_timeout={WAIT_S}s -c statement_timeout={4 * WAIT_S}s",
}
AT_ONCE = 1000  # rows that are copied at a time


def now() -> str:
    """The time in UTC, as the store keeps it."""
    return datetime.now(UTC).strftime(TIME)


def later_than(before: str) -> str:
    """The time, or just after `before` where the clock was set back: what somebody says last is the latest."""
    present = now()
    if before < present:
        return present
    after = datetime.strptime(before, TIME).replace(tzinfo=UTC) + timedelta(microseconds=1)
    return after.strftime(TIME)


class Store:
    """An open database of judgements. Threads may share it."""

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place  # where it is, in words

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read by. Raises JudgementsError."""
        with self._saying("read"), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it is kept when this ends, or nothing. Raises JudgementsError, ChangedMeanwhileError."""
        with self._saying("save"), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _saying(self, doing: str) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            raise ChangedMeanwhileError("This was changed meanwhile, here or by somebody else.") from error
        # sqlite3's own errors where a connection is set up; the others are of texts that no database takes.
        except (SQLAlchemyError, sqlite3.Error, OSError, UnicodeError, TypeError) as error:
            raise JudgementsError(
                f"Judgements cannot be {'read' if doing == 'read' else 'saved'} just now in {self.place}: {_said(error)}"
            ) from error


@cache
def open_store(setting: str) -> Store:
    """The store that REWARDSCOPE_JUDGEMENTS names, a file or a PostgreSQL address, with its tables up to date; one a process.

    Raises JudgementsError where it cannot be opened: it is tried again at the next call.
    """
    url = _address(setting)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(Path(str(url.database)))
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=2,
        max_overflow=8,
        pool_timeout=WAIT_S,
        connect_args=PATIENCE,
    )
    store = Store(engine, url.set(drivername="postgresql").render_as_string(hide_password=True))
    with store.reading() as connection:
        version = _version(connection)
    if version != VERSION:
        with store.writing() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(7270919)"))  # several servers may start at once
            _migrate(connection, _version(connection), store.place)
    return store


def _address(setting: str) -> URL:
    """Where REWARDSCOPE_JUDGEMENTS says that the database is. Raises SettingError."""
    if "://" not in setting:
        return URL.create("sqlite", database=setting)
    try:
        return make_url(setting).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise SettingError(
            "REWARDSCOPE_JUDGEMENTS is no address of a database. Give postgresql://user:password@host/database."
        ) from error


def _open_sqlite(file: Path) -> Store:
    # A connection for each use: SQLite opens in a tenth of a millisecond, and no thread keeps a file open that is gone.
    engine = create_engine(
        URL.create("sqlite", database=str(file)), poolclass=NullPool, connect_args={"timeout": WAIT_S}
    )

    @event.listens_for(engine, "connect")
    def _set(connection: Any, record: Any) -> None:
        # FULL: what was confirmed is on the disk also when the machine loses its power.
        for setting in ("journal_mode = WAL", "synchronous = FULL", f"busy_timeout = {WAIT_S * 1000}"):
            connection.execute(f"PRAGMA {setting}")

    store = Store(engine, str(file))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_name(f"{file.name}.lock"), timeout=MIGRATING_S), store._saying("read"):
            with engine.connect() as connection:
                version = _version(connection)
            if version != VERSION:
                if version:
                    backup(
                        store, file.with_name(f"{file.stem}-version-{version}-{now().replace(':', '')}{file.suffix}")
                    )
                with engine.begin() as connection:
                    # Else each table would be there for good as soon as it is made, and half of them after a failure.
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    _migrate(connection, version, store.place)
    except (OSError, Timeout, ValueError) as error:
        raise JudgementsError(f"Judgements cannot be kept in {file}: {_said(error)}") from error
    return store


def _version(connection: Connection) -> str:
    """The version of the tables; '' where there are none yet."""
    if not connection.dialect.has_table(connection, VERSION_TABLE):
        return ""
    return str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() or "")


def _migrate(connection: Connection, version: str, place: str) -> None:
    from alembic import command  # noqa: PLC0415  a fifth of a second that only a new version costs
    from alembic.config import Config  # noqa: PLC0415

    if version and (not version.isdecimal() or int(version) > int(VERSION)):
        raise JudgementsError(
            f"The judgements in {place} were written by a newer Rewardscope. Update this one; nothing was changed."
        )
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def backup(store: Store, target: Path) -> None:
    """All that a store holds as a new SQLite file, as it is at one moment, also while others write. Raises JudgementsError."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        if target.exists():
            raise JudgementsError(f"{target} is there already. Give the name of a new file.")
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        if store.engine.dialect.name == "sqlite":
            with store.reading() as connection:
                connection.execute(text("VACUUM INTO :file"), {"file": str(partial)})
        else:
            copy = _open_sqlite(partial)
            fill(copy, store)
            with copy.engine.connect() as connection:
                connection.execute(text("PRAGMA journal_mode = DELETE"))  # all of it in one file
            partial.with_name(f"{partial.name}.lock").unlink(missing_ok=True)
        partial.replace(target)
    except OSError as error:
        raise JudgementsError(f"{target} cannot be written: {_said(error)}") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def is_store(file: Path) -> bool:
    """Whether a file is an SQLite database with the tables of a store."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            asked = "SELECT count(*) FROM sqlite_master WHERE name = ?"
            return bool(connection.execute(asked, [VERSION_TABLE]).fetchone()[0])
    except sqlite3.Error:
        return False


def fill(target: Store, source: Store) -> int:
    """Put all that `source` holds into `target`, which must be empty: all of it or nothing; how many rows that was."""
    copied = 0
    with source.reading() as reading, target.writing() as writing:
        if source.engine.dialect.name == "postgresql":
            reading.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        if any(writing.execute(select(table).limit(1)).first() for table in METADATA.sorted_tables):
            raise JudgementsError(f"There are judgements in {target.place} already. Name a new place for these.")
        for table in METADATA.sorted_tables:
            columns = [column for column in table.c if column.name != "id"]  # numbered anew, in the same order
            rows = reading.execution_options(yield_per=AT_ONCE).execute(select(*columns).order_by(*table.primary_key))
            for some in rows.mappings().partitions():
                writing.execute(insert(table), [dict(row) for row in some])
                copied += len(some)
    return copied


def _said(error: BaseException) -> str:
    """What the database says, in a line."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return str(cause).strip().split("\n", 1)[0] or type(cause).__name__


def revision(store: Store) -> str:
    """Changes whenever anybody has said something more. Raises JudgementsError."""
    counted = ", ".join(f"(SELECT count(*) FROM {t}), (SELECT max(at) FROM {t})" for t in ("judgements", "answers"))
    with store.reading() as connection:
        return "-".join(map(str, connection.execute(text(f"SELECT {counted}")).one()))
