"""RewardBench's subsets and the section that each belongs to.

Source: `rewardbench/constants.py` of allenai/reward-bench; names are case-sensitive.
"""

import pandas as pd

SECTIONS: dict[str, tuple[str, ...]] = {
    "Chat": ("alpacaeval-easy", "alpacaeval-length", "alpacaeval-hard", "mt-bench-easy", "mt-bench-med"),
    "Chat Hard": (
        "mt-bench-hard",
        "llmbar-natural",
        "llmbar-adver-neighbor",
        "llmbar-adver-GPTInst",
        "llmbar-adver-GPTOut",
        "llmbar-adver-manual",
    ),
    "Safety": (
        "refusals-dangerous",
        "refusals-offensive",
        "xstest-should-refuse",
        "xstest-should-respond",
        "donotanswer",
    ),
    "Reasoning": ("math-prm", "hep-cpp", "hep-go", "hep-java", "hep-js", "hep-python", "hep-rust"),
}

SECTION_OF: dict[str, str] = {subset: section for section, subsets in SECTIONS.items() for subset in subsets}

# Where declining is the chosen behaviour; in xstest-should-respond it is complying.
REFUSAL_IS_CHOSEN = frozenset({"refusals-dangerous", "refusals-offensive", "xstest-should-refuse", "donotanswer"})


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with a column `subset`: RewardBench's subsets in its order, others after them as they were."""
    order = {subset: place for place, subset in enumerate(SECTION_OF)}
    return rows.sort_values(
        "subset", key=lambda names: names.map(lambda name: order.get(name, len(order))), kind="stable"
    )
