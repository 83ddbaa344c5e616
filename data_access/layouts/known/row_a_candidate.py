"""One row a candidate: a prompt's rows share an id, or its exact text, and may lie anywhere in any of the files."""

from dataclasses import replace

from data_access.layouts import column_names
from data_access.layouts import layout as parts
from data_access.layouts.column_mapping import ColumnMapping
from data_access.layouts.column_types import Columns, Kinds, is_conversation, is_number, is_text
from data_access.layouts.layout import Layout
from data_access.sql_text import name

NAME = "one row a candidate"
REQUIRED: tuple[str, ...] = ("response", "rewards")
EXPECTED = {"response": "a column such as response", "rewards": "a number column such as reward or score"}

ROLES: tuple[str, ...] = (
    "prompt",
    "response",
    "model",
    "rewards",
    "lower_is_better",
    "group_by",
    "subset",
    "chosen",
    "rejected",
)
KINDS: Kinds = {"response": (is_text, "texts"), "rewards": (is_number, "numbers")}
CONVERSATION = "response"
named = parts.any_column
wrong = parts.nothing_wrong


def detected(columns: Columns, given_mapping: ColumnMapping) -> ColumnMapping:
    """What names and types say, where the mapping says nothing. Without a number column that is called like a reward, and
    without lists or a pair, every number column is a reward, except for ids and counts."""
    group = column_names.given_or(
        given_mapping.group_by, column_names.first(columns, column_names.GROUPS, lambda kind: not kind.endswith("[]"))
    )
    rewards = tuple(
        one for one in column_names.rewards_among(columns) if not column_names.words(one) & {"chosen", "rejected"}
    )
    if not rewards and "chosen" not in columns and not any(kind.endswith("[]") for kind in columns.values()):
        rewards = tuple(
            one
            for one, kind in columns.items()
            if is_number(kind) and one != group and not column_names.words(one) & column_names.OTHER_NUMBERS
        )
    return replace(
        parts.with_prompt(columns, given_mapping),
        layout=NAME,
        response=column_names.given_or(given_mapping.response, column_names.first(columns, column_names.RESPONSES)),
        model=column_names.given_or(given_mapping.model, column_names.first(columns, column_names.MODELS)),
        rewards=rewards if given_mapping.rewards is None else given_mapping.rewards,
        group_by=group,
    )


def layout(mapping: ColumnMapping, columns: Columns, relation: str, row: str) -> Layout:
    """The SELECTs of this layout; see `Layout`. Prompts are numbered in the order of their first rows, and a prompt's
    candidates in the order of theirs. A row without an id, or without a text, is a prompt of its own."""
    response, rewards = mapping.response or "", mapping.rewards or ()
    values = parts.prompt_values(mapping, columns, response if is_conversation(columns[response]) else "")
    key = f"{name(mapping.group_by)}::VARCHAR" if mapping.group_by else values["prompt"]
    numbering = (
        "(SELECT place, dense_rank() OVER (ORDER BY first) AS prompt_id, "
        "(row_number() OVER (PARTITION BY first ORDER BY place))::INTEGER AS candidate "
        "FROM (SELECT place, min(place) OVER (PARTITION BY key, CASE WHEN key IS NULL THEN place END) AS first "
        f"FROM (SELECT {row} AS place, {key} AS key FROM {relation})))"
    )

    def joined(some: dict[str, str]) -> str:
        return f"(SELECT {row} AS place, {parts.selected(some)} FROM {relation}) JOIN {numbering} USING (place)"

    scorers = column_names.scorers(mapping)
    texts = {
        "model": f"{name(mapping.model)}::VARCHAR" if mapping.model else "NULL::VARCHAR",
        "response": parts.response_text(name(response), columns[response]),
        "reward": f"coalesce({', '.join(f'{name(one)}::DOUBLE' for one in rewards)})",
    }
    scored = [
        (
            scorer,
            "(SELECT prompt_id, candidate, reward FROM "
            + joined({"reward": parts.turned(mapping, one, name(one))})
            + ")",
        )
        for scorer, one in zip(scorers, rewards, strict=True)
    ]
    several = (
        f"prompts whose {mapping.group_by} has rows with different prompt texts: {{n}}. The first row's text is shown.",
        f"SELECT count(*) FROM (SELECT 1 FROM {relation} WHERE {key} IS NOT NULL GROUP BY {key} "
        f"HAVING count(DISTINCT {values['prompt']}) > 1)",
    )
    return Layout(
        mapping=mapping,
        description=parts.described(
            mapping,
            f"rows with the same {mapping.group_by} are one prompt's candidates"
            if mapping.group_by
            else "rows with exactly the same prompt text are one prompt's candidates",
        ),
        scorers=scorers,
        prompts=f"SELECT prompt_id, {', '.join(values)} FROM {joined(values)} WHERE candidate = 1",
        candidates=(
            f"SELECT prompt_id, candidate, model, response FROM {joined(texts)} "
            "WHERE response IS NOT NULL OR reward IS NOT NULL",
        ),
        rewards=parts.united_rewards(scored),
        columns=parts.used(mapping, columns),
        spans_files=True,
        notices=parts.direction_notices(mapping, scorers),
        oddities=(several,) if mapping.group_by else (),
    )
