"""Stars, tags and notes, answers of blind comparisons, and their texts."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None

_number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "texts",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "judgements",
        sa.Column("id", _number, primary_key=True, autoincrement=True),
        sa.Column("prompt", sa.String(64), nullable=False),
        sa.Column("response", sa.String(64), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("signed_in", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("starred", sa.Boolean, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("dataset", sa.String(300), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.UniqueConstraint("prompt", "response", "author", "signed_in", "version", name="one_judgement_a_version"),
    )
    op.create_table(
        "answers",
        sa.Column("id", _number, primary_key=True, autoincrement=True),
        sa.Column("prompt", sa.String(64), nullable=False),
        sa.Column("first", sa.String(64), nullable=False),
        sa.Column("second", sa.String(64), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("signed_in", sa.Boolean, nullable=False),
        sa.Column("drawn", sa.String(300), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("left", sa.String(6), nullable=False),
        sa.Column("answer", sa.String(9), nullable=False),
        sa.Column("dataset", sa.String(300), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.UniqueConstraint(
            "prompt", "first", "second", "author", "signed_in", "drawn", "version", name="one_answer_a_version"
        ),
    )
