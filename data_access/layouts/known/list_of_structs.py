"""List of structs: one row per prompt, its candidates in one list column, each a struct of text, model and rewards."""

from dataclasses import replace

from data_access.layouts import column_names
from data_access.layouts import layout as parts
from data_access.layouts.column_mapping import ColumnMapping
from data_access.layouts.column_types import Columns, Kinds, is_conversation, is_number, is_text, item, struct_fields
from data_access.layouts.layout import Layout
from data_access.sql_text import name

NAME = "list of structs"
REQUIRED: tuple[str, ...] = ("candidates", "response", "rewards")
EXPECTED = {
    "candidates": "a list of structs such as completions",
    "response": "a field such as response",
    "rewards": "a number field such as overall_score",
}

ROLES: tuple[str, ...] = (
    "prompt",
    "candidates",
    "response",
    "model",
    "rewards",
    "lower_is_better",
    "subset",
    "chosen",
    "rejected",
)
KINDS: Kinds = {
    "candidates": (lambda kind: bool(struct_fields(item(kind))), "a list of structs"),
    "response": (is_text, "texts"),
    "rewards": (is_number, "numbers"),
}
CONVERSATION = ""
wrong = parts.nothing_wrong


def named(columns: Columns, mapping: ColumnMapping) -> dict[str, Columns]:
    """What the response, the source model and the rewards may be: the fields of the candidates' structs."""
    fields = struct_fields(item(columns.get(mapping.candidates or "", "")))
    return {name: {name: kind} for name, kind in fields.items()}


def detected(columns: Columns, given_mapping: ColumnMapping) -> ColumnMapping:
    """What names and types say, where the mapping says nothing."""
    structs = {one: struct_fields(item(kind)) for one, kind in columns.items() if not is_conversation(kind)}
    with_text = [one for one, found in structs.items() if column_names.first(found, column_names.RESPONSES)]
    candidates = column_names.given_or(given_mapping.candidates, next(iter(with_text), ""))
    found = structs.get(candidates, {})
    return replace(
        parts.with_prompt(columns, given_mapping),
        layout=NAME,
        candidates=candidates,
        response=column_names.given_or(given_mapping.response, column_names.first(found, column_names.RESPONSES)),
        model=column_names.given_or(given_mapping.model, column_names.first(found, column_names.MODELS)),
        rewards=column_names.rewards_among(found) if given_mapping.rewards is None else given_mapping.rewards,
    )


def layout(mapping: ColumnMapping, columns: Columns, relation: str, row: str) -> Layout:
    """The SELECTs of this layout; see `Layout`."""
    listed, response, rewards = mapping.candidates or "", mapping.response or "", mapping.rewards or ()
    kind = struct_fields(item(columns[listed]))[response]
    each = (
        f"(SELECT {row} AS prompt_id, unnest(generate_series(1, len({name(listed)})))::INTEGER AS candidate, "
        f"unnest({name(listed)}) AS c FROM {relation})"
    )
    values = {
        "prompt_id": "prompt_id",
        "candidate": "candidate",
        "model": f"c.{name(mapping.model)}::VARCHAR" if mapping.model else "NULL::VARCHAR",
        "response": parts.response_text(f"c.{name(response)}", kind),
    }
    any_reward = ", ".join(f"c.{name(one)}::DOUBLE" for one in rewards)
    scorers = column_names.scorers(mapping)
    pairs = [
        (scorer, parts.turned(mapping, one, f"c.{name(one)}")) for scorer, one in zip(scorers, rewards, strict=True)
    ]
    prompts = {"prompt_id": row} | parts.prompt_values(mapping, columns)
    return Layout(
        mapping=mapping,
        description=parts.described(mapping, "one row per prompt, its candidates in a list of structs"),
        scorers=scorers,
        prompts=f"SELECT {parts.selected(prompts)} FROM {relation}",
        candidates=(
            f"SELECT {parts.selected(values)} FROM {each} "
            f"WHERE c.{name(response)} IS NOT NULL OR coalesce({any_reward}) IS NOT NULL",
        ),
        rewards=parts.united_rewards(
            (scorer, f"(SELECT prompt_id, candidate, {reward} AS reward FROM {each})") for scorer, reward in pairs
        ),
        columns=parts.used(mapping, columns),
        notices=parts.direction_notices(mapping, scorers),
    )
