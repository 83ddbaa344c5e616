"""What a part of a report is made of. Whatever quotes the data is plain text here; the formats make it harmless."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from charts import AnyChart
from data_access.frames import records
from data_access.questions.differences import Piece

LONGEST_TEXT = 50_000  # characters: ten parts of three texts stay readable, and below two megabytes
LONGEST_TABLE = 100  # rows
NOTHING = "–"


class Heading(NamedTuple):
    """What follows, in a few words."""

    text: str


class Sentence(NamedTuple):
    """Figures in words, or, in small print, what they do not say and how they are made."""

    text: str
    is_note: bool = False


class Table(NamedTuple):
    """Figures: `columns` are (title, whether it holds numbers), `rows` have a text for each."""

    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]


class Picture(NamedTuple):
    """A chart, and in words what one sees in it, beginning with what it is."""

    chart: AnyChart
    alt: str


class Text(NamedTuple):
    """A text of the data in full, under what it is and what is known of it; where it is compared, its stretches."""

    label: str
    facts: tuple[str, ...]
    text: str
    pieces: tuple[Piece, ...] = ()


Block = Heading | Sentence | Table | Picture | Text
# How a value is written: '' for a text, else a format such as '+.2f', or what makes a text of it.
Form = str | Callable[[Any], str]
Columns = dict[str, tuple[str, Form]]  # column -> its title, and how its values are written


def notes(sentences: Sequence[str]) -> list[Block]:
    """Sentences in small print; nothing of those that are ''."""
    return [Sentence(sentence, is_note=True) for sentence in sentences if sentence]


def facts(phrases: Sequence[str]) -> Sentence:
    """Phrases in one line."""
    return Sentence(" · ".join(phrase for phrase in phrases if phrase))


def table(caption: str, rows: pd.DataFrame, columns: Columns) -> Table:
    """A table of a frame: what has a form stands as numbers do. Missing values are NOTHING; more than LONGEST_TABLE rows are
    cut, with a word in the caption."""
    shown = records(rows.head(LONGEST_TABLE))
    cut = f" (the first {LONGEST_TABLE} of {len(rows):,} rows)" if len(rows) > LONGEST_TABLE else ""
    return Table(
        caption + cut,
        tuple((title, bool(form)) for title, form in columns.values()),
        tuple(tuple(written(row[name], form) for name, (_, form) in columns.items()) for row in shown),
    )


def written(value: Any, form: Form) -> str:
    """A value as a text."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return NOTHING
    if callable(form):
        return form(value)
    return _formatted(value, form) if form else str(value)


def _formatted(value: Any, form: str) -> str:
    """A number; one that is rounded to zero has no minus sign."""
    sign, rest = ("+", form[1:]) if form.startswith("+") else ("", form)
    return format(value, f"{sign}z{rest}" if form[-1] in "f%" else form).replace("%", " %")


def interval(rows: pd.DataFrame, low: str, high: str, form: str = "+.2f") -> list[str]:
    """'−0.10 to +0.20' of two columns, NOTHING where one of them is missing."""
    ends = zip(rows[low], rows[high], strict=True)
    return [NOTHING if pd.isna(a) or pd.isna(b) else f"{_formatted(a, form)} to {_formatted(b, form)}" for a, b in ends]
