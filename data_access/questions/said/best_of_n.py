"""What Best-of-N says of its curves."""

import pandas as pd

from data_access.plurals import things
from data_access.questions.best_of_n import ROUNDS, Curve, Winner, kl_bound

MOST_WINNERS = 12  # source models that are drawn
NOTHING = "No prompt has two scored candidates, so there is nothing to choose from."
OVER_OPTIMISATION = "If length grows with n, this can be over-optimisation: the scorer may reward length, not quality."


def largest(curve: Curve) -> int:
    """The largest n of the curve."""
    return int(curve.points["n"].iloc[-1])


def shown(curve: Curve, asked: str) -> tuple[int, str]:
    """The n to look at, and a sentence where that is not the one asked for; without one 16, or the largest."""
    most = largest(curve)
    wanted = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0
    n = wanted if 1 <= wanted <= most else min(16, most)
    return n, f"{asked!r} is not a number from 1 to {most}; {n} is shown." if asked and str(n) != asked else ""


def at(curve: Curve, n: int) -> list[str]:
    """The gain at n with its interval, and the prompts."""
    row = curve.points.set_index("n").loc[n]
    interval = (
        f"95 % interval {row['low']:.2f} to {row['high']:.2f}" if curve.prompts > 1 else "no interval of one prompt"
    )
    return [f"Best of {n}: gain {row['gain']:.2f} ({interval})", things(curve.prompts, "prompt")]


def _used(curve: Curve) -> str:
    left_out = f", of {curve.total:,}; those with fewer scored candidates are left out"
    used = f"{things(curve.prompts, 'prompt')} with at least {largest(curve)} scored candidates"
    return used + (left_out if curve.prompts < curve.total else "")


def gain_means(curve: Curve) -> str:
    """What the gain is, and how it is estimated."""
    return (
        "The expected best reward of n candidates drawn without replacement, minus the prompt's mean, averaged over the "
        f"{_used(curve)}. Unbiased for each prompt; band: 95 %, {ROUNDS:,} resamples of the prompts."
    )


def gain_seen(curve: Curve, n: int) -> str:
    gain = float(curve.points.set_index("n")["gain"].loc[n])
    return f"Gain of best-of-n for n from 1 to {largest(curve)}; at n = {n} it is {gain:.2f}"


def gain_note(curve: Curve, models: pd.DataFrame) -> str:
    """Of which prompts, and of which pool; `models` as from `by_model`."""
    return (
        f"{_used(curve)}. The pool of source models is taken as it is: sampling from one model gains a different amount."
        + (" No source model has several scored candidates for most of its prompts." if models.empty else "")
    )


def models_seen(models: pd.DataFrame) -> str:
    most = models.nlargest(1, "gain").iloc[0]
    return (
        f"Gain of best-of-n for {things(models['model'].nunique(), 'source model')}; the largest is that of {most['model']}, "
        f"{most['gain']:.2f} at n = {most['n']}"
    )


def models_note(models: pd.DataFrame) -> str:
    """What each model's own curve is, and how far it goes from the model."""
    bounds = models.groupby("model")["n"].max()
    said = ", ".join(f"{kl_bound(m):.2f} at n = {m}" for m in sorted(bounds.unique()))
    return (
        "Each source model's expected best of n of its own candidates, minus its own mean for the prompt. For one model's own "
        f"samples log n − (n − 1)/n is an upper bound on the KL divergence from it (not its value): {said} nats."
    )


def winners_seen(winner: Winner, n: int) -> str:
    first = winner.shares.iloc[0]
    return (
        f"Source models of the winners at n = {n}: {first['model']} supplies {first['share'] * 100:.0f} % of them and "
        f"{first['candidates'] * 100:.0f} % of the candidates"
    )


def winner_facts(winner: Winner, n: int) -> list[str]:
    """How long the winner is, how often it is the best of all, and of which prompts."""
    return [
        f"The winner has {winner.chars:,.0f} characters, the average candidate {winner.mean_chars:,.0f}",
        f"it is the pool's best in {winner.is_best:.0%} of draws".replace("%", " %"),
        f"{things(winner.prompts, 'prompt')} with at least {n} scored candidates",
    ]


def winners_note(winner: Winner) -> str:
    """Which of the source models are drawn; '' where all are."""
    several = len(winner.shares) > MOST_WINNERS
    return f"The {MOST_WINNERS} source models with the most wins, of {len(winner.shares)}." if several else ""
