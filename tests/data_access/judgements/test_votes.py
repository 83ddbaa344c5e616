"""Of each person their last answer to a pair, and what most of them prefer."""

import pytest

from data_access.judgements.answers import Answer
from data_access.judgements.people import Person
from data_access.judgements.votes import Pair, by_pair, preferred


def answered(
    person: str, answer: str, at: str, drawn: str = "set", second: str = "b", signed_in: bool = False
) -> Answer:
    return Answer("p", "a", second, Person(person, signed_in), drawn, 1, "first", answer, "data", at)


@pytest.mark.parametrize(
    ("said", "most"),
    [
        ([], ""),
        (["first"], "first"),
        (["second", "first", "second"], "second"),
        (["first", "second"], ""),
        (["first", "both good"], ""),
        (["first", "first", "both good", "both bad"], ""),
        (["first", "first", "both good"], "first"),
        (["both bad"], ""),
        (["first", "first", "second", "both good", "both bad"], ""),
    ],
)
def test_a_text_is_preferred_where_more_say_so_than_say_the_other_or_that_neither_is(
    said: list[str], most: str
) -> None:
    assert preferred(said) == most
    swapped = {"first": "second", "second": "first"}
    assert preferred([swapped.get(one, one) for one in said]) == swapped.get(most, "")


def test_of_a_person_the_last_answer_to_a_pair_counts_in_whatever_set_and_a_skip_is_none() -> None:
    found = by_pair(
        [
            answered("Ann", "second", "2", drawn="other"),
            answered("Ann", "first", "1"),
            answered("Ann", "skip", "3"),
            answered("Bo", "skip", "4"),
            answered("Ann", "both bad", "5", signed_in=True),
            answered("Cy", "first", "0"),
            answered("Ann", "first", "6", second="c"),
        ]
    )
    assert {pair: [(one.person.name, one.answer) for one in some] for pair, some in found.items()} == {
        Pair("p", "a", "b"): [("Cy", "first"), ("Ann", "second"), ("Ann", "both bad")],
        Pair("p", "a", "c"): [("Ann", "first")],
    }
