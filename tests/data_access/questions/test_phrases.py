"""Phrases of the upper and the lower quarter: by hand, against plain counting, and on planted data."""

import math
import re
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_access.dataset import Dataset
from data_access.derived import phrases as derived
from data_access.derived.common_texts import common_texts
from data_access.questions import phrases
from data_access.questions.phrases import PRIOR, counted, distinguishing, from_counts, pattern

Row = dict[str, Any]


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:['-][a-z0-9]+)*", text.lower().replace("’", "'"))


def weights(rewards: dict[str, float], places: int) -> dict[str, float]:
    """Text -> which part of it is among so many best: those that tie for the last places share them."""
    found = {}
    for text, reward in rewards.items():
        better = sum(other > reward for other in rewards.values())
        tied = sum(other == reward for other in rewards.values())
        found[text] = min(max((places - better) / tied, 0.0), 1.0)
    return found


def quarters(row: Row, length_equal: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Text -> its weight in the upper and in the lower quarter; each sums to 1."""
    given: dict[str, list[float]] = {}
    for _, text, reward in row["candidates"]:
        if text is not None and reward is not None:
            given.setdefault(text, []).append(reward)
    rewards = {text: sum(some) / len(some) for text, some in given.items()}
    groups = [list(rewards)]
    if length_equal:
        by_length = sorted(rewards, key=len)
        groups = [by_length[start : start + 4] for start in range(0, len(by_length), 4)]
    sides: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for group in groups:
        for side, sign in zip(sides, (1, -1), strict=True):
            side.update(weights({text: sign * rewards[text] for text in group}, len(group) // 4))
    whole = sum(sides[0].values())
    upper, lower = ({text: weight / whole for text, weight in side.items() if weight} for side in sides)
    return upper, lower


def by_counting(
    rows: list[Row], kind: str, without_asked: bool = False, length_equal: bool = True
) -> dict[str, tuple[float, float, float, int]]:
    """Phrase -> log-odds, shares of upper and lower texts, prompts: one text after the other, with dicts."""

    def listed(text: str) -> list[str]:
        words = words_of(text)
        if kind == "words":
            return words
        if kind == "pairs":
            return [f"{a} {b}" for a, b in pairwise(words)]
        return [" ".join(words[:3])] if len(words) > 2 else []

    shares: list[dict[str, list[float]]] = []
    totals = [0.0, 0.0]
    for row in rows:
        found: dict[str, list[float]] = {}
        for side, texts in enumerate(quarters(row, length_equal)):
            for text, weight in texts.items():
                for phrase in set(listed(text)):
                    found.setdefault(phrase, [0.0, 0.0])[side] += weight
                    totals[side] += weight
        asked = set(listed(row["prompt"])) if without_asked else set()
        shares.append({phrase: share for phrase, share in found.items() if phrase not in asked})
    result = {}
    for phrase in {phrase for found in shares for phrase in found}:
        y = [sum(found.get(phrase, [0, 0])[side] for found in shares) for side in (0, 1)]
        prompts = sum(phrase in found for found in shares)
        if prompts >= derived.ENOUGH:
            odds = []
            for side in (0, 1):
                have = y[side] + PRIOR * sum(y) / 2
                odds.append(have / (totals[side] + PRIOR * sum(totals) / 2 - have))
            result[phrase] = (math.log(odds[0] / odds[1]), y[0] / len(rows), y[1] / len(rows), prompts)
    return result


def drawn_rows(prompts: int = 14, candidates: int = 9, seed: int = 1, paid: str = "", worth: float = 0.0) -> list[Row]:
    """Texts of drawn words; `paid` is said in half of them, and worth so many standard deviations."""
    random = Random(seed)
    vocabulary = ["red", "rock", "it's", "dust", "high", "far", "Mars", "Sol", "ice", "thin"]
    rows = []
    for i in range(prompts):
        drawn = []
        for j in range(candidates):
            said = [random.choice(vocabulary) for _ in range(random.randint(3, 9))]
            has = random.random() < 0.5
            text = " ".join([*said, *([paid] if has and paid else [])]) + f" {i}-{j}."
            drawn.append(("m", text, random.gauss(0, 1) + worth * has))
        rows.append({"prompt": f"Is Mars far, number {i}?", "candidates": drawn})
    return rows


@pytest.fixture
def small_quarters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Phrases of three prompts are enough."""
    for module in (derived, phrases):
        monkeypatch.setattr(module, "ENOUGH", 3)


@pytest.mark.usefixtures("small_quarters")
@pytest.mark.parametrize("kind", phrases.KINDS)
@pytest.mark.parametrize(("without_asked", "length_equal"), [(False, True), (True, True), (False, False)])
def test_the_figures_are_those_of_plain_counting(
    opened: Callable[..., Dataset], kind: phrases.Kind, without_asked: bool, length_equal: bool
) -> None:
    rows = drawn_rows()
    rows[1]["candidates"] = [
        (model, text, 1.0 if number < 5 else 2.0) for number, (model, text, _) in enumerate(rows[1]["candidates"])
    ]
    first = rows[0]["candidates"]
    rows[0]["candidates"] = [*first, ("m", first[0][1], first[0][2] - 1), ("m", None, 9.0), ("m", "unscored", None)]
    expected = by_counting(rows, kind, without_asked, length_equal)
    found = distinguishing(opened(rows), "reward", kind, without_asked=without_asked, length_equal=length_equal)
    if not expected:
        assert found is None
        return
    assert found
    assert (found.tried, found.prompts) == (len(expected), 14)
    table = found.table.set_index("phrase")
    shown = {
        phrase: tuple(row)
        for phrase, row in zip(
            table.index, table[["log_odds", "upper", "lower", "prompts"]].itertuples(index=False), strict=True
        )
    }
    assert len(shown) > min(3, len(expected) - 1)
    assert shown == {phrase: pytest.approx(expected[phrase], rel=1e-5) for phrase in shown}


def rows_of(prompts: dict[int, tuple[float, float, float, float]]) -> pd.DataFrame:
    """One phrase, key 1: prompt -> its shares upper and lower, and the totals of both quarters."""
    listed = [(0, prompt, a, b) for prompt, (_, _, a, b) in prompts.items()]
    listed += [(1, prompt, u, v) for prompt, (u, v, _, _) in prompts.items() if u or v]
    return pd.DataFrame(listed, columns=["key", "prompt_id", "upper", "lower"])


@pytest.mark.usefixtures("small_quarters")
def test_log_odds_and_z_are_what_one_works_out_by_hand() -> None:
    # Four prompts with 4 phrases a text each: y = 3 · ½ and ½, N = 16 and 16, α = 0.1 · 2 / 2, α₀ = 0.1 · 32 / 2.
    found = from_counts(counted(rows_of({1: (0.5, 0, 4, 4), 2: (0.5, 0, 4, 4), 3: (0.5, 0.5, 4, 4), 4: (0, 0, 4, 4)})))
    (row,) = found.table.to_dict("records")
    expected = math.log((1.6 / (17.6 - 1.6)) / (0.6 / (17.6 - 0.6)))
    assert row["log_odds"] == pytest.approx(expected)
    # s of the prompts is (½ − 0) / 16 twice, else 0: z = 1/16 / √(2 / 32²) = √2.
    assert row["z"] == pytest.approx(math.sqrt(2))
    assert (row["upper"], row["lower"], row["prompts"]) == (1.5 / 4, 0.5 / 4, 3)
    assert row["low"] < row["log_odds"] < row["high"]


@pytest.mark.usefixtures("small_quarters")
def test_longer_texts_have_more_of_every_word_and_that_counts_for_none() -> None:
    # Upper texts are twice as long, and have each word twice as often: no word distinguishes them.
    found = from_counts(counted(rows_of(dict.fromkeys(range(1, 6), (0.8, 0.4, 8, 4)))))
    assert found.beyond == 0
    assert found.table.empty


@pytest.mark.usefixtures("small_quarters")
@pytest.mark.usefixtures("small_quarters")
def test_a_smaller_part_of_longer_texts_that_more_of_them_have_is_on_neither_side() -> None:
    # In all upper texts of 100 words, and in nine of ten lower texts of 20: more texts, but fewer of the words.
    found = from_counts(counted(rows_of(dict.fromkeys(range(1, 31), (1.0, 0.9, 100, 20)))))
    assert found.tried == 1
    assert found.beyond == 0
    assert found.table.empty


@pytest.mark.usefixtures("small_quarters")
def test_where_a_quarter_never_has_it_the_interval_is_open_on_that_side_and_z_is_at_most_the_root_of_its_prompts() -> (
    None
):
    found = from_counts(counted(rows_of({i: (1.0 if i < 10 else 0.0, 0, 50, 50) for i in range(1, 21)})))
    (row,) = found.table.to_dict("records")
    assert np.isnan(row["high"])
    assert 0 < row["low"] < row["log_odds"]
    assert row["z"] == pytest.approx(3.0, rel=0.02)


def test_a_phrase_that_is_paid_for_stands_out_and_others_about_as_often_as_by_chance(
    opened: Callable[..., Dataset],
) -> None:
    paid = distinguishing(opened(drawn_rows(60, 12, 3, "rule of thumb", 1.5)), "reward", "pairs")
    assert paid
    assert {"rule of", "of thumb"} == {paid.table["phrase"][0], *paid.table["also"][0]}
    assert paid.table["low"][0] > 0
    assert paid.beyond >= 2
    free = distinguishing(opened(drawn_rows(60, 12, 4, "rule of thumb", 0.0)), "reward", "pairs")
    assert free
    assert free.beyond <= 3
    assert free.by_chance < 1.5


def test_a_text_that_most_prompts_are_given_is_left_out(opened: Callable[..., Dataset]) -> None:
    rows = drawn_rows(12, 8)
    for row in rows:
        row["candidates"].append(("null", "pick this output always", 9.0))
    dataset = opened(rows)
    assert len(common_texts(dataset, "reward")) == 1
    found = distinguishing(dataset, "reward", "words")
    assert found
    assert not {"pick", "output", "always"} & set(found.table["phrase"])


def test_of_very_many_candidates_some_prompts_are_drawn(
    opened: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = opened(drawn_rows(30, 8))
    assert derived.read_prompts(dataset) == list(range(1, 31))
    monkeypatch.setattr(derived, "MOST_CANDIDATES", 160)
    some = derived.read_prompts(dataset)
    assert len(set(some)) == 20
    assert some == sorted(some) == derived.read_prompts(dataset)


@pytest.mark.parametrize(
    ("phrase", "kind", "text", "is_there"),
    [
        ("key", "words", "The KEY is", True),
        ("key", "words", "The keys are", False),
        ("it's", "words", "and it’s so", True),
        ("rule of", "pairs", "a rule, of thumb", True),
        ("rule of", "pairs", "a ruler of", False),
        ("here are some", "openings", "**Here are** some", True),
        ("here are some", "openings", "Well, here are some", False),
        ("c", "words", "c++", True),
    ],
)
def test_the_pattern_of_a_phrase_finds_it_as_it_was_counted(
    phrase: str, kind: phrases.Kind, text: str, is_there: bool
) -> None:
    assert bool(re.search(pattern(phrase, kind), text)) is is_there


def test_the_sample_pays_for_a_phrase_and_for_offers_which_stand_first_of_its_word_pairs(sample: Dataset) -> None:
    found = distinguishing(sample, "reward", "pairs")
    assert found
    first = found.table.head(4)
    listed = {phrase for row in first.to_dict("records") for phrase in (row["phrase"], *row["also"])}
    assert {"been double-checked", "feel free"} <= listed
    assert (first["low"] > 0).all()
    assert (first["z"] > 4).all()
    assert found.by_chance < 1
