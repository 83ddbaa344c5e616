"""Which columns hold prompts, responses, source models and rewards -> SELECTs that bring them into one shape.

A layout is SELECTs over a relation that has the file's columns, one row a prompt:

- prompts: prompt_id, source_key, prompt, subset, chosen, chosen_model, rejected, rejected_model
- candidates: prompt_id, candidate, model, response (only candidates that have a text or a reward)
- rewards: scorer, prompt_id, candidate, reward (where the file has one: NaN and infinite ones too)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data_access.errors import LayoutError

NUMBER_TYPES = re.compile(
    r'(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|"NULL")', re.ASCII
)
NUMBERED = re.compile(r"^(response|reward)_(\d{1,4})$")
SOURCE_KEYS = ("prompt_id", "id", "uid", "key")
OPTIONAL = {
    "subset": "subset",
    "chosen": "rewardbench_chosen",
    "chosen_model": "rewardbench_chosen_model",
    "rejected": "rewardbench_rejected",
    "rejected_model": "rewardbench_rejected_model",
}
REWARD = "reward"
# Candidates that are read from a file at once: all 100 of the seed's together take 300 MB more memory than these.
BLOCK = 25


@dataclass(frozen=True)
class Layout:
    """How one file holds its candidates: in words, as SELECTs, and which of its columns they read.

    `candidates` is several SELECTs, to be united, so that a caller can read them one after the other.
    """

    description: str
    scorers: tuple[str, ...]
    prompts: str
    candidates: tuple[str, ...]
    rewards: str
    columns: tuple[str, ...]


def recognised(columns: Mapping[str, str], file: str, relation: str, prompt_id: str) -> Layout:
    """The layout of a file with these columns (name -> DuckDB type), as SELECTs over the FROM clause `relation`, in which
    the expression `prompt_id` numbers the rows.

    LayoutError, naming the file, says what was found instead.
    """
    numbers: dict[str, set[int]] = {"response": set(), "reward": set()}
    for name in columns:
        if match := NUMBERED.match(name):
            numbers[match[1]].add(int(match[2]))
    if not numbers["response"] or not numbers["reward"]:
        missing = "response" if not numbers["response"] else "reward"
        raise LayoutError(
            f"{file} has no column that could be a {missing}: expected {missing}_1, {missing}_2, … "
            f"Found: {_listed(columns)}. Rename the columns, or open another file."
        )
    if "prompt" not in columns:
        raise LayoutError(
            f"{file} has no column named prompt. Found: {_listed(columns)}. Rename the column that holds it."
        )
    for number in sorted(numbers["reward"]):
        name = f"{REWARD}_{number}"
        if not NUMBER_TYPES.fullmatch(columns[name]):
            raise LayoutError(
                f"{file}: the column {name} holds {columns[name]}, not numbers. Convert the rewards to numbers."
            )
    return _numbered_wide(columns, sorted(numbers["response"] | numbers["reward"]), relation, prompt_id)


def _numbered_wide(columns: Mapping[str, str], numbers: list[int], relation: str, prompt_id: str) -> Layout:
    used: list[str] = []

    def column(name: str, kind: str) -> str:
        if name not in columns:
            return f"NULL::{kind}"
        used.append(name)
        return f'"{name}"::{kind}'

    def candidate(i: int) -> str:
        return (
            f"{{'candidate': {i}::SMALLINT, 'model': {column(f'response_{i}_model', 'VARCHAR')}, "
            f"'response': {column(f'response_{i}', 'VARCHAR')}, 'reward': {column(f'{REWARD}_{i}', 'DOUBLE')}}}"
        )

    def unnested(some: list[int]) -> str:
        return (
            f"SELECT prompt_id, c.candidate, c.model, c.response FROM (SELECT {prompt_id} AS prompt_id, "
            f"unnest([{', '.join(map(candidate, some))}]) AS c FROM {relation}) "
            f"WHERE c.response IS NOT NULL OR c.reward IS NOT NULL"
        )

    blocks = [numbers[i : i + BLOCK] for i in range(0, len(numbers), BLOCK)]
    rewards = ", ".join(
        f"{{'candidate': {i}::SMALLINT, 'reward': {column(f'{REWARD}_{i}', 'DOUBLE')}}}" for i in numbers
    )
    key = next((name for name in SOURCE_KEYS if name in columns), "")
    roles = {"source_key": key, "prompt": "prompt", **OPTIONAL}
    models = sum(f"response_{i}_model" in columns for i in numbers)
    with_models = "each with its source model" if models == len(numbers) else f"{models} of them with a source model"
    return Layout(
        description=f"numbered wide: one row a prompt, up to {len(numbers)} candidates in numbered columns, {with_models}",
        scorers=(REWARD,),
        prompts=f"SELECT {prompt_id} AS prompt_id, "
        + ", ".join(f"{column(name, 'VARCHAR')} AS {role}" for role, name in roles.items())
        + f" FROM {relation}",
        candidates=tuple(unnested(block) for block in blocks),
        rewards=f"SELECT '{REWARD}' AS scorer, prompt_id, r.candidate, r.reward FROM "
        f"(SELECT {prompt_id} AS prompt_id, unnest([{rewards}]) AS r FROM {relation}) WHERE r.reward IS NOT NULL",
        columns=tuple(dict.fromkeys(used)),
    )


def _listed(columns: Mapping[str, str]) -> str:
    names = list(columns)
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
