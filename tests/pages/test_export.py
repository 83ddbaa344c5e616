"""Export: what a recipe gives is shown before it is made, the link holds the recipe, and a file brings it back."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access.judgements.answers import save_answer
from data_access.judgements.people import Person
from data_access.judgements.store import open_store
from data_access.questions.filters import PromptFilter
from data_access.training_data.formats import FORMATS
from data_access.training_data.recipes import Recipe, to_json
from data_access.training_data.strategies import STRATEGIES
from pages.components.state import judgement_store
from tests.pages.conftest import said

Visit = Callable[..., AppTest]


def given(at: AppTest) -> list[int]:
    """Prompts in, prompts with rows, rows out, validation rows."""
    (line,) = re.findall(
        r"([\d,]+) prompts? in → ([\d,]+) with rows → ([\d,]+) rows? out\D+([\d,]+) validation", said(at)
    )
    return [int(number.replace(",", "")) for number in line]


@pytest.mark.parametrize("strategy", [name for name, strategy in STRATEGIES.items() if not strategy.by_people])
def test_each_strategy_shows_what_it_gives(visit: Visit, strategy: str) -> None:
    at = visit("export.py", data="sample", strategy=strategy)
    assert not at.exception
    assert given(at)[2] > 0
    assert "evaluation data" in said(at)
    assert "Row 1" in said(at)


def test_pairs_that_people_chose_are_offered_where_there_are_some(visit: Visit, judgements_file: Path) -> None:
    judgement_store._kept.clear()
    judgement_store._failures.clear()
    label = STRATEGIES["people"].label
    assert label not in at_strategy(visit("export.py"))
    store = open_store(str(judgements_file))
    save_answer(store, "Name a prime.", "Two.", "Three.", Person("Ann"), "set", "right", 0, "tiny")
    save_answer(
        store, "Name a colour.", "Red.", "Sky blue, like a clear morning.", Person("Ann"), "set", "both bad", 0, "tiny"
    )
    at = visit("export.py")
    assert label in at_strategy(at)
    at.selectbox(key="recipe_strategy").set_value("people").run()
    assert not at.exception
    assert given(at) == [3, 1, 1, 0]
    words = said(at)
    assert "1 pair on which people tie" in words
    assert "&quot;chosen&quot;: &quot;Three.&quot;" in words
    save_answer(store, "Name a prime.", "Two.", "Three.", Person("Bo"), "set", "left", 0, "tiny")
    at.run()
    assert "No rows left." in said(at)


def at_strategy(at: AppTest) -> list[str]:
    return list(at.selectbox(key="recipe_strategy").options)


def test_the_yield_counts_what_is_left_out_by_reason(visit: Visit) -> None:
    at = visit("export.py", strategy="max_min")
    # Of the three prompts one has a single candidate, without a text; one of the six scored repeats “Two.”
    assert given(at) == [3, 2, 2, 0]
    words = said(at)
    for sentence in ("1 candidate without a reward", "1 candidate without a text", "1 candidate that repeats a text"):
        assert sentence in words
    assert "mean reward taken for 1 text scored unequally" in words
    assert "mean reward" not in said(visit("export.py", strategy="max_min", repeats="1"))


@pytest.mark.parametrize(
    ("key", "value", "parameter", "text"),
    [
        ("recipe_strategy", "top", "strategy", "top"),
        ("recipe_format", "trl_reward", "format", "trl_reward"),
        ("recipe_file", "parquet", "file", "parquet"),
        ("recipe_per_prompt", 2, "per_prompt", "2"),
        ("recipe_margin_at least", 1.5, "margin", "1.5.."),
        ("recipe_ratio", 1.5, "ratio", "1.5"),
        ("recipe_per_model", 3, "per_model", "3"),
        ("recipe_without", ["refusal", "offer"], "without", "refusal,offer"),
        ("recipe_validation", 0.25, "validation", "0.25"),
        ("recipe_seed", 5, "seed", "5"),
        ("recipe_repeats", True, "repeats", "1"),
        ("recipe_origin", True, "origin", "1"),
        ("recipe_balance", "bold", "balance", "bold"),
    ],
)
def test_each_control_is_in_the_link(visit: Visit, key: str, value: object, parameter: str, text: str) -> None:
    at = visit("export.py")
    kinds = ("selectbox", "number_input", "multiselect", "toggle", "button_group")
    (widget,) = [widget for kind in kinds for widget in at.get(kind) if widget.key == key]
    widget.set_value(value).run()
    assert not at.exception
    assert at.query_params[parameter] in (text, [text])


def test_a_filter_narrows_what_is_exported(visit: Visit) -> None:
    at = visit("export.py", subset="math-prm")
    assert "1 of 3 prompts" in said(at)
    assert given(at)[2] == 1


def test_texts_as_the_dataset_formats_them_are_offered_where_it_has_them(visit: Visit) -> None:
    def box(at: AppTest, key: str) -> Any:
        return next((one for one in at.selectbox if one.key == key), None)

    text = FORMATS["trl_text"].label
    assert text not in box(visit("export.py", strategy="top"), "recipe_format").options
    at = visit("export.py", data="sample", strategy="top")
    assert text in box(at, "recipe_format").options
    assert box(at, "recipe_text_column") is None
    box(at, "recipe_format").set_value("trl_text").run()
    assert not at.exception
    assert "The texts carry a chat template already" in said(at)
    assert "[INST] " in said(at)
    box(at, "recipe_text_column").set_value("prompt_response").run()
    assert at.query_params["text_column"] in ("prompt_response", ["prompt_response"])
    assert "no marker is known of where the assistant begins" in said(at)
    box(at, "recipe_format").set_value("trl_sft").run()
    assert "text_column" not in at.query_params
    assert "text_column" not in said(at)
    assert box(at, "recipe_text_column") is None


def test_a_balance_is_offered_where_both_sides_are_candidates(visit: Visit) -> None:
    at = visit("export.py", data="sample", strategy="max_min", balance="length")
    assert "pairs that would unbalance chosen and rejected" in said(at)
    at.selectbox(key="recipe_strategy").set_value("best_rejected").run()
    assert not at.exception
    assert "balance" not in at.query_params
    assert "recipe_balance" not in [box.key for box in at.selectbox]
    assert "balance is not for pairs" not in said(at)
    assert "balance is not for pairs" in said(visit("export.py", strategy="best_rejected", balance="length"))


def test_a_table_of_candidates_has_attributes_as_columns(visit: Visit) -> None:
    at = visit("export.py", strategy="candidates")
    assert "attribute_" not in said(at)
    at.multiselect(key="recipe_columns").set_value(["bold", "offer"]).run()
    assert not at.exception
    assert at.query_params["columns"] in ("bold,offer", ["bold,offer"])
    assert "attribute_bold&quot;: 0.0" in said(at)
    assert "attribute_offer&quot;: false" in said(at)
    assert "columns cannot be 'beauty'" in said(visit("export.py", strategy="candidates", columns="beauty"))
    assert "recipe_columns" not in [box.key for box in visit("export.py", strategy="prompts").multiselect]


def test_nothing_left_says_what_to_change(visit: Visit) -> None:
    at = visit("export.py", margin="100..")
    assert at.info[0].value == "No rows left. Widen the filter or the limits."
    assert "2 rows below the least margin" in said(at)


def test_what_a_link_asks_for_in_vain_is_said(visit: Visit) -> None:
    words = said(visit("export.py", strategy="magic", seed="x"))
    assert "strategy cannot be 'magic'" in words
    assert "seed cannot be 'x'" in words


def test_a_recipes_file_brings_strategy_and_filter_back(visit: Visit) -> None:
    at = visit("export.py", section="Chat")
    recipe = replace(Recipe("tiny", "reward", PromptFilter(subset=("math-prm",))).with_strategy("top"), per_prompt=2)
    at.get("file_uploader")[0].set_value(("recipe.json", to_json(recipe).encode(), "application/json")).run()
    assert not at.exception
    expected = {"strategy": "top", "per_prompt": "2", "subset": "math-prm", "scorer": "reward"}
    assert dict(at.query_params) == expected  # and no section any more
    at.get("file_uploader")[0].set_value(("recipe.json", b'{"dataset": 1}', "application/json")).run()
    assert "This recipe cannot be loaded." in [error.value for error in at.error]


def test_the_files_are_made_once_and_then_offered(visit: Visit, tiny: Path) -> None:
    at = visit("export.py", strategy="max_min", origin="1")
    at.button(key="make").click().run()
    assert not at.exception
    (link,) = at.get("link_button")
    assert link.proto.label.startswith("Download 2 rows")
    key = link.proto.url.removeprefix("download/")
    assert (tiny.parent / "cache" / "exports" / f"{key}.zip").is_file()
    again = visit("export.py", strategy="max_min", origin="1")
    assert again.get("link_button")[0].proto.url == link.proto.url
