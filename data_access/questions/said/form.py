"""What is said of length, formatting and refusals."""

import pandas as pd

from data_access.plurals import things

NO_LENGTH = "No prompt has candidates of different lengths and rewards."
NO_FORMATTING = "No prompt has three scored candidates."
NO_REFUSALS = "No scored candidate opens with a refusal phrase."
REFUSALS_NOTE = "Scored responses that open with a refusal phrase. Whether refusing is right depends on the prompt."


def length_seen(bins: pd.DataFrame) -> str:
    first, last = bins.iloc[0], bins.iloc[-1]
    return (
        f"Mean centred reward by relative length: {first['centred']:+.2f} at {first['ratio']:.2f} times the prompt's mean "
        f"length, {last['centred']:+.2f} at {last['ratio']:.2f} times"
    )


def length_note(bins: pd.DataFrame, drawn: pd.DataFrame) -> str:
    return (
        f"Line: the means of {things(int(bins['n'].sum()), 'scored candidate')} with a text, in 20 bins of equal size by "
        f"length relative to their prompt's mean length. Points: {len(drawn):,} of them, drawn at random."
    )


def formatting_seen(shares: pd.DataFrame) -> str:
    of_best = shares[shares["which"] == "best"].set_index("kind")["share"]
    return "Formatting of best against median candidates. Of the best have " + ", ".join(
        f"{kind} {share * 100:.0f} %" for kind, share in of_best.items()
    )


def formatting_note(shares: pd.DataFrame) -> str:
    return (
        f"The best and the median candidate of each of {things(int(shares['n'].iloc[0]), 'prompt')} with three or more scored "
        "candidates. Tied candidates share the weight."
    )
