"""Numbered wide: one row per prompt, candidates in columns response_1, response_2, …, each with a reward from every scorer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from data_access.layouts import column_names
from data_access.layouts import layout as parts
from data_access.layouts.column_mapping import ColumnMapping
from data_access.layouts.column_types import Columns, Kinds, is_conversation, is_number, is_text
from data_access.layouts.layout import Layout
from data_access.plurals import things
from data_access.sql_text import name

NAME = "numbered wide"
REQUIRED: tuple[str, ...] = ("response", "rewards")
EXPECTED = {"response": "response_1, response_2, …", "rewards": "reward_1, reward_2, …"}
ROLES: tuple[str, ...] = ("prompt", "response", "model", "rewards", "lower_is_better", "subset", "chosen", "rejected")
KINDS: Kinds = {"response": (is_text, "texts"), "rewards": (is_number, "numbers")}
CONVERSATION = ""
wrong = parts.nothing_wrong
NUMBER = re.compile(r"(?<![^_])\d{1,4}(?![^_])")
# Candidates that are read from a file at once: all 100 of the seed's together take 300 MB more memory than these.
BLOCK = 25

Numbered = Mapping[str, Mapping[int, str]]  # response_{i} -> {1: response_1, …}


def numbered(columns: Columns) -> Numbered:
    """The columns that have a number between underscores or at an end, by their names with {i} for it."""
    found: dict[str, dict[int, str]] = {}
    for column in columns:
        if match := NUMBER.search(column):
            pattern = f"{column[: match.start()]}{{i}}{column[match.end() :]}"
            found.setdefault(pattern, {}).setdefault(int(match[0]), column)
    return found


def named(columns: Columns, mapping: ColumnMapping) -> dict[str, Columns]:
    """What the response, the source model and the rewards may be: numbered columns."""
    return {
        pattern: {column: columns[column] for column in found.values()} for pattern, found in numbered(columns).items()
    }


def detected(columns: Columns, given_mapping: ColumnMapping) -> ColumnMapping:
    """What the columns' names say, where the mapping says nothing. Scorers: reward_{i}, or any numbers response_{i}_…"""
    patterns = numbered(columns)
    response = column_names.given_or(given_mapping.response, _pattern(patterns, column_names.RESPONSES))
    models = [f"{response}_model", *(f"{model}_{{i}}" for model in column_names.MODELS)]
    model = next((pattern for pattern in models if response and pattern in patterns), "")
    rewards = tuple(
        pattern
        for pattern, found in patterns.items()
        if (
            response
            and pattern.startswith(f"{response}_")
            and pattern != model
            and _are_scores(pattern, found, columns)
        )
        or (not pattern.startswith(f"{response}_") and column_names.is_reward(pattern))
    )
    return replace(
        parts.with_prompt(columns, given_mapping),
        layout=NAME,
        response=response,
        model=column_names.given_or(given_mapping.model, model),
        rewards=rewards if given_mapping.rewards is None else given_mapping.rewards,
    )


def _pattern(patterns: Numbered, known: tuple[str, ...]) -> str:
    return next((f"{one}_{{i}}" for one in known if f"{one}_{{i}}" in patterns), "")


def _are_scores(pattern: str, found: Mapping[int, str], columns: Columns) -> bool:
    return (
        all(is_number(columns[column]) for column in found.values())
        and not column_names.words(pattern) & column_names.OTHER_NUMBERS
    )


def layout(mapping: ColumnMapping, columns: Columns, relation: str, row: str) -> Layout:
    """The SELECTs of this layout; see `Layout`."""
    patterns = numbered(columns)
    texts, models = patterns.get(mapping.response or "", {}), patterns.get(mapping.model or "", {})
    rewards = {reward: patterns[reward] for reward in mapping.rewards or ()}
    numbers = sorted(set(texts).union(*rewards.values()))
    shift = 1 if numbers[0] == 0 else 0  # candidates are numbered from 1

    def reward(pattern: str, i: int) -> str:
        column = rewards[pattern].get(i)
        return parts.turned(mapping, pattern, name(column)) if column else "NULL::DOUBLE"

    def candidate(i: int) -> str:
        response = parts.response_text(name(texts[i]), columns[texts[i]]) if i in texts else "NULL::VARCHAR"
        model = f"{name(models[i])}::VARCHAR" if i in models else "NULL::VARCHAR"
        scored = ", ".join(reward(pattern, i) for pattern in rewards)
        return (
            f"{{'candidate': {i + shift}::INTEGER, 'model': {model}, 'response': {response}, "
            f"'reward': coalesce({scored})}}"
        )

    def scored_by(pattern: str) -> str:
        numbered_rewards = ((i + shift, reward(pattern, i)) for i in sorted(rewards[pattern]))
        return parts.unnested_rewards(numbered_rewards, relation, row)

    scorers = column_names.scorers(mapping, lambda reward: _short_name(mapping, reward))
    read = [*texts.values(), *models.values(), *(column for found in rewards.values() for column in found.values())]
    values = {"prompt_id": row} | parts.prompt_values(mapping, columns)
    return Layout(
        mapping=mapping,
        description=_description(mapping, len(numbers), len(models), shift),
        scorers=scorers,
        prompts=f"SELECT {parts.selected(values)} FROM {relation}",
        candidates=tuple(
            parts.unnested_candidates(map(candidate, numbers[i : i + BLOCK]), relation, row)
            for i in range(0, len(numbers), BLOCK)
        ),
        rewards=parts.united_rewards(
            (scorer, scored_by(pattern)) for scorer, pattern in zip(scorers, rewards, strict=True)
        ),
        columns=parts.used(mapping, columns, read),
        notices=parts.direction_notices(mapping, scorers),
        numbered_texts=_other_texts(patterns, numbers, {c: kind for c, kind in columns.items() if c not in read}),
        numbered_from=1 - shift,
    )


def _other_texts(patterns: Numbered, numbers: Sequence[int], others: Columns) -> tuple[str, ...]:
    """What numbered texts are called, before the number, that every candidate has in columns that the layout does not read."""
    stems = [pattern.removesuffix("_{i}") for pattern in patterns if pattern.endswith("_{i}")]
    kinds = {stem: [others.get(f"{stem}_{i}", "") for i in numbers] for stem in stems}
    return tuple(stem for stem in stems if all(is_text(kind) and not is_conversation(kind) for kind in kinds[stem]))


def _short_name(mapping: ColumnMapping, reward: str) -> str:
    """The name of rewards without the number, and without that of the responses before it."""
    return column_names.without(r"\{i\}", reward.removeprefix(f"{mapping.response}_"))


def _description(mapping: ColumnMapping, candidates: int, models: int, shift: int) -> str:
    with_models = "each with its source model" if models == candidates else f"{models} of them with a source model"
    from_zero = ", numbered from 0 in the file and from 1 here" if shift else ""
    grain = f"one row per prompt, up to {things(candidates, 'candidate')} in numbered columns, {with_models}{from_zero}"
    return parts.described(mapping, grain)
