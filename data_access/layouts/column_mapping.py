"""Which column is what: the value that a layout detects, that a person may give, and that makes its SELECTs."""

import json
import tomllib
from dataclasses import asdict, dataclass, fields
from typing import Any

from data_access.errors import LayoutError
from data_access.json_text import parse_json

AGGREGATES = ("last", "min", "prod")
SEVERAL = ("rewards", "rejected_rewards", "lower_is_better")
WORDS = {
    "layout": "layout",
    "prompt": "prompt",
    "candidates": "list of candidates",
    "response": "response",
    "model": "source model",
    "rewards": "rewards",
    "aggregate": "a candidate's reward from its steps' scores",
    "chosen": "chosen text",
    "rejected": "rejected text",
    "chosen_model": "source model of the chosen text",
    "rejected_model": "source model of the rejected text",
    "rejected_rewards": "rewards of the rejected text",
    "lower_is_better": "lower is better",
    "group_by": "rows of one prompt share",
    "subset": "subset",
}


@dataclass(frozen=True)
class ColumnMapping:
    """Which column is what. None: not said, so it is taken from the columns' names; '' or (): there is none.

    In the numbered wide layout the names have {i} for the number; in a list of structs `response`, `model` and `rewards`
    are fields of the column `candidates`; for pairs `rewards` are those of the chosen text and `rejected_rewards`, in the
    same order, those of the rejected one. `origin` is who says so, for messages.
    """

    layout: str | None = None
    prompt: str | None = None
    candidates: str | None = None
    response: str | None = None
    model: str | None = None
    rewards: tuple[str, ...] | None = None
    aggregate: str | None = None
    chosen: str | None = None
    rejected: str | None = None
    chosen_model: str | None = None
    rejected_model: str | None = None
    rejected_rewards: tuple[str, ...] | None = None
    lower_is_better: tuple[str, ...] | None = None
    group_by: str | None = None
    subset: str | None = None
    origin: str = ""


NAMES = tuple(field.name for field in fields(ColumnMapping) if field.name != "origin")


def from_values(values: dict[str, Any], origin: str) -> ColumnMapping:
    """A mapping from a TOML or JSON table; LayoutError, naming `origin` and the key, for one that is not what it must be."""
    for key, value in values.items():
        if key not in NAMES:
            raise LayoutError(f"{origin}: there is no setting {key}. The settings are {', '.join(NAMES)}.")
        if key in SEVERAL:
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                raise LayoutError(f'{origin}: {key} must be a list of column names, such as {key} = ["score"].')
        elif not isinstance(value, str):
            raise LayoutError(f'{origin}: {key} must be one name in quotes, such as {key} = "{key}".')
    if values.get("aggregate", "") not in ("", *AGGREGATES):
        raise LayoutError(f"{origin}: aggregate must be one of {', '.join(AGGREGATES)}, not {values['aggregate']}.")
    said: dict[str, Any] = {key: tuple(value) if key in SEVERAL else value for key, value in values.items()}
    return ColumnMapping(**said, origin=origin)


def from_toml(text: str, origin: str) -> ColumnMapping:
    """A mapping from the text of a TOML file; LayoutError, naming it, for what is wrong with it."""
    try:
        return from_values(tomllib.loads(text), origin)
    except tomllib.TOMLDecodeError as error:
        raise LayoutError(f"{origin} is not valid TOML: {error}. Correct it, or remove it.") from error


def from_json(text: str, origin: str) -> ColumnMapping:
    """A mapping from a JSON object, as `to_json` writes it; LayoutError, naming `origin`, for what is wrong with it."""
    try:
        values = parse_json(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise LayoutError(f"{origin}: the column mapping is not a JSON object.")
    return from_values(values, origin)


def to_json(mapping: ColumnMapping) -> str:
    """What a mapping says, in one line for a link."""
    return json.dumps(said_values(mapping), ensure_ascii=False)


def said_values(mapping: ColumnMapping) -> dict[str, Any]:
    """What a mapping says, by setting; what it leaves to the columns' names is left out."""
    return {name: value for name, value in asdict(mapping).items() if name != "origin" and value is not None}


def to_toml(mapping: ColumnMapping) -> str:
    """The text of a TOML file that says the same."""
    return "".join(f"{name} = {_toml(value)}\n" for name, value in said_values(mapping).items())


def _toml(value: str | tuple[str, ...]) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(map(_toml, value))}]"
