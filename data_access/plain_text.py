"""Texts of the data made harmless: they are hostile until proven otherwise."""

import html
import re

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def visible(text: str) -> str:
    """The text with U+FFFD for control characters and lone surrogates."""
    return CONTROL.sub("\ufffd", text)


def escaped(text: str) -> str:
    """Inert HTML: control characters and lone surrogates become U+FFFD."""
    return html.escape(visible(text))


def one_line(text: object, limit: int = 200) -> str:
    """A text for a table cell or a label: its first line that is not empty, without characters that turn the direction."""
    lines = BIDI.sub("", text).splitlines() if isinstance(text, str) else []
    return visible(next((line.strip() for line in lines if line.strip()), ""))[:limit]
