"""What the scorer rewards, and where a reward is not to be trusted: worked by hand, and recovered from the sample."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from data_access import checks, prompts
from data_access import sample as planted
from data_access.checks import Agreement
from data_access.dataset import Dataset
from data_access.filters import PromptFilter

Open = Callable[..., Dataset]
REFUSAL = "I cannot help with that."
ONE_EACH = {"prompt": ["?"] * 3, "response_1": ["a", "b", "c"], "reward_1": [1.0] * 3}
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


def test_intervals_are_wilsons() -> None:
    # Those but the first: Newcombe 1998 (Statistics in Medicine 17, 857), table I, method 3.
    published = {(8, 10): (0.4902, 0.9433), (81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605)}
    for (wins, n), interval in published.items():
        assert checks.wilson(wins, n) == pytest.approx(interval, abs=5e-5)


@pytest.mark.parametrize("n", [1, 3, 20, 1000])
def test_intervals_end_at_none_and_all_and_without_a_pair_say_nothing(n: int) -> None:
    open_end = checks.Z**2 / (n + checks.Z**2)
    assert checks.wilson(0, n) == pytest.approx((0, open_end))
    assert checks.wilson(n, n) == pytest.approx((1 - open_end, 1))
    assert 0 <= min(checks.wilson(0, n)) < max(checks.wilson(n, n)) <= 1
    assert checks.wilson(0, 0) == (0, 1)


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
        "subset prompts correlation longest_wins chance pairs chosen_is_longer",
        ("alpacaeval-easy", 0, math.nan, 1 / 2, 1 / 2, 1, 0.0),
        ("own", 2, (-0.5 + 1) / 2, (1 / 2 + 1) / 2, (2 / 3 + 1 / 2) / 2, 2, 1 / 2),
        ("", 1, 0.5, 0.0, 1 / 3, 0, math.nan),
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


def test_formatting_is_that_of_the_best_and_the_median_of_three_or_more(opened: Open) -> None:
    all_kinds = "# A\n\n- **b**\n\n```\nc\n```\n🎉"
    rows = [
        # The second of four is the median, as of three.
        row((all_kinds, 0.0), ("- a\n- b 🎉", 4.0), (all_kinds, 1.0), ("## A\n\n**b**", 2.0)),
        row(("```\nx = 1\n```", 2.0), ("plain", 2.0), (all_kinds, 1.0), (all_kinds, None)),
        row((all_kinds, 2.0), (all_kinds, 1.0), (all_kinds, None)),
    ]
    shares = checks.formatting(opened(rows), "reward")
    assert set(shares["n"]) == {2}
    assert shares.pivot(index="which", columns="kind", values="share").T.to_dict() == {
        "best": {"lists": 0.5, "headers": 0.0, "bold": 0.0, "code": 0.5, "emoji": 0.5},
        "median": {"lists": 0.0, "headers": 0.5, "bold": 0.5, "code": 0.0, "emoji": 0.0},
    }


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
    repeated = checks.checks(dataset, "reward")[0]
    assert repeated.figure == "0 of 3 candidates repeat another's text."
    assert prompts.matching_prompts(dataset, "reward", PromptFilter(flag=("same_text",)), None) == []


def test_texts_that_differ_in_white_space_only_are_counted_once_each(opened: Open) -> None:
    texts = ["a b", "a b", "a  b", "a\nb\n", "ab", "a c", "", " ", "a\n\n b"]
    rows = [row(*[(text, 1.0) for text in some]) for some in (texts, ["a b", "c d"])]
    # Any kind of white space is white space.
    rows += [row((f"a{space}b", 1.0), ("a b", 2.0)) for space in ("\t", "\r\n", "\u00a0", "\u3000")]
    check = checks.whitespace_duplicates(opened(rows))
    assert check.figure == "12 texts, in 5 prompts, are another's with other white space."


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


def test_agreement_and_percentiles_are_of_pairs_whose_texts_are_both_scored_candidates(opened: Open) -> None:
    rows = [  # The percentiles of chosen and rejected:
        pair("hep-go", "a fig", "fig", ("a fig", 3.0), ("a fig", 1.0), ("fig", 2.0)),  # half each: a tie; 50, 50
        pair("hep-go", "b", "bb", ("b", 1.0), ("bb", 1.0)),  # a tie; 50, 50
        pair("hep-go", "c c", "cccc", ("c  c\n", 1.0), ("cccc", 2.0)),  # lost, normalised; 0, 100
        pair("hep-go", "dd", "d", ("dd", 1.0), ("d", 2.0)),  # lost, though longer; 0, 100
        pair("math-prm", "e", "ee", ("e", 2.0), ("ee", 1.0)),  # won, though shorter; 100, 0
        # Won in two of three; (100 + 200/3 + 0) / 3, 100/3
        pair("math-prm", "ff", "f", ("ff", 5.0), ("ff", 4.0), ("f", 2.0), ("ff", 1.0)),
        pair("math-prm", "g", "not here", ("g", 2.0), ("other", 1.0)),
        pair("own", "h", "hh", ("h", 2.0), ("hh", None)),
        row(("i", 1.0), ("j", 2.0), subset="own"),
    ]
    dataset = opened(rows)
    assert checks.agreement(dataset, "reward") == [
        Agreement("all", 2, 4, 2, pytest.approx(0.1500, abs=5e-5), pytest.approx(0.8500, abs=5e-5), 0.5),
        Agreement("math-prm", 2, 2, 0, pytest.approx(0.3424, abs=5e-5), pytest.approx(1.0), 0.5),
        Agreement("hep-go", 0, 2, 2, pytest.approx(0.0), pytest.approx(0.6576, abs=5e-5), 0.5),
    ]
    assert checks.matched_percentiles(dataset, "reward") == pytest.approx(((100 + 100 + 500 / 9) / 6, (1000 / 3) / 6))


def test_counts_have_their_n_and_lead_to_exactly_the_prompts_that_they_speak_of(opened: Open) -> None:
    dataset = opened(COUNTED)
    found = checks.checks(dataset, "reward")
    assert [check.figure for check in found] == [
        "2 of 20 candidates repeat another's text.",
        "5 of 20 candidates share their reward with another, in 2 prompts. "
        "Of the rewards 89 % are bfloat16 values; the smallest difference of two is 0.01.",
        "2 of 20 candidates have no reward.",
        "2 of 20 candidates have no text.",
        "1 of 20 candidates look cut off (suspected).",
        "1 of 20 candidates have some in their text.",
        "1 of 20 candidates, in 1 prompts, are more than 6 robust standard deviations from their prompt's median.",
        "3 prompts have the text of another: together they count twice.",
    ]
    shown = [prompts.matching_prompts(dataset, "reward", check.prompts, None) for check in found if check.prompts]
    assert shown == [[1], [3, 4], [4, 5], [2], [2], [2], [2], [2, 3, 4]]


@pytest.mark.parametrize(
    ("said", "rewards"),
    [
        ("Of the rewards all are bfloat16 values; the smallest difference of two is 0.5.", [1.0, -2.25, 1.5, 1.0]),
        # 257 takes nine bits, one more than bfloat16 has; 2 ** -30 is a power of two.
        ("Of the rewards 50 % are bfloat16 values; the smallest difference of two is 0.1.", [256, 257, 2**-30, 0.1]),
    ],
)
def test_the_value_grid_says_how_fine_the_rewards_are(opened: Open, said: str, rewards: list[float]) -> None:
    assert checks.value_grid(opened([row(*[("x", float(reward)) for reward in rewards])]), "reward") == said


def test_formatted_texts_that_lack_their_response_are_counted_where_both_are_there(opened: Open) -> None:
    more = {
        "response_2": ["a", None, "c"],
        "prompt_response_1": ["? a", "? b", None],
        "rformatted_prompt_response_1": ["[a]", "[other]", "[c]"],
        "rformatted_prompt_response_2": ["[a]", "[b]", "[C]"],
        "prompt_response_3": ["no", "such", "response"],
        "old_prompt_response_1": ["not", "ours", "at all"],
    }
    check = checks.formatted_without_response(opened(pa.table(ONE_EACH | more)), lambda done: None)
    assert check
    assert check.figure == "2 of 7 formatted texts do not contain their response: their rewards are for another text."


def test_formatted_texts_of_no_response_are_not_checked(opened: Open) -> None:
    table = pa.table(ONE_EACH | {"prompt_response_2": ["a", "b", "c"]})
    assert checks.formatted_without_response(opened(table), lambda done: None) is None


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
    said = {check.asks: check.figure for check in checks.checks(sample, "reward")}
    assert said["Are candidates unscored?"].startswith(f"{6900 // planted.UNSCORED_EVERY} of 6,900 ")
    assert said["Are responses empty?"].startswith(f"{6900 // planted.EMPTY_EVERY} of 6,900 ")


def test_formatted_texts_are_read_in_blocks_of_columns_to_the_last(opened: Open) -> None:
    numbered = {f"{kind}response_{n}": [f"{n}"] for n in range(1, 31) for kind in ("", "prompt_")}
    table = pa.table({"prompt": ["?"], "reward_1": [1.0]} | numbered | {"prompt_response_30": ["other"]})
    seen: list[float] = []
    check = checks.formatted_without_response(opened(table), seen.append)
    assert (check.figure if check else "").startswith("1 of 30 ")
    assert seen == [0, 25 / 30]
