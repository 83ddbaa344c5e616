"""Pairs: one row per prompt with a chosen and a rejected text, both scored. They are candidates 1 and 2, and the pair."""

from dataclasses import replace

from data_access.layouts import column_names
from data_access.layouts import layout as parts
from data_access.layouts.column_mapping import ColumnMapping
from data_access.layouts.column_types import Columns, Kinds, is_conversation, is_number, is_text
from data_access.layouts.layout import Layout
from data_access.sql_text import name

NAME = "pairs"
REQUIRED: tuple[str, ...] = ("chosen", "rejected", "rewards", "rejected_rewards")
EXPECTED = {
    "chosen": "a column chosen",
    "rejected": "a column rejected",
    "rewards": "a number column such as score_chosen or chosen_score",
    "rejected_rewards": "a number column such as score_rejected or rejected_score",
}

ROLES: tuple[str, ...] = (
    "prompt",
    "chosen",
    "rejected",
    "chosen_model",
    "rejected_model",
    "rewards",
    "rejected_rewards",
    "lower_is_better",
    "subset",
)
KINDS: Kinds = {
    "chosen": (is_text, "texts"),
    "rejected": (is_text, "texts"),
    "rewards": (is_number, "numbers"),
    "rejected_rewards": (is_number, "numbers"),
}
CONVERSATION = "chosen"
named = parts.any_column


def wrong(mapping: ColumnMapping, file: str) -> str:
    """A sentence where there are no scores, or not as many of one side as of the other."""
    if not mapping.rewards:
        return (
            f"{file} holds pairs ({mapping.chosen} and {mapping.rejected}) without scores, so there is nothing to rank. "
            "Score both texts with a reward model, write the scores into the columns chosen_score and rejected_score, and "
            "open it again."
        )
    if mapping.rejected_rewards and len(mapping.rewards) != len(mapping.rejected_rewards):
        return f"{mapping.origin or file}: rewards and rejected_rewards must name as many columns, in the same order."
    return ""


def detected(columns: Columns, given_mapping: ColumnMapping) -> ColumnMapping:
    """What names and types say, where the mapping says nothing. Rewards are columns that differ in chosen or rejected."""
    found = {
        one: one.replace("chosen", "rejected")
        for one in column_names.rewards_among(columns)
        if "chosen" in one and one.replace("chosen", "rejected") in columns
    }
    return replace(
        parts.with_prompt(columns, given_mapping),
        layout=NAME,
        rewards=tuple(found) if given_mapping.rewards is None else given_mapping.rewards,
        rejected_rewards=tuple(found.values())
        if given_mapping.rejected_rewards is None
        else given_mapping.rejected_rewards,
    )


def layout(mapping: ColumnMapping, columns: Columns, relation: str, row: str) -> Layout:
    """The SELECTs of this layout; see `Layout`."""
    chosen, rejected = mapping.chosen or "", mapping.rejected or ""
    scored = list(zip(mapping.rewards or (), mapping.rejected_rewards or (), strict=True))

    def candidate(number: int, text: str, model: str | None, rewards: list[str]) -> str:
        source_model = f"{name(model)}::VARCHAR" if model else "NULL::VARCHAR"
        return (
            f"{{'candidate': {number}::INTEGER, 'model': {source_model}, "
            f"'response': {parts.response_text(name(text), columns[text])}, "
            f"'reward': coalesce({', '.join(f'{name(one)}::DOUBLE' for one in rewards)})}}"
        )

    def by(first: str, second: str) -> str:
        # The direction is the one said, or detected, for the chosen text's column.
        both = (parts.turned(mapping, first, name(one)) for one in (first, second))
        return parts.unnested_rewards(enumerate(both, start=1), relation, row)

    scorers = column_names.scorers(mapping, lambda reward: column_names.without("chosen", reward))
    values = {"prompt_id": row}
    values |= parts.prompt_values(mapping, columns, chosen if is_conversation(columns[chosen]) else "")
    sides = [
        candidate(1, chosen, mapping.chosen_model, [one for one, _ in scored]),
        candidate(2, rejected, mapping.rejected_model, [other for _, other in scored]),
    ]
    return Layout(
        mapping=mapping,
        description=parts.described(
            mapping, "one row per prompt with a chosen and a rejected text, which are its candidates 1 and 2"
        ),
        scorers=scorers,
        prompts=f"SELECT {parts.selected(values)} FROM {relation}",
        candidates=(parts.unnested_candidates(sides, relation, row),),
        rewards=parts.united_rewards((scorer, by(*pair)) for scorer, pair in zip(scorers, scored, strict=True)),
        columns=parts.used(mapping, columns),
        notices=parts.direction_notices(mapping, scorers),
    )
