"""The answers of a dataset: found by their texts, each with what the scorers say, worked by hand."""

import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data_access.dataset import Dataset
from data_access.judgements.answers import answers, save_answer
from data_access.judgements.people import Person
from data_access.judgements.store import open_store
from data_access.questions.people.agreement import Counts, agreement, counts
from data_access.questions.people.answered import answered
from data_access.questions.people.between_people import between_people
from data_access.questions.people.calibration import calibration
from data_access.questions.people.disagreements import disagreements
from data_access.questions.people.position import position, position_by_person
from data_access.questions.people.source_models import by_model, same_model
from tests.data_access.questions.people.conftest import said

Open = Callable[..., Dataset]
ROWS = [
    {
        "prompt": "Name a prime.",
        "rewardbench_chosen": "Seven.",
        "rewardbench_chosen_model": "owl",
        "rewardbench_rejected": "Two.",
        "candidates": [
            ("ant", "Two.", 3.0), ("bee", "Three.", 1.0), ("cow", "Two.", 2.0), ("ant", "Six.", None), ("ant", "Three.", 1.0)
        ],
    },
    {"prompt": "Name a colour.", "candidates": [("ant", "Red.", 0.5), ("bee", "Sky blue.", 4.0), ("cow", "Grey.", 0.5)]},
    {"prompt": "Name a colour.", "candidates": [("ant", "Red.", 7.0), ("bee", "Green.", 4.0)]},
]  # fmt: skip


def test_a_pair_has_the_mean_rewards_of_its_texts_and_no_reward_for_a_text_that_no_candidate_has(opened: Open) -> None:
    found = answered(
        opened(ROWS),
        [
            said("Ann", "Name a prime.", "Two.", "Three.", "left"),
            said("Ann", "Name a prime.", "Seven.", "Three.", "left"),
            said("Ann", "Name a prime.", "Six.", "Three.", "both bad"),
            said("Ann", "Name a colour.", "Sky blue.", "Red.", "right"),
            said("Ann", "Name a colour.", "Red.", "Green.", "right"),
            said("Ann", "Name a colour.", "Green.", "Sky blue.", "right"),  # of two prompts
            said("Ann", "Name a colour.", "Pink.", "Sky blue.", "right"),
            said("Ann", "Name a prime", "Two.", "Three.", "left"),
        ],
    )
    rows = {}
    for pair, difference in zip(found.pairs.itertuples(), found.differences["reward"], strict=True):
        sides = [(pair.first, pair.first_chars, pair.first_model), (pair.second, pair.second_chars, pair.second_model)]
        turn = pair.first > pair.second
        texts = [tuple(None if pd.isna(value) else value for value in side) for side in sorted(sides)]
        preferred = {"": "", "first": pair.first, "second": pair.second}[pair.preferred]
        rows[pair.prompt_id, *texts] = (-difference if turn else difference, preferred)
    unscored = math.nan
    expected = {
        (1, ("1", 4, None), ("2", 6, None)): (1.5, "1"),  # each of two models
        (1, ("2", 6, None), ("chosen", 6, "owl")): (unscored, "chosen"),
        (1, ("2", 6, None), ("4", 4, "ant")): (unscored, ""),
        (2, ("1", 4, "ant"), ("2", 9, "bee")): (-3.5, "1"),
        (3, ("1", 4, "ant"), ("2", 6, "bee")): (3.0, "2"),
    }
    assert rows.keys() == expected.keys()
    for key, value in expected.items():
        assert rows[key][1] == value[1]
        assert rows[key][0] == pytest.approx(value[0], nan_ok=True)
    assert found.pairs["prompt_id"].tolist() == [1, 1, 1, 2, 3]
    assert len(found.answers) == 5


def test_what_the_store_keeps_is_found_again(opened: Open, tmp_path: Path) -> None:
    store = open_store(f"{tmp_path}/judgements.sqlite")
    ann, bo = Person("Ann"), Person("Ann", signed_in=True)
    save_answer(store, "Name a prime.", "Three.", "Two.", ann, "set", "left", 0, "data")
    save_answer(store, "Name a prime.", "Three.", "Two.", ann, "set", "right", 1, "data")
    save_answer(store, "Name a prime.", "Two.", "Three.", bo, "set", "left", 0, "data")
    save_answer(store, "Name a prime.", "Two.", "Three.", Person("Cy"), "set", "skip", 0, "data")
    found = answered(opened(ROWS), answers(store))
    (pair,) = found.pairs.itertuples()
    assert {pair.first, pair.second} == {"1", "2"}
    assert getattr(pair, pair.preferred) == "1"
    assert found.answers[["person", "answer"]].to_numpy().tolist() == [
        ["Ann", pair.preferred],
        ["Ann ✓", pair.preferred],
    ]
    left = found.answers["left"].tolist()
    assert [getattr(pair, side) for side in left] == ["2", "1"]


def test_nothing_that_fits_gives_empty_figures(opened: Open) -> None:
    dataset = opened(ROWS)
    for some in ([], [said("Ann", "Else", "a", "b", "left")], [said("Ann", "Name a prime.", "Two.", "Three.", "skip")]):
        found = answered(dataset, some)
        assert counts(found) == Counts(0, 0, 0, 0, 0)
        assert agreement(found)[["scorer", "n"]].to_numpy().tolist() == [["reward", 0]]
        curve = calibration(found, "reward")
        assert curve is not None
        assert (curve.n, len(curve.bins)) == (0, 0)
        assert math.isnan(curve.temperature)
        assert between_people(found).pairs == 0
        assert position(found).n == 0
        assert position_by_person(found).empty
        assert by_model(found, "reward").empty
        assert same_model(found) == (0, 0)
        assert disagreements(found, "reward").empty


def test_disagreements_are_those_of_most_people_the_surest_first_with_who_said_what(opened: Open) -> None:
    colour = ("Name a colour.", "Red.", "Sky blue.")
    found = answered(
        opened(ROWS),
        [
            said("Ann", *colour, "left", at="1"),
            said("Bo", *colour, "left", at="2"),
            said("Cy", *colour, "right", at="3"),
            said("Di", *colour, "both good", at="4"),
            said("Ann", "Name a prime.", "Three.", "Two.", "left"),
            said("Bo", "Name a prime.", "Seven.", "Two.", "left"),  # not scored
            said("Bo", "Name a colour.", "Red.", "Grey.", "left"),  # the scorer ties
            said("Cy", "Name a colour.", "Sky blue.", "Grey.", "left"),  # agree
        ],
    )
    rows = disagreements(found, "reward").to_dict("records")
    assert [(row["prompt_id"], row["people"], row["scorer"], row["difference"]) for row in rows] == [
        (2, "1", "2", 3.5),
        (1, "2", "1", 1.5),
    ]
    assert [row["implied"] for row in rows] == pytest.approx([1 / (1 + math.exp(-3.5)), 1 / (1 + math.exp(-1.5))])
    assert [row["said"] for row in rows] == ["Ann, Bo: A; Cy: B; Di: both good", "Ann: A"]
