"""A recipe says which training data to take from a dataset: a value that a link, a JSON file and the command hold."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from data_access.derived.attributes import BY_KEY
from data_access.errors import DataError
from data_access.json_text import parse_json
from data_access.questions.filters import (
    EVERY,
    Choices,
    Parameters,
    PromptFilter,
    Range,
    from_parameters,
    to_parameters,
)
from data_access.training_data.formats import FORMATS, TEMPLATED, Kind
from data_access.training_data.strategies import FILES, STRATEGIES, WITHOUT


class RecipeError(DataError):
    """A recipe's file has something in it that is not a recipe's."""


ALL_PROMPTS = PromptFilter()


@dataclass(frozen=True)
class Recipe:
    """Which rows of which dataset, in which format.

    `margin` bounds the difference of rewards of a pair, or for `top` how far above the prompt's mean a reward is, both in
    logits; `ratio` is the most that chosen may be longer than rejected (2 = twice as long); `penalty` is in logits per 1,000
    characters; `good` and `bad` are within-prompt percentiles; `per_model` bounds the rows by the source model of the chosen
    (or only) text; `without` are keys of WITHOUT; `balance` is the attribute of which chosen and rejected are to have more
    equally often, or ''; `columns` are the attributes that a table of candidates has too; `validation` is the share of prompts
    that are split off; `text_column` is what the source's numbered columns with the text are called, before the number, for a
    format that takes one, else ''.
    """

    dataset: str
    scorer: str
    filter: PromptFilter = ALL_PROMPTS
    strategy: str = "max_near"
    format: str = "trl_dpo"
    text_column: str = ""
    file: str = "jsonl"
    per_prompt: int = 1
    margin: Range = EVERY
    ratio: float | None = None
    penalty: float = 1.0
    good: float = 80.0
    bad: float = 20.0
    per_model: int | None = None
    without: tuple[str, ...] = ()
    repeats: bool = False
    agree: bool = False
    balance: str = ""
    columns: tuple[str, ...] = ()
    origin: bool = False
    validation: float = 0.0
    seed: int = 0

    @property
    def kind(self) -> Kind:
        """What its rows are."""
        return STRATEGIES[self.strategy].kind

    @property
    def can_balance(self) -> bool:
        """Whether its rows are pairs of candidates only: of RewardBench's texts no attributes are known."""
        return self.kind == "pairs" and STRATEGIES[self.strategy].has_margin

    def with_strategy(self, strategy: str) -> "Recipe":
        """Another strategy, and the first format that its rows can have where the present one is another kind's."""
        changed = replace(self, strategy=strategy)
        fitting = formats_of(changed.kind)
        return changed if self.format in fitting else replace(changed, format=fitting[0], text_column="")


def formats_of(kind: Kind, has_columns: bool = True) -> list[str]:
    """The keys of FORMATS that rows of this kind can have, where the source has text columns for a format or has none."""
    return [name for name, form in FORMATS.items() if form.kind == kind and (has_columns or not form.takes_column)]


def from_link(
    parameters: Parameters,
    dataset: str,
    scorer: str,
    chosen: PromptFilter,
    text_columns: Sequence[str] | None = None,
) -> tuple[Recipe, list[str]]:
    """The recipe that a link's parameters ask for, and a sentence for each value that was not understood.

    `text_columns` are the dataset's (`Contents.numbered_texts`); None where they are not known, and so not looked at.
    """
    found: dict[str, Any] = {}
    unknown: list[str] = []
    for name, (parsed, _) in FIELDS.items():
        if values := parameters.get(name):
            text = ",".join(values)
            try:
                found[name] = parsed(text)
            except ValueError as error:
                unknown.append(f"{name} cannot be {text[:80]!r} ({error}); the default is used.")
    recipe = Recipe(dataset, scorer, chosen).with_strategy(found.pop("strategy", Recipe.strategy))
    asked = found.pop("format", recipe.format)
    if asked in formats_of(recipe.kind):
        recipe = replace(recipe, format=asked)
    else:
        fitting = FORMATS[recipe.format].label
        unknown.append(f"The format {FORMATS[asked].label} does not fit these rows; {fitting} is used.")
    recipe, said = _with_text_column(replace(recipe, **found), text_columns)
    unknown += said
    if recipe.balance and recipe.kind == "pairs" and not recipe.can_balance:
        unknown.append(
            "balance is not for pairs with RewardBench's text, whose attributes are not known; it is left out."
        )
        recipe = replace(recipe, balance="")
    if recipe.bad >= recipe.good:
        unknown.append(f"bad, {recipe.bad:g}, must be less than good, {recipe.good:g}; the defaults are used.")
        recipe = replace(recipe, bad=Recipe.bad, good=Recipe.good)
    return recipe, unknown


def _with_text_column(recipe: Recipe, text_columns: Sequence[str] | None) -> tuple[Recipe, list[str]]:
    """The recipe with a text column if and only if its format takes one, and a sentence where that is not as asked."""
    asked = recipe.text_column
    if not FORMATS[recipe.format].takes_column:
        said = f"text_column is not for the format {FORMATS[recipe.format].label}; it is left out."
        return replace(recipe, text_column=""), [said] if asked else []
    if text_columns is None or asked in text_columns:
        return recipe, []
    if not text_columns:
        plain = formats_of(recipe.kind, has_columns=False)[0]
        said = f"The dataset has no numbered columns with formatted texts; {FORMATS[plain].label} is used."
        return replace(recipe, format=plain, text_column=""), [said]
    used = TEMPLATED if TEMPLATED in text_columns else text_columns[0]
    said = f"text_column cannot be {asked[:80]!r} (choose from {', '.join(text_columns)}); {used} is used."
    return replace(recipe, text_column=used), [said] if asked else []


def to_link(recipe: Recipe) -> dict[str, str]:
    """The recipe's non-default fields as URL parameters, without its filter: parameter -> value, '' to take it out."""
    plain = Recipe(recipe.dataset, recipe.scorer).with_strategy(recipe.strategy)
    said = {"strategy": recipe.strategy}
    for name in FIELDS.keys() - said:
        value = getattr(recipe, name)
        said[name] = "" if value == getattr(plain, name) else written(name, value)
    return said


def written(name: str, value: Any) -> str:
    """A field's value as a link has it."""
    return FIELDS[name][1](value)


def to_json(recipe: Recipe) -> str:
    """The recipe as a JSON file: every field by name, the filter as in a link."""
    values = asdict(recipe) | {"filter": to_parameters(recipe.filter), "margin": str(recipe.margin)}
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str, choices: Choices | None = None, text_columns: Sequence[str] | None = None) -> Recipe:
    """The recipe of a JSON file. RecipeError names the field that is missing, unknown, or cannot be understood.

    `choices` and `text_columns` are the dataset's: a filter on something that is not there is an error too, and such a column.
    """
    try:
        values = parse_json(text)
    except ValueError as error:
        raise RecipeError(f"The recipe is not JSON: {error}.") from error
    if not isinstance(values, dict) or not all(isinstance(values.get(name), str) for name in ("dataset", "scorer")):
        raise RecipeError("The recipe must be a JSON object with at least the texts dataset and scorer.")
    names = [field.name for field in fields(Recipe)]
    if foreign := sorted(set(values) - set(names)):
        raise RecipeError(f"{foreign[0]!r} is not a field of a recipe. The fields are {', '.join(names)}.")
    filtered = values.get("filter", {})
    lists = filtered.values() if isinstance(filtered, dict) else [None]
    if not all(isinstance(each, list) and all(isinstance(text, str) for text in each) for each in lists):
        raise RecipeError("The recipe's filter must be an object of lists of texts, as in a link.")
    chosen, unknown = from_parameters(filtered, choices) if choices else (ALL_PROMPTS, [])
    if unknown:
        raise RecipeError(f"The recipe's filter does not fit this dataset. {unknown[0]}")
    given = {name: [_as_text(values[name])] for name in FIELDS if values.get(name) not in (None, "", [])}
    recipe, unknown = from_link(given, values["dataset"], values["scorer"], chosen, text_columns)
    if unknown:
        raise RecipeError(f"The recipe has a value that is not valid: {unknown[0].rpartition(';')[0]}.")
    return recipe


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return {True: "1", False: "0"}[value] if isinstance(value, bool) else str(value)


def _one_of(options: Mapping[str, object]) -> Callable[[str], str]:
    def parsed(text: str) -> str:
        if text not in options:
            raise ValueError(f"choose from {', '.join(options)}")
        return text

    return parsed


def _several_of(options: Mapping[str, object]) -> Callable[[str], tuple[str, ...]]:
    return lambda text: tuple(dict.fromkeys(map(_one_of(options), text.split(","))))


def _number(low: float, high: float, kind: type[int] | type[float] = float) -> Callable[[str], Any]:
    def parsed(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            value = kind(-1) if low >= 0 else math.nan
        if not low <= value <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}")
        return value

    return parsed


def _range(text: str) -> Range:
    try:
        return EVERY if text == str(EVERY) else Range.parsed(text)
    except ValueError as error:
        raise ValueError("must be a range such as 0.5..3") from error


def _plain(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "1" if value else ""
    return repr(value).removesuffix(".0")


def _yes(text: str) -> bool:
    return _one_of({"1": True, "0": False})(text) == "1"


MOST = 1_000_000
# Parameter -> how its text is read, and written.
FIELDS: dict[str, tuple[Callable[[str], Any], Callable[[Any], str]]] = {
    "strategy": (_one_of(STRATEGIES), str),
    "format": (_one_of(FORMATS), str),
    "text_column": (str, str),
    "file": (_one_of(FILES), str),
    "per_prompt": (_number(1, MOST, int), _plain),
    "margin": (_range, str),
    "ratio": (_number(0.01, MOST), _plain),
    "penalty": (_number(0, MOST), _plain),
    "good": (_number(0, 100), _plain),
    "bad": (_number(0, 100), _plain),
    "per_model": (_number(1, MOST, int), _plain),
    "without": (_several_of(WITHOUT), ",".join),
    "repeats": (_yes, _plain),
    "agree": (_yes, _plain),
    "balance": (_one_of(BY_KEY), str),
    "columns": (_several_of(BY_KEY), ",".join),
    "origin": (_yes, _plain),
    "validation": (_number(0, 0.9), _plain),
    "seed": (_number(0, MOST, int), _plain),
}
