"""What is said of people's answers to blind comparisons."""

import math
from typing import Any

import pandas as pd

from data_access.frames import records
from data_access.plain_text import one_line
from data_access.plurals import things, verb
from data_access.questions.people.agreement import Counts
from data_access.questions.people.answered import ENOUGH
from data_access.questions.people.between_people import BetweenPeople
from data_access.questions.people.calibration import Calibration
from data_access.questions.people.position import Position

NOBODY = "Nobody has answered a pair of this dataset yet."
NO_LOGIT = "The values of this scorer are percentiles, no logits: they imply no preference."
NOWHERE = "Nowhere so far."
NO_TWO_MODELS = "No pair of two models is decided yet."
OF_CALIBRATION = (
    "σ(Δ) is implied by the rewards, and uncalibrated. Each answer that prefers one text counts, where the scorer does too, "
    "seen from the higher reward; on the dashed line people prefer it as often as implied. "
    f"A bin of fewer than {ENOUGH} answers has no point."
)
OF_ALPHA = "Nominal, of the four answers. 1: always the same; 0: no more than by chance. Intervals resample pairs."
OF_POSITION = "Intervals: Wilson, over answers."
OF_MODELS = f"Of pairs with another model's text that people decide. No share of fewer than {ENOUGH} pairs."
HOW = (
    "A pair counts by what most of its people prefer; where as many prefer the other, or find both good or bad, people "
    "tie. Skips count nowhere. Intervals are 95 %: of shares Wilson's, on the effective number of prompts (Kish), as what "
    f"is said of one prompt is alike; of T they resample prompts. Fewer than {ENOUGH} give no figure. People who answered "
    "are no random sample of anybody, and pairs that were not drawn at random say nothing of those that were not drawn."
)


def counted(counts: Counts) -> list[str]:
    """How many answers, people, pairs and prompts."""
    return [
        f"{things(counts.answers, 'answer')} by {things(counts.people, 'person', 'people')}",
        f"{counts.decided:,} prefer one text",
        f"{things(counts.pairs, 'pair')} of {things(counts.prompts, 'prompt')}",
    ]


def agreed(row: dict[str, Any]) -> str:
    """How often people prefer what a scorer prefers, and the longer text: of a row of `people.agreement`."""
    return few(row["n"], "pair") or (
        f"In {row['agree']:,} of {things(row['n'], 'pair')} that both decide: {with_interval(row)}. The longer text: "
        f"{row['length_agree']:,} of {row['length_n']:,}"
        + (f", {with_interval(row, 'length_')}." if row["length_n"] >= ENOUGH else ".")
    )


def apart(row: dict[str, Any]) -> list[str]:
    """What is counted apart from that."""
    return [
        f"People tie on {things(row['people_tied'], 'pair')}",
        f"only the scorer on {row['scorer_tied']:,}",
        f"not scored {row['not_scored']:,}" if row["not_scored"] else "",
    ]


def agreement_seen(table: pd.DataFrame) -> str:
    """The chart of agreement in words."""
    return (
        "How often people prefer what a scorer prefers, and on the same pairs the longer text, with 95 % intervals. "
        + (
            " ".join(
                f"{one_line(one['scorer'])}: {with_interval(one)}; the longer text {with_interval(one, 'length_')}."
                for one in records(table)
            )
        )
    )


def temperature(found: Calibration) -> str:
    """The temperature that fits best, with its interval and n; or why there is none."""
    of = f"{things(found.n, 'answer')} of {things(found.prompts, 'prompt')}"
    if found.n < ENOUGH:
        return few(found.n, "answer")
    if math.isinf(found.temperature):
        least = "" if math.isnan(found.low) or math.isinf(found.low) else f" (95 % interval: {found.low:.2f} or more)"
        return f"{of}: no temperature fits{least}: weighed by the difference in reward, people prefer the lower one."
    if found.temperature == 0:
        return f"{of}: all go with the scorer, so the best temperature tends to 0."
    if math.isnan(found.low):
        return f"{of}: σ(Δ / T) fits best with T = {found.temperature:.2f}; no interval of fewer than {ENOUGH} prompts."
    high = "no bound" if math.isinf(found.high) else f"{found.high:.2f}"
    than = "less often than" if found.low > 1 else "more often than" if found.high < 1 else "about as often as"
    return (
        f"{of}: σ(Δ / T) fits best with T = {found.temperature:.2f} ({found.low:.2f} to {high}; 1 is calibrated): people "
        f"prefer the higher reward {than} it implies."
    )


def calibration_seen(bins: pd.DataFrame) -> str:
    """The chart of calibration in words."""
    said = "Share of answers that prefer the higher reward, by the RM-implied preference for it. "
    return said + " ".join(_bin(row) for row in records(bins))


def _bin(row: dict[str, Any]) -> str:
    span = f"{row['low']:.0%} to {row['high']:.0%}"
    if math.isnan(row["share"]):
        return f"{span}: {things(row['n'], 'answer')}, too few."
    return f"{span}: {row['share']:.0%} ({row['share_low']:.0%} to {row['share_high']:.0%}) of {row['n']:,}."


def alpha(found: BetweenPeople) -> list[str]:
    """How far people agree with each other."""
    if found.pairs < ENOUGH:
        return [f"{things(found.pairs, 'pair')} that two or more answered so far, figures from ten on"]
    if math.isnan(found.alpha):
        return [f"All said the same of all {things(found.pairs, 'pair')}: α is not defined"]
    interval = (
        "no interval, as nearly all said the same" if math.isnan(found.low) else f"{found.low:.2f} to {found.high:.2f}"
    )
    return [
        f"Krippendorff's α {found.alpha:.2f} ({interval})".replace("-", "−"),
        f"{things(found.answers, 'answer')} to {things(found.pairs, 'pair')} that two or more answered",
    ]


def left(found: Position) -> str:
    """How often the left one was preferred."""
    return few(found.n, "answer") or (
        f"The left one was preferred in {found.left:,} of {things(found.n, 'answer')}: "
        f"{with_interval(found._asdict())}. Sides are drawn: 50 % is without bias."
    )


def of_one_model(same: int, unknown: int) -> list[str]:
    """In how many pairs no two models are compared."""
    return [
        f"{things(same, 'pair')} {verb(same, 'is', 'are')} of one model",
        f"in {unknown:,} a text's model is not known, or is one of several" if unknown else "",
    ]


def few(n: int, what: str) -> str:
    """What is said in place of a figure; '' where there are enough."""
    return f"{things(n, what)} so far, figures from ten on" if n < ENOUGH else ""


def with_interval(row: dict[str, Any], name: str = "") -> str:
    """'70 % (48 to 85 %)'."""
    if math.isnan(row[f"{name}share"]):
        return f"too few ({row[f'{name}n']:,})"
    share, low, high = (f"{100 * row[f'{name}{part}']:.0f}" for part in ("share", "low", "high"))
    return f"{share} % ({low} to {high} %)"
