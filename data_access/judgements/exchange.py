"""Judgements as files, and from files: CSV, Parquet and JSONL, with the texts, so that they are whole without the data."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data_access import tables
from data_access.errors import JudgementsError
from data_access.json_text import parse_json
from data_access.judgements.judgements import OF_THE_PROMPT, Judgement, Said, add, changes_of, clean, keep_texts, texts
from data_access.judgements.people import Person, clean_name, clean_text
from data_access.judgements.store import TIME, Store
from data_access.judgements.tables import NAME_LENGTH
from data_access.judgements.text_keys import text_key

COLUMNS = (
    "at", "author", "signed_in", "starred", "tags", "note", "prompt", "response", "dataset", "version", "prompt_key",
    "response_key",
)  # fmt: skip
NEEDED = COLUMNS[: COLUMNS.index("version")]
KEY = re.compile(r"[0-9a-f]{64}")
MOST_ROWS = 1_000_000
LONGEST = 2_000_000  # characters of a text in a file
AT_ONCE = 16  # rows of Parquet, in which the same text may stand a million times in a few bytes
# What a damaged or hostile file makes its readers raise.
DAMAGED = (
    ValueError, KeyError, TypeError, OSError, ArithmeticError, RecursionError, MemoryError, csv.Error, pa.ArrowException,
)  # fmt: skip
AHEAD = timedelta(days=1)  # that another machine's clock may be


class Imported(NamedTuple):
    """How many judgements of a file are new here, are here already, and are older than what the same person says now."""

    added: int
    same: int
    older: int


def table(store: Store, said: Iterable[Judgement]) -> pd.DataFrame:
    """One row per judgement, with the columns COLUMNS: the texts in full, `response` missing where the prompt is judged; `tags`
    a list; `at` in UTC. What was taken back has no star, tags or note."""
    rows = [*said]
    found = texts(store, {key for one in rows for key in (one.prompt, one.response)})
    values = [
        (
            one.at,
            one.person.name,
            one.person.signed_in,
            one.said.starred,
            [*one.said.tags],
            one.said.note,
            found.get(one.prompt, ""),
            None if one.response == OF_THE_PROMPT else found.get(one.response, ""),
            one.dataset,
            one.version,
            one.prompt,
            one.response,
        )
        for one in rows
    ]
    return pd.DataFrame(values, columns=[*COLUMNS]).astype({"signed_in": bool, "starred": bool, "version": "int64"})


def jsonl(frame: pd.DataFrame) -> bytes:
    """The rows as JSON objects, one a line; what is missing is null."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


WRITTEN: dict[str, Callable[[pd.DataFrame], bytes]] = {"csv": tables.csv, "parquet": tables.parquet, "jsonl": jsonl}


def import_judgements(store: Store, name: str, content: bytes, keeps_signed_in: bool) -> Imported:
    """Add the judgements of a file, all of them or, where one cannot be read, none. Raises JudgementsError.

    Nothing is written over: what somebody said later than the file stays what they say. `keeps_signed_in`: whether a name in
    the file may be one that signed in; else it is one that was typed.
    """
    judgements, found = _read(name, content, keeps_signed_in)
    added, same, older = [], 0, 0
    # The last of each in the file, and what is here of the same people on the same texts.
    newest: dict[tuple[str, str, Person], Judgement] = {}
    for one in sorted(judgements, key=lambda one: one.at):
        newest[one.prompt, one.response, one.person] = one
    here = changes_of(store, newest)
    for whose, one in newest.items():
        before = here.get(whose, [])
        if any(change.at == one.at for change in before) or (not before and not any(one.said)):
            same += 1
        elif before and before[0].at >= one.at:
            older += 1
        else:
            added.append(one._replace(version=before[0].version + 1 if before else 1))
    with store.writing() as connection:
        keep_texts(connection, found)
        add(connection, added)
    return Imported(len(added), same, older)


def _read(name: str, content: bytes, keeps_signed_in: bool) -> tuple[list[Judgement], dict[str, str]]:
    """The judgements of a file, and their texts, each by its key."""
    kind = name.rpartition(".")[2].lower()
    readers: dict[str, Callable[[bytes], Iterator[dict[str, Any]]]] = {
        "csv": _csv,
        "parquet": _parquet,
        "jsonl": _jsonl,
    }
    if kind not in readers:
        raise JudgementsError(f"{name} is no CSV, Parquet or JSONL file. Give one that this page has written.")
    judgements: list[Judgement] = []
    found: dict[str, str] = {}
    number = 0
    try:
        for number, row in enumerate(readers[kind](content), 1):
            if number > MOST_ROWS:
                raise ValueError(f"there are more than {MOST_ROWS:,} rows")
            one, its_texts = _judgement(row, keeps_signed_in)
            judgements.append(one)
            found |= its_texts
    except DAMAGED as error:
        said = (
            f"the column {error} is missing"
            if isinstance(error, KeyError)
            else str(error)[:200] or type(error).__name__
        )
        raise JudgementsError(f"{name}, row {max(number, 1):,}: {said}. Nothing was imported.") from error
    return judgements, found


def _judgement(row: dict[str, Any], keeps_signed_in: bool) -> tuple[Judgement, dict[str, str]]:
    prompt, response = row["prompt"], row["response"]
    at_prompt = response is None or (response == "" and not row.get("response_key"))
    if any(isinstance(text, str) and len(text) > LONGEST for text in (prompt, response, row["note"])):
        raise ValueError(f"a text has more than {LONGEST:,} characters")
    tags = parse_json(row["tags"]) if isinstance(row["tags"], str) else row["tags"]
    if not isinstance(prompt, str) or not (at_prompt or isinstance(response, str)):
        raise ValueError("prompt and response are texts")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError("tags are a list of texts")
    author, at = clean_name(_text(row, "author")), _text(row, "at")
    if not author:
        raise ValueError("the author has no name")
    if not _is_time(at):
        raise ValueError(f"{at[:40]!r} is not a time that has passed, such as 2026-11-25T09:30:00.000000Z")
    prompt_key, prompt = _key(prompt, row.get("prompt_key"))
    response_key, response = (OF_THE_PROMPT, None) if at_prompt else _key(str(response), row.get("response_key"))
    said = clean(Said(_is_true(row, "starred"), tuple(tags), _text(row, "note")))
    person = Person(author, keeps_signed_in and _is_true(row, "signed_in"))
    dataset = clean_text(_text(row, "dataset"), NAME_LENGTH)
    kept = Judgement(prompt_key, response_key, person, 1, said, dataset, at)
    return kept, {prompt_key: prompt} | ({} if response is None else {response_key: response})


def _is_time(written: str) -> bool:
    try:
        found = datetime.strptime(written, TIME).replace(tzinfo=UTC)
    except ValueError:
        return False
    return found.strftime(TIME) == written and found < datetime.now(UTC) + AHEAD


def _text(row: dict[str, Any], column: str) -> str:
    value = row[column]
    if not isinstance(value, str):
        raise ValueError(f"{column} is {value!r}, not a text")
    return value


def _is_true(row: dict[str, Any], column: str) -> bool:
    value = row[column]
    if value not in (True, False, "True", "False"):
        raise ValueError(f"{column} is {value!r}, not True or False")
    return value in (True, "True")


def _unquoted(text: str) -> str:
    """Without the apostrophe that CSV has before a text that a spreadsheet would take for a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(tables.FORMULA_STARTS) else text


def _key(text: str, given: object) -> tuple[str, str]:
    """The key of a text, and the text. One that the file gives counts where the text has lost what no database takes; else it
    must be the text's own."""
    for read in (text, _unquoted(text)):
        if given in (None, "", text_key(read)):
            return text_key(read), read
    if "\ufffd" not in text or not isinstance(given, str) or not KEY.fullmatch(given):
        raise ValueError("a text is not the one of its key: it was changed")
    return given, text


def _csv(content: bytes) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(2**31 - 1)  # a text may be long
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    for missing in {*NEEDED} - {*(rows.fieldnames or ())}:
        raise KeyError(missing)
    for row in rows:
        quoted = {
            name: _unquoted(row[name]) for name in ("note", "author", "dataset") if isinstance(row.get(name), str)
        }
        yield row | quoted  # prompt and response are told by their keys


def _jsonl(content: bytes) -> Iterator[dict[str, Any]]:
    for line in content.decode("utf-8-sig").split("\n"):
        if line.strip():
            row = parse_json(line)
            if not isinstance(row, dict):
                raise ValueError("it is not an object")
            yield row


def _parquet(content: bytes) -> Iterator[dict[str, Any]]:
    file = pq.ParquetFile(io.BytesIO(content))
    known = [name for name in COLUMNS if name in file.schema_arrow.names]
    for batch in file.iter_batches(AT_ONCE, columns=known):
        yield from batch.to_pylist()
