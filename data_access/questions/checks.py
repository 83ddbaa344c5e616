"""What the scorer rewards, and where a reward is not to be trusted: one figure a check, each with its n."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from data_access.database import read
from data_access.dataset import Dataset
from data_access.derived.common_texts import one_answer
from data_access.plurals import things, verb
from data_access.questions.filters import PromptFilter
from data_access.questions.matched_pairs import MatchedPairs
from data_access.rewardbench import REFUSAL_IS_CHOSEN, in_order

SEED_SCORER = "Mistral-RM-for-RAFT-GSHF-v0"
# Where the seed's scorer is officially below one half, or near it: `allenai/reward-bench-results`, eval-set/hendrydong.
OFFICIAL = {"llmbar-adver-GPTInst": 0.402, "llmbar-adver-manual": 0.348, "llmbar-adver-neighbor": 0.463}
ENOUGH = 10  # prompts: fewer say little
DRAWN = 1_000  # points in a scatter: more take the browser seconds


class Check(NamedTuple):
    """What is asked, the figure in a sentence with its n, and the prompts concerned: the filter that shows them, if there is
    one, and how many it keeps, if it narrows."""

    asks: str
    figure: str
    prompts: PromptFilter | None = None
    concerned: int | None = None


FORMATTED_BEST = Check("Do formatted responses score higher?", "", PromptFilter(flag=("formatted_best",)))


def checks(counts: dict[str, Any]) -> list[Check]:
    """The checks that are a count; `counts` as from `overview.counts`."""
    unscored = counts["candidates"] - counts["scored"]
    tied_best, repeated = counts["prompts_with_tied_best"], counts["prompts_with_repeated"]
    n = f"of {things(counts['prompts'], 'prompt')}"
    return [
        _counted(
            counts,
            "Do candidates repeat a text?",
            "same_text",
            ("repeats", "repeat"),
            "the text of another of the same prompt",
            "repeats_of_a_text",
        ),
        _counted(
            counts,
            "Do candidates share a reward?",
            "tied",
            ("has", "have"),
            "the same reward as another of the same prompt",
        ),
        Check(
            "Is the best reward shared?",
            f"In {tied_best:,} {n} several candidates share the best reward.",
            PromptFilter(flag=("tied_best",)),
            tied_best,
        ),
        _counted(
            counts | {"unscored": unscored},
            "Are candidates unscored?",
            "unscored",
            ("has", "have"),
            "no reward (left out of every statistic)",
        ),
        _counted(counts, "Are responses empty?", "empty", ("has", "have"), "no text"),
        _counted(counts, "Are responses cut off?", "cut_off", ("looks", "look"), "cut off (suspected)"),
        _counted(
            counts,
            "Are chat-template tokens left in?",
            "template_tokens",
            ("has", "have"),
            "chat-template tokens left in the text",
        ),
        _counted(
            counts,
            "Are there outlying rewards?",
            "outlying",
            ("has", "have"),
            "a reward more than 6 robust standard deviations from the prompt's median",
        ),
        Check(
            "Do prompts occur twice?",
            f"{repeated:,} {n} {verb(repeated, 'repeats', 'repeat')} another prompt's text, which is therefore counted "
            "more than once.",
            PromptFilter(flag=("repeated",)),
            repeated,
        ),
    ]


def refusal_check(counts: dict[str, Any]) -> Check:
    """How many responses refuse, as far as their first words tell."""
    return _counted(counts, "Do candidates refuse?", "refusal", ("opens", "open"), "with a refusal phrase")


def _counted(
    counts: dict[str, Any], asks: str, flag: str, verbs: tuple[str, str], says: str, counted: str = ""
) -> Check:
    """A count of candidates, named in `counts` as its flag or as `counted`, and of the prompts that have some; `verbs` for one
    candidate and for several."""
    concerned, n = counts[f"prompts_with_{flag}"], counts[counted or flag]
    candidates = f"{n:,} of {things(counts['candidates'], 'candidate')}"
    figure = f"{candidates}, in {things(concerned, 'prompt')}, {verb(n, *verbs)} {says}."
    return Check(asks, figure, PromptFilter(flag=(flag,)), concerned)


def length_check(counts: dict[str, Any]) -> Check | None:
    """How reward and length go together; None where there is no correlation to speak of."""
    if not (n := counts["prompts_with_length_correlation"]):
        return None
    return Check(
        "Do longer responses score higher?",
        f"Within a prompt, reward and length in characters have a rank correlation of "
        f"{counts['mean_length_correlation']:+.2f} (Spearman, mean over {things(n, 'prompt')}).",
        PromptFilter(sort="length", descending=True),
    )


def noise_check(counts: dict[str, Any]) -> Check:
    """Whether one text gets one reward."""
    many = counts["prompts_with_unequal_same_text"]
    apart = f", up to {counts['largest_same_text_spread']:.2f} apart: that is this scorer's noise" if many else ""
    return Check(
        "Does one text get one reward?",
        f"In {many:,} of {things(counts['prompts'], 'prompt')} the same text got different rewards{apart}.",
        PromptFilter(flag=("unequal_same_text",)),
        many,
    )


def matched_check(matched: MatchedPairs | None) -> Check | None:
    """Whether the scorer agrees with RewardBench where both texts of a pair are scored; None where none is decided."""
    if not matched or not (whole := matched.agreements[0]).decided:
        return None
    said = (
        f"Matched pairs only: chosen is above rejected in {whole.wins:,} of {things(whole.decided, 'decided prompt')} (95 % "
        f"interval {whole.low:.0%} to {whole.high:.0%}); “always the longer” would agree in {whole.longer:.0%} of them. "
        f"Tied: {whole.ties:,}; split: {whole.splits:,}."
    )
    return Check(
        "Does it agree with RewardBench's pairs?",
        said.replace("95 %", "95%").replace("%", " %"),
        PromptFilter(flag=("scored_pair",)),
        matched.prompts,
    )


def one_answer_check(dataset: Dataset, scorer: str) -> Check | None:
    """Whether a source model gives most prompts one and the same text, as an attack on a judge does: how often that wins."""
    found = one_answer(dataset, scorer)
    if not found:
        return None
    model, prompts, total, won = found
    return Check(
        "Does one answer fit all prompts?",
        f"The source model {model} gives one and the same text to {prompts:,} of its {things(total, 'prompt')}, and has the "
        f"best reward in {won:,}.",
        PromptFilter(won=model),
        won,
    )


def value_grid(dataset: Dataset, scorer: str) -> Check | None:
    """How fine the rewards are: how many are bfloat16 values, and the smallest difference of two. None for less than two."""
    rewards = read(dataset, "questions/rewards", scorer=scorer)["reward"].to_numpy(dtype=float)
    if len(rewards) < 2:
        return None
    single = rewards.astype(np.float32)
    coarse = int(np.sum((single.view(np.uint32) & 0xFFFF == 0) & (single == rewards)))
    distinct = np.unique(rewards)
    step = f"the smallest difference of two is {np.diff(distinct).min():.2g}" if len(distinct) > 1 else "all are equal"
    values = verb(coarse, "is a bfloat16 value", "are bfloat16 values")
    return Check("How fine are the rewards?", f"{coarse:,} of {len(rewards):,} rewards {values}; {step}.")


def length_by_subset(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """One row per subset: see `sql/length_by_subset.sql`."""
    return in_order(read(dataset, "questions/length_by_subset", scorer=scorer))


def length_bins(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """Mean centred reward in 20 bins of length relative to the prompt's mean length: low, high, ratio, centred, n."""
    return read(dataset, "questions/length_bins", scorer=scorer)


def length_sample(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """At most DRAWN candidates, the same ones each time: ratio of length to the prompt's mean length, centred."""
    return read(dataset, "questions/length_sample", scorer=scorer, most=DRAWN)


def formatting(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """The share of best and of median candidates with each kind of formatting: kind, which, share, n."""
    rows = read(dataset, "questions/formatting", scorer=scorer)
    return rows.melt(["which", "n"], var_name="kind", value_name="share")


def same_text_noise(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """How the rewards of identical texts differ from their mean: low, high, n; sd, texts and rewards the same in each row."""
    return read(dataset, "questions/same_text_noise", scorer=scorer)


def refusals(dataset: Dataset, scorer: str) -> pd.DataFrame:
    """One row per subset: candidates, refusals, share, share_of_best, centred, and `chosen`: whether refusing is RewardBench's
    chosen behaviour there."""
    rows = in_order(read(dataset, "questions/refusals", scorer=scorer))
    return rows.assign(chosen=rows["subset"].isin(REFUSAL_IS_CHOSEN))


def official_note(dataset: Dataset, subset: str) -> str:
    """For the seed's own scorer: where it is officially below one half on RewardBench, a high reward is not quality."""
    is_seed = any(SEED_SCORER in str(file) for file in dataset.files)
    return f"official accuracy {OFFICIAL[subset]:.3f}, below one half" if is_seed and subset in OFFICIAL else ""
