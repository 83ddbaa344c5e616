"""What is said of attributes that go with a reward, of one scorer and of two."""

import math

import pandas as pd

from data_access.frames import records
from data_access.plain_text import one_line
from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE
from data_access.questions.attribute_effects import ROUNDS, Effects, Parting, by_chance, differing

NOTHING = "No two scored candidates of a prompt differ in reward and in an attribute. Choose another subset."
NOTHING_OF_TWO = "No prompt has two candidates that both have scored and that differ in an attribute."
PARTING_NOTE = (
    "Observational. The other attributes are held equal. In standard deviations of each scorer's rewards within prompts, as "
    "scorers have scales of their own. The intervals resample the prompts, the same ones for both."
)


def nothing_in_parts(by: str) -> str:
    return f"No {by} has ten prompts whose candidates differ. Choose more prompts."


def unit_of(scorer: str) -> str:
    """Of the rewards of a scorer."""
    return "percentiles" if scorer == ENSEMBLE else "logits"


def counted(found: Effects, within: bool) -> list[str]:
    """What is predicted and what is associated; then of how many, as that may be cut off. `within`: within source models."""
    said = []
    if not math.isnan(found.predicted):
        where = "within prompts and source models" if within else "within prompts"
        said.append(
            f"Together they predict {found.predicted * 100:.0f} % of how rewards differ {where}, length alone "
            f"{found.by_length * 100:.0f} %"
        )
    n, chance = by_chance(found.table["joint_low"])
    said.append(f"{differing(found.table)} of {n} intervals are without 0, about {chance:.0f} by chance")
    said.append(f"{things(found.prompts, 'prompt')}, {things(found.candidates, 'candidate')}")
    return said


def effects_seen(table: pd.DataFrame, unit: str) -> str:
    first = table.iloc[0]
    turning = table.loc[table["turns"], "label"].tolist()
    said = f"With the others held equal {first['label']} goes with the reward most ({first['joint']:+.2f} {unit})."
    said += f" One at a time these have the other sign: {', '.join(turning)}." if turning else ""
    return f"Association of attributes with the reward, with 95 % intervals, the strongest first. {said}"


def notes(found: Effects, within: bool) -> list[str]:
    """How the figures are made, and what they do not say."""
    minus = "prompt's and its source model's means" if within else "prompt's mean"
    left_out = f" Left out: {things(found.left_out, 'text')} that half of all prompts or more are given."
    return [
        "Observational. Candidates that differ in one attribute differ in others too"
        + ("" if within else ", above all in which model wrote them")
        + ", and in what nobody counted, as being right. That more of an attribute goes with more reward does not "
        "show that it earns it. Attributes look for plain marks in a text, not for its meaning.",
        f"{things(found.candidates, 'scored candidate')} with a text, of {things(found.prompts, 'prompt')} with two "
        f"or more, each minus its {minus}. Counts enter as ln(1 + count); the unit is one standard deviation within "
        f"prompts. All together: least squares on all attributes at once. Intervals: 95 %, {ROUNDS:,} resamples of "
        "the prompts; none where an attribute differs in fewer than ten. Predicted: in prompts "
        "that the fit has not seen, in five folds." + (left_out if found.left_out else ""),
    ]


def parts_seen(table: pd.DataFrame, by: str, unit: str) -> str:
    strongest = max(records(table), key=lambda row: abs(row["joint"]))
    return (
        f"Association of attributes with the reward by {by}, together with the others. The strongest is "
        f"{strongest['label']} in {one_line(strongest['part'])} ({strongest['joint']:+.2f} {unit})"
    )


def parts_note(table: pd.DataFrame, by: str) -> str:
    """How the cells are made, and how many would be sure by chance."""
    n, chance = by_chance(table["joint_low"])
    return (
        f"Observational. Each {by} is fitted by itself with the other attributes held equal, in one unit: a standard "
        f"deviation within all prompts. Faint: no interval, or one with 0 in it. Of {n:,} intervals about "
        f"{chance:.0f} would be without 0 by chance. In brackets: prompts; a {by} of fewer than ten is not shown."
    )


def parting_counted(found: Parting) -> list[str]:
    """In how many attributes two scorers differ, and over which candidates."""
    differ = int(found.table["parts"].sum())
    _, chance = by_chance(found.table["difference_low"])
    return [
        f"They differ in {differ} of {things(len(found.table), 'attribute')} (about {chance:.0f} by chance)",
        f"{things(found.candidates, 'candidate')} scored by both, of {things(found.prompts, 'prompt')}",
    ]


def parting_seen(found: Parting) -> str:
    first = found.table.iloc[0]
    return (
        f"What goes with the rewards of two scorers, where they differ most first: {first['label']} with "
        f"{first['first']:+.2f} and {first['second']:+.2f} standard deviations"
    )
