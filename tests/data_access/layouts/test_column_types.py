"""Reading DuckDB's types: what a struct's fields are, and what holds a conversation."""

import pytest

from data_access import database
from data_access.layouts.column_types import is_conversation, message_fields, struct_fields


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("STRUCT(a INTEGER, b VARCHAR[])", {"a": "INTEGER", "b": "VARCHAR[]"}),
        (
            'STRUCT("fine-grained_score" DOUBLE, "a, (b" DECIMAL(8,3), "say ""hi""" STRUCT(x DATE, y STRUCT(z TIME)[]))',
            {
                "fine-grained_score": "DOUBLE",
                "a, (b": "DECIMAL(8,3)",
                'say "hi"': "STRUCT(x DATE, y STRUCT(z TIME)[])",
            },
        ),
        ("STRUCT(t TIMESTAMP WITH TIME ZONE)", {"t": "TIMESTAMP WITH TIME ZONE"}),
        ("STRUCT(a INTEGER)[]", {}),
        ("VARCHAR", {}),
    ],
)
def test_the_fields_of_a_struct(kind: str, fields: dict[str, str]) -> None:
    assert struct_fields(kind) == fields


def test_the_fields_are_those_that_duckdb_names() -> None:
    select = """SELECT {'role': 'x', 'from': 1, 'a b': [1.5], 'q"': {'order': true}} AS s"""
    connection = database.connect("100MB")
    kind = connection.sql(select).types[0]
    described = connection.execute(f"DESCRIBE SELECT unnest(s) FROM ({select})").fetchall()
    assert struct_fields(str(kind)) == {row[0]: row[1] for row in described}


def test_a_conversation_is_a_list_of_structs_with_who_speaks_and_what() -> None:
    assert message_fields("STRUCT(content VARCHAR, role VARCHAR)[]") == ("role", "content")
    assert message_fields('STRUCT("from" VARCHAR, "value" VARCHAR, weight DOUBLE)[]') == ("from", "value")
    assert not is_conversation("STRUCT(response VARCHAR, model VARCHAR)[]")
    assert not is_conversation("STRUCT(content VARCHAR, role VARCHAR)")
    assert not is_conversation("VARCHAR")
