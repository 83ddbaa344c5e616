"""What a recipe asks of the attributes of responses, as SQL for the places {attributes} of queries.

The relation `attributes` is made by reading all texts: a recipe that asks for none of it does without.
"""

from collections.abc import Callable

from data_access.dataset import Dataset
from data_access.derived.attributes import BY_KEY, CAN_HAVE, Attribute, attributes
from data_access.training_data.recipes import Recipe
from data_access.training_data.strategies import HAVING, TABLES


def needs_attributes(recipe: Recipe) -> bool:
    """Whether the rows of a recipe can only be told when all texts have been measured."""
    return bool(_excluded(recipe) or _balanced(recipe) or columns(recipe))


def see_to_attributes(dataset: Dataset, recipe: Recipe, progress: Callable[[float], None] = lambda done: None) -> None:
    """See that the relation `attributes` is there if the recipe needs it."""
    if needs_attributes(recipe):
        attributes(dataset, progress)


def in_pool(recipe: Recipe) -> str:
    """A SELECT of prompt_id, candidate, which attribute that the recipe is without it `has` (the first; NULL for none), and the
    `amount` of the one that is balanced (NULL if none is)."""
    cases = "".join(f" WHEN {key}::DOUBLE > 0 THEN '{key}'" for key in _excluded(recipe))
    has = f"CASE{cases} END" if cases else "NULL::VARCHAR"
    amount = f"{_balanced(recipe) or 'NULL'}::DOUBLE"
    return _select(f"{has} AS has, {amount} AS amount", bool(_excluded(recipe) or _balanced(recipe)))


def columns(recipe: Recipe) -> dict[str, Attribute]:
    """The columns with an attribute that the rows of a table of candidates have."""
    return {f"attribute_{key}": BY_KEY[key] for key in recipe.columns if recipe.kind == "candidates"}


def in_table(recipe: Recipe) -> str:
    """A SELECT of prompt_id, candidate, and these columns."""
    listed = ", ".join(f"{one.key} AS {name}" for name, one in columns(recipe).items())
    return _select(listed, bool(listed))


def _select(listed: str, is_asked: bool) -> str:
    """What is listed of each candidate of about the prompts $ids, so that only their row groups are read; of none where it is
    not asked for, as the relation need not be there then."""
    if is_asked:
        there = "prompt_id BETWEEN list_min($ids::BIGINT[]) AND list_max($ids::BIGINT[])"
        return f"SELECT prompt_id, candidate, {listed} FROM attributes WHERE {there}"
    return f"SELECT NULL::BIGINT AS prompt_id, NULL::INTEGER AS candidate, {listed} WHERE false"


def _excluded(recipe: Recipe) -> list[str]:
    """The attributes that candidates are left out for, in the order in which they are looked at."""
    is_table = recipe.kind in TABLES
    return [one.key for one in CAN_HAVE if one.key in HAVING and one.key in recipe.without and not is_table]


def _balanced(recipe: Recipe) -> str:
    """The attribute that is balanced, or ''."""
    return BY_KEY[recipe.balance].key if recipe.balance and recipe.can_balance else ""
