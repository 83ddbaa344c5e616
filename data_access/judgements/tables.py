"""The tables of the store. Nothing in them is ever changed or deleted: each change is a row of its own, with its time.

The row of the highest version is what somebody says now. That no two rows have the same version is what makes sure, in every
database, that nobody writes over what they have not seen. The migrations make these tables; tests hold the two together.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    func,
    select,
)

METADATA = MetaData()
VERSION_TABLE = "judgements_version"  # not Alembic's own name: the database may be shared with other programs

NUMBER = BigInteger().with_variant(Integer, "sqlite")  # only an INTEGER key counts by itself in SQLite
KEY_LENGTH = 64  # of text_key
NAME_LENGTH = 300  # of the dataset that was open when it was said
TIME_LENGTH = 27  # as 2026-11-25T09:30:00.123456Z, in UTC: its order is that of time

# The texts that something was said of: so that it can still be read when the data is gone.
TEXTS = Table(
    "texts",
    METADATA,
    Column("key", String(KEY_LENGTH), primary_key=True),
    Column("text", Text, nullable=False),
)

# Stars, tags and notes. `response` is '' for what is said of a prompt. `tags` is a JSON list.
JUDGEMENTS = Table(
    "judgements",
    METADATA,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("prompt", String(KEY_LENGTH), nullable=False),
    Column("response", String(KEY_LENGTH), nullable=False),
    Column("author", String(80), nullable=False),
    Column("signed_in", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("starred", Boolean, nullable=False),
    Column("tags", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("dataset", String(NAME_LENGTH), nullable=False),
    Column("at", String(TIME_LENGTH), nullable=False),
    UniqueConstraint("prompt", "response", "author", "signed_in", "version", name="one_judgement_a_version"),
)

# Which of two responses somebody prefers. `first` is the smaller key; `left` is the one that stood on the left; `answer` a
# key of ANSWERS; `drawn` names the set of pairs that it was one of.
ANSWERS = Table(
    "answers",
    METADATA,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("prompt", String(KEY_LENGTH), nullable=False),
    Column("first", String(KEY_LENGTH), nullable=False),
    Column("second", String(KEY_LENGTH), nullable=False),
    Column("author", String(80), nullable=False),
    Column("signed_in", Boolean, nullable=False),
    Column("drawn", String(300), nullable=False),
    Column("version", Integer, nullable=False),
    Column("left", String(6), nullable=False),
    Column("answer", String(9), nullable=False),
    Column("dataset", String(NAME_LENGTH), nullable=False),
    Column("at", String(TIME_LENGTH), nullable=False),
    UniqueConstraint(
        "prompt", "first", "second", "author", "signed_in", "drawn", "version", name="one_answer_a_version"
    ),
)

# Reports that somebody puts together, each the JSON of data_access.report.
REPORTS = Table(
    "reports",
    METADATA,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("name", String(32), nullable=False),
    Column("author", String(80), nullable=False),
    Column("signed_in", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("report", Text, nullable=False),
    Column("at", String(TIME_LENGTH), nullable=False),
    UniqueConstraint("name", "version", name="one_report_a_version"),
)


def last_versions(table: Table) -> Select[Any]:
    """What everybody says now: of rows that differ in their version alone, as the table's constraint names them, the last."""
    (constraint,) = (one for one in table.constraints if isinstance(one, UniqueConstraint))
    whose = [column for column in constraint.columns if column.name != "version"]
    newest = select(*whose, func.max(table.c.version).label("version")).group_by(*whose).subquery()
    of = [table.c[column.name] == newest.c[column.name] for column in (*whose, table.c.version)]
    return select(table).join(newest, and_(*of))
