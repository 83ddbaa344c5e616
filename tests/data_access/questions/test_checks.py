"""What the scorer rewards, and where a reward is not to be trusted: worked by hand, and recovered from the sample."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data_access.dataset import Dataset
from data_access.opening import sample as planted
from data_access.questions import checks, overview, prompts
from data_access.questions.filters import PromptFilter

Open = Callable[..., Dataset]
REFUSAL = "I cannot help with that."
CUT_OFF = "It was a bright cold day in April, and the clocks were"


def row(*candidates: tuple[str | None, float | None], **columns: Any) -> dict[str, Any]:
    return {"prompt": "?", "candidates": [("ant", *candidate) for candidate in candidates]} | columns


def pair(subset: str, chosen: str, rejected: str | None, *candidates: tuple[str, float | None]) -> dict[str, Any]:
    return row(*candidates, subset=subset, rewardbench_chosen=chosen, rewardbench_rejected=rejected)


def assert_rows(got: pd.DataFrame, columns: str, *rows: tuple[Any, ...]) -> None:
    expected = pd.DataFrame(rows, columns=columns.split())
    pd.testing.assert_frame_equal(got.reset_index(drop=True), expected, check_dtype=False)


COUNTED = [
    # Distances from the median 3 are 2 1 0 1 8.89, and their median is 1: 6 · 1.4826 = 8.8956 is the limit.
    row(("same", 1.0), ("same", 2.0), ("same", 3.0), ("d", 4.0), ("e", 11.89), prompt="One."),
    row(("", 1.0), (" \n", 2.0), ("x<|im_end|>", 3.0), (CUT_OFF, 4.0), ("e", 11.9), prompt="Two."),
    # Half of the candidates lie on the median: nothing to measure 50 by. A tie, but not for best.
    row(("a", 1.0), ("b", 1.0), ("c", 1.0), ("d", 50.0), prompt="Two."),
    row(("a", 7.0), ("b", 7.0), ("c", None), prompt="Two."),
    row(("a", math.nan), ("b", 0.0), prompt=None),
    row(("a", 0.0), prompt=None),
]


def test_each_subset_has_its_length_correlation_and_how_often_the_longest_wins(opened: Open) -> None:
    rows = [
        # Ranks of reward 2.5 1 2.5, of length 2.5 2.5 1: correlation -0.5. One of two longest is one of two best.
        pair("own", "long", "no", ("aaa", 2.0), ("bbb", 1.0), ("c", 2.0)),
        pair("own", "no", "long", ("a", 1.0), ("bb", 2.0)),
        pair("own", "long", None, ("a", 1.0), ("bbbb", None)),
        pair("alpacaeval-easy", "same", "even", ("aa", 1.0), ("bb", 2.0), ("longest", None)),
        row(("aa", 1.0), ("b", 2.0), ("", 0.0)),
    ]
    assert_rows(
        checks.length_by_subset(opened(rows), "reward"),
        "subset prompts correlation compared longest_wins chance pairs chosen_is_longer",
        ("alpacaeval-easy", 0, math.nan, 1, 1 / 2, 1 / 2, 1, 0.0),
        ("own", 2, (-0.5 + 1) / 2, 2, (1 / 2 + 1) / 2, (2 / 3 + 1 / 2) / 2, 2, 1 / 2),
        ("", 1, 0.5, 1, 0.0, 1 / 3, 0, math.nan),
    )


def test_lengths_are_binned_relative_to_their_prompts_mean_with_as_many_candidates_in_each_bin(opened: Open) -> None:
    # Lengths 1 to 40 with their length as reward: both means are 20.5. One empty, one unscored. Then all ten times as long.
    rows = [row(*[("x" * n * k, float(n)) for n in range(1, 41)], ("", 20.5), ("x" * 99, None)) for k in (1, 10)]
    bins = checks.length_bins(opened(rows), "reward")
    middles = [number + 0.5 for number in range(1, 41, 2)]
    assert bins["n"].tolist() == [4] * 20
    for column, offset in (("low", -0.5), ("ratio", 0), ("high", 0.5)):
        assert bins[column].tolist() == pytest.approx([(middle + offset) / 20.5 for middle in middles])
    assert bins["centred"].tolist() == pytest.approx([middle - 20.5 for middle in middles])


def test_the_points_of_the_scatter_are_of_all_prompts_and_the_same_each_time(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = opened([row(*[("x" * n * k, float(n)) for n in range(1, 41)], ("", 20.5)) for k in (1, 10)])
    monkeypatch.setattr(checks, "DRAWN", 40)
    points = checks.length_sample(dataset, "reward")
    assert len(points) == 40
    assert (points["ratio"] * 20.5 - 20.5).tolist() == pytest.approx(points["centred"].tolist())
    assert points.equals(checks.length_sample(dataset, "reward"))
    monkeypatch.setattr(checks, "DRAWN", 1000)
    assert len(checks.length_sample(dataset, "reward")) == 80  # the empty ones have no length


def test_emoji_are_emoji_wherever_unicode_has_them_and_other_signs_are_not(opened: Open) -> None:
    emoji, others = ["😀", "✅", "🚀", "❤️", "⭐", "🇩🇪"], ["→", "©", "½", "日本", "∑", "“”"]
    dataset = opened([row((best, 2.0), (other, 1.0), ("", 0.0)) for best, other in zip(emoji, others, strict=True)])
    assert checks.formatting(dataset, "reward").query("kind == 'emoji'")["share"].tolist() == [1.0, 0.0]


def test_noise_is_how_the_rewards_of_one_text_within_a_prompt_differ_from_their_mean(opened: Open) -> None:
    one = row(("a", 1.0), ("a", 2.0), ("a", 3.0), ("b", 5.0), ("b", 5.0), ("c", 9.0))
    bins = checks.same_text_noise(opened([one, row(("a", 10.0), ("a", 13.0), ("c", 0.0), ("c", None))]), "reward")
    # Deviations -1 0 1, 0 0 and -1.5 1.5: a sum of squares of 6.5, with 7 rewards of 3 texts. Bins are 3/31 wide.
    assert bins[["texts", "rewards"]].drop_duplicates().to_numpy().tolist() == [[3, 7]]
    assert bins["sd"].tolist() == pytest.approx([math.sqrt(6.5 / (7 - 3))] * 31)
    assert {at: n for at, n in enumerate(bins["n"]) if n} == {0: 1, 5: 1, 15: 3, 25: 1, 30: 1}
    assert bins["low"].tolist() == pytest.approx([-1.5 + number * 3 / 31 for number in range(31)])
    assert bins["high"].tolist() == pytest.approx([-1.5 + number * 3 / 31 for number in range(1, 32)])


def test_candidates_without_a_text_have_no_text_in_common(opened: Open) -> None:
    dataset = opened([row((None, 1.0), (None, 3.0), ("a", 2.0))])
    assert checks.same_text_noise(dataset, "reward").empty
    repeated = checks.checks(overview.counts(dataset, "reward"))[0]
    assert repeated.figure == "0 of 3 candidates, in 0 prompts, repeat the text of another of the same prompt."
    assert prompts.matching_prompts(dataset, "reward", PromptFilter(flag=("same_text",)), None) == []


def test_refusals_are_told_by_subset_with_whether_refusing_is_the_chosen_behaviour(opened: Open) -> None:
    rows = [
        row(("Yes.", 1.0), subset="own"),
        # The mean is 5/3, so refusals are at 1/3 and -2/3.
        row((REFUSAL, 2.0), ("Sure.", 2.0), (REFUSAL, 1.0), (REFUSAL, None), subset="donotanswer"),
        row((f"I'm sorry. {REFUSAL}", 1.0), ("Sure.", 2.0), subset="xstest-should-respond"),
        row((f"Sure. {REFUSAL}", 4.0), subset="xstest-should-respond"),
    ]
    assert_rows(
        checks.refusals(opened(rows), "reward"),
        "subset candidates refusals share share_of_best centred chosen",
        ("xstest-should-respond", 3, 1, 1 / 3, 0.0, -0.5, False),
        ("donotanswer", 3, 2, 2 / 3, 1 / 2, -1 / 6, True),
        ("own", 1, 0, 0.0, 0.0, math.nan, False),
    )


def test_counts_have_their_n_and_lead_to_exactly_the_prompts_that_they_speak_of(opened: Open) -> None:
    dataset = opened(COUNTED)
    counts = overview.counts(dataset, "reward")
    found = [*checks.checks(counts), checks.refusal_check(counts), checks.noise_check(counts)]
    assert [check.figure for check in found] == [
        "2 of 20 candidates, in 1 prompt, repeat the text of another of the same prompt.",
        "5 of 20 candidates, in 2 prompts, have the same reward as another of the same prompt.",
        "In 1 of 6 prompts several candidates share the best reward.",
        "2 of 20 candidates, in 2 prompts, have no reward (left out of every statistic).",
        "2 of 20 candidates, in 1 prompt, have no text.",
        "1 of 20 candidates, in 1 prompt, looks cut off (suspected).",
        "1 of 20 candidates, in 1 prompt, has chat-template tokens left in the text.",
        "1 of 20 candidates, in 1 prompt, has a reward more than 6 robust standard deviations from the prompt's median.",
        "3 of 6 prompts repeat another prompt's text, which is therefore counted more than once.",
        "0 of 20 candidates, in 0 prompts, open with a refusal phrase.",
        "In 1 of 6 prompts the same text got different rewards, up to 2.00 apart: that is this scorer's noise.",
    ]
    shown = [prompts.matching_prompts(dataset, "reward", check.prompts, None) for check in found if check.prompts]
    assert shown == [[1], [3, 4], [4], [4, 5], [2], [2], [2], [2], [2, 3, 4], [], [1]]
    assert [check.concerned for check in found] == [len(ids) for ids in shown]


@pytest.mark.parametrize(
    ("said", "rewards"),
    [
        ("4 of 4 rewards are bfloat16 values; the smallest difference of two is 0.5.", [1.0, -2.25, 1.5, 1.0]),
        # 257 takes nine bits, one more than bfloat16 has; 2 ** -30 is a power of two.
        ("2 of 4 rewards are bfloat16 values; the smallest difference of two is 0.1.", [256, 257, 2**-30, 0.1]),
        ("299 of 300 rewards are bfloat16 values; the smallest difference of two is 0.1.", [1.0] * 299 + [1.1]),
        ("1 of 2 rewards is a bfloat16 value; the smallest difference of two is 0.1.", [1.0, 1.1]),
        ("2 of 2 rewards are bfloat16 values; all are equal.", [1.0, 1.0]),
    ],
)
def test_the_value_grid_says_how_fine_the_rewards_are(opened: Open, said: str, rewards: list[float]) -> None:
    check = checks.value_grid(opened([row(*[("x", float(reward)) for reward in rewards])]), "reward")
    assert check
    assert check.figure == said
    assert checks.value_grid(opened([row(("x", 1.0), ("y", None))]), "reward") is None


def test_formatting_is_that_of_the_best_and_the_median_of_three_or_more(opened: Open) -> None:
    all_kinds = "# A\n\n- **b**\n\n```\nc\n```\n🎉"
    rows = [
        # The second of four is the median, as of three.
        row((all_kinds, 0.0), ("- a\n- b 🎉", 4.0), (all_kinds, 1.0), ("## A\n\n**b**", 2.0)),
        # Two share the best reward, which is the median's too: half a best and half a median candidate each.
        row(("```\nx = 1\n```", 2.0), ("plain", 2.0), (all_kinds, 1.0), (all_kinds, None)),
        row((all_kinds, 2.0), (all_kinds, 1.0), (all_kinds, None)),
    ]
    dataset = opened(rows)
    shares = checks.formatting(dataset, "reward")
    assert set(shares["n"]) == {2}
    assert shares.pivot(index="which", columns="kind", values="share").T.to_dict() == {
        "best": {"lists": 0.5, "headers": 0.0, "bold": 0.0, "code": 0.25, "emoji": 0.5},
        "median": {"lists": 0.0, "headers": 0.5, "bold": 0.5, "code": 0.25, "emoji": 0.0},
    }
    formatted = PromptFilter(flag=("formatted_best",))
    assert prompts.matching_prompts(dataset, "reward", formatted, None) == [1, 2, 3]


def test_official_accuracies_are_those_of_the_seeds_scorer_where_it_is_below_one_half(sample: Dataset) -> None:
    seed = replace(sample, files=(Path("rewarded-Mistral-RM-for-RAFT-GSHF-v0/data/train-00000-of-00001.parquet"),))
    for name, accuracy in (("GPTInst", "0.402"), ("manual", "0.348"), ("neighbor", "0.463")):
        assert checks.official_note(seed, f"llmbar-adver-{name}") == f"official accuracy {accuracy}, below one half"
        assert checks.official_note(sample, f"llmbar-adver-{name}") == ""
    assert checks.official_note(seed, "math-prm") == ""


def test_the_effects_planted_in_the_sample_are_recovered(sample: Dataset) -> None:
    noise = checks.same_text_noise(sample, "reward").iloc[0]
    assert noise["sd"] == pytest.approx(planted.NOISE, rel=1.96 / math.sqrt(2 * (noise["rewards"] - noise["texts"])))
    assert checks.length_by_subset(sample, "reward")["correlation"].min() > 0.3
    bins = checks.length_bins(sample, "reward")
    assert bins["ratio"].rank().corr(bins["centred"].rank()) > 0.9
    said = {check.asks: check.figure for check in checks.checks(overview.counts(sample, "reward"))}
    assert said["Are candidates unscored?"].startswith(f"{6900 // planted.UNSCORED_EVERY} of 6,900 ")
    assert said["Are responses empty?"].startswith(f"{6900 // planted.EMPTY_EVERY} of 6,900 ")
