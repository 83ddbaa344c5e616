"""What the scorer rewards, and where a reward is not to be trusted: one figure a check, each with its n."""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from data_access import database
from data_access.database import read
from data_access.dataset import Dataset
from data_access.filters import PromptFilter
from data_access.frames import records
from data_access.rewardbench import REFUSAL_IS_CHOSEN, in_order

Z = 1.959964  # of a 95 % interval
SEED_SCORER = "Mistral-RM-for-RAFT-GSHF-v0"
# Where the seed's scorer is officially below one half, or near it: `allenai/reward-bench-results`, eval-set/hendrydong.
OFFICIAL = {"llmbar-adver-GPTInst": 0.402, "llmbar-adver-manual": 0.348, "llmbar-adver-neighbor": 0.463}
BLOCK = 25
FORMATTED = re.compile(r"(?:rformatted_)?prompt_response_(\d+)")


class Check(NamedTuple):
    """What is asked, the figure in words with its n, and the prompts concerned, if there is a filter that shows them."""

    asks: str
    figure: str
    prompts: PromptFilter | None


class Agreement(NamedTuple):
    """How often the scorer puts chosen above rejected, of the pairs whose texts are both candidates; ties stand apart.

    `low` and `high`: 95 % Wilson interval of wins / decided. `longer`: how often chosen is the longer text of the same pairs.
    """

    subset: str
    wins: int
    decided: int
    ties: int
    low: float
    high: float
    longer: float


def wilson(wins: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share. (Wilson 1927.) From 0 to 1 where n is 0."""
    if not n:
        return 0.0, 1.0
    share = wins / n
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def length_by_subset(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """One row a subset: see `sql/length_by_subset.sql`."""
    return in_order(read(dataset, "length_by_subset", scorer=scorer))


def length_bins(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """Mean centred reward in 20 bins of length relative to the prompt's mean length: low, high, ratio, centred, n."""
    return read(dataset, "length_bins", scorer=scorer)


def formatting(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """The share of best and of median candidates with each kind of formatting: kind, which, share, n."""
    rows = read(dataset, "formatting", scorer=scorer)
    return rows.melt(["which", "n"], var_name="kind", value_name="share")


def same_text_noise(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """How the rewards of identical texts differ from their mean: low, high, n; sd, texts and rewards the same in each row."""
    return read(dataset, "same_text_noise", scorer=scorer)


def refusals(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """One row a subset: candidates, refusals, share, share_of_best, centred, and `chosen`: whether refusing is RewardBench's
    chosen behaviour there."""
    rows = in_order(read(dataset, "refusals", scorer=scorer))
    return rows.assign(chosen=rows["subset"].isin(REFUSAL_IS_CHOSEN))


def agreement(dataset: Dataset, scorer: str) -> list[Agreement]:
    """Agreement on matched pairs: over all subsets first ('all'), then one a subset. Empty without a matched pair.

    A prompt is a win where chosen is above rejected in more than half of the pairs of candidates with these texts.
    """
    rows = in_order(read(dataset, "matched_pairs", scorer=scorer))
    groups = [("all", rows), *rows.groupby("subset", sort=False)] if len(rows) else []
    return [_agreement(str(name), some) for name, some in groups]


def matched_percentiles(dataset: Dataset, scorer: str) -> tuple[float, float] | None:
    """Mean within-prompt percentile of matched chosen and rejected texts; None without a matched pair."""
    rows = read(dataset, "matched_pairs", scorer=scorer)
    return (float(rows["chosen_percentile"].mean()), float(rows["rejected_percentile"].mean())) if len(rows) else None


def checks(dataset: Dataset, scorer: str) -> list[Check]:
    """The checks that are a count: duplicates, ties, what is unscored, empty, cut off, and the like."""
    row = records(read(dataset, "checks_of_texts", scorer=scorer))[0]
    n = f"of {row['candidates']:,} candidates"
    grid = value_grid(dataset, scorer)
    return [
        Check(
            "Do candidates repeat a text?",
            f"{row['repeats_of_a_text']:,} {n} repeat another's text.",
            _flag("same_text"),
        ),
        Check(
            "Do candidates share a reward?",
            f"{row['tied']:,} {n} share their reward with another, in {row['prompts_with_tied']:,} prompts. {grid}",
            _flag("tied"),
        ),
        Check("Are candidates unscored?", f"{row['unscored']:,} {n} have no reward.", _flag("unscored")),
        Check("Are responses empty?", f"{row['empty']:,} {n} have no text.", _flag("empty")),
        Check("Are responses cut off?", f"{row['cut_off']:,} {n} look cut off (suspected).", _flag("cut_off")),
        Check(
            "Are chat-template tokens left in?",
            f"{row['template_tokens']:,} {n} have some in their text.",
            _flag("template_tokens"),
        ),
        Check(
            "Are there outlying rewards?",
            f"{row['outlying']:,} {n}, in {row['prompts_with_outlying']:,} prompts, are more than 6 robust standard "
            "deviations from their prompt's median.",
            _flag("outlying"),
        ),
        Check(
            "Do prompts occur twice?",
            f"{row['repeated_prompts']:,} prompts have the text of another: together they count twice.",
            _flag("repeated"),
        ),
    ]


def value_grid(dataset: Dataset, scorer: str) -> str:
    """A sentence on how fine the rewards are: whether all are bfloat16 values, and the smallest difference of two."""
    rewards = read(dataset, "rewards", scorer=scorer)["reward"].to_numpy(dtype=float)
    if len(rewards) < 2:
        return ""
    single = rewards.astype(np.float32)
    coarse = np.mean((single.view(np.uint32) & 0xFFFF == 0) & (single == rewards))
    step = float(np.diff(np.unique(rewards)).min()) if len(np.unique(rewards)) > 1 else 0.0
    kind = "all are bfloat16 values" if coarse == 1 else f"{coarse:.0%} are bfloat16 values".replace("%", " %")
    return f"Of the rewards {kind}; the smallest difference of two is {step:.2g}."


def whitespace_duplicates(dataset: Dataset) -> Check:
    """Texts that differ from another candidate's in white space only."""
    row = records(read(dataset, "whitespace_duplicates"))[0]
    figure = f"{row['texts']:,} texts, in {row['prompts']:,} prompts, are another's with other white space."
    return Check("Do texts differ in white space only?", figure, None)


def formatted_without_response(dataset: Dataset, progress: Callable[[float], None]) -> Check | None:
    """How many `prompt_response_i` and `rformatted_prompt_response_i` do not contain response i: there the reward is for
    another text. None where the source has no such columns. Reads the whole source, 25 columns at a time."""
    names = database.columns_of(dataset, "source")
    pairs = [(name, f"response_{match[1]}") for name in names if (match := FORMATTED.fullmatch(name))]
    pairs = [(whole, part) for whole, part in pairs if part in names]
    if not pairs:
        return None
    missing = total = 0
    for start in range(0, len(pairs), BLOCK):
        progress(start / len(pairs))
        found = database.not_containing(dataset, "source", pairs[start : start + BLOCK])
        missing, total = missing + found[0], total + found[1]
    figure = f"{missing:,} of {total:,} formatted texts do not contain their response"
    return Check(
        "Is the scored text the response?",
        figure + ("." if not missing else ": their rewards are for another text."),
        None,
    )


def official_note(dataset: Dataset, subset: str) -> str:
    """For the seed's own scorer: where it is officially below one half on RewardBench, a high reward is not quality."""
    is_seed = any(SEED_SCORER in str(file) for file in dataset.files)
    return f"official accuracy {OFFICIAL[subset]:.3f}, below one half" if is_seed and subset in OFFICIAL else ""


def _agreement(name: str, rows: pd.DataFrame) -> Agreement:
    above = rows["wins"] + rows["ties"] / 2
    wins, ties = int((above > 0.5).sum()), int((above == 0.5).sum())
    low, high = wilson(wins, len(rows) - ties)
    return Agreement(name, wins, len(rows) - ties, ties, low, high, float(rows["chosen_is_longer"].mean()))


def _flag(name: str) -> PromptFilter:
    return PromptFilter(flag=(name,))
