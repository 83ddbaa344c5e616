"""A recipe in a link and in a file: what is written is read back, and what is not understood is said."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.questions.filters import EVERY, Choices, PromptFilter, Range
from data_access.training_data.formats import FORMATS
from data_access.training_data.recipes import Recipe, RecipeError, formats_of, from_json, from_link, to_json, to_link
from data_access.training_data.strategies import STRATEGIES, WITHOUT

CHOICES = Choices(section=("Chat",), subset=("math-prm",), model=("ant",))
PLAIN = Recipe("d", "reward")
COLUMNS = ("prompt_response", "rformatted_prompt_response", "text, as told")
few = st.integers(1, 50)


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    strategy = draw(st.sampled_from(list(STRATEGIES)))
    recipe = Recipe("d", "reward").with_strategy(strategy)
    form = draw(st.sampled_from(formats_of(recipe.kind)))
    return replace(
        recipe,
        format=form,
        text_column=draw(st.sampled_from(COLUMNS)) if FORMATS[form].takes_column else "",
        file=draw(st.sampled_from(["jsonl", "parquet"])),
        per_prompt=draw(few),
        margin=draw(st.sampled_from([EVERY, Range(0.5, None), Range(None, 3.0), Range(-1.0, 2.25)])),
        ratio=draw(st.none() | st.sampled_from([0.5, 1.5])),
        penalty=draw(st.sampled_from([0.0, 1.0, 2.5])),
        good=draw(st.sampled_from([80.0, 99.5])),
        per_model=draw(st.none() | few),
        without=draw(st.sampled_from([(), ("cut_off",), tuple(WITHOUT)])),
        repeats=draw(st.booleans()),
        balance=draw(st.sampled_from(["", "bold"])) if recipe.can_balance else "",
        columns=draw(st.sampled_from([(), ("length",), ("offer", "repeats_prompt")])),
        origin=draw(st.booleans()),
        validation=draw(st.sampled_from([0.0, 0.1])),
        seed=draw(st.integers(0, 1_000_000)),
    )


@given(recipes())
def test_a_link_and_a_file_give_the_recipe_back(recipe: Recipe) -> None:
    link = {name: [text] for name, text in to_link(recipe).items() if text}
    assert from_link(link, "d", "reward", PromptFilter()) == (recipe, [])
    assert from_link(link, "d", "reward", PromptFilter(), COLUMNS) == (recipe, [])
    filtered = replace(recipe, filter=PromptFilter(subset=("math-prm",), spread=Range(1.0, None), sort="spread"))
    assert from_json(to_json(filtered), CHOICES, COLUMNS) == filtered


def test_the_plain_recipe_says_nothing_in_a_link_but_its_strategy() -> None:
    assert {name: text for name, text in to_link(PLAIN).items() if text} == {"strategy": "max_near"}


def test_a_strategy_takes_a_format_of_its_rows() -> None:
    assert PLAIN.with_strategy("top").format == "trl_sft"
    assert PLAIN.with_strategy("max_min").format == "trl_dpo"
    assert {FORMATS[name].kind for strategy in STRATEGIES.values() for name in formats_of(strategy.kind)} == {
        "pairs",
        "demonstrations",
        "labels",
        "candidates",
        "prompts",
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("strategy", "magic"),
        ("format", "xml"),
        ("per_prompt", "0"),
        ("per_prompt", "2.5"),
        ("margin", "wide"),
        ("ratio", "-1"),
        ("good", "101"),
        ("validation", "1"),
        ("validation", "nan"),
        ("without", "cut_off,ugly"),
        ("seed", "x"),
        ("agree", "maybe"),
        ("balance", "beauty"),
        ("columns", "bold,beauty"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_said_and_left(name: str, text: str) -> None:
    recipe, unknown = from_link({name: [text]}, "d", "reward", PromptFilter())
    assert recipe == PLAIN
    assert len(unknown) == 1
    assert unknown[0].startswith(f"{name} cannot be {text!r} (")


def test_a_balance_is_not_for_pairs_with_a_text_that_is_no_candidate() -> None:
    for strategy in ("best_rejected", "chosen_worst"):
        recipe, unknown = from_link({"strategy": [strategy], "balance": ["bold"]}, "d", "reward", PromptFilter())
        assert recipe == PLAIN.with_strategy(strategy)
        said = "balance is not for pairs with RewardBench's text, whose attributes are not known; it is left out."
        assert unknown == [said]
    with pytest.raises(RecipeError, match="balance is not for pairs with RewardBench's text"):
        from_json(to_json(replace(PLAIN.with_strategy("best_rejected"), balance="bold")), CHOICES)


def test_a_format_for_other_rows_is_said_and_left() -> None:
    recipe, unknown = from_link({"strategy": ["top"], "format": ["trl_dpo"]}, "d", "reward", PromptFilter())
    assert recipe.format == "trl_sft"
    assert len(unknown) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "The recipe is not JSON"),
        ('{"dataset": "d", "scorer": "reward", "filter": {"q": ["\\ud800"]}}', "is not JSON: it has half a character"),
        ("[]", "must be a JSON object with at least the texts dataset and scorer"),
        ('{"dataset": "d"}', "must be a JSON object with at least"),
        ('{"dataset": "d", "scorer": "reward", "colour": 1}', "'colour' is not a field of a recipe"),
        ('{"dataset": "d", "scorer": "reward", "filter": "x"}', "filter must be an object of lists"),
        ('{"dataset": "d", "scorer": "reward", "filter": {"subset": ["poetry"]}}', "'poetry'"),
        ('{"dataset": "d", "scorer": "reward", "seed": -1}', "seed cannot be '-1'"),
    ],
)
def test_a_file_that_is_no_recipe_says_where(text: str, sentence: str) -> None:
    with pytest.raises(RecipeError) as raised:
        from_json(text, CHOICES)
    assert sentence in str(raised.value)


def test_a_file_needs_to_name_only_what_differs() -> None:
    text = json.dumps({"dataset": "d", "scorer": "reward", "strategy": "top", "per_prompt": 4, "repeats": True})
    assert from_json(text, CHOICES) == replace(PLAIN.with_strategy("top"), per_prompt=4, repeats=True)


def test_a_format_that_takes_a_column_has_one_of_the_datasets() -> None:
    def asked(columns: tuple[str, ...], **parameters: str) -> tuple[str, str, list[str]]:
        link = {name: [text] for name, text in parameters.items()} | {"strategy": ["top"]}
        recipe, unknown = from_link(link, "d", "reward", PromptFilter(), columns)
        return recipe.format, recipe.text_column, unknown

    assert asked(COLUMNS, format="trl_text") == ("trl_text", "rformatted_prompt_response", [])
    assert asked(COLUMNS[2:], format="trl_text") == ("trl_text", "text, as told", [])
    assert asked(COLUMNS, format="trl_text", text_column="prompt_response") == ("trl_text", "prompt_response", [])
    other = "text_column cannot be 'x' (choose from text, as told); text, as told is used."
    assert asked(COLUMNS[2:], format="trl_text", text_column="x") == ("trl_text", "text, as told", [other])
    none = (
        "The dataset has no numbered columns with formatted texts; TRL SFT, OpenRLHF, LLaMA-Factory, axolotl is used."
    )
    assert asked((), format="trl_text", text_column="x") == ("trl_sft", "", [none])
    left = "text_column is not for the format TRL SFT, OpenRLHF, LLaMA-Factory, axolotl; it is left out."
    assert asked(COLUMNS, text_column="prompt_response") == ("trl_sft", "", [left])
    with pytest.raises(RecipeError, match="The dataset has no numbered columns with formatted texts"):
        from_json(to_json(replace(PLAIN.with_strategy("top"), format="trl_text", text_column="x")), CHOICES, ())
