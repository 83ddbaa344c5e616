"""Where two texts differ, word by word."""

import re
from typing import NamedTuple

from rapidfuzz.distance import Indel

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
TIME_BOUND_TOKENS = 40_000
NEAR_WORDS = 5_000  # of the beginnings: 40,000 words took 0.5 to 1.7 s, and this is asked at every click
NEAR = 0.6  # share of words in common from which on two texts are read as versions of each other


class Piece(NamedTuple):
    """A stretch of one text: in the other one too, or only here."""

    text: str
    is_common: bool


def differences(first: str, second: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts as stretches that they share and stretches that only one has, by the longest common subsequence of their
    words, runs of white space and punctuation marks. The pieces of each, put together, are that text.

    Texts of more than TIME_BOUND_TOKENS words together are compared by line, which keeps the time bounded.
    """
    a, b = TOKEN.findall(first), TOKEN.findall(second)
    if len(a) + len(b) > TIME_BOUND_TOKENS:
        a, b = first.splitlines(keepends=True), second.splitlines(keepends=True)
    in_first: list[Piece] = []
    in_second: list[Piece] = []
    for step in Indel.opcodes(a, b):
        common = step.tag == "equal"
        if step.src_start < step.src_end:
            in_first.append(Piece("".join(a[step.src_start : step.src_end]), common))
        if step.dest_start < step.dest_end:
            in_second.append(Piece("".join(b[step.dest_start : step.dest_end]), common))
    return in_first, in_second


def are_near(first: str, second: str) -> bool:
    """Whether two unequal texts share, in order, at least NEAR of their words: 2 × common / all (Indel similarity).

    Of texts of more than NEAR_WORDS words the beginnings tell.
    """
    a, b = (text.split(maxsplit=NEAR_WORDS)[:NEAR_WORDS] for text in (first, second))
    least = NEAR * (len(a) + len(b))
    # The normalised form of this leaves out what is just near enough.
    return first != second and Indel.similarity(a, b, score_cutoff=int(least)) >= least
