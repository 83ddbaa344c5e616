"""What was changed from one text to another that is nearly the same: the kind of change, and which has it, in plain rules.

Words are compared in lower case and without punctuation; a Chinese or Japanese character is a word by itself.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel


class Kind(NamedTuple):
    """`key` stands in tables and links. With a direction, a pair goes from the text without to the text with the change, so
    that the sign of a difference between them means something."""

    key: str
    label: str
    has_direction: bool


CHANGES = (
    Kind("heading", "headings added", True),
    Kind("list", "list items added", True),
    Kind("bold", "bold or other markup added", True),
    Kind("added", "words added", True),
    Kind("number", "other numbers", False),
    Kind("order", "other order of words", False),
    Kind("spacing", "white space, case or punctuation", False),
    Kind("replaced", "words replaced", False),
)

HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+", re.MULTILINE)
ITEM = re.compile(r"^[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+", re.MULTILINE)
MARK = re.compile(r"\*+|`+|__+|~~+|\|")
WORD = re.compile(r"[\u3040-\u9fff]|[^\W_\u3040-\u9fff]+|[^\w\s]")
MARKUP = "|~$`^"  # Unicode has them as symbols

PIECE = re.compile(r"[\u3040-\u9fff]|[^\W\u3040-\u9fff]+|\s+|[^\w\s]")
MOST_PIECES = 40_000  # of both texts; of more, lines are compared, so that time and memory are bounded
LONGEST_SIDE = 55
LONGEST = 120
SIGNS = {" ": "␣", "\t": "⇥", "\n": "⏎", "\r": "␍"}


class Change(NamedTuple):
    """The kind of a change, whether it goes from the second text to the first, and what was changed in a line of text."""

    key: str
    is_turned: bool
    what: str


def change(first: str, second: str) -> Change:
    """The change between two unequal texts. Without a direction it goes from the shorter one to the longer."""
    key, is_turned = _kind(first, second)
    if not _has_direction(key):
        is_turned = len(first) > len(second)
    return Change(key, is_turned, what(second, first) if is_turned else what(first, second))


def _has_direction(key: str) -> bool:
    return any(kind.key == key and kind.has_direction for kind in CHANGES)


def _kind(first: str, second: str) -> tuple[str, bool]:
    """The kind's key, and whether it is the first text that has what was added."""
    a, b = _words(first), _words(second)
    if a == b:
        return _kind_of_marks(first, second)
    for key, has in _ADDS:
        for is_turned in (False, True):
            if has(second, first) if is_turned else has(first, second):
                return key, is_turned
    if _with_numbers_alike(a) == _with_numbers_alike(b):
        return "number", False
    if sorted(a) == sorted(b):
        return "order", False
    for is_turned in (False, True):
        fewer, more = (b, a) if is_turned else (a, b)
        if _is_within(fewer, more):
            return "added", is_turned
    return "replaced", False


def _kind_of_marks(first: str, second: str) -> tuple[str, bool]:
    """The kind where the words are the same: by which marks one text has more of. Some more and others fewer is no kind of
    markup, but a matter of spacing."""
    gains = {key: marks(second) - marks(first) for key, marks in _MARKS.items()}
    more = [key for key, gain in gains.items() if gain > 0]
    fewer = [key for key, gain in gains.items() if gain < 0]
    if bool(more) == bool(fewer):
        return "spacing", False
    (key, *others) = more or fewer
    return "bold" if others else key, not more


_MARKS: dict[str, Callable[[str], int]] = {
    "heading": lambda text: len(HEADING.findall(text)),
    "list": lambda text: len(ITEM.findall(text)),
    "bold": lambda text: len(MARK.findall(ITEM.sub("", text))),
}


def _adds_lines(mark: re.Pattern[str]) -> Callable[[str, str], bool]:
    """Whether a text is another but for white space and further lines that begin with this mark."""

    def adds(without: str, with_more: str) -> bool:
        (few, rest), (many, other_rest) = _lines(without, mark), _lines(with_more, mark)
        return len(few) < len(many) and rest.split() == other_rest.split() and _is_within(few, many)

    return adds


def _lines(text: str, mark: re.Pattern[str]) -> tuple[list[str], str]:
    """The lines with a mark, as their words, and the other lines."""
    lines = text.splitlines()
    marked = [" ".join(_words(line)) for line in lines if mark.match(line)]
    return marked, "\n".join(line for line in lines if not mark.match(line))


_ADDS = (("heading", _adds_lines(HEADING)), ("list", _adds_lines(ITEM)))


def _words(text: str) -> list[str]:
    """Words, numbers and symbols, without the marks of lists."""
    found = WORD.findall(unicodedata.normalize("NFC", ITEM.sub("", text)).casefold())
    return [word for word in found if word.isalnum() or _is_symbol(word)]


def _is_symbol(word: str) -> bool:
    """As +, = or an emoji are, and the vowel signs of some scripts; a mark of punctuation is not, nor one of markup."""
    return word not in MARKUP and unicodedata.category(word)[0] not in "PC"


def _with_numbers_alike(words: Sequence[str]) -> list[str]:
    """Words with 0 for numbers, several in a row as one: 1,000.5 is three words."""
    found: list[str] = []
    for word in words:
        masked = "0" if any(map(str.isdigit, word)) else word
        if masked != "0" or found[-1:] != ["0"]:
            found.append(masked)
    return found


def _is_within(few: Sequence[str], many: Sequence[str]) -> bool:
    """Whether all of a sequence are in another, in their order."""
    left = iter(many)
    return all(one in left for one in few)


def what(first: str, second: str) -> str:
    """What was removed, added and replaced, such as "+ ## Answer" or "12 → 13", in at most LONGEST characters. White space only
    where nothing else was."""
    regions = _regions(first, second)
    seen = [region for region in regions if "".join(region).strip()]
    return _cut(" · ".join(_said(removed, added) for removed, added in seen or regions), LONGEST)


def _regions(first: str, second: str) -> list[tuple[str, str]]:
    """Where texts differ: what each has there. Regions with but white space between are one."""
    a, b = PIECE.findall(first), PIECE.findall(second)
    if len(a) + len(b) > MOST_PIECES:
        a, b = first.splitlines(keepends=True), second.splitlines(keepends=True)
    found: list[tuple[str, str]] = []
    between = "-"
    for step in Indel.opcodes(a, b):
        removed, added = "".join(a[step.src_start : step.src_end]), "".join(b[step.dest_start : step.dest_end])
        if step.tag == "equal":
            between = removed
        elif found and not between.strip():
            found[-1] = found[-1][0] + between + removed, found[-1][1] + between + added
            between = ""
        else:
            found.append((removed, added))
            between = ""
    return found


def _said(removed: str, added: str) -> str:
    if removed.strip() and added.strip():
        return f"{_cut(_shown(removed), LONGEST_SIDE)} → {_cut(_shown(added), LONGEST_SIDE)}"
    if removed and added and not (removed + added).strip():
        return f"{_shown(removed)} → {_shown(added)}"
    if added.strip() or (added and not removed):
        return f"+ {_shown(added)}"
    return f"− {_shown(removed)}"


def _shown(text: str) -> str:
    """On one line and without control characters; what is not seen at all, by signs or by its number in Unicode."""
    lines = " ⏎ ".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    seen = "".join(sign for sign in lines if unicodedata.category(sign)[0] != "C")
    return seen or "".join(SIGNS.get(sign) or f"U+{ord(sign):04X}" for sign in text[:LONGEST_SIDE])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
