"""The figures of people's answers: worked by hand, against plain Python that shares nothing, and planted effects recovered."""

import math
import random
from collections.abc import Callable
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from data_access.judgements.votes import preferred
from data_access.preparing.joining import ENSEMBLE
from data_access.questions.people.agreement import agreement, counts
from data_access.questions.people.answered import ANSWERS, PAIRS, Answered
from data_access.questions.people.between_people import CATEGORIES, alpha, between_people
from data_access.questions.people.calibration import calibration, temperature
from data_access.questions.people.position import position, position_by_person
from data_access.questions.people.source_models import by_model, same_model

Said = dict[str, str]  # person -> answer


def answered(
    *pairs: tuple[float, Said], lengths: tuple[int, int] = (10, 20), models: tuple[str | None, str | None] = ("ant", "bee"),
    prompts: list[int] | None = None, left: Callable[[int, str], str] = lambda pair, person: "first",
) -> Answered:  # fmt: skip
    """Of each pair the reward difference and who said what."""
    ids = prompts or [*range(1, len(pairs) + 1)]
    rows = [
        (prompt_id, "1", "2", *lengths, *models, preferred(said.values()))
        for prompt_id, (_, said) in zip(ids, pairs, strict=True)
    ]
    answers = [
        (number, person, answer, left(number, person), "set", f"{number:05d}")
        for number, (_, said) in enumerate(pairs)
        for person, answer in said.items()
    ]
    differences = pd.DataFrame({"reward": [difference for difference, _ in pairs]}, dtype=float)
    return Answered(pd.DataFrame(rows, columns=PAIRS), differences, pd.DataFrame(answers, columns=ANSWERS))


def test_agreement_is_of_pairs_by_most_of_their_people_with_ties_apart() -> None:
    found = answered(
        *[(2.0, {"Ann": "first", "Bo": "first", "Cy": "second"})] * 7,
        *[(2.0, {"Ann": "second"})] * 3,
        *[(-1.0, {"Bo": "second"})] * 2,
        (1.0, {"Ann": "first", "Bo": "second"}),
        (1.0, {"Ann": "both good"}),
        (0.0, {"Ann": "first"}),
        (0.0, {"Ann": "both bad"}),
        (math.nan, {"Ann": "first"}),
    )
    (row,) = agreement(found).to_dict("records")
    assert (row["n"], row["agree"], row["people_tied"], row["scorer_tied"], row["not_scored"]) == (12, 9, 3, 1, 1)
    assert row["share"] == 0.75
    # Wilson's score interval solves (p − 9/12)² = z² p (1 − p) / 12.
    for end in (row["low"], row["high"]):
        assert (end - 0.75) ** 2 == pytest.approx(1.959964**2 * end * (1 - end) / 12)
    assert row["low"] < 0.75 < row["high"]
    # The second text is the longer one: people prefer it in 3 + 2 of the 12.
    assert (row["length_n"], row["length_agree"], row["length_share"]) == (12, 5, 5 / 12)
    assert counts(found) == (32, 30, 3, 17, 17)


def test_pairs_of_one_prompt_count_for_less() -> None:
    pairs = [(1.0, {"Ann": "first"})] * 9 + [(1.0, {"Ann": "second"})] * 3
    (row,) = agreement(answered(*pairs, prompts=[1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9])).to_dict("records")
    n = 12**2 / (9 + 4 + 7)
    for end in (row["low"], row["high"]):
        assert (end - 0.75) ** 2 == pytest.approx(1.959964**2 * end * (1 - end) / n)


def test_fewer_than_ten_pairs_give_counts_and_no_share() -> None:
    (row,) = agreement(answered(*[(1.0, {"Ann": "first"})] * 9, lengths=(5, 5))).to_dict("records")
    assert (row["n"], row["agree"], row["length_n"]) == (9, 9, 0)
    assert all(math.isnan(row[name]) for name in ("share", "low", "high", "length_share"))


def test_bins_hold_the_answers_that_prefer_one_seen_from_the_higher_reward() -> None:
    logit = math.log(0.65 / 0.35)
    found = answered(
        *[(logit, {"Ann": "first", "Bo": "second"})] * 5,
        *[(-logit, {"Ann": "second"})] * 5,
        (3.0, {"Ann": "first", "Bo": "both good"}),
        (0.0, {"Ann": "first"}),
        (math.nan, {"Ann": "first"}),
        prompts=[1, 1, *range(3, 14)],
    )
    curve = calibration(found, "reward")
    assert curve is not None
    assert (curve.n, curve.prompts) == (16, 10)
    middle, last = curve.bins.to_dict("records")
    assert (middle["low"], middle["high"], middle["n"], middle["prompts"]) == (0.6, 0.7, 15, 9)
    assert (middle["implied"], middle["share"]) == pytest.approx((0.65, 10 / 15))
    # Of nine prompts one has 4 answers, three have 2, five have 1: 15² / (16 + 3·4 + 5) = 225 / 33.
    n = 225 / 33
    for end in (middle["share_low"], middle["share_high"]):
        assert (end - 10 / 15) ** 2 == pytest.approx(1.959964**2 * end * (1 - end) / n)
    assert (last["low"], last["n"]) == (0.9, 1)
    assert math.isnan(last["share"])
    no_logits = found._replace(differences=found.differences.rename(columns={"reward": ENSEMBLE}))
    assert calibration(no_logits, ENSEMBLE) is None


def test_the_temperature_is_where_no_other_is_likelier() -> None:
    draw = random.Random(3)
    gap = np.array([draw.uniform(0.1, 4) for _ in range(60)])
    agrees = np.array([draw.random() < 0.7 for _ in range(60)])
    found, low, high = temperature(gap, agrees, np.arange(60))

    def likelihood(t: float) -> float:
        return sum(-math.log1p(math.exp(-(d if a else -d) / t)) for d, a in zip(gap, agrees, strict=True))

    best = max((t / 100 for t in range(5, 3000)), key=likelihood)
    assert found == pytest.approx(best, abs=0.02)
    assert low < found < high


def test_no_temperature_fits_people_who_go_against_the_scorer_and_none_is_the_best_for_those_who_always_go_with_it() -> (
    None
):
    gap, prompts = np.linspace(0.5, 2, 20), np.arange(20)
    assert temperature(gap, np.zeros(20, bool), prompts) == (math.inf, math.inf, math.inf)
    assert temperature(gap, np.ones(20, bool), prompts) == (0, 0, 0)
    found, low, high = temperature(gap, prompts % 2 == 0, prompts)
    assert low < found
    assert high == math.inf  # some resamples go against the scorer


@pytest.mark.parametrize("planted", [0.5, 2.0])
def test_a_planted_temperature_is_within_its_interval(planted: float) -> None:
    within, inverse = 0, []
    for seed in range(20):
        draw = random.Random(seed)
        gap = np.array([draw.expovariate(0.5) + 0.01 for _ in range(400)])
        agrees = np.array([draw.random() < 1 / (1 + math.exp(-d / planted)) for d in gap])
        found, low, high = temperature(gap, agrees, np.arange(400) // 2)
        within += low < planted < high
        inverse.append(1 / found)
    assert np.mean(inverse) == pytest.approx(1 / planted, rel=0.1)
    assert within >= 17  # of 20: 95 % intervals


# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability": C, nominal data, many observers, missing values.
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
# A, binary data, two observers.
TWO_OBSERVERS = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]


def counted(values: list[list[int | None]]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    seen = sorted({one for row in values for one in row if one is not None})
    return np.array([[column.count(one) for one in seen] for column in zip(*values, strict=True)], float)


def by_couples(values: list[list[int | None]]) -> float:
    """α by its definition: 1 − the disagreement of couples within units / that of all couples of pairable values."""
    units = [[one for one in column if one is not None] for column in zip(*values, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    every = [one for unit in units for one in unit]
    observed = sum(sum(a != b for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in units) / len(every)
    expected = sum(a != b for a, b in permutations(every, 2)) / (len(every) * (len(every) - 1))
    return 1 - observed / expected


def test_alpha_is_that_of_the_published_examples() -> None:
    assert alpha(counted(FOUR_OBSERVERS))[0] == pytest.approx(0.743, abs=0.0005)
    # By hand: 4 of 10 units differ, 14 zeros and 6 ones: 1 − 19 · 8 / (2 · 14 · 6).
    assert alpha(counted(TWO_OBSERVERS))[0] == pytest.approx(1 - 19 * 8 / 168)
    assert alpha(counted(TWO_OBSERVERS))[0] == pytest.approx(0.095, abs=0.0005)


def test_alpha_is_its_definition_on_random_values_and_weights_repeat_units() -> None:
    draw = random.Random(5)
    for _ in range(30):
        values = [[draw.choice([0, 1, 2, None]) for _ in range(15)] for _ in range(4)]
        counts = counted(values)
        assert alpha(counts)[0] == pytest.approx(by_couples(values))
        weights = np.array([[draw.randrange(4) for _ in range(15)]])
        repeated = [[one for one, n in zip(row, weights[0], strict=True) for _ in range(n)] for row in values]
        assert alpha(counts, weights)[0] == pytest.approx(by_couples(repeated))


def test_alpha_is_not_defined_where_all_say_the_same_and_one_where_they_agree() -> None:
    assert math.isnan(alpha(np.array([[2.0, 0.0], [3.0, 0.0]]))[0])
    assert alpha(np.array([[2.0, 0.0], [0.0, 3.0]]))[0] == 1


def test_people_are_compared_on_what_they_share() -> None:
    said: list[Said] = [{"Ann": "first", "Bo": "first", "Cy": "second"}] * 8
    said += [{"Ann": "both good", "Bo": "both bad"}] * 4 + [{"Cy": "first"}] * 3
    found = between_people(answered(*[(1.0, one) for one in said]))
    assert (found.pairs, found.answers) == (12, 32)
    values: list[list[int | None]] = [
        [CATEGORIES.index(one[person]) if person in one else None for one in said] for person in ("Ann", "Bo", "Cy")
    ]
    assert found.alpha == pytest.approx(by_couples(values))
    assert found.low <= found.alpha <= found.high
    rows = [(row["one"], row["other"], row["n"], row["equal"]) for row in found.couples.to_dict("records")]
    assert rows[0] == ("Ann", "Bo", 12, pytest.approx(8 / 12))
    assert [row[:3] for row in rows[1:]] == [("Ann", "Cy", 8), ("Bo", "Cy", 8)]
    assert found.couples["alpha"][0] == pytest.approx(by_couples(values[:2]))
    assert found.couples["alpha"][1:].isna().all()  # fewer than ten


def test_people_who_answer_at_random_agree_by_chance_only() -> None:
    draw = random.Random(11)
    said = [{person: draw.choice(CATEGORIES) for person in ("Ann", "Bo", "Cy")} for _ in range(400)]
    found = between_people(answered(*[(1.0, one) for one in said]))
    assert found.low < 0 < found.high
    assert found.alpha == pytest.approx(0, abs=0.05)


def test_who_always_says_left_shows_in_the_position_and_nobody_else() -> None:
    draw = random.Random(2)
    sides = [draw.choice(["first", "second"]) for _ in range(60)]
    said = [{"Left": side, "Fair": draw.choice(["first", "second"]), "Few": "both good"} for side in sides]
    said = [one if number < 5 else {k: v for k, v in one.items() if k != "Few"} for number, one in enumerate(said)]
    found = answered(*[(1.0, one) for one in said], left=lambda pair, person: sides[pair])
    rows = {row["person"]: row for row in position_by_person(found).to_dict("records")}
    assert (rows["Left"]["n"], rows["Left"]["left"], rows["Left"]["share"]) == (60, 60, 1.0)
    assert rows["Left"]["low"] > 0.9
    assert rows["Fair"]["low"] < 0.5 < rows["Fair"]["high"]
    assert (rows["Few"]["n"], rows["Few"]["answers"], rows["Few"]["both_good"], rows["Few"]["both_bad"]) == (0, 5, 5, 0)
    assert math.isnan(rows["Few"]["share"])
    whole = position(found)
    assert (whole.n, whole.left) == (120, 60 + rows["Fair"]["left"])


def test_source_models_are_compared_with_another_only() -> None:
    ant_bee = [(1.0, {"Ann": "first"})] * 6 + [(1.0, {"Ann": "second"})] * 3 + [(0.0, {"Ann": "first"})] * 2
    found = answered(*ant_bee, (1.0, {"Ann": "both good"}))
    rows = {row["model"]: row for row in by_model(found, "reward").to_dict("records")}
    assert (rows["ant"]["n"], rows["ant"]["won"], rows["ant"]["share"]) == (11, 8, 8 / 11)
    assert (rows["ant"]["scorer_n"], rows["ant"]["scorer_won"]) == (9, 9)
    assert math.isnan(rows["ant"]["scorer_share"])
    assert (rows["bee"]["n"], rows["bee"]["won"], rows["bee"]["scorer_won"]) == (11, 3, 0)
    assert rows["bee"]["low"] < 3 / 11 < rows["bee"]["high"]
    assert same_model(found) == (0, 0)
    assert same_model(answered(*ant_bee, models=("ant", "ant"))) == (11, 0)
    assert by_model(answered(*ant_bee, models=("ant", "ant")), "reward").empty
    assert same_model(answered(*ant_bee, models=("ant", None))) == (0, 11)
