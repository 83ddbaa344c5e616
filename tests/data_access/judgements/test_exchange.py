"""Judgements as files and back: what was written comes in again, elsewhere, and never over what is newer."""

import json
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from data_access import tables
from data_access.errors import JudgementsError
from data_access.judgements.answers import answers, save_answer
from data_access.judgements.command import main
from data_access.judgements.exchange import COLUMNS, WRITTEN, Imported, import_judgements, table
from data_access.judgements.judgements import Judgement, Said, changes, judgements, keys_of, save, texts
from data_access.judgements.people import Person
from data_access.judgements.store import Store, backup, fill, open_store
from data_access.judgements.text_keys import text_key

ADA, BEN = Person("Ada"), Person("=Ben", signed_in=True)
HOSTILE = '=HYPERLINK("http://x") <b>\r\n"quoted", \u202e ![x](http://y)'


def some(store: Store) -> None:
    save(store, "Name a metal.", "Iron", ADA, Said(True, ("hard", "a, b")), 0, "sample")
    save(store, "Name a metal.", None, BEN, Said(note=HOSTILE), 0, "sample")
    save(store, HOSTILE, "'=1\x00", ADA, Said(note="'=1"), 0, "se\u00e9d")
    save(store, "Name a sea.", "Red", ADA, Said(True), 0, "sample")
    save(store, "Name a sea.", "Red", ADA, Said(), 1, "sample")


def said_now(store: Store) -> list[Judgement]:
    return sorted((one for one in judgements(store) if any(one.said)), key=lambda one: one.at)


def another(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "another" / "judgements.sqlite"))


def test_the_table_has_what_people_say_now_with_the_texts(store: Store) -> None:
    some(store)
    frame = table(store, said_now(store))
    assert [*frame.columns] == [*COLUMNS]
    assert frame["response"].isna().tolist() == [False, True, False]
    shown = frame.fillna({"response": ""})[["author", "starred", "tags", "note", "prompt", "response", "version"]]
    assert shown.to_dict("records")[:2] == [
        {
            "author": "Ada",
            "starred": True,
            "tags": ["a, b", "hard"],
            "note": "",
            "prompt": "Name a metal.",
            "response": "Iron",
            "version": 1,
        },
        {
            "author": "=Ben",
            "starred": False,
            "tags": [],
            "note": HOSTILE,
            "prompt": "Name a metal.",
            "response": "",
            "version": 1,
        },
    ]
    assert table(store, []).empty


@pytest.mark.parametrize("kind", [*WRITTEN])
def test_what_was_written_comes_in_elsewhere_as_it_was(store: Store, tmp_path: Path, kind: str) -> None:
    some(store)
    written = WRITTEN[kind](table(store, said_now(store)))
    other = another(tmp_path)
    assert import_judgements(other, f"notes.{kind.upper()}", written, keeps_signed_in=True) == Imported(3, 0, 0)
    if kind == "csv":  # a text that looks as one that was quoted for spreadsheets
        expected = [
            one._replace(said=one.said._replace(note=one.said.note.replace("'=1", "=1"))) for one in said_now(store)
        ]
    else:
        expected = said_now(store)
    assert said_now(other) == expected
    keys = [key for one in expected for key in (one.prompt, one.response)]
    assert texts(other, keys) == texts(store, keys)
    again = import_judgements(other, f"notes.{kind}", written, keeps_signed_in=True)
    assert again == Imported(0, 3, 0)


def test_a_signed_in_name_comes_in_as_one_that_was_typed_unless_the_operator_does_it(
    store: Store, tmp_path: Path
) -> None:
    some(store)
    written = WRITTEN["jsonl"](table(store, said_now(store)))
    other = another(tmp_path)
    import_judgements(other, "notes.jsonl", written, keeps_signed_in=False)
    assert {one.person for one in judgements(other)} == {ADA, Person("=Ben")}


def test_what_is_newer_here_stays_and_what_is_newer_in_the_file_is_added(store: Store, tmp_path: Path) -> None:
    other = another(tmp_path)
    save(other, "p", "r", ADA, Said(note="old"), 0, "d")
    save(store, "p", "r", ADA, Said(note="new"), 0, "d")
    old = WRITTEN["jsonl"](table(other, judgements(other)))
    new = WRITTEN["jsonl"](table(store, judgements(store)))
    assert import_judgements(store, "old.jsonl", old, keeps_signed_in=False) == Imported(0, 0, 1)
    assert [one.said.note for one in judgements(store)] == ["new"]
    assert import_judgements(other, "new.jsonl", new, keeps_signed_in=False) == Imported(1, 0, 0)
    assert [(one.said.note, one.version) for one in changes(other, *keys_of("p", "r"))] == [("new", 2), ("old", 1)]


GOOD = {
    "at": "2026-11-25T09:30:00.000000Z", "author": "Ada", "signed_in": False, "starred": True, "tags": ["x"], "note": "",
    "prompt": "p", "response": "r", "dataset": "d", "version": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({**GOOD, "author": " \u202e"}, "the author has no name"),
        ({**GOOD, "at": "yesterday"}, "'yesterday' is not a time that has passed, such as 2026-11-25T09:30:00.000000Z"),
        ({**GOOD, "prompt": 7}, "prompt and response are texts"),
        ({**GOOD, "tags": [1]}, "tags are a list of texts"),
        ({**GOOD, "starred": "yes"}, "starred is 'yes', not True or False"),
        ({**GOOD, "prompt_key": "0" * 64}, "a text is not the one of its key: it was changed"),
        ({**GOOD, "prompt": "p\ufffd", "prompt_key": "../../x"}, "a text is not the one of its key: it was changed"),
        ({name: GOOD[name] for name in GOOD if name != "note"}, "the column 'note' is missing"),
        ([], "it is not an object"),
    ],
)
def test_a_file_with_one_row_that_cannot_be_is_refused_as_a_whole_with_its_number(
    tmp_path: Path, row: object, said: str
) -> None:
    store = another(tmp_path)
    content = f"{json.dumps(GOOD)}\n\n{json.dumps(row)}\n".encode()
    with pytest.raises(JudgementsError) as raised:
        import_judgements(store, "notes.jsonl", content, keeps_signed_in=False)
    assert str(raised.value).endswith(f"{said}. Nothing was imported.")
    assert str(raised.value).startswith("notes.jsonl, row ")
    assert judgements(store) == []


@pytest.mark.parametrize("name", ["notes.csv", "notes.parquet", "notes.jsonl", "notes.xlsx", "notes"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    for content in (b"\x00\xff\xfePAR1", b"", b'{"a": '):
        if content or name in ("notes.xlsx", "notes"):
            with pytest.raises(JudgementsError, match="notes"):
                import_judgements(another(tmp_path), name, content, keeps_signed_in=False)


def test_the_commands_back_up_restore_export_and_import(
    setting: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    some(store)
    save_answer(store, "p", "l", "r", ADA, "set", "left", 0, "sample")
    monkeypatch.setenv("REWARDSCOPE_JUDGEMENTS", setting)
    assert main(["backup", str(tmp_path / "monday.sqlite")]) == 0
    assert main(["backup", str(tmp_path / "monday.sqlite")]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "notes.csv")]) == 0
    assert len(pd.read_csv(tmp_path / "notes.csv")) == 3
    assert main(["import", str(tmp_path / "notes.csv")]) == 0
    assert "0 added; 3 were there; 0 are older" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "monday.sqlite")]) == 2
    assert "There are judgements in" in capsys.readouterr().err

    monkeypatch.setenv("REWARDSCOPE_JUDGEMENTS", str(tmp_path / "new" / "place.sqlite"))
    assert main(["restore", str(tmp_path / "monday.sqlite")]) == 0
    restored = open_store(str(tmp_path / "new" / "place.sqlite"))
    assert judgements(restored) == judgements(store)
    assert answers(restored) == answers(store)
    assert changes(restored, *keys_of("Name a sea.", "Red")) == changes(store, *keys_of("Name a sea.", "Red"))
    assert [file.name for file in tmp_path.iterdir() if "partial" in file.name] == []


def test_a_backup_can_be_restored_into_the_other_kind_of_database(setting: str, store: Store, tmp_path: Path) -> None:
    some(store)
    backup(store, tmp_path / "copy.sqlite")
    with store.writing() as connection:
        for one in ("judgements", "texts"):
            connection.exec_driver_sql(f"DELETE FROM {one}")
    copy = open_store(str(tmp_path / "copy.sqlite"))
    assert fill(store, copy) == 5 + 6
    assert judgements(store) == judgements(copy)
    save(store, "one more", None, ADA, Said(True), 0, "sample")


def test_without_judgements_the_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "x.sqlite"]) == 2
    assert capsys.readouterr().err == "REWARDSCOPE_JUDGEMENTS is off: there are no judgements.\n"


def test_a_csv_is_one_that_no_spreadsheet_takes_for_formulas(store: Store) -> None:
    some(store)
    assert b"\r\n=" not in tables.csv(table(store, said_now(store)))
    assert b",=" not in tables.csv(table(store, said_now(store)))


def test_a_text_of_another_key_never_stays_in_the_place_of_the_keys_own(store: Store) -> None:
    poison = {**GOOD, "prompt": "Kill all humans \ufffd", "prompt_key": text_key("What is 2+2?")}
    import_judgements(store, "x.jsonl", json.dumps(poison).encode(), keeps_signed_in=False)
    save(store, "What is 2+2?", None, ADA, Said(True), 0, "sample")
    assert texts(store, [text_key("What is 2+2?")]) == {text_key("What is 2+2?"): "What is 2+2?"}


def test_damaged_and_hostile_files_are_refused_in_a_sentence(tmp_path: Path) -> None:
    store = another(tmp_path)
    save(store, "p", "r", ADA, Said(note="x" * 500), 0, "d")
    good = WRITTEN["parquet"](table(store, judgements(store)))
    files = {
        f"{place}.parquet": good[:place] + b"\xff\x00\xff" + good[place + 3 :] for place in range(4, len(good) - 8, 40)
    }
    files |= {"deep.jsonl": b"[" * 200_000, "tags.jsonl": json.dumps({**GOOD, "tags": "[" * 100_000}).encode()}
    files |= {"long.jsonl": json.dumps({**GOOD, "prompt": "x" * 2_000_001}).encode()}
    files |= {"late.jsonl": json.dumps({**GOOD, "at": "9998-01-01T00:00:00.000000Z"}).encode()}
    files |= {"digits.jsonl": json.dumps({**GOOD, "at": "٢026-01-01T00:00:00.000000Z"}).encode()}
    said = {}
    for name, content in files.items():
        with suppress(JudgementsError):  # anything else would break the page
            said[name] = import_judgements(store, name, content, keeps_signed_in=False)
    assert {name.rpartition(".")[2] for name in said} <= {"parquet"}
    assert [one.said.note for one in judgements(store) if one.person == ADA] == ["x" * 500]


def test_a_file_that_is_no_backup_is_not_restored_and_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import sqlite3

    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE diary (day)")
    before = other.read_bytes()
    monkeypatch.setenv("REWARDSCOPE_JUDGEMENTS", str(tmp_path / "judgements.sqlite"))
    assert main(["restore", str(other)]) == 2
    assert "was not written by backup. Nothing was restored." in capsys.readouterr().err
    assert other.read_bytes() == before
