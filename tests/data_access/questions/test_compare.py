"""Panes: which text a choice means, by hand, over 4 prompts; and what the rewards of two of them imply."""

import math
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pyarrow as pa
import pytest

from data_access.dataset import Dataset
from data_access.questions import compare
from data_access.questions.compare import Pane, rm_implied_preference
from data_access.questions.prompt import Prompt, prompt

CAFE, DECOMPOSED = "Café au lait", unicodedata.normalize("NFD", "Café au lait")
ROWS: list[dict[str, Any]] = [
    {  # ranks 1, 2, 3=, 3= and one candidate not scored; chosen is two candidates' text, rejected nobody's
        "prompt": "Name a prime.",
        "rewardbench_chosen": "Two.",
        "rewardbench_chosen_model": "elk",
        "rewardbench_rejected": "Nine.",
        "candidates": [
            ("ant", "Two.", 3.0),
            ("bee", "Three.", 1.0),
            ("cow", "Four.", 1.0),
            ("ant", "Two.", 2.0),
            ("bee", "Five.", None),
        ],
    },
    {  # chosen is three candidates' text but for its characters' form, white space or template tokens; rejected exact once
        "prompt": "Order a coffee.",
        "rewardbench_chosen": CAFE,
        "rewardbench_rejected": "Tea, please.",
        "candidates": [
            ("ant", DECOMPOSED, 1.0),
            ("bee", "\n Café \t au\u00a0lait\n\n", 3.0),
            ("cow", f"<s>[INST]{CAFE}[/INST]<|im_end|></s>", None),
            ("ant", "Tea,  please.", 5.0),
            ("bee", "Tea, please.", 2.0),
        ],
    },
    {  # two share the best reward; chosen is the text of a candidate without a reward; no rejected
        "prompt": "Pick a letter.",
        "rewardbench_chosen": "A",
        "candidates": [("ant", "A", None), (None, "B", 0.5), ("cow", "C", 0.5), ("dog", None, -1.0)],
    },
    {"prompt": "Be quiet.", "rewardbench_rejected": "No.", "candidates": [("ant", "…", None), ("bee", "…", None)]},
]
Open = Callable[..., Dataset]


@pytest.fixture
def found(opened: Open) -> dict[int, Prompt]:
    dataset = opened(ROWS)
    asked = {number: prompt(dataset, "reward", number) for number in range(1, 5)}
    return {number: one for number, one in asked.items() if one}


def test_the_choices_are_the_names_that_apply_each_rank_and_each_candidate(found: dict[int, Prompt]) -> None:
    assert {number: compare.choices(one) for number, one in found.items()} == {
        1: ["best", "median", "worst", "chosen", "rejected", "rank-1", "rank-2", "rank-3", "1", "2", "3", "4", "5"],
        2: [
            "best",
            "median",
            "worst",
            "chosen",
            "rejected",
            "rank-1",
            "rank-2",
            "rank-3",
            "rank-4",
            "1",
            "2",
            "3",
            "4",
            "5",
        ],
        3: ["best", "median", "worst", "chosen", "rank-1", "rank-3", "1", "2", "3", "4"],
        4: ["rejected", "1", "2"],
    }


def test_best_median_worst_and_ranks_mean_a_candidate_and_tell_of_ties(found: dict[int, Prompt]) -> None:
    meant = {choice: compare.pane(found[1], choice) for choice in compare.choices(found[1])}
    assert meant["best"] == Pane("best", "Two.", "ant", 1, 3.0, "1", 100.0, "")
    # Of 3, 2, 1, 1 the two in the middle are 2 and 1: the median is the upper one.
    assert meant["median"] == Pane("median", "Two.", "ant", 4, 2.0, "2", pytest.approx(200 / 3), "")
    assert meant["worst"] == Pane("worst", "Three.", "bee", 2, 1.0, "3=", pytest.approx(50 / 3), "tied with #3")
    for rank, name in (("rank-1", "best"), ("rank-2", "median"), ("rank-3", "worst")):
        assert meant[rank] == meant[name]._replace(choice=rank)


def test_a_tie_for_best_shows_the_lowest_number_and_names_the_other(found: dict[int, Prompt]) -> None:
    # Ranks 1 and 2 share 1.5: the percentile of both is 100 * (3 - 1.5) / 2.
    assert compare.pane(found[3], "best") == Pane("best", "B", None, 2, 0.5, "1=", 75.0, "tied with #3")
    assert compare.pane(found[3], "median") == Pane("median", "B", None, 2, 0.5, "1=", 75.0, "tied with #3")


def test_many_in_a_tie_are_named_by_the_first_few(opened: Open) -> None:
    one = prompt(opened([{"prompt": "?", "candidates": [("ant", "x", 1.0)] * 6}]), "reward", 1)
    assert one is not None
    assert compare.pane(one, "best").note == "tied with #2, #3, #4…"


def test_a_number_means_that_candidate_scored_or_not(found: dict[int, Prompt]) -> None:
    assert compare.pane(found[1], "3") == Pane("3", "Four.", "cow", 3, 1.0, "3=", pytest.approx(50 / 3), "")
    assert compare.pane(found[1], "5") == Pane("5", "Five.", "bee", 5, None, None, None, "")
    assert compare.pane(found[3], "4") == Pane("4", "", "dog", 4, -1.0, "3", 0.0, "")


def test_candidates_and_ranks_from_10000_on_are_choices(opened: Open) -> None:
    numbers = range(1, 10_002)
    texts, rewards = [f"text {number}" for number in numbers], [-float(number) for number in numbers]
    dataset = opened(pa.table({"prompt": ["?"], "responses": [texts], "rewards": [rewards]}))
    one = prompt(dataset, dataset.contents.scorers[0], 1)
    assert one is not None
    last = Pane("10001", "text 10001", None, 10_001, -10_001.0, "10001", 0.0, "")
    assert compare.pane(one, "10001") == last
    assert compare.pane(one, "rank-10001") == last._replace(choice="rank-10001")


def test_what_is_not_among_the_choices_means_nothing(found: dict[int, Prompt]) -> None:
    others = {
        1: ["", "finest", "BEST", "best ", "0", "6", "007", "٣", "-1", "1.0", "rank-", "rank-0", "rank-01", "rank-4"],
        3: ["rejected", "rank-2"],  # a tie for best is rank 1 for both, and the next is rank 3
        4: ["best", "median", "worst", "chosen", "rank-1", "3"],
    }
    understood = []
    for number, choices in others.items():
        for choice in choices:
            with suppress(KeyError):
                understood.append((number, choice, compare.pane(found[number], choice)))
    assert understood == []


def test_a_pair_text_has_the_standing_of_the_candidates_with_this_very_text(found: dict[int, Prompt]) -> None:
    assert compare.pane(found[1], "chosen") == Pane(
        "chosen",
        "Two.",
        "elk",
        1,
        3.0,
        "1",
        100.0,
        "exact match of candidate #1, #4; its reward is that of #1 by ant; 2 rewards from 2.00 to 3.00",
    )
    # An exact match goes before one that is only alike.
    assert compare.pane(found[2], "rejected") == Pane(
        "rejected",
        "Tea, please.",
        None,
        5,
        2.0,
        "3",
        pytest.approx(100 / 3),
        "exact match of candidate #5; its reward is that of #5 by bee",
    )


def test_a_pair_text_matches_whatever_its_form_white_space_and_template_tokens(found: dict[int, Prompt]) -> None:
    assert [(side.side, side.match, side.candidates, side.low, side.high) for side in found[2].pair] == [
        ("chosen", "normalised", (1, 2, 3), 1.0, 3.0),
        ("rejected", "exact", (5,), 2.0, 2.0),
    ]
    assert compare.pane(found[2], "chosen") == Pane(
        "chosen",
        CAFE,
        None,
        1,
        1.0,
        "4",
        0.0,
        "normalised match of candidate #1, #2, #3; its reward is that of #1 by ant; 2 rewards from 1.00 to 3.00",
    )


def test_a_pair_text_matches_however_much_its_form_changes_its_length(opened: Open) -> None:
    code, korean, indent = "y = 1\n" * 20, "가나다 라마바 " * 30, " " * 12
    alike = {
        "decomposed": (korean, unicodedata.normalize("NFD", korean)),  # more than twice as long
        "composed": (unicodedata.normalize("NFD", korean), korean),
        "indented": (code, "".join(indent + line for line in code.splitlines(keepends=True))),
        "longer when normalised": ("\u0915\u093c\u0915\u093c", "\u0958\u0958"),
        "a token between words": ("foo bar", "foo</s> bar"),
    }
    rows = [
        {"prompt": "?", "rewardbench_chosen": chosen, "candidates": [("ant", "no", 1.0), ("bee", response, 2.0)]}
        for chosen, response in alike.values()
    ]
    dataset = opened(rows)
    asked = [prompt(dataset, "reward", number) for number in range(1, len(rows) + 1)]
    got = {name: one.pair[0].match for name, one in zip(alike, asked, strict=True) if one}
    assert got == dict.fromkeys(alike, "normalised")


def test_a_pair_text_without_a_scored_candidate_has_no_reward_and_says_why(found: dict[int, Prompt]) -> None:
    assert compare.pane(found[1], "rejected") == Pane(
        "rejected", "Nine.", None, None, None, None, None, "no candidate has this text"
    )
    assert compare.pane(found[3], "chosen") == Pane(
        "chosen", "A", None, None, None, None, None, "the candidate with this text has no reward"
    )


@pytest.mark.parametrize(
    ("number", "shown", "above", "below"),
    [
        (1, "best", None, "4"),  # by reward: 1, 4, then 2 and 3 of one rank, then 5, which has none
        (1, "4", "1", "2"),
        (1, "worst", "4", "3"),
        (1, "rank-3", "4", "3"),
        (1, "3", "2", "5"),
        (1, "5", "3", None),
        (1, "chosen", None, "4"),  # stands where the first candidate with its text does
        (1, "rejected", None, None),  # nobody's text
        (3, "chosen", None, None),  # a candidate's, but one without a reward
        (3, "best", None, "3"),
        (3, "4", "3", "1"),
        (4, "1", None, "2"),
        (4, "2", "1", None),
    ],
)
def test_neighbours_are_the_candidates_above_and_below_in_the_ranking(
    found: dict[int, Prompt], number: int, shown: str, above: str | None, below: str | None
) -> None:
    assert compare.neighbours(found[number], compare.pane(found[number], shown)) == (above, below)


def pane(reward: float | None) -> Pane:
    return Pane("1", "", None, 1, reward, None, None, "")


@pytest.mark.parametrize(
    ("first", "second", "implied"),
    [
        (1.5, 1.5, 0.5),
        (math.log(3), 0.0, 0.75),
        (0.0, math.log(3), 0.25),
        (-7.0, -7.0 - math.log(9), 0.9),  # only the difference counts
        (1000.0, 0.0, 1.0),
        (1e308, -1e308, 1.0),
    ],
)
def test_the_implied_preference_is_the_logistic_function_of_the_reward_difference(
    first: float, second: float, implied: float
) -> None:
    assert rm_implied_preference(pane(first), pane(second)) == pytest.approx(implied, abs=1e-12)
    assert rm_implied_preference(pane(second), pane(first)) == pytest.approx(1 - implied, abs=1e-12)


def test_without_two_rewards_there_is_no_implied_preference() -> None:
    assert rm_implied_preference(pane(None), pane(1.0)) is None
    assert rm_implied_preference(pane(1.0), pane(None)) is None


def test_the_facts_of_a_text_are_counted(opened: Open) -> None:
    text = "# Plan\n\n- **one** thing\n* two\n 3) three\n```py\nx = 1\n```\nDone, **really**.\n#hash 4. no"
    facts = compare.text_facts(
        opened(ROWS), [pane(None)._replace(text=text), pane(None), pane(None)._replace(text="été 😀")]
    )
    assert facts.to_dict("list") == {
        "chars": [len(text), 0, 5],
        "words": [19, 0, 2],
        "list_items": [3, 0, 0],
        "headers": [1, 0, 0],
        "code_blocks": [1, 0, 0],
        "bold_spans": [2, 0, 0],
    }
