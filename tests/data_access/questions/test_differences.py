"""Word-level differences: small texts by hand, any texts by what must hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.questions import differences as module
from data_access.questions.differences import Piece, are_near, differences

texts = st.text() | st.lists(
    st.sampled_from(["a", "b", "the", " ", "  ", "\n", ",", ".", "Ä", "é", "e\u0301", "😀"])
).map("".join)


def both(text: str) -> Piece:
    return Piece(text, is_common=True)


def only(text: str) -> Piece:
    return Piece(text, is_common=False)


def longest_common_tokens(first: list[str], second: list[str]) -> int:
    """The length of the longest common subsequence, by its recurrence."""
    row = [0] * (len(second) + 1)
    for token in first:
        above = row[:]
        for at, other in enumerate(second):
            row[at + 1] = above[at] + 1 if token == other else max(above[at + 1], row[at])
    return row[-1]


@given(texts, texts)
def test_the_pieces_of_each_side_put_together_are_its_text(first: str, second: str) -> None:
    in_first, in_second = differences(first, second)
    assert "".join(piece.text for piece in in_first) == first
    assert "".join(piece.text for piece in in_second) == second
    assert all(piece.text for piece in in_first + in_second)


@given(texts, texts)
def test_both_sides_have_the_same_common_pieces_as_much_as_can_be(first: str, second: str) -> None:
    in_first, in_second = differences(first, second)
    common = [piece.text for piece in in_first if piece.is_common]
    assert common == [piece.text for piece in in_second if piece.is_common]
    a, b = module.TOKEN.findall(first), module.TOKEN.findall(second)
    assert sum(len(module.TOKEN.findall(text)) for text in common) == longest_common_tokens(a, b)


@given(texts)
def test_a_text_has_no_difference_to_itself(text: str) -> None:
    whole = [both(text)] if text else []
    assert differences(text, text) == (whole, whole)


def test_a_changed_word_is_all_that_differs() -> None:
    assert differences("The red fox.", "The brown fox.") == (
        [both("The "), only("red"), both(" fox.")],
        [both("The "), only("brown"), both(" fox.")],
    )


def test_an_added_word_is_on_one_side_only() -> None:
    assert differences("Yes.", "Yes, sir.") == (
        [both("Yes"), both(".")],
        [both("Yes"), only(", sir"), both(".")],
    )


def test_words_are_compared_whole_and_white_space_and_marks_apart() -> None:
    assert differences("cats", "cat") == ([only("cats")], [only("cat")])
    assert differences("a b", "a  b") == (
        [both("a"), only(" "), both("b")],
        [both("a"), only("  "), both("b")],
    )
    assert differences("ok!", "ok!!") == ([both("ok!")], [both("ok!"), only("!")])


def test_nothing_in_common_and_nothing_at_all() -> None:
    assert differences("one", "2") == ([only("one")], [only("2")])
    assert differences("", "new words") == ([], [only("new words")])
    assert differences("", "") == ([], [])


def test_long_texts_are_compared_by_line() -> None:
    lines = [f"line {number} of many\n" for number in range(module.TIME_BOUND_TOKENS // 8)]
    changed = lines.copy()
    changed[2] = "line 2 of some\n"
    before, after = "".join(lines[:2]), "".join(lines[3:])
    assert differences("".join(lines), "".join(changed)) == (
        [both(before), only("line 2 of many\n"), both(after)],
        [both(before), only("line 2 of some\n"), both(after)],
    )


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        ("a b c d e", "a b c x y", True),  # 2 × 3 of 10 words: as many as it takes
        ("a b c d", "a b x y", False),  # 2 × 2 of 8
        ("a b c", "a b c d e f g", True),  # 2 × 3 of 10: a text and its longer version
        ("a b c", "a b c d e f g h", False),  # 2 × 3 of 11
        ("a b c d e", "e d c b a", False),  # the same words, of which one is in order
        ("a b c d e", "x a b c d e", True),
        ("one two", "onetwo", False),
        ("one  two\n", " one two", True),  # the same words between other white space
        ("same", "same", False),  # there is nothing to see
        ("", "", False),
        ("", "a", False),
    ],
)
def test_texts_are_near_that_share_three_fifths_of_their_words_in_order(first: str, second: str, near: bool) -> None:
    assert are_near(first, second) is near
    assert are_near(second, first) is near


def test_of_very_long_texts_the_beginnings_tell_whether_they_are_near() -> None:
    beginning = "a " * module.NEAR_WORDS
    assert are_near(beginning + "b " * 100_000, beginning + "c " * 100_000)
    assert not are_near("b " + beginning, "c " * module.NEAR_WORDS + beginning)


def test_whether_texts_are_near_is_known_in_no_time_however_long_they_are() -> None:
    first = " ".join(str(number % 997) for number in range(400_000))
    second = " ".join(str(number % 991) for number in range(400_000))
    compared = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module.Indel, "similarity", lambda a, b, **_: compared.append((len(a), len(b))) or 0)
        assert not are_near(first, second)
    assert compared == [(module.NEAR_WORDS, module.NEAR_WORDS)]
