"""The kind of a change and how it is said, by pairs of texts written by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.derived.changes import CHANGES, LONGEST, change

TEXT = "The answer is short.\nIt has two lines, of which this is one."
LISTED = "Take these:\n- a pan\n- some oil"
PAIRS = [
    (TEXT, f"## Answer\n\n{TEXT}", "heading", "+ ## Answer"),
    ("Answer\n" + TEXT, "## Answer\n" + TEXT, "heading", "+ ##"),
    (TEXT, TEXT.replace("two", "**two**"), "bold", "+ ** · + **"),
    (TEXT, "# " + TEXT.replace("two", "**two**"), "bold", "+ # · + ** · + **"),
    ("Take these:\na pan\nsome oil", LISTED, "list", "+ - · + -"),
    ("Take these:\na pan\nsome oil", "Take these:\n1. a pan\n2. some oil", "list", "+ 1. · + 2."),
    (LISTED, LISTED + "\n- two eggs", "list", "+ - two eggs"),
    (TEXT, TEXT + " And that is all.", "added", "+ And that is all."),
    (TEXT, TEXT.replace("short", "very short"), "added", "+ very"),
    ("这里有一个很短的回答", "这里有一个非常很短的回答", "added", "+ 非常"),
    (TEXT, TEXT + " 😊", "added", "+ 😊"),
]
WITHOUT_DIRECTION = [
    ("There are 12 of them.", "There are 1,300.5 of them.", "number", "12 → 1,300.5"),
    ("Meat and rice come first.", "Rice and meat come first.", "order", "Meat → Rice · rice → meat"),
    (TEXT, TEXT.replace("\n", "\n\n"), "spacing", "⏎ → ⏎⏎"),
    (TEXT, TEXT.replace("The", "the").replace(",", ";"), "spacing", "The → the · , → ;"),
    (TEXT, TEXT + "\u200b", "spacing", "+ U+200B"),
    ("1. one\n2. two", "1) one\n2) two", "spacing", ". → ) · . → )"),
    ("**one** of two", "`one` of **two**", "bold", None),
    ("# one\ntwo of **two**", "one\ntwo **of** **two**", "spacing", None),
    (TEXT, TEXT.replace("short", "very long"), "replaced", "short → very long"),
    ("It is 2 + 2 here.", "It is 2 = 2 here.", "replaced", "+ → ="),
    ("नमस्ते दुनिया कि", "नमस्ते दुनिया की", "replaced", None),
]


@pytest.mark.parametrize(("without", "with_more", "key", "what"), PAIRS)
def test_a_change_with_a_direction_goes_from_the_text_without_to_the_text_with_it(
    without: str, with_more: str, key: str, what: str
) -> None:
    assert change(without, with_more) == (key, False, what)
    assert change(with_more, without) == (key, True, what)


@pytest.mark.parametrize(("first", "second", "key", "what"), WITHOUT_DIRECTION)
def test_other_changes_go_from_the_shorter_text_to_the_longer(
    first: str, second: str, key: str, what: str | None
) -> None:
    found = change(first, second)
    assert found.key == key
    if what:
        assert found.what == what
    if len(first) != len(second):
        assert change(second, first)[:2] == (key, not found.is_turned)


def test_what_was_added_counts_and_not_which_text_is_longer() -> None:
    assert change("one            two", "one two three") == ("added", False, "+ three")


def test_what_changed_is_one_short_line_without_control_characters() -> None:
    found = change(TEXT, f"{TEXT}\n\x1b[31mred\u202e\nand " + "more " * 100)
    assert len(found.what) == LONGEST
    assert found.what.startswith("+ [31mred ⏎ and more more")
    assert found.what.endswith("…")


def test_texts_of_very_many_words_are_compared_by_line() -> None:
    lines = [f"line {number} has a few words" for number in range(8_000)]
    assert change("\n".join(lines), "\n".join([*lines[:4_000], "one more", *lines[4_000:]])).what == "+ one more"


words = st.lists(st.sampled_from(["one", "Two", "3", "##", "\n", "- ", "**", " ", ",", "字", "\t"]), max_size=8).map(
    "".join
)


@given(words, words)
def test_any_two_texts_have_a_kind_and_the_same_one_the_other_way_round(first: str, second: str) -> None:
    if first == second:
        return
    found, back = change(first, second), change(second, first)
    assert found.key in [kind.key for kind in CHANGES]
    assert found.key == back.key
    assert 0 < len(found.what) <= LONGEST
    assert "\n" not in found.what
    if len(first) != len(second):
        assert (found.is_turned, found.what) == (not back.is_turned, back.what)
