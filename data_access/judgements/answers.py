"""Answers of blind comparisons: which of two responses to a prompt somebody prefers."""

from typing import NamedTuple

from sqlalchemy import func, insert, select

from data_access.judgements.judgements import keep_texts
from data_access.judgements.people import Person, clean_text
from data_access.judgements.store import Store, later_than
from data_access.judgements.tables import ANSWERS, NAME_LENGTH, last_versions
from data_access.judgements.text_keys import text_key

CHOICES = ("first", "second", "both good", "both bad", "skip")


class Answer(NamedTuple):
    """What somebody answered, as their `version`-th answer to this pair of the set `drawn`.

    `prompt`, `first` and `second` are text_keys, first the smaller of the two; `left` is 'first' or 'second', which one stood
    on the left; `answer` is one of CHOICES; `dataset` is the name of what was open, `at` the time.
    """

    prompt: str
    first: str
    second: str
    person: Person
    drawn: str
    version: int
    left: str
    answer: str
    dataset: str
    at: str


def answers(store: Store) -> list[Answer]:
    """Everybody's last answer to each pair of each set, in the order of time."""
    with store.reading() as connection:
        rows = connection.execute(last_versions(ANSWERS).order_by(ANSWERS.c.id)).all()
    return [
        Answer(
            row.prompt,
            row.first,
            row.second,
            Person(row.author, row.signed_in),
            row.drawn,
            row.version,
            row.left,
            row.answer,
            row.dataset,
            row.at,
        )
        for row in rows
    ]


def save_answer(
    store: Store,
    prompt: str,
    left: str,
    right: str,
    person: Person,
    drawn: str,
    chosen: str,
    based_on: int,
    dataset: str,
) -> Answer:
    """Keep an answer: the texts as they were shown; `chosen` is 'left', 'right', 'both good', 'both bad' or 'skip'; `based_on`
    is the version that this one replaces, 0 for none. Raises ChangedMeanwhileError, JudgementsError."""
    first, second = sorted((text_key(left), text_key(right)))
    side = "first" if text_key(left) == first else "second"
    other = "second" if side == "first" else "first"
    answer = {"left": side, "right": other}.get(chosen, chosen)
    with store.reading() as connection:  # in whatever set
        of = (ANSWERS.c.author == person.name) & (ANSWERS.c.prompt == text_key(prompt))
        before = connection.execute(select(func.max(ANSWERS.c.at)).where(of)).scalar() or ""
    kept = Answer(
        text_key(prompt),
        first,
        second,
        person,
        drawn,
        based_on + 1,
        side,
        answer,
        clean_text(dataset, NAME_LENGTH),
        later_than(before),
    )
    if answer not in CHOICES:
        raise ValueError(chosen)
    with store.writing() as connection:
        keep_texts(connection, {text_key(text): text for text in (prompt, left, right)})
        row = kept._asdict() | {"author": person.name, "signed_in": person.signed_in}
        row.pop("person")
        connection.execute(insert(ANSWERS), row)
    return kept
