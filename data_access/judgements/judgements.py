"""Stars, tags and notes: what somebody says of a prompt or of one of its responses."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Select, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from data_access.judgements.people import Person, clean_name, clean_text
from data_access.judgements.store import Store, later_than
from data_access.judgements.tables import JUDGEMENTS, NAME_LENGTH, TEXTS, last_versions
from data_access.judgements.text_keys import text_key

LONGEST_NOTE = 10_000
LONGEST_TAG = 50
MOST_TAGS = 20
AT_ONCE = 500  # keys in a query: every database takes so many
OF_THE_PROMPT = ""  # in the place of a response


class Said(NamedTuple):
    """A star, tags and a note; nothing of them takes back what was said before."""

    starred: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""


class Judgement(NamedTuple):
    """What somebody says of a text, as its `version`-th change. `prompt` and `response` are text_keys; `dataset` is the name of
    what was open, `at` the time."""

    prompt: str
    response: str
    person: Person
    version: int
    said: Said
    dataset: str
    at: str


def in_order(tag: str) -> tuple[str, str]:
    """Puts tags into alphabetical order, whether in upper or lower case."""
    return tag.casefold(), tag


def clean(said: Said) -> Said:
    """As it is kept: tags are short lines, each once, in alphabetical order."""
    tags = sorted({tag for typed in said.tags if (tag := clean_name(typed)[:LONGEST_TAG].strip())}, key=in_order)
    return Said(said.starred, tuple(tags[:MOST_TAGS]), clean_text(said.note, LONGEST_NOTE).strip())


def tags_in_use(said: Iterable[Judgement]) -> tuple[str, ...]:
    """Every tag, once, in alphabetical order."""
    return tuple(sorted({tag for judgement in said for tag in judgement.said.tags}, key=in_order))


def keys_of(prompt: str, response: str | None) -> tuple[str, str]:
    """The keys by which a judgement of a prompt, or of a response to it, is kept."""
    return text_key(prompt), OF_THE_PROMPT if response is None else text_key(response)


def judgements(store: Store) -> list[Judgement]:
    """What everybody says now, the last change first; what was taken back is among it, as `Said()`."""
    return _read(store, last_versions(JUDGEMENTS).order_by(JUDGEMENTS.c.id.desc()))


def changes(store: Store, prompt: str, response: str) -> list[Judgement]:
    """Every change that anybody made to what they say of a text, the last first."""
    of = (JUDGEMENTS.c.prompt == prompt) & (JUDGEMENTS.c.response == response)
    return _read(store, select(JUDGEMENTS).where(of).order_by(JUDGEMENTS.c.id.desc()))


def changes_of(
    store: Store, whose: Collection[tuple[str, str, Person]]
) -> dict[tuple[str, str, Person], list[Judgement]]:
    """The changes of some people to what they say of some texts, each the last first: (prompt, response, person) -> changes."""
    prompts = sorted({prompt for prompt, _, _ in whose})
    found: dict[tuple[str, str, Person], list[Judgement]] = {}
    for at in range(0, len(prompts), AT_ONCE):
        of = JUDGEMENTS.c.prompt.in_(prompts[at : at + AT_ONCE])
        for one in _read(store, select(JUDGEMENTS).where(of).order_by(JUDGEMENTS.c.version.desc())):
            found.setdefault((one.prompt, one.response, one.person), []).append(one)
    return {key: kept for key, kept in found.items() if key in whose}


def save(
    store: Store, prompt: str, response: str | None, person: Person, said: Said, based_on: int, dataset: str
) -> Judgement:
    """Keep what `person` says of a prompt's text, or of a response to it. `based_on` is the version that they saw, 0 for none.

    Raises ChangedMeanwhileError where there is a newer one, JudgementsError where nothing can be saved.
    """
    keys = keys_of(prompt, response)
    of = (JUDGEMENTS.c.prompt == keys[0]) & (JUDGEMENTS.c.response == keys[1]) & (JUDGEMENTS.c.author == person.name)
    with store.reading() as connection:
        before = connection.execute(select(func.max(JUDGEMENTS.c.at)).where(of)).scalar() or ""
    kept = Judgement(*keys, person, based_on + 1, clean(said), clean_text(dataset, NAME_LENGTH), later_than(before))
    with store.writing() as connection:
        keep_texts(connection, {text_key(text): text for text in (prompt, response) if text is not None})
        connection.execute(insert(JUDGEMENTS), _row(kept))
    return kept


def add(connection: Connection, more: Sequence[Judgement]) -> None:
    """Add versions within a transaction, as an import does."""
    if more:
        connection.execute(insert(JUDGEMENTS), [_row(judgement) for judgement in more])


def keep_texts(connection: Connection, found: Mapping[str, str]) -> None:
    """Keep the texts that something is said of, each once, by their keys."""
    exact: list[dict[str, str]] = []
    other: list[dict[str, str]] = []
    for key, text in sorted(found.items()):  # in one order, so that no two wait for each other
        kept = clean_text(text, len(text))
        (exact if text_key(kept) == key else other).append({"key": key, "text": kept})
    adding = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(TEXTS)
    if other:  # of what has lost a character that no database takes
        connection.execute(adding.on_conflict_do_nothing(), other)
    if exact:  # in the place of anything that is not the key's own text
        takes = adding.on_conflict_do_update(
            index_elements=[TEXTS.c.key],
            set_={"text": adding.excluded.text},
            where=TEXTS.c.text != adding.excluded.text,
        )
        connection.execute(takes, exact)


def texts(store: Store, keys: Iterable[str]) -> dict[str, str]:
    """The texts of these keys, as far as they are kept."""
    wanted = sorted({*keys} - {OF_THE_PROMPT})
    found: dict[str, str] = {}
    with store.reading() as connection:
        for at in range(0, len(wanted), AT_ONCE):
            asked = select(TEXTS.c.key, TEXTS.c.text).where(TEXTS.c.key.in_(wanted[at : at + AT_ONCE]))
            found |= {row.key: row.text for row in connection.execute(asked)}
    return found


def _read(store: Store, asked: Select[tuple[object, ...]]) -> list[Judgement]:
    with store.reading() as connection:
        rows = connection.execute(asked).all()
    return [
        Judgement(
            row.prompt,
            row.response,
            Person(row.author, row.signed_in),
            row.version,
            Said(row.starred, tuple(json.loads(row.tags)), row.note),
            row.dataset,
            row.at,
        )
        for row in rows
    ]


def _row(judgement: Judgement) -> dict[str, object]:
    said, person = judgement.said, judgement.person
    return {
        "prompt": judgement.prompt,
        "response": judgement.response,
        "author": person.name,
        "signed_in": person.signed_in,
        "version": judgement.version,
        "starred": said.starred,
        "tags": json.dumps(said.tags, ensure_ascii=False),
        "note": said.note,
        "dataset": judgement.dataset,
        "at": judgement.at,
    }
