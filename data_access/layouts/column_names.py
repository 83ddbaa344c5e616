"""What columns are called in the field: the names by which a layout finds them, and what a scorer is called by its column."""

import re
from collections.abc import Callable, Iterable

from data_access.layouts.column_mapping import ColumnMapping
from data_access.layouts.column_types import Columns, is_number, is_text

PROMPTS = ("prompt", "instruction", "problem", "question", "query", "input")
RESPONSES = ("response", "completion", "output", "answer", "generation")
RESPONSE_LISTS = ("all_generated_responses", "candidates", *(f"{name}s" for name in RESPONSES), *RESPONSES)
MODELS = ("model", "source_model", "generator", "model_name", "models", "source_models", "generators")
GROUPS = ("prompt_id", "question_id", "query_id", "problem_id", "instruction_id")
SUBSETS = ("subset", "source", "category")
SOURCE_KEYS = ("prompt_id", "id", "uid", "unique_id", "key")
PAIR = {
    "chosen": ("rewardbench_chosen", "chosen"),
    "rejected": ("rewardbench_rejected", "rejected"),
    "chosen_model": ("rewardbench_chosen_model", "chosen_model"),
    "rejected_model": ("rewardbench_rejected_model", "rejected_model"),
}
REWARD_WORDS = frozenset(["reward", "rewards", "score", "scores", "rating", "ratings"])
LOWER_WORDS = frozenset(["rank", "ranks", "ranking", "cost", "costs", "loss", "losses", "nll", "perplexity", "ppl"])
# Numbers that come beside scores.
OTHER_NUMBERS = frozenset(
    [
        "id",
        "ids",
        "index",
        "idx",
        "row",
        "turn",
        "turns",
        "num",
        "count",
        "n",
        "token",
        "tokens",
        "length",
        "len",
        "chars",
        "words",
        "seed",
        "temperature",
        "step",
        "level",
    ]
)


def words(name: str) -> set[str]:
    """The words of a column's name, in lower case."""
    return set(re.split(r"[^a-z0-9]+", name.lower()))


def is_reward(name: str) -> bool:
    """Whether a column is called like a reward."""
    return bool(words(name) & (REWARD_WORDS | LOWER_WORDS))


def lower_is_better(mapping: ColumnMapping, reward: str) -> bool:
    """Whether less of this reward is better: as the mapping says, else a rank, cost, loss or perplexity by its name."""
    if mapping.lower_is_better is not None:
        return reward in mapping.lower_is_better
    return bool(words(reward) & LOWER_WORDS) and not words(reward) & REWARD_WORDS


def first(columns: Columns, names: Iterable[str], accepted: Callable[[str], bool] = is_text) -> str:
    """The first of these names that is a column of an accepted type, or ''."""
    return next((name for name in names if name in columns and accepted(columns[name])), "")


def given_or(given: str | None, found: str) -> str:
    """What the mapping says, or what was found where it says nothing."""
    return found if given is None else given


def rewards_among(columns: Columns) -> tuple[str, ...]:
    """The number columns that are called like rewards."""
    return tuple(name for name, kind in columns.items() if is_number(kind) and is_reward(name))


def scorers(mapping: ColumnMapping, short_name: Callable[[str], str] = str) -> tuple[str, ...]:
    """What the scorers are called, in the order of the mapping's rewards: after their columns, shortened where they stay
    different; with a minus where lower is better, as the sign is turned."""
    rewards = mapping.rewards or ()
    short = [short_name(name) for name in rewards]
    if len(set(short)) < len(short):
        short = list(rewards)
    return tuple(
        f"−{name}" if lower_is_better(mapping, reward) else name for name, reward in zip(short, rewards, strict=True)
    )


def without(mark: str, name: str) -> str:
    """A name without what this regular expression matches, and what separates it; the name itself if nothing is left."""
    return re.sub(rf"[\W_]*({mark})[\W_]*", "_", name).strip("_") or name
