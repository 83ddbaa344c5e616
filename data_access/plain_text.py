"""Texts of the data made harmless: they are hostile until proven otherwise."""

import html
import re

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def visible(text: str) -> str:
    """The text with U+FFFD for control characters and lone surrogates."""
    return CONTROL.sub("\ufffd", text)


def inert(text: str) -> str:
    """The visible text, with the names of the characters that turn the direction of others for these."""
    return TURNING.sub(lambda found: f"[U+{ord(found[0]):04X}]", visible(text))


def escaped(text: str) -> str:
    """Inert HTML: control characters and lone surrogates become U+FFFD."""
    return html.escape(visible(text))


def title_of(alt: str) -> str:
    """What a chart is: the beginning of the words that say what one sees in it."""
    return re.split(r"[.:;](?:\s|$)", alt, maxsplit=1)[0]


def one_line(text: object, limit: int = 200) -> str:
    """A text for a table cell or a label: its first line that is not empty, without characters that turn the direction."""
    lines = BIDI.sub("", text).splitlines() if isinstance(text, str) else []
    return visible(next((line.strip() for line in lines if line.strip()), ""))[:limit]
