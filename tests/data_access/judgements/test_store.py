"""The store: opening, migrating, copying; two at once; and a database that is away."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, text

from data_access.errors import ChangedMeanwhileError, JudgementsError, SettingError
from data_access.judgements.judgements import Said, changes, judgements, keys_of, save
from data_access.judgements.people import Person
from data_access.judgements.store import VERSION, Store, backup, open_store, revision
from data_access.judgements.tables import METADATA, VERSION_TABLE
from tests.postgres import PASSWORD, Postgres

ADA, BEN = Person("Ada"), Person("Ben", signed_in=True)
ROOT = Path(__file__).parents[3]
# One process of several that write at the same time, each under a name of its own; it says each that was kept.
WRITER = """
import sys
from data_access.judgements.judgements import Said, save
from data_access.judgements.people import Person
from data_access.judgements.store import open_store
store = open_store(sys.argv[1])
for number in range(int(sys.argv[3])):
    save(store, f"prompt {number}", None, Person(sys.argv[2]), Said(note=f"{number}"), 0, "data")
    print(number, flush=True)
"""


def test_the_migrations_make_just_the_tables_that_the_code_reads(store: Store) -> None:
    with store.reading() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}), METADATA)
            == []
        )
        assert connection.execute(text("SELECT version_num FROM judgements_version")).scalars().all() == [VERSION]


def test_what_is_opened_again_has_what_was_written(setting: str, store: Store) -> None:
    save(store, "Name a metal.", "Iron", ADA, Said(True), 0, "sample")
    open_store.cache_clear()
    again = open_store(setting)
    assert judgements(again) == judgements(store)
    assert len(judgements(again)) == 1
    again.engine.dispose()


def test_whoever_saves_on_what_is_no_longer_so_is_told_and_changes_nothing(store: Store) -> None:
    first = save(store, "Name a metal.", "Iron", ADA, Said(note="good"), 0, "sample")
    second = save(store, "Name a metal.", "Iron", ADA, Said(note="better"), first.version, "sample")
    with pytest.raises(ChangedMeanwhileError, match="changed meanwhile"):
        save(store, "Name a metal.", "Iron", ADA, Said(note="best"), first.version, "sample")
    assert [one.said.note for one in judgements(store)] == ["better"]
    assert second.version == 2


def test_of_many_who_save_the_same_at_once_just_one_is_kept(store: Store) -> None:
    save(store, "p", None, ADA, Said(note="before"), 0, "sample")

    def keep(number: int) -> bool:
        try:
            save(store, "p", None, ADA, Said(note=f"{number}"), 1, "sample")
        except ChangedMeanwhileError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        kept = [*threads.map(keep, range(24))]
    assert sum(kept) == 1
    assert judgements(store)[0].said.note == str(kept.index(True))
    assert len(changes(store, *keys_of("p", None))) == 2


def test_several_processes_start_and_write_at_once_and_all_of_it_is_kept(setting: str) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, setting, name, "25"], cwd=ROOT, stdout=subprocess.DEVNULL)
        for name in ("Ada", "Ben", "Cy")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    store = open_store(setting)
    assert len(judgements(store)) == 75
    store.engine.dispose()


def test_what_a_killed_process_has_confirmed_is_there(setting: str) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, setting, "Ada", "100000"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout
    seen = [int(writer.stdout.readline()) for _ in range(20)]
    writer.kill()
    seen += [int(line) for line in writer.stdout.read().split("\n")[:-1]]
    writer.wait()
    store = open_store(setting)
    kept = {int(one.said.note) for one in judgements(store)}
    assert {*seen} <= kept
    assert len(kept) <= len(seen) + 1  # the one that was not confirmed any more
    store.engine.dispose()


def test_the_revision_changes_with_every_word_and_only_then(store: Store) -> None:
    empty = revision(store)
    save(store, "p", None, ADA, Said(True), 0, "sample")
    first = revision(store)
    save(store, "p", None, BEN, Said(True), 0, "sample")
    assert len({empty, first, revision(store)}) == 3
    assert revision(store) == revision(store)


def test_a_database_of_a_newer_version_is_left_as_it_is(setting: str, store: Store) -> None:
    with store.writing() as connection:
        connection.execute(text("UPDATE judgements_version SET version_num = '99'"))
    open_store.cache_clear()
    with pytest.raises(JudgementsError, match="written by a newer Rewardscope"):
        open_store(setting)
    with store.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM judgements_version")).scalar() == "99"


def test_a_file_of_an_older_version_is_brought_up_to_date_and_a_copy_of_it_kept(tmp_path: Path) -> None:
    file = tmp_path / "judgements.sqlite"
    old = open_store(str(file))
    save(old, "p", "r", ADA, Said(note="old"), 0, "sample")
    with old.writing() as connection:  # as version 1 left it
        connection.execute(text("DROP TABLE reports"))
        connection.execute(text("UPDATE judgements_version SET version_num = '1'"))
    open_store.cache_clear()
    store = open_store(str(file))
    assert [one.said.note for one in judgements(store)] == ["old"]
    with store.reading() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}), METADATA)
            == []
        )
    (copy,) = tmp_path.glob("judgements-version-1-*.sqlite")
    with sqlite3.connect(copy) as opened:
        assert opened.execute("SELECT note FROM judgements").fetchall() == [("old",)]
        assert opened.execute("SELECT version_num FROM judgements_version").fetchall() == [("1",)]


def test_a_copy_made_while_others_write_opens_as_a_store(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "judgements.sqlite"))
    save(store, "p", None, ADA, Said(True), 0, "sample")
    backup(store, tmp_path / "copies" / "monday.sqlite")
    save(store, "p", None, BEN, Said(True), 0, "sample")
    assert [one.person for one in judgements(open_store(str(tmp_path / "copies" / "monday.sqlite")))] == [ADA]
    assert [
        file.name for file in (tmp_path / "copies").iterdir() if "monday" in file.name and "partial" in file.name
    ] == []


def test_a_folder_that_cannot_be_made_is_said_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file")
    with pytest.raises(JudgementsError, match=rf"Judgements cannot be kept in {tmp_path}/a/judgements.sqlite: "):
        open_store(str(tmp_path / "a" / "judgements.sqlite"))


def test_a_file_that_is_no_database_is_said_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "judgements.sqlite"
    file.write_text("Dear diary, today I judged nothing at all. " * 100)
    with pytest.raises(JudgementsError, match="file is not a database"):
        open_store(str(file))
    assert file.read_text().startswith("Dear diary")


def test_a_full_disk_is_said_and_what_was_there_stays(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "judgements.sqlite"))
    save(store, "p", None, ADA, Said(note="before"), 0, "sample")
    with store.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()

    @event.listens_for(store.engine, "connect")
    def _fill(connection: sqlite3.Connection, record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(JudgementsError, match=r"cannot be saved just now in .*: database or disk is full"):
        save(store, "p" * 100_000, None, ADA, Said(note="more"), 0, "sample")
    assert [one.said.note for one in judgements(store)] == ["before"]


def test_a_server_that_is_away_is_said_without_its_password_and_is_back_when_it_is_back(postgres: Postgres) -> None:
    store = open_store(postgres.new_database())
    save(store, "p", None, ADA, Said(True), 0, "sample")
    postgres.stop()
    try:
        with pytest.raises(JudgementsError) as raised:
            save(store, "p", None, BEN, Said(True), 0, "sample")
        open_store.cache_clear()
        with pytest.raises(JudgementsError) as at_start:
            open_store(postgres.address("judgements_away"))
    finally:
        postgres.start()
    for said in (str(raised.value), str(at_start.value)):
        assert "cannot be" in said
        assert PASSWORD not in said
        assert "sesame" not in said
    assert [one.person for one in judgements(store)] == [ADA]
    store.engine.dispose()


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(SettingError, match="REWARDSCOPE_JUDGEMENTS is no address of a database"):
        open_store("postgresql://host:notaport/db")


def test_a_first_start_that_is_cut_off_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.operations import Operations

    make, made = Operations.create_table, list[str]()

    def fail_at_the_third(self: Operations, name: str, *given: object, **options: object) -> object:
        made.append(name)
        if len(made) == 3:
            raise OSError(28, "No space left on device")
        return make(self, name, *given, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Operations, "create_table", fail_at_the_third)
        with pytest.raises(JudgementsError, match="No space left on device"):
            open_store(str(tmp_path / "judgements.sqlite"))
    store = open_store(str(tmp_path / "judgements.sqlite"))
    save(store, "p", None, ADA, Said(True), 0, "sample")
    assert len(judgements(store)) == 1


def test_a_database_of_another_program_is_left_alone(setting: str, store: Store) -> None:
    with store.writing() as connection:
        connection.execute(text("UPDATE judgements_version SET version_num = 'ae1027a6acf'"))
    open_store.cache_clear()
    with pytest.raises(JudgementsError, match="written by a newer Rewardscope"):
        open_store(setting)


def test_where_the_clock_is_set_back_the_last_word_is_still_the_latest(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import data_access.judgements.store as stores

    first = save(store, "p", "r", ADA, Said(note="first"), 0, "sample")
    monkeypatch.setattr(stores, "now", lambda: "2020-01-01T00:00:00.000000Z")
    second = save(store, "p", "r", ADA, Said(note="second"), 1, "sample")
    assert second.at > first.at
    assert second.at[:19] == first.at[:19] or second.at[20:26] == "000000"


def test_what_is_no_text_for_a_database_is_a_sentence(store: Store) -> None:
    with pytest.raises(JudgementsError, match="cannot be"):
        save(store, "p", None, Person("\ud800"), Said(True), 0, "sample")
