"""Prompts worth seeing: which, why, and drawing one; worked by hand on the rows of the list of prompts."""

import math
from collections.abc import Callable

import pytest

from data_access.dataset import Dataset
from data_access.questions.worth_seeing import drawn, sentence, worth_seeing
from tests.data_access.questions.test_prompts import ROWS

Open = Callable[..., Dataset]
# Of prompts 1 and 3, the only ones with three scored candidates; 4 has its rejected text 2.5 above the chosen one.
WRONG = {
    "prompt": "Spell it.",
    "rewardbench_chosen": "Yes",
    "rewardbench_rejected": "No",
    "candidates": [("ant", "Yes", 1.0), ("bee", "No", 3.0), ("cow", "No", 4.0)],
}


def test_each_reason_has_its_prompts_the_most_striking_first(opened: Open) -> None:
    rows = worth_seeing(opened([*ROWS, WRONG]), "reward")
    found = [(reason, place, of, prompt) for reason, place, of, prompt, _ in rows.itertuples(index=False)]
    assert found == [
        ("gap", 1, 3, 3),  # 8 − 5
        ("gap", 2, 3, 6),  # 4 − 3
        ("gap", 3, 3, 1),
        ("noise", 1, 2, 3),  # one text, rewarded 2 and 5
        ("noise", 2, 2, 6),  # one text, rewarded 3 and 4
        ("rejected", 1, 1, 6),
        ("shorter", 1, 2, 3),  # as much as 6, which comes later
        ("shorter", 2, 2, 6),
        ("spread", 1, 3, 3),
        ("spread", 2, 3, 6),
        ("spread", 3, 3, 1),
    ]
    values = {(row.reason, row.prompt_id): row.value for row in rows.itertuples()}
    assert values["gap", 3] == pytest.approx(3.0)
    assert values["noise", 6] == pytest.approx(1.0)
    assert values["rejected", 6] == pytest.approx(3.5 - 1.0)
    assert values["shorter", 3] == pytest.approx(1.5 / math.sqrt(3))
    # rewards 1 2 3, lengths 3 1.5 1.5: −1.5 / √(2 × 1.5)
    assert values["shorter", 6] == pytest.approx(1.5 / math.sqrt(3))


def test_the_sentence_tells_value_and_place_and_nothing_of_another_prompt(opened: Open) -> None:
    rows = worth_seeing(opened([*ROWS, WRONG]), "reward")
    assert sentence(rows, "gap", 6) == "Its best response leads the second by 1.00 (number 2 of 3 prompts)."
    assert sentence(rows, "rejected", 6) == (
        "RewardBench's rejected text has a reward 2.50 above the chosen one's here (the only prompt where it is so)."
    )
    assert sentence(rows, "rejected", 1) == ""
    assert sentence(rows, "<script>", 1) == ""


def test_each_reason_is_as_likely_as_another_and_within_it_each_prompt(opened: Open) -> None:
    rows = worth_seeing(opened([*ROWS, WRONG]), "reward")
    assert drawn(rows, 0.0) == ("gap", 3)
    assert drawn(rows, 0.5 / 5) == ("gap", 6)
    assert drawn(rows, 2.5 / 5) == ("rejected", 6)
    assert drawn(rows, 0.9999) == ("spread", 1)


def test_where_no_prompt_has_three_scored_candidates_nothing_is_drawn(opened: Open) -> None:
    assert drawn(worth_seeing(opened(ROWS[3:]), "reward"), 0.3) is None
