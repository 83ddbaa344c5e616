"""Checks that read every text: which texts are the same when normalised, and which formatted texts lack their response."""

import unicodedata
from collections.abc import Callable

import pyarrow as pa
import pytest

from data_access.dataset import Dataset
from data_access.questions import text_checks
from tests.data_access.questions.test_checks import row

Open = Callable[..., Dataset]
ONE_EACH = {"prompt": ["?"] * 3, "response_1": ["a", "b", "c"], "reward_1": [1.0] * 3}
ALIKE = [
    ["a b, c.", "a  b, c.", "a\nb, c.\n", "ab, c.", "a c, b."],  # three texts are one
    ["caf\u00e9.", "cafe\u0301.", "cafe."],  # composed and decomposed
    ["x < y", "<s>x < y</s>", "x < y<|im_end|>", "x < y <eos>"],
    *[[f"a{space}b", "a b"] for space in ("\t", "\r\n", "\u00a0", "\u3000", "\u2009", "\u2028", "\x0c")],
    ["a b", "a b", "", " "],  # the very same, and what is no text
    ["a b", "c d"],
]


def test_texts_that_are_the_same_when_normalised_are_found_and_counted_once_each(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = opened([row(*[(text, 1.0) for text in texts]) for texts in ALIKE])
    for texts_at_once in (1, 25_000):
        monkeypatch.setattr(text_checks, "TEXTS_AT_ONCE", texts_at_once)
        told: list[float] = []
        check = text_checks.normalised_duplicates(dataset, told.append)
        assert check.figure.startswith("22 different texts, in 10 prompts, are the same as another once normalised")
        assert told[0] == 0
    assert len(told) == 1


def test_no_mark_by_which_texts_are_compared_is_changed_by_unicodes_normal_form() -> None:
    marks = set(".,:-(")
    for number in range(0x110000):
        character = chr(number)
        composed = {*unicodedata.normalize("NFC", character), *unicodedata.normalize("NFC", f".{character}")}
        assert composed & marks == {character, "."} & marks


def test_formatted_texts_that_lack_their_response_are_counted_where_both_are_there(opened: Open) -> None:
    more = {
        "response_2": ["a", None, "c"],
        "prompt_response_1": ["? a", "? b", None],
        "rformatted_prompt_response_1": ["[a]", "[other]", "[c]"],
        "rformatted_prompt_response_2": ["[a]", "[b]", "[C]"],
        "prompt_response_3": ["no", "such", "response"],
        "old_prompt_response_1": ["not", "ours", "at all"],
    }
    check = text_checks.formatted_without_response(opened(pa.table(ONE_EACH | more)), lambda done: None)
    assert check
    assert check.figure == "2 of 7 formatted texts do not contain their response: their rewards are for another text."


def test_formatted_texts_of_no_response_are_not_checked(opened: Open) -> None:
    table = pa.table(ONE_EACH | {"prompt_response_2": ["a", "b", "c"]})
    assert text_checks.formatted_without_response(opened(table), lambda done: None) is None


def test_formatted_texts_are_read_in_blocks_of_columns_to_the_last(opened: Open) -> None:
    numbered = {f"{kind}response_{n}": [f"{n}"] for n in range(1, 31) for kind in ("", "prompt_")}
    table = pa.table({"prompt": ["?"], "reward_1": [1.0]} | numbered | {"prompt_response_30": ["other"]})
    seen: list[float] = []
    check = text_checks.formatted_without_response(opened(table), seen.append)
    assert check
    assert check.figure == "1 of 30 formatted texts does not contain its response: its reward is for another text."
    assert seen == [0, 25 / 30]
