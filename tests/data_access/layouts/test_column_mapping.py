"""A mapping as a TOML file: what it says comes back, and what is wrong with it is a sentence with the file and the key."""

import pytest

from data_access.errors import LayoutError
from data_access.layouts.column_mapping import ColumnMapping, from_json, from_toml, to_toml


def test_what_a_mapping_says_comes_back_from_its_toml() -> None:
    mapping = ColumnMapping(
        layout="pairs", prompt='the "question"\\\n', model="", rewards=("a.b", "ü{i}"), origin="x.toml"
    )
    assert to_toml(mapping) == (
        'layout = "pairs"\nprompt = "the \\"question\\"\\\\\\n"\nmodel = ""\nrewards = ["a.b", "ü{i}"]\n'
    )
    assert from_toml(to_toml(mapping), "x.toml") == mapping


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            'promt = "p"',
            "x.toml: there is no setting promt. The settings are layout, prompt, candidates, response, model, ",
        ),
        ("prompt = 3", 'x.toml: prompt must be one name in quotes, such as prompt = "prompt".'),
        ('rewards = "score"', 'x.toml: rewards must be a list of column names, such as rewards = ["score"].'),
        ("rewards = [1]", 'x.toml: rewards must be a list of column names, such as rewards = ["score"].'),
        ('aggregate = "mean"', "x.toml: aggregate must be one of last, min, prod, not mean."),
        ("prompt = ", "x.toml is not valid TOML: Invalid value (at end of document). Correct it, or remove it."),
    ],
)
def test_what_is_wrong_with_a_toml_file_is_said(text: str, sentence: str) -> None:
    with pytest.raises(LayoutError) as raised:
        from_toml(text, "x.toml")
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize(
    "text", ['{"prompt": "\\ud800"}', '{"rewards": ["a", "\\udfff"]}', '{"\\ud800": ""}', "[" * 100_000]
)
def test_json_that_no_page_can_show_says_nothing_of_the_columns(text: str) -> None:
    with pytest.raises(LayoutError) as raised:
        from_json(text, "This link")
    assert str(raised.value) == "This link: the column mapping is not a JSON object."


def test_both_halves_of_a_character_in_json_are_one() -> None:
    assert from_json('{"prompt": "\\ud83d\\ude00"}', "This link") == ColumnMapping(prompt="😀", origin="This link")
