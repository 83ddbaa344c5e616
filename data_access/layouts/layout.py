"""A layout: SELECTs that bring a file's columns into one shape; and what all layouts have in common."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from data_access.layouts import column_names
from data_access.layouts.column_mapping import WORDS, ColumnMapping
from data_access.layouts.column_types import JSON_CONVERSATION, Columns, is_conversation, item, message_fields
from data_access.sql_text import literal, name


@dataclass(frozen=True)
class Layout:
    """How files hold their candidates: which column is what, in words, as SELECTs, and which columns those read.

    `candidates` is several SELECTs, to be united, so that a caller can read them one after the other. `spans_files` says that
    a prompt's candidates may lie in several files, which must then be read as one. `notices` are sentences on how the
    columns are taken; `oddities` are sentences with {n} for the one count that their SELECT gives, to be said unless 0.
    `numbered_texts` are what other texts of each candidate are called, before its number: they are in no SELECT, and their
    numbers begin at `numbered_from`.
    """

    mapping: ColumnMapping
    description: str
    scorers: tuple[str, ...]
    prompts: str
    candidates: tuple[str, ...]
    rewards: str
    columns: tuple[str, ...]
    spans_files: bool = False
    notices: tuple[str, ...] = ()
    oddities: tuple[tuple[str, str], ...] = ()
    numbered_texts: tuple[str, ...] = ()
    numbered_from: int = 1


def with_prompt(columns: Columns, given_mapping: ColumnMapping) -> ColumnMapping:
    """The given mapping, with what every layout has beside its candidates by name: the prompt, its subset and the pair."""
    return replace(
        given_mapping,
        prompt=column_names.given_or(given_mapping.prompt, column_names.first(columns, column_names.PROMPTS)),
        subset=column_names.given_or(given_mapping.subset, column_names.first(columns, column_names.SUBSETS)),
        chosen=column_names.given_or(given_mapping.chosen, column_names.first(columns, column_names.PAIR["chosen"])),
        rejected=column_names.given_or(
            given_mapping.rejected, column_names.first(columns, column_names.PAIR["rejected"])
        ),
        chosen_model=column_names.given_or(
            given_mapping.chosen_model, column_names.first(columns, column_names.PAIR["chosen_model"])
        ),
        rejected_model=column_names.given_or(
            given_mapping.rejected_model, column_names.first(columns, column_names.PAIR["rejected_model"])
        ),
    )


def prompt_values(mapping: ColumnMapping, columns: Columns, conversation: str = "") -> dict[str, str]:
    """For the relation `prompts`: each column but prompt_id as an expression. Without a prompt column its text is what
    stands before the response in `conversation`."""
    key = mapping.group_by or column_names.first(columns, column_names.SOURCE_KEYS, lambda kind: item(kind) == "")
    values = {"source_key": _as_text(key), "prompt": prompt_text(mapping.prompt or "", columns)}
    if not mapping.prompt and conversation:
        values["prompt"] = f"before_response({messages(name(conversation), columns[conversation], 'assistant')})"
    values["subset"] = _as_text(mapping.subset)
    for role in column_names.PAIR:
        column = getattr(mapping, role) or ""
        values[role] = response_text(name(column), columns[column]) if column else "NULL::VARCHAR"
    return values


def prompt_text(column: str, columns: Columns) -> str:
    """A prompt's text: of a conversation all its turns."""
    if not column or not is_conversation(columns[column]):
        return _as_text(column)
    return f"turns({messages(name(column), columns[column], 'user')})"


def response_text(expression: str, kind: str) -> str:
    """A response's text: of a conversation what comes after the last turn of the user."""
    if not is_conversation(kind):
        return f"{expression}::VARCHAR"
    return f"response_of({messages(expression, kind, 'assistant')})"


def messages(expression: str, kind: str, otherwise: str) -> str:
    """A conversation as a list of structs role and content. JSON that does not parse is one message of `otherwise`."""
    if kind == JSON_CONVERSATION:
        return f"json_messages({expression}, '{otherwise}')"
    role, content = message_fields(kind) or ("role", "content")
    return f"messages(list_transform({expression}, lambda m: {{'role': m.{name(role)}, 'content': m.{name(content)}}}))"


def turned(mapping: ColumnMapping, reward: str, expression: str) -> str:
    """A reward as DOUBLE, its sign turned where lower is better."""
    return f"(0 - {expression}::DOUBLE)" if column_names.lower_is_better(mapping, reward) else f"{expression}::DOUBLE"


def direction_notices(mapping: ColumnMapping, scorers: Iterable[str]) -> tuple[str, ...]:
    """Sentences on the rewards of which less is better, and what their scorers are called."""
    pairs = zip(mapping.rewards or (), scorers, strict=True)
    return tuple(
        f"{reward}: lower is better, shown as {scorer}."
        for reward, scorer in pairs
        if column_names.lower_is_better(mapping, reward)
    )


def described(mapping: ColumnMapping, grain: str, *said: str) -> str:
    """The layout in words: its grain, and which column is what."""
    roles = [f"{WORDS[role]}: {value}" for role, value in _roles(mapping)]
    return f"{mapping.layout}: {grain}. " + " · ".join([*roles, *(sentence for sentence in said if sentence)])


def selected(values: dict[str, str]) -> str:
    """A SELECT list of expressions under these names."""
    return ", ".join(f"{expression} AS {alias}" for alias, expression in values.items())


def unnested_candidates(structs: Iterable[str], relation: str, row: str) -> str:
    """A SELECT of candidates from structs of candidate, model, response and reward, one expression each: those that have
    a text or a reward."""
    return (
        f"SELECT prompt_id, c.candidate, c.model, c.response FROM (SELECT {row} AS prompt_id, "
        f"unnest([{', '.join(structs)}]) AS c FROM {relation}) WHERE c.response IS NOT NULL OR c.reward IS NOT NULL"
    )


def unnested_rewards(rewards: Iterable[tuple[int, str]], relation: str, row: str) -> str:
    """A FROM clause of prompt_id, candidate, reward from a candidate's number and its reward's expression each."""
    listed = ", ".join(f"{{'candidate': {number}::INTEGER, 'reward': {reward}}}" for number, reward in rewards)
    unnested = f"(SELECT {row} AS prompt_id, unnest([{listed}]) AS r FROM {relation})"
    return f"(SELECT prompt_id, r.candidate AS candidate, r.reward AS reward FROM {unnested})"


def united_rewards(selects: Iterable[tuple[str, str]]) -> str:
    """One SELECT of scorer, prompt_id, candidate, reward from a scorer's name and FROM clause each."""
    return " UNION ALL ".join(
        f"SELECT {literal(scorer)} AS scorer, prompt_id, candidate, reward FROM {relation} WHERE reward IS NOT NULL"
        for scorer, relation in selects
    )


def used(mapping: ColumnMapping, columns: Columns, more: Iterable[str] = ()) -> tuple[str, ...]:
    """The columns that a layout reads: those that the mapping names, those that `more` adds, and the source's key."""
    named = [mapping.prompt, mapping.subset, mapping.candidates, mapping.response, mapping.model, mapping.group_by]
    named += [mapping.chosen, mapping.rejected, mapping.chosen_model, mapping.rejected_model]
    named += [*(mapping.rewards or ()), *(mapping.rejected_rewards or ()), *more]
    key = column_names.first(columns, column_names.SOURCE_KEYS, lambda kind: item(kind) == "")
    return tuple(dict.fromkeys(one for one in [key, *named] if one and one in columns))


def any_column(columns: Columns, mapping: ColumnMapping) -> dict[str, Columns]:
    """What the response, the source model and the rewards may name where that is a column: name -> column -> type."""
    return {column: {column: kind} for column, kind in columns.items()}


def nothing_wrong(mapping: ColumnMapping, file: str) -> str:
    """What is wrong with a mapping, beside missing columns and types that do not fit: nothing."""
    return ""


def _as_text(column: str | None) -> str:
    return f"{name(column)}::VARCHAR" if column else "NULL::VARCHAR"


def _roles(mapping: ColumnMapping) -> list[tuple[str, str]]:
    found = []
    for role in WORDS:
        value = getattr(mapping, role)
        if role not in ("layout", "lower_is_better", "aggregate", "group_by") and value:
            found.append((role, value if isinstance(value, str) else ", ".join(value)))
    return found
