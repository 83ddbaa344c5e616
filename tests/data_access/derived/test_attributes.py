"""Attributes of texts, each by texts whose value one can count by hand."""

from collections.abc import Callable

import pandas as pd
import pytest

from data_access import database
from data_access.dataset import Dataset
from data_access.derived.attributes import ATTRIBUTES, CAN_HAVE, COLUMNS, attributes

ASKED = "Which planet has the largest mountain, and how large is it?"
# The text -> some of its attributes. Where a line says nothing of an attribute, nothing is asserted.
TEXTS: dict[str, dict[str, float]] = {
    "Mars.": {"length": 5, "sentence_length": 1, "word_variety": 1, "list_items": 0, "repeats_prompt": 0, "numbers": 0},
    "Mars has the largest mountain. It is large, large.": {"sentence_length": 4.5, "word_variety": 8 / 9},
    # The prompt's words of four letters or more: which, planet, largest, mountain, large.
    "The largest mountain, a large one": {"repeats_prompt": 3 / 5, "questions": 0},
    "- one\n- two\n\n1. three\n 2) four\n-five": {"list_items": 4, "numbers": 2},
    "# Title\n\n## Part\n#tag": {"headers": 2},
    "**Olympus** and **Mons**": {"bold": 2, "length": 24},
    "```py\nx = 1\n```\n```\ny\n```": {"code": 2},
    "| a | b |\n|---|---|\n| 1 | 2 |\na | b": {"table_rows": 3},
    "Look: https://a.org, http://b.org and www.c.org; a://b is none": {"links": 3},
    "High! 🚀 Higher!!": {"emoji": 1, "exclamations": 3},
    "High (c) → 21.9 km": {"emoji": 0, "numbers": 2, "exclamations": 0},
    "It is $h = 22$ km, or \\(h\\).": {"maths": 1},
    "It costs $5, or $10.": {"maths": 0, "numbers": 2},
    "Why? How? Who knows.": {"questions": 2, "sentence_length": 4 / 3},
    "I think my view, as I said, is mine; IV is not me.": {"first_person": 5, "hedges": 1},
    "It might be Mars, maybe; it seems to be likely.": {"hedges": 4},
    "The almighty is unlikely": {"hedges": 0},
    "I'm sorry, I cannot say.": {"apology": 1, "refusal": 1},
    "A sorry sight. We apologise.": {"apology": 1, "refusal": 0},
    "A story of glory.": {"apology": 0},
    "Sure! It is Mars.": {"courtesy": 1},
    "That's a great question. Mars.": {"courtesy": 1},
    "Great question, it is Mars.": {"courtesy": 1},
    "Surely it is Mars.": {"courtesy": 0},
    "Mars. Let me know if you want more!": {"offer": 1, "exclamations": 1},
    "Let me know. " + "Mars is red. " * 20: {"offer": 0},
    "I hope this helps": {"offer": 1},
    "La montaña más alta está en Marte, que es el planeta de la que se habla en los libros.": {"other_language": 1},
    "Das ist der Berg auf dem Mars, und er ist mit Abstand nicht zu klein.": {"other_language": 1},
    "Гора Олимп на Марсе самая высокая.": {"other_language": 1},
    "火星上的奥林帕斯山是最高的。": {"other_language": 1},
    "It is the mountain on Mars, that is, the one with the name of the home of the gods.": {"other_language": 0},
    "x = [i for i in range(3)]": {"other_language": 0},
    "This is the longest line of them all and it stops right in the midd": {"cut_off": 1},
    "It is done.": {"cut_off": 0},
    "你好": {"length": 2, "word_variety": 1, "sentence_length": 1},
    "?!": {"word_variety": 1, "sentence_length": 0, "repeats_prompt": 0},
}


@pytest.fixture
def measured(opened: Callable[..., Dataset]) -> dict[str, dict[str, float]]:
    """Text -> its attributes."""
    texts = [*TEXTS, None, " "]
    dataset = opened([{"prompt": ASKED, "candidates": [("m", text, 1.0) for text in texts]}])
    attributes(dataset)
    rows = dataset.connection.cursor().execute("FROM attributes ORDER BY candidate").df()
    assert rows["candidate"].tolist() == list(range(1, len(TEXTS) + 1))  # those without a text have none
    return dict(zip(TEXTS, rows.to_dict("records"), strict=True))


def test_each_attribute_is_what_one_counts_by_hand(measured: dict[str, dict[str, float]]) -> None:
    found = {text: {key: float(measured[text][key]) for key in expected} for text, expected in TEXTS.items()}
    assert found == {
        text: {key: pytest.approx(value, rel=1e-6) for key, value in expected.items()}
        for text, expected in TEXTS.items()
    }


def test_every_attribute_is_counted_in_some_of_these_texts() -> None:
    assert {attribute.key for attribute in ATTRIBUTES} == {key for expected in TEXTS.values() for key in expected}


def test_the_relation_has_a_column_an_attribute_with_the_types_that_are_said(opened: Callable[..., Dataset]) -> None:
    dataset = opened([{"prompt": ASKED, "candidates": [("m", "Mars.", 1.0)]}])
    attributes(dataset)
    assert database.columns_of(dataset, "attributes") == COLUMNS
    keys = [attribute.key for attribute in ATTRIBUTES]
    assert len(set(keys)) == len(keys) == 23
    assert not {"length", "sentence_length", "word_variety", "repeats_prompt"} & {one.key for one in CAN_HAVE}


def test_a_prompt_without_words_or_text_repeats_nothing_and_has_no_language(opened: Callable[..., Dataset]) -> None:
    texts = ["Das ist der Berg auf dem Mars, und er ist mit Abstand nicht zu klein."]
    dataset = opened(
        [{"prompt": asked, "candidates": [("m", text, 1.0) for text in texts]} for asked in (None, "?", "你好")]
    )
    attributes(dataset)
    rows = dataset.connection.cursor().execute("FROM attributes").df()
    pd.testing.assert_series_equal(
        rows["repeats_prompt"], pd.Series([0.0] * 3, name="repeats_prompt"), check_dtype=False
    )
    assert rows["other_language"].tolist() == [False, False, True]
