"""A prompt's card: a picture of one prompt to drop into slides, drawn by hand as SVG."""

import textwrap
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import pandas as pd

from charts import PALETTE
from charts.picture import FONT, INK, PAPER, png_of_svg

WIDTH, EDGE = 960, 36
TEXT_LINES, TEXT_LENGTH = 3, 104  # of the prompt
FIRST_WORDS = 84  # of a response
MUTED, LINE, BAR = "#5b6166", "#d5d9dc", "#8aa6b4"
STRIP, TICK = 110, 16  # pixels of the histogram, and of a tick below it
PAIR_COLOUR = "#b5407d"


class Ranked(NamedTuple):
    """One candidate as a card lists it; each a text that may quote the data."""

    rank: str
    reward: str
    model: str
    words: str


class Card(NamedTuple):
    """What a card says. `bins` has the columns low, high, n; `rewards` are those of all scored candidates; `pair` has the
    rewards of 'chosen' and 'rejected' where a candidate has that text; `facts` stand under the prompt, `of` at the foot."""

    title: str
    prompt: str
    facts: str
    bins: pd.DataFrame
    rewards: Sequence[float]
    pair: dict[str, list[float]]
    best: Sequence[Ranked]
    of: str


def svg(card: Card) -> str:
    """The card as an SVG file."""
    drawn = [_text(EDGE, 58, card.title, 26, weight=700)]
    lines = _lines(card.prompt, TEXT_LENGTH, TEXT_LINES)
    drawn += [_text(EDGE, 96 + 25 * number, line, 17) for number, line in enumerate(lines)]
    y = 96 + 25 * len(lines)
    drawn.append(_text(EDGE, y + 2, card.facts, 14, MUTED))
    y += 30
    if len(card.rewards):
        drawn += _distribution(card, y)
        y += STRIP + 70
    drawn += _best(card.best, y)
    y += 40 * len(card.best) + 26
    drawn += [_rule(y), _text(EDGE, y + 28, card.of, 13, MUTED)]
    height = y + 50
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="{FONT}"><rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>{"".join(drawn)}</svg>'
    )


def png(card: Card) -> bytes:
    """The card as a PNG file."""
    return png_of_svg(svg(card))


def _distribution(card: Card, y: int) -> list[str]:
    """Bars, one tick a candidate under them, and where the pair's texts are."""
    low, high = float(card.bins["low"].min()), float(card.bins["high"].max())
    most = max(int(card.bins["n"].max()), 1)

    def at(reward: float) -> float:
        return EDGE + (reward - low) / ((high - low) or 1) * (WIDTH - 2 * EDGE)

    drawn = []
    for bin_low, bin_high, n in card.bins[["low", "high", "n"]].itertuples(index=False):
        size = n / most * STRIP
        wide = max(at(bin_high) - at(bin_low) - 1, 1)
        drawn.append(_box(at(bin_low), y + STRIP - size, wide, size, BAR))
    drawn += [_box(at(reward) - 0.75, y + STRIP + 5, 1.5, TICK, PALETTE[0]) for reward in card.rewards]
    below = y + STRIP + TICK + 18
    drawn += [
        _text(EDGE, below + 8, f"{low:.2f}", 13, MUTED),
        _text(WIDTH - EDGE, below + 8, f"{high:.2f}", 13, MUTED, "end"),
    ]
    drawn.append(_text(WIDTH / 2, below + 8, "reward (compare within this prompt only)", 13, MUTED, "middle"))
    for side, rewards in card.pair.items():
        mark = "▲" if side == "chosen" else "▼"
        for reward in rewards[:1]:
            is_right = reward > (low + high) / 2
            x, anchor = (at(reward) + 5, "end") if is_right else (at(reward) - 5, "start")
            words = f"{side} {mark}" if is_right else f"{mark} {side}"
            drawn.append(_text(x, y + (14 if side == "chosen" else 32), words, 14, PAIR_COLOUR, anchor, 600))
            drawn.append(_box(at(reward) - 0.75, y + 18, 1.5, STRIP + 5 + TICK - 18, PAIR_COLOUR))
    return drawn


def _best(best: Sequence[Ranked], y: int) -> list[str]:
    drawn = []
    for number, one in enumerate(best):
        top = y + 40 * number
        drawn += [
            _rule(top),
            _text(EDGE, top + 26, one.rank, 16, weight=700),
            _text(EDGE + 88, top + 26, one.reward, 16, anchor="end"),
            _text(EDGE + 108, top + 26, _cut(one.model, 24), 14, MUTED),
            _text(EDGE + 318, top + 26, _cut(one.words, FIRST_WORDS), 14),
        ]
    return drawn


def _lines(text: str, length: int, most: int) -> list[str]:
    """The text's first lines, wrapped; the last one says that there is more."""
    wrapped = [line for part in text.splitlines() for line in textwrap.wrap(part, length)]
    if len(wrapped) <= most:
        return wrapped
    return [*wrapped[: most - 1], _cut(f"{wrapped[most - 1]} …", length)]


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _text(
    x: float, y: float, words: str, size: int, colour: str = INK, anchor: str = "start", weight: int = 400
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )


def _box(x: float, y: float, wide: float, high: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{colour}"/>'


def _rule(y: float) -> str:
    return _box(EDGE, y, WIDTH - 2 * EDGE, 1, LINE)
