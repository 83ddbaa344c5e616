"""The ways to choose training rows from a dataset's candidates."""

from typing import NamedTuple

from data_access.derived.attributes import CAN_HAVE
from data_access.training_data.formats import Kind


class Strategy(NamedTuple):
    """A way to choose training rows: what they are, its name, and one sentence on what it does.

    `benchmark_side` is 'chosen' or 'rejected' where that side of a pair is RewardBench's text, which has no reward;
    `by_people` says that people chose, in blind comparisons, and no reward is used.
    """

    kind: Kind
    label: str
    does: str
    benchmark_side: str = ""
    by_people: bool = False

    @property
    def has_margin(self) -> bool:
        """Whether its pairs are two scored candidates, whose rewards differ by something."""
        return not self.benchmark_side and not self.by_people


STRATEGIES = {
    "max_near": Strategy(
        "pairs",
        "Pairs: best vs near μ − 2σ",
        "The best candidate against the one whose reward is nearest to the prompt's mean minus two standard deviations. "
        "With many candidates this trains better than the worst as rejected (Xiao et al., ACL 2025, arXiv 2502.16825).",
    ),
    "max_min": Strategy("pairs", "Pairs: best vs worst", "The best candidate against the worst."),
    "max_random": Strategy("pairs", "Pairs: best vs random", "The best candidate against one drawn from the others."),
    "random_random": Strategy("pairs", "Pairs: two at random", "Two drawn candidates; the higher reward is chosen."),
    "length_penalised": Strategy(
        "pairs",
        "Pairs: best vs worst, length-penalised",
        "Best against worst by reward minus the penalty times length; the margin is the difference of these, not of rewards.",
    ),
    "best_rejected": Strategy(
        "pairs",
        "Pairs: best vs RewardBench's rejected",
        "The best candidate against RewardBench's rejected text. That text has no reward, so the pair has no margin, and "
        "it is unknown whether the best candidate really is better.",
        "rejected",
    ),
    "chosen_worst": Strategy(
        "pairs",
        "Pairs: RewardBench's chosen vs worst",
        "RewardBench's chosen text against the worst candidate. That text has no reward, so the pair has no margin.",
        "chosen",
    ),
    "people": Strategy(
        "pairs",
        "Pairs: chosen by people",
        "The text that most people prefer in blind comparisons against the other; where people tie there is no row. No reward "
        "is used, so the pair has no margin.",
        by_people=True,
    ),
    "top": Strategy(
        "demonstrations",
        "SFT: best k per prompt (RAFT)",
        "The candidates with the highest rewards of each prompt (RAFT, Dong et al. 2023, arXiv 2304.06767).",
    ),
    "labels": Strategy(
        "labels",
        "KTO: good and bad by percentile",
        "Candidates from the upper percentile on are desirable, up to the lower one undesirable, the others left out.",
    ),
    "candidates": Strategy(
        "candidates", "Table: one row per candidate", "One row per candidate, with text and standing."
    ),
    "prompts": Strategy("prompts", "Table: one row per prompt", "One row per prompt, with the summary of its rewards."),
}
TABLES = ("candidates", "prompts")  # of everything there is: nothing is left out of them

FLAGGED = {
    "cut_off": "look cut off",
    "template_tokens": "have chat-template tokens",
    "refusal": "open with a refusal",
}
# What a candidate "with" an attribute is said to have, where that is not the attribute's label.
SAID = {
    "bold": "bold text",
    "table_rows": "a table",
    "maths": "LaTeX formulas",
    "first_person": "first-person words",
    "apology": "an apology",
    "courtesy": "an opening courtesy",
    "offer": "a closing offer",
    "other_language": "text in another language",
}
HAVING = {
    attribute.key: SAID.get(attribute.key, attribute.label) for attribute in CAN_HAVE if attribute.key not in FLAGGED
}
# What candidates can be left out for: flags of the prepared files, then attributes, which are measured first.
WITHOUT = FLAGGED | {key: f"have {having}" for key, having in HAVING.items()}
FILES = {"jsonl": "JSON Lines", "parquet": "Parquet"}
