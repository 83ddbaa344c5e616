"""Text search over two files: words in one text, regular expressions, and what goes wrong with them."""

import random
import string
from collections.abc import Callable

import pytest

from data_access import database
from data_access.dataset import Dataset
from data_access.errors import QueryError, QueryTimeoutError
from data_access.questions import search

FIRST_FILE = [
    {"prompt": "Add 1+1.", "candidates": [("ant", "The sum is 2 (two).", 1.0), ("bee", "I say: three", 0.0)]},
    {"prompt": "Name a colour", "candidates": [("ant", "Red, as in café", 1.0), ("bee", "snow_white 100% [sic]", 0.0)]},
]
SECOND_FILE = [
    {
        "prompt": "Is C++ hard?",
        "candidates": [("ant", "Yes, very.", 1.0), ("bee", "No; the SUM of its parts is fine", 0.0)],
    }
]
Open = Callable[..., Dataset]


def found(dataset: Dataset, *texts: str, where: str = "both", regex: bool = False) -> dict[str, list[int]]:
    return {text: search.found_prompts(dataset, text, where, regex) for text in texts}


def test_words_are_found_in_any_case_and_order_where_one_text_has_them_all(opened: Open) -> None:
    expected = {
        "sum": [1, 3],
        "  SUM ": [1, 3],
        "is sum": [1, 3],
        "hard is": [3],
        "CAFÉ red": [2],
        "add three": [],  # one in the prompt, one in a response
        "red white": [],  # in two responses
        "su is": [1, 3],  # parts of words count
        "fine the sum of parts its no": [3],
        "fine the sum of parts its two": [],
    }
    assert found(opened(FIRST_FILE, SECOND_FILE), *expected) == expected


def test_words_are_looked_for_where_they_are_wanted(opened: Open) -> None:
    dataset = opened(FIRST_FILE, SECOND_FILE)
    assert [search.found_prompts(dataset, "is", where, False) for where in ("prompt", "responses", "both")] == [
        [3],
        [1, 3],
        [1, 3],
    ]
    assert [search.found_prompts(dataset, "^[AI]", where, True) for where in ("prompt", "responses", "both")] == [
        [1, 3],
        [1],
        [1, 3],
    ]


def test_special_characters_in_words_are_taken_literally(opened: Open) -> None:
    expected = {
        "1+1.": [1],
        "(two)": [1],
        "c++": [3],
        "[sic] 100%": [2],
        "w_w": [2],
        "n.": [],
        ".*": [],
        "a|b": [],
        "\\d": [],
    }
    assert found(opened(FIRST_FILE, SECOND_FILE), *expected) == expected


def test_each_punctuation_mark_finds_itself_and_nothing_else(opened: Open) -> None:
    dataset = opened([{"prompt": f"x{mark}y", "candidates": [("ant", "x y", 1.0)]} for mark in string.punctuation])
    expected = {mark: [number] for number, mark in enumerate(string.punctuation, start=1)}
    assert found(dataset, *expected) == expected


def test_a_regular_expression_is_taken_as_it_is(opened: Open) -> None:
    expected = {
        "sum": [1],
        "(?i)sum": [1, 3],
        r"^Yes": [3],
        r"\d%": [2],
        r"two|very": [1, 3],
        r"is\s+(2|fine)": [1, 3],
        r"\bin\b": [2],
        "say: three|1\\+1": [1],
    }
    assert found(opened(FIRST_FILE, SECOND_FILE), *expected, regex=True) == expected


def test_the_search_goes_through_the_files_and_says_how_far_it_is(opened: Open) -> None:
    done: list[float] = []
    dataset = opened(FIRST_FILE, SECOND_FILE)
    assert search.found_prompts(dataset, "sum", "both", False, done.append) == [1, 3]
    assert done == [2 / 3, 1.0]


def test_a_search_gives_what_it_has_found_and_goes_on_where_it_was_left(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = opened(FIRST_FILE, SECOND_FILE)
    so_far = [*search.searched(dataset, "sum", "both", False)]
    assert so_far == [([1], 2), ([1, 3], 3)]
    assert [*search.searched(dataset, "sum", "both", False, so_far[0])] == [([1, 3], 3)]
    assert [*search.searched(dataset, "sum", "both", False, so_far[1])] == []
    monkeypatch.setattr(search, "CANDIDATES_AT_ONCE", 2)
    assert [*search.searched(dataset, "sum", "both", False)] == [([1], 1), ([1], 2), ([1, 3], 3)]


def test_a_long_text_is_looked_for_in_few_queries(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pasted page has hundreds of words: one query for each four of them, until no text is left that has all so far."""
    original, asked = search.read, []

    def noted(dataset: Dataset, query: str, *rest: object, **parameters: object) -> object:
        asked.append(query)
        return original(dataset, query, *rest, **parameters)

    monkeypatch.setattr(search, "read", noted)
    dataset = opened(FIRST_FILE)
    assert search.found_prompts(dataset, "the sum is 2 (two)", "both", False) == [1]
    assert len(asked) == 2
    assert search.found_prompts(dataset, "the sum is " * 100, "both", False) == [1]
    assert len(asked) == 3
    assert search.found_prompts(dataset, f"zebra {string.ascii_letters}", "both", False) == []
    assert search.found_prompts(dataset, " ".join(["zebra", *string.ascii_letters]), "both", False) == []
    assert len(asked) == 5


def test_an_expression_that_does_not_compile_is_said_to_be_none(opened: Open) -> None:
    dataset = opened(FIRST_FILE)
    for expression in ("(", "[a", "a{2,1}", r"(?<=a)b", "*"):
        with pytest.raises(QueryError, match=r"^This is not a regular expression that the search") as raised:
            search.found_prompts(dataset, expression, "both", True)
        assert not isinstance(raised.value, QueryTimeoutError)


def test_a_search_for_which_the_memory_is_not_enough_does_not_blame_the_expression(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = opened(FIRST_FILE)
    large = "SELECT list(range), $pattern_1, $pattern_2, $pattern_3, $pattern_4, $where, $first, $last FROM range(100000000)"
    monkeypatch.setattr(database, "statement", lambda query: large)
    with pytest.raises(QueryError, match=r"^This needs more memory than"):
        search.found_prompts(dataset, "sum", "both", False)


def test_a_search_that_takes_too_long_is_stopped_and_the_dataset_stays_usable(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = random.Random(1)
    rows = [
        {"prompt": "?", "candidates": [("ant", "".join(letters.choices("abcdex ", k=5000)), 1.0)]} for _ in range(20)
    ]
    dataset = opened(rows)
    monkeypatch.setattr(search, "TIME_LIMIT_S", 0.1)
    with pytest.raises(QueryTimeoutError, match=r"^The search was stopped after 0\.1 seconds\."):
        search.found_prompts(dataset, r"[a-e].{300}x\d", "both", True)  # takes some two thirds of a second
    monkeypatch.undo()
    assert search.found_prompts(dataset, "?", "prompt", False) == list(range(1, 21))
