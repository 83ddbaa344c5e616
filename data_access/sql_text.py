"""Parts of SQL statements as text: quoted names and values, and what reads files."""

from collections.abc import Sequence
from pathlib import Path

LONGEST_RECORD = 32 * 1024 * 1024  # bytes of a line of JSON or CSV


def literal(value: object) -> str:
    """A value as an SQL string literal."""
    return "'" + str(value).replace("'", "''") + "'"


def name(column: str) -> str:
    """A column's name as an SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


def values(rows: Sequence[Sequence[str]], names: Sequence[str]) -> str:
    """A SELECT of these rows of texts, under these column names."""
    listed = ", ".join("(" + ", ".join(literal(value) for value in row) + ")" for row in rows)
    return f"SELECT * FROM (VALUES {listed}) AS listed({', '.join(names)})"


def united(relations: Sequence[str]) -> str:
    """A SELECT of the rows of all these relations."""
    return " UNION ALL ".join(f'SELECT * FROM "{relation}"' for relation in relations)


def parquet(files: Sequence[Path], *, numbered: bool = False) -> str:
    """The FROM clause that reads these files as one relation; `numbered` adds the column file_row_number, from 0."""
    listed = ", ".join(literal(file) for file in files)
    return f"read_parquet([{listed}], union_by_name = true, file_row_number = {str(numbered).lower()})"


def csv_records(files: Sequence[Path], delimiter: str) -> str:
    """The FROM clause that reads CSV with a header; an empty field is null, one of two quotes an empty text."""
    listed = ", ".join(literal(file) for file in files)
    return (
        f"read_csv([{listed}], union_by_name = true, header = true, delim = {literal(delimiter)}, quote = '\"', "
        "escape = '\"', skip = 0, comment = '', allow_quoted_nulls = false, strict_mode = true, sample_size = -1, "
        f"auto_type_candidates = ['BIGINT', 'DOUBLE', 'VARCHAR'], max_line_size = {LONGEST_RECORD})"
    )
