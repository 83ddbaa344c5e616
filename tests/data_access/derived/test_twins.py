"""Twins are found: as comparing every text with every other finds them, with what is left out as the module says."""

import itertools
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from data_access import database
from data_access.database import Connection
from data_access.dataset import Dataset
from data_access.derived import twins as finder
from data_access.derived.twins import LONGEST, SIMILAR, twins
from tests.conftest import open_path

Open = Callable[..., Dataset]
TEXT = "A kettle boils water, and tea is made of leaves that are left in it for some minutes."
SCHEMA = {
    "prompt_id": "BIGINT",
    "candidate": "INTEGER",
    "twin": "INTEGER",
    "similarity": "FLOAT",
    "change": "VARCHAR",
    "what": "VARCHAR",
}


def rows_of(*prompts: list[str | None]) -> list[dict[str, Any]]:
    return [{"prompt": "?", "candidates": [("ant", text, 0.0) for text in texts]} for texts in prompts]


def found(dataset: Dataset) -> pd.DataFrame:
    twins(dataset)
    with dataset.connection.cursor() as cursor:
        return cursor.execute("SELECT * FROM twins ORDER BY prompt_id, candidate, twin").df()


def pairs(dataset: Dataset) -> list[tuple[int, ...]]:
    return [tuple(row) for row in found(dataset)[["prompt_id", "candidate", "twin"]].to_numpy().tolist()]


def by_brute_force(texts: list[str]) -> set[frozenset[int]]:
    """The first candidates, from 1, of all pairs of different texts that are similar enough."""
    first = {text: number for number, text in reversed(list(enumerate(texts, 1)))}
    some = [text for text in first if finder.SHORTEST <= len(text) <= LONGEST]
    return {
        frozenset((first[a], first[b])) for a, b in itertools.combinations(some, 2) if fuzz.ratio(a, b) >= 100 * SIMILAR
    }


def test_a_twin_is_another_text_of_the_same_prompt_and_each_text_is_there_once(opened: Open) -> None:
    with_heading = f"## Answer\n{TEXT}"
    dataset = opened(
        rows_of(
            [with_heading, TEXT, None, TEXT, "short", "shorf", "Something that has nothing to do with tea, at all."],
            [TEXT],
            [None, ""],
            [TEXT, TEXT],
        )
    )
    table = found(dataset)
    assert table[["prompt_id", "candidate", "twin", "change", "what"]].to_numpy().tolist() == [
        [1, 2, 1, "heading", "+ ## Answer"]
    ]
    assert table["similarity"].iloc[0] == pytest.approx(fuzz.ratio(TEXT, with_heading) / 100)


def test_without_twins_the_relation_is_there_and_has_its_columns(opened: Open) -> None:
    dataset = opened(rows_of([TEXT], [None]))
    assert found(dataset).empty
    assert database.columns_of(dataset, "twins") == SCHEMA


def test_texts_without_spaces_and_code_have_twins(opened: Open) -> None:
    chinese = "水烧开以后把茶叶放进壶里等几分钟再倒出来喝这样泡出来的茶味道最好也不会太苦而且很香甜可口"
    code = "def area(width, height):\n    return width * height\n\nprint(area(2, 3))"
    formula = '=IF(OR(C7="U.S.A.",C7="Canada",C7="Europe"),TRUE,FALSE)'
    dataset = opened(
        rows_of(
            [chinese, chinese.replace("几", "五")],
            [code, code.replace("2, 3", "4, 5")],
            [formula, formula.replace(",", ", ")],
        )
    )
    assert found(dataset)["change"].tolist() == ["replaced", "number", "spacing"]


def test_texts_that_are_too_short_or_too_long_have_none(opened: Open) -> None:
    long = TEXT * (LONGEST // len(TEXT) + 1)
    assert pairs(opened(rows_of(["Tea is made of leaves.", "Tea is made of leaves"], [long, f"{long}."]))) == []


def test_where_nothing_is_prepared_they_are_held_in_memory(tmp_path: Path, opened: Open) -> None:
    opened(rows_of([TEXT, f"{TEXT}!"], [TEXT]))
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "cache").write_text("no folder")
    dataset = open_path(tmp_path / "data", tmp_path / "cache")
    assert not dataset.is_prepared
    assert pairs(dataset) == [(1, 1, 2)]
    assert database.columns_of(dataset, "twins") == SCHEMA


def test_they_are_made_once_and_in_blocks(opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder, "AT_ONCE", 2)
    monkeypatch.setattr(finder, "PAIRS_AT_ONCE", 1)
    said: list[float] = []
    dataset = opened(rows_of([TEXT, f"{TEXT}!"], [None, None], [f"{TEXT}?", TEXT]))
    twins(dataset, said.append)
    assert said == [0, 1 / 3, 2 / 3]
    assert pairs(dataset) == [(1, 1, 2), (3, 2, 1)]
    twins(open_path(tmp_path / "data", tmp_path / "cache"), said.append)
    assert len(said) == 3


def test_of_many_alike_each_meets_those_of_nearly_its_length_and_no_more_than_a_prompt_may_have(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [TEXT + "!" * number for number in range(8)]
    monkeypatch.setattr(finder, "NEIGHBOURS", 2)
    assert {(b - a) for _, a, b in pairs(opened(rows_of(texts)))} == {1, 2}
    monkeypatch.setattr(finder, "MOST_PAIRS", 3)
    assert len(pairs(opened(rows_of([*texts, "other"])))) == 3


def test_they_are_those_that_brute_force_finds(opened: Open) -> None:
    """In texts made of each other by a few changes, as candidates are."""
    random.seed(1)
    vocabulary = [f"word{number}" for number in range(300)]
    texts: list[str] = []
    for _ in range(80):
        words = random.choice(texts).split(" ") if texts and random.random() < 0.7 else random.sample(vocabulary, 40)
        for _ in range(random.randint(0, 5)):
            words[random.randrange(len(words))] = random.choice(vocabulary)
        texts.append(" ".join(words))
    expected = by_brute_force(texts)
    assert len(expected) > 50
    assert {frozenset(pair[1:]) for pair in pairs(opened(rows_of(texts)))} == expected


words = st.sampled_from(["tea", "water", "is", "made", "of", "leaves", "hot", "and", "12", "\n", "##", "**", "茶"])
edits = st.lists(st.tuples(st.integers(0, 30), words), max_size=2)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    with closing(database.connect("100MB", macros=("texts", "twins"))) as connection:
        yield connection


@settings(max_examples=50)
@given(st.lists(edits, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_any_few_changes_make_twins_which_brute_force_finds_too_in_whatever_order(
    connection: Connection, variants: list[list[tuple[int, str]]], shuffled: random.Random
) -> None:
    texts = [changed(variant) for variant in variants]
    expected = {frozenset(texts[number - 1] for number in pair) for pair in by_brute_force(texts)}
    assert twins_of(texts, connection) == expected
    shuffled.shuffle(texts)
    assert twins_of(texts, connection) == expected


def changed(edits_made: list[tuple[int, str]]) -> str:
    """The text with a word put in at each of these places."""
    parts = TEXT.split(" ")
    for place, word in edits_made:
        parts.insert(place, word)
    return " ".join(parts)


def twins_of(texts: list[str], connection: Connection) -> set[frozenset[str]]:
    """The pairs of these candidates of one prompt, straight from the finder."""
    connection.register(
        "given", pa.table({"candidate": pa.array(range(1, len(texts) + 1), pa.int32()), "response": texts})
    )
    connection.execute(
        "CREATE OR REPLACE TABLE responses AS SELECT 1 AS prompt_id, candidate, response, length(response) AS chars, "
        "is_blank(response) AS is_empty, hash(response) AS text_hash FROM given"
    )
    rows = finder._rows(connection, {}, 1, 1).to_pylist()
    assert all(row["candidate"] == texts.index(texts[row["candidate"] - 1]) + 1 for row in rows)
    found = [frozenset((texts[row["candidate"] - 1], texts[row["twin"] - 1])) for row in rows]
    assert len(set(found)) == len(found)
    return set(found)
