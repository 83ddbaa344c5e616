"""What a column's DuckDB type can hold: text, a number, a conversation, or a list of those."""

import re
from collections.abc import Callable, Mapping

Columns = Mapping[str, str]  # name -> DuckDB type
Kinds = Mapping[str, tuple[Callable[[str], bool], str]]  # role -> whether a type fits, and what such types are called

NUMBER = re.compile(r'(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|"NULL")', re.ASCII)
# Not a type of DuckDB's: texts that hold message lists as JSON, as a look at the first of them has shown.
JSON_CONVERSATION = "messages as JSON"
TEXTS = ("VARCHAR", "JSON", '"NULL"', JSON_CONVERSATION)
MESSAGE_FIELDS = (("role", "content"), ("from", "value"))


def is_number(kind: str) -> bool:
    """Whether it is a number, or nothing but nulls."""
    return NUMBER.fullmatch(kind) is not None


def is_text(kind: str) -> bool:
    """Whether it is a text or a conversation."""
    return kind in TEXTS or kind.startswith("ENUM") or is_conversation(kind)


def is_conversation(kind: str) -> bool:
    """Whether it is a list of messages."""
    return kind == JSON_CONVERSATION or message_fields(kind) is not None


def message_fields(kind: str) -> tuple[str, str] | None:
    """The two fields, who speaks and what is said, of a list of messages; None for another type."""
    found = struct_fields(kind[:-2]) if kind.endswith("[]") else {}
    return next((pair for pair in MESSAGE_FIELDS if set(pair) <= set(found)), None)


def struct_fields(kind: str) -> dict[str, str]:
    """The fields of a struct, name -> type; none for another type."""
    if not (kind.startswith("STRUCT(") and kind.endswith(")")):
        return {}
    fields, depth, rest = [""], 0, kind.removeprefix("STRUCT(").removesuffix(")")
    for piece in re.findall(r'"(?:[^"]|"")*"|[(),]|[^"(),]+', rest):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "," and not depth:
            fields.append("")
        else:
            fields[-1] += piece
    split = (re.fullmatch(r'\s*(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)', field, re.DOTALL) for field in fields)
    return {(one[1] or "").replace('""', '"') or one[2]: one[3] for one in split if one}


def item(kind: str) -> str:
    """The type of a list's items; '' for what is no list."""
    return kind[:-2] if kind.endswith("[]") else ""


def text_list(kind: str) -> bool:
    """Whether it is a list of texts or of conversations, and not one conversation."""
    return bool(item(kind)) and is_text(item(kind)) and not is_conversation(kind)


def is_number_list(kind: str) -> bool:
    """Whether it is a list of numbers, or of lists of numbers."""
    return is_number(item(kind)) or is_number(item(item(kind)))
