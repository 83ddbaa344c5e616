"""Parallel lists: one row per prompt, its responses in one list column and their rewards in another, in the same order."""

from dataclasses import replace

from data_access.layouts import column_names
from data_access.layouts import layout as parts
from data_access.layouts.column_mapping import ColumnMapping
from data_access.layouts.column_types import Columns, Kinds, is_number, is_number_list, item, text_list
from data_access.layouts.layout import Layout
from data_access.sql_text import name

NAME = "parallel lists"
REQUIRED: tuple[str, ...] = ("response", "rewards")
EXPECTED = {"response": "a list of texts such as responses", "rewards": "a list of numbers such as rewards or scores"}
ROLES: tuple[str, ...] = (
    "prompt",
    "response",
    "model",
    "rewards",
    "aggregate",
    "lower_is_better",
    "subset",
    "chosen",
    "rejected",
)
KINDS: Kinds = {"response": (text_list, "lists of texts"), "rewards": (is_number_list, "lists of numbers")}
CONVERSATION = ""
WHICH = {
    "last": "the last of its steps' scores",
    "min": "the least of its steps' scores",
    "prod": "its steps' scores multiplied",
}
named = parts.any_column
wrong = parts.nothing_wrong


def detected(columns: Columns, given_mapping: ColumnMapping) -> ColumnMapping:
    """What names and types say, where the mapping says nothing. Scores of steps count only without a list of one number
    a candidate; the reward is then the last step's, as most who publish them do."""
    flat = tuple(one for one, kind in columns.items() if is_number(item(kind)) and column_names.is_reward(one))
    nested = tuple(one for one, kind in columns.items() if _is_nested(kind) and column_names.is_reward(one))
    rewards = (flat or nested) if given_mapping.rewards is None else given_mapping.rewards
    return replace(
        parts.with_prompt(columns, given_mapping),
        layout=NAME,
        response=column_names.given_or(
            given_mapping.response, column_names.first(columns, column_names.RESPONSE_LISTS, text_list)
        ),
        model=column_names.given_or(
            given_mapping.model,
            column_names.first(columns, column_names.MODELS, lambda kind: text_list(kind) or kind == "VARCHAR"),
        ),
        rewards=rewards,
        aggregate=column_names.given_or(
            given_mapping.aggregate, "last" if any(_is_nested(columns.get(one, "")) for one in rewards) else ""
        ),
    )


def _is_nested(kind: str) -> bool:
    return is_number(item(item(kind)))


def layout(mapping: ColumnMapping, columns: Columns, relation: str, row: str) -> Layout:
    """The SELECTs of this layout; see `Layout`. Lists of different lengths are paired from their starts."""
    response, rewards, aggregate = mapping.response or "", mapping.rewards or (), mapping.aggregate or "last"

    def list_of(reward: str) -> str:
        if not _is_nested(columns[reward]):
            return name(reward)
        return f"list_transform({name(reward)}, lambda steps: {aggregate}_step(steps))"

    model = name(mapping.model) if mapping.model else "NULL"
    if mapping.model and item(columns[mapping.model]):
        model = f"unnest({model})"
    lengths = ", ".join(f"len({name(one)})" for one in (response, *rewards))
    scored = ", ".join(f"unnest({list_of(one)}) AS reward_{place}" for place, one in enumerate(rewards))
    any_reward = ", ".join(f"reward_{place}::DOUBLE" for place in range(len(rewards)))
    candidates = (
        f"SELECT prompt_id, candidate, model::VARCHAR AS model, {parts.response_text('response', item(columns[response]))} "
        f"AS response FROM (SELECT {row} AS prompt_id, unnest(generate_series(1, greatest({lengths})))::INTEGER AS candidate, "
        f"{model} AS model, unnest({name(response)}) AS response, {scored} FROM {relation}) "
        f"WHERE candidate IS NOT NULL AND (response IS NOT NULL OR coalesce({any_reward}) IS NOT NULL)"
    )
    scorers = column_names.scorers(mapping)
    numbered = {
        one: f"(SELECT prompt_id, candidate, {parts.turned(mapping, one, 'reward')} AS reward FROM (SELECT {row} AS prompt_id, "
        f"unnest(generate_series(1, len({name(one)})))::INTEGER AS candidate, unnest({list_of(one)}) AS reward "
        f"FROM {relation}))"
        for one in rewards
    }
    values = {"prompt_id": row} | parts.prompt_values(mapping, columns)
    steps = [one for one in rewards if _is_nested(columns[one])]
    lists = [one for one in (*rewards, mapping.model) if one and item(columns[one])]
    return Layout(
        mapping=mapping,
        description=parts.described(
            mapping,
            "one row per prompt, its candidates in lists",
            f"{', '.join(steps)}: a candidate's reward is {WHICH[aggregate]}" if steps else "",
        ),
        scorers=scorers,
        prompts=f"SELECT {parts.selected(values)} FROM {relation}",
        candidates=(candidates,),
        rewards=parts.united_rewards((scorer, numbered[one]) for scorer, one in zip(scorers, rewards, strict=True)),
        columns=parts.used(mapping, columns),
        notices=parts.direction_notices(mapping, scorers),
        oddities=tuple(
            (
                f"prompts whose lists {response} and {one} differ in length: {{n}}. They are paired from the start; "
                "what has no counterpart is without a text, a source model or a reward.",
                f"SELECT count(*) FROM {relation} WHERE coalesce(len({name(response)}), 0) != coalesce(len({name(one)}), 0)",
            )
            for one in lists
        ),
    )
