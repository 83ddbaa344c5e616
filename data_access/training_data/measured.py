"""What a recipe asks of the attributes of responses, as SQL for the places {attributes} of queries.

The relation `attributes` is made by reading all texts: a recipe that asks for none of it does without.
"""

from collections.abc import Callable

from data_access.dataset import Dataset
from data_access.derived.attributes import BY_KEY, CAN_HAVE, attributes
from data_access.training_data.recipes import Recipe
from data_access.training_data.strategies import HAVING, TABLES


def needs_attributes(recipe: Recipe) -> bool:
    """Whether the rows of a recipe can only be told when all texts have been measured."""
    return bool(_excluded(recipe) or _balanced(recipe))


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
    if not needs_attributes(recipe):
        return f"SELECT NULL::BIGINT AS prompt_id, NULL::INTEGER AS candidate, {has} AS has, {amount} AS amount WHERE false"
    return f"SELECT prompt_id, candidate, {has} AS has, {amount} AS amount FROM attributes"


def _excluded(recipe: Recipe) -> list[str]:
    """The attributes that candidates are left out for, in the order in which they are looked at."""
    is_table = recipe.kind in TABLES
    return [one.key for one in CAN_HAVE if one.key in HAVING and one.key in recipe.without and not is_table]


def _balanced(recipe: Recipe) -> str:
    """The attribute that is balanced, or ''."""
    return BY_KEY[recipe.balance].key if recipe.balance and recipe.can_balance else ""
