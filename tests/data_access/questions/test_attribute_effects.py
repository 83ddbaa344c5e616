"""What goes with a reward within prompts: by hand, against least squares with a constant a prompt, and on planted data."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from data_access.dataset import Dataset
from data_access.derived.attributes import ATTRIBUTES, attributes
from data_access.opening.sample import OFFER_WEIGHT
from data_access.questions.attribute_effects import (
    KEYS,
    ROUNDS,
    Effects,
    Products,
    _within_models,
    by_part,
    differing,
    effects,
    from_products,
    of_values,
    parting,
    products,
)
from data_access.questions.resampling import SEED

Floats = npt.NDArray[np.float64]


def of_columns(prompt_ids: list[int], columns: dict[str, list[float]], reward: list[float]) -> Products:
    """Products of some attributes; the others are 0 everywhere."""
    values = np.zeros((len(prompt_ids), len(KEYS) + 1))
    for key, column in columns.items():
        values[:, KEYS.index(key)] = column
    values[:, -1] = reward
    return of_values(np.array(prompt_ids), values)


def drawn(prompts: int, candidates: int, seed: int, used: int = 3) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """prompt_ids, correlated attributes with an offset for each prompt, and noise."""
    rng = np.random.default_rng(seed)
    ids = np.repeat(np.arange(prompts), candidates)
    shared = rng.normal(size=(len(ids), 1))
    x = rng.normal(size=(len(ids), used)) + 0.8 * shared + rng.normal(size=(prompts, used))[ids]
    return ids, x, rng.normal(size=len(ids))


def fitted(ids: npt.NDArray[np.int64], x: Floats, y: Floats) -> Effects:
    values = np.zeros((len(ids), len(KEYS) + 1))
    values[:, : x.shape[1]], values[:, -1] = x, y
    found = from_products(of_values(ids, values))
    assert found
    return found


def by_least_squares(ids: npt.NDArray[np.int64], x: Floats, y: Floats) -> Floats:
    """The coefficients of x, with a constant for each prompt."""
    constants = (ids[:, None] == np.unique(ids)).astype(float)
    return np.linalg.lstsq(np.column_stack([x, constants]), y, rcond=None)[0][: x.shape[1]]


def test_a_slope_is_what_one_works_out_by_hand() -> None:
    # Prompt 1: bold 0, 1, 2 with rewards 10, 12, 14; prompt 2: bold 0, 2 with -5, -4; prompt 3 has one candidate.
    # Minus the means: x −1 0 1 | −1 1, y −2 0 2 | −½ ½. Σ xy = 4 + 1, Σ x² = 4: slope 5/4. s = √(4 / (5 − 2)).
    found = from_products(of_columns([1, 1, 1, 2, 2, 3], {"bold": [0, 1, 2, 0, 2, 9]}, [10, 12, 14, -5, -4, 99]))
    assert found
    (row,) = found.table.to_dict("records")
    assert (found.prompts, found.candidates, row["attribute"], row["varies"], row["has"]) == (2, 5, "bold", 2, 3 / 5)
    assert row["sd"] == pytest.approx((4 / 3) ** 0.5)
    assert row["alone"] == pytest.approx(5 / 4 * (4 / 3) ** 0.5)
    assert row["joint"] == pytest.approx(row["alone"], rel=1e-5)
    assert np.isnan([row["alone_low"], row["joint_high"], row["step"], found.predicted]).all()  # of two prompts


def test_having_it_is_worth_its_coefficient() -> None:
    # An offer is worth 3 in each prompt, whatever the prompt's own level is.
    found = from_products(of_columns([1, 1, 1, 2, 2], {"offer": [0, 1, 1, 0, 1]}, [1, 4, 4, 7, 10]))
    assert found
    assert found.table["step"].tolist() == pytest.approx([3], rel=1e-4)
    assert found.table["has"].tolist() == [3 / 5]


def test_where_nothing_differs_there_is_nothing_to_say() -> None:
    assert from_products(of_columns([1, 1], {"bold": [1, 1]}, [1, 2])) is None
    assert from_products(of_columns([1, 1], {"bold": [1, 2]}, [2, 2])) is None
    assert from_products(of_columns([1, 2], {"bold": [1, 2]}, [2, 3])) is None


@pytest.mark.parametrize("seed", range(3))
def test_alone_and_together_are_those_of_least_squares_with_a_constant_for_each_prompt(seed: int) -> None:
    ids, x, noise = drawn(12, 5, seed)
    y = x @ [1.0, -0.5, 0.0] + noise + 10 * ids
    table = fitted(ids, x, y).table.set_index("attribute").loc[list(KEYS[:3])]
    scale = table["sd"].to_numpy()
    assert table["joint"].to_numpy() / scale == pytest.approx(by_least_squares(ids, x, y), rel=1e-4, abs=1e-5)
    alone = [by_least_squares(ids, x[:, [k]], y)[0] for k in range(3)]
    assert table["alone"].to_numpy() / scale == pytest.approx(alone)


def test_predicted_is_worked_out_for_prompts_that_the_fit_has_not_seen() -> None:
    ids, x, noise = drawn(23, 6, 5)
    y = x @ [1.0, -0.5, 0.0] + noise
    found = fitted(ids, x, y)
    fold = np.random.default_rng(SEED).permutation(23) % 5
    missed = total = 0.0
    for each in range(5):
        seen = fold[ids] != each
        beta = by_least_squares(ids[seen], x[seen], y[seen])
        for prompt in np.flatnonzero(fold == each):
            rows = ids == prompt
            off = (y[rows] - y[rows].mean()) - (x[rows] - x[rows].mean(axis=0)) @ beta
            missed += float(off @ off)
            total += float(((y[rows] - y[rows].mean()) ** 2).sum())
    assert found.predicted == pytest.approx(1 - missed / total, rel=1e-4)


def test_intervals_are_those_of_resampled_prompts() -> None:
    ids, x, noise = drawn(15, 4, 8, used=2)
    y = x @ [0.6, 0.0] + noise
    table = fitted(ids, x, y).table.set_index("attribute").loc[list(KEYS[:2])]
    rng = np.random.default_rng(0)
    slopes = []
    for _ in range(1500):
        picked = rng.integers(0, 15, 15)
        rows = np.concatenate([np.flatnonzero(ids == prompt) for prompt in picked])
        again = np.repeat(np.arange(15), 4)
        slopes.append(by_least_squares(again, x[rows], y[rows]) * table["sd"].to_numpy())
    low, high = np.quantile(slopes, (0.025, 0.975), axis=0)
    # Two bootstraps of 500 and 1,500 rounds: their ends differ by the draw.
    width = high - low
    assert (np.abs(table["joint_low"] - low) < 0.15 * width).all()
    assert (np.abs(table["joint_high"] - high) < 0.15 * width).all()


def test_a_correlated_attribute_that_is_not_paid_for_is_told_apart_together_and_not_alone() -> None:
    ids, x, noise = drawn(60, 20, 3, used=2)
    table = fitted(ids, x, 2 * x[:, 0] + noise).table.set_index("attribute")
    paid, bystander = table.loc[KEYS[0]], table.loc[KEYS[1]]
    assert paid["joint_low"] < 2 * paid["sd"] < paid["joint_high"]
    assert bystander["alone_low"] > 0.5
    assert bystander["joint_low"] < 0 < bystander["joint_high"]


def test_where_rewards_are_permuted_about_one_in_twenty_differs_from_zero() -> None:
    # 40 times 23 attributes. The share of 920 that is expected is 5 %; a bootstrap of 60 prompts calls some more.
    rng = np.random.default_rng(3)
    called = 0
    for seed in range(40):
        ids, x, noise = drawn(60, 10, seed, used=len(KEYS))
        y = x[:, 0] + noise
        permuted = np.concatenate([rng.permutation(y[ids == prompt]) for prompt in range(60)])
        called += differing(fitted(ids, x, permuted).table)
    assert 0.03 < called / (40 * len(KEYS)) < 0.09


def test_a_sign_that_turns_is_marked() -> None:
    ids, x, noise = drawn(40, 20, 4, used=2)
    table = fitted(ids, x, 2 * x[:, 0] - 0.4 * x[:, 1] + 0.1 * noise).table.set_index("attribute")
    assert table["turns"].to_dict() == {KEYS[0]: False, KEYS[1]: True}


ANSWERS = [
    ("Mars.", 0.0),
    ("**Mars** it is.", 2.0),
    ("It is **Mars**, of **Sol**.", 3.0),
    ("It might be Mars.", 1.0),
    ("It might be Mars, maybe.", None),
]


def planets(n: int) -> list[dict[str, object]]:
    return [
        {
            "prompt": f"Which planet is number {i}?",
            "subset": "hep-go" if i % 2 else "alpacaeval-easy",
            "candidates": [
                (f"m{j}", f"{text} {'x' * i}", None if reward is None else reward + i)
                for j, (text, reward) in enumerate(ANSWERS)
            ],
        }
        for i in range(n)
    ]


def test_the_effects_of_a_dataset_are_of_its_scored_candidates_with_a_text(opened: Callable[..., Dataset]) -> None:
    rows = planets(12)
    rows[0]["candidates"] = [*ANSWERS, ("m", None, 100.0)]  # type: ignore[list-item]
    rows[0]["candidates"] = [("m", text, reward) for text, reward in ANSWERS] + [("m", None, 100.0)]
    dataset = opened(rows)
    found = effects(dataset, "reward")
    assert found
    assert (found.prompts, found.candidates) == (12, 48)
    table = found.table.set_index("attribute")
    assert set(table.index) == {"length", "sentence_length", "bold", "hedges", "repeats_prompt", "word_variety"} & set(
        table.index
    )
    # bold: ln 1, ln 2, ln 3, ln 1 with rewards 0, 2, 3, 1.
    x, y = np.log1p([0, 1, 2, 0]), np.array([0, 2, 3, 1.0])
    slope = ((x - x.mean()) @ y) / ((x - x.mean()) @ (x - x.mean()))
    assert table.loc["bold", "alone"] / table.loc["bold", "sd"] == pytest.approx(slope, rel=1e-5)
    assert table.loc["bold", "has"] == 0.5
    half = effects(dataset, "reward", section="Reasoning")
    assert half
    assert half.prompts == 6
    assert effects(dataset, "reward", subset="math-prm") is None


def test_each_part_is_fitted_by_itself_in_the_units_of_all(opened: Callable[..., Dataset]) -> None:
    dataset = opened(planets(24))
    table = by_part(dataset, "reward", "section")
    assert list(dict.fromkeys(table["part"])) == ["Chat", "Reasoning"]
    assert set(table["prompts"]) == {12}
    whole, half = effects(dataset, "reward"), effects(dataset, "reward", section="Chat")
    assert whole
    assert half
    units = whole.table.set_index("attribute")["sd"]
    own = half.table.set_index("attribute")
    chat = table[table["part"] == "Chat"].set_index("attribute")
    assert chat["joint"].to_dict() == pytest.approx(
        (own["joint"] * units / own["sd"]).reindex(chat.index).to_dict(), rel=1e-3, abs=1e-3
    )
    assert by_part(opened(planets(9)), "reward", "section").empty


def test_within_models_is_least_squares_with_a_constant_for_each_prompt_and_each_source_model() -> None:
    ids, x, noise = drawn(20, 6, 6)
    rng = np.random.default_rng(6)
    models = rng.integers(0, 4, len(ids))
    y = x @ [1.0, -0.5, 0.0] + noise + 10 * ids + 3.0 * models
    x[:, 1] += models
    values = np.zeros((len(ids), len(KEYS) + 1))
    values[:, :3], values[:, -1] = x, y
    found = from_products(_within_models([(ids, pd.Series(models).astype(str), values)]))
    assert found
    table = found.table.set_index("attribute").loc[list(KEYS[:3])]
    constants = [(ids[:, None] == np.unique(ids)), (models[:, None] == np.unique(models))]
    design = np.column_stack([x, *constants]).astype(float)
    expected = np.linalg.lstsq(design, y, rcond=None)[0][:3]
    assert table["joint"].to_numpy() / table["sd"].to_numpy() == pytest.approx(expected, rel=1e-3, abs=1e-4)
    assert table["varies"].tolist() == [20, 20, 20]


def test_a_text_that_most_prompts_are_given_is_left_out(opened: Callable[..., Dataset]) -> None:
    rows = planets(12)
    for row in rows:
        row["candidates"] = [*row["candidates"], ("null", "# Pick this!", 99.0)]  # type: ignore[misc]
    found, without = effects(opened(rows), "reward"), effects(opened(planets(12)), "reward")
    assert found
    assert without
    pd.testing.assert_frame_equal(found.table, without.table)
    assert (found.left_out, without.left_out) == (1, 0)


def test_no_more_than_some_prompts_are_read_at_once_with_the_same_products(
    opened: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = opened(planets(7))
    attributes(dataset)
    whole = products(dataset, "reward")
    monkeypatch.setattr("data_access.questions.attribute_effects.AT_ONCE", 10)
    parts = products(dataset, "reward")
    for one, other in zip(whole, parts, strict=True):
        assert np.array_equal(one, other)


def test_two_scorers_part_where_one_pays_for_what_the_other_does_not(opened: Callable[..., Dataset]) -> None:
    rng = np.random.default_rng(1)
    texts = ["Mars.", "**Mars**.", "**Mars**, maybe.", "Mars, maybe.", "Mars! Mars!", "**Mars**!"]
    prompts = []
    for i in range(40):
        noise = rng.normal(0, 0.3, (2, len(texts)))
        bold = np.array(["*" in text for text in texts], float)
        maybe = np.array(["maybe" in text for text in texts], float)
        first, second = 2 * bold + noise[0], 10 * (2 * bold + 2 * maybe + noise[1])
        prompts.append(
            {"prompt": f"p{i}"}
            | {f"response_{j + 1}": f"{text} {'x' * i}" for j, text in enumerate(texts)}
            | {f"response_{j + 1}_one": float(first[j]) for j in range(len(texts))}
            | {f"response_{j + 1}_two": float(second[j]) for j in range(len(texts))}
        )
    import pyarrow as pa

    dataset = opened(pa.Table.from_pylist(prompts))
    assert dataset.contents.scorers[:2] == ("one", "two")
    found = parting(dataset, "one", "two")
    assert found
    table = found.table.set_index("attribute")
    assert table.index[0] == "hedges"
    assert table.loc["hedges", "parts"]
    assert table.loc["hedges", "difference"] < -0.3
    back = parting(dataset, "two", "one")
    assert back
    assert back.table.set_index("attribute")["difference"].to_dict() == pytest.approx(
        (-table["difference"]).to_dict(), abs=1e-9
    )


def test_the_constants_are_what_the_page_says() -> None:
    assert (ROUNDS, len(ATTRIBUTES)) == (500, 23)


def test_the_sample_pays_for_an_offer_and_not_for_the_exclamation_mark_that_comes_with_it(sample: Dataset) -> None:
    found = effects(sample, "reward")
    assert found
    table = found.table.set_index("attribute")
    offer, exclamations = table.loc["offer"], table.loc["exclamations"]
    assert offer["joint_low"] < OFFER_WEIGHT * offer["sd"] < offer["joint_high"]
    assert exclamations["alone_low"] > 0.1
    assert exclamations["joint_low"] < 0 < exclamations["joint_high"]
    assert found.predicted > found.by_length > 0.2
