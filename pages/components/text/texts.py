"""Prompts and responses on the screen: hostile until proven otherwise, so escaped, isolated and capped."""

import html
import re
from collections.abc import Sequence
from functools import cache

import streamlit as st
from markdown_it import MarkdownIt

from data_access.questions.differences import Piece

RAW_LIMIT = 200_000
RENDERED_LIMIT = 10_000
FOLD_WORDS = 40  # an unchanged stretch longer than this is folded, but for KEPT_WORDS at its ends
KEPT_WORDS = 12
VIEWS = ("raw", "rendered")

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
BLOCK = "unicode-bidi:isolate;overflow-wrap:anywhere;content-visibility:auto;line-height:1.5;"
RAW = f"{BLOCK}white-space:pre-wrap;"
MARK = "background:rgba(255,200,0,.45);color:inherit;border-radius:2px;"
ONLY_HERE = "background:rgba(11,110,153,.22);color:inherit;text-decoration:underline 2px;border-radius:2px;"


def show_text(text: str, view: str = "raw", find: str = "") -> None:
    """A text in full: 'raw', as it is, with what `find` finds marked; or 'rendered' from Markdown, without links,
    images or formulas. Very long texts are cut, with a sentence that says so."""
    limit = RENDERED_LIMIT if view == "rendered" else RAW_LIMIT
    if not text.strip():
        st.caption("The text is empty." if not text else "The text is only white space.")
        return
    body = _rendered(text[:limit]) if view == "rendered" else f'<div style="{RAW}">{marked(text[:limit], find)}</div>'
    st.html(body)
    if len(text) > limit:
        st.caption(f"The first {limit:,} of {len(text):,} characters. Copy the text to have it all.")


def show_pieces(pieces: Sequence[Piece]) -> None:
    """A text in a comparison: what only this text has is underlined, long stretches that both have are folded."""
    shown = []
    for number, piece in enumerate(pieces):
        # White space between two words of this text only is drawn as theirs: one line under both.
        between = 0 < number < len(pieces) - 1 and not piece.text.strip()
        shown.append(_folded(piece.text) if piece.is_common and not between else _only_here(piece.text))
    inner = "".join(shown)
    st.html(f'<div style="{RAW}">{inner}</div>')


def marked(text: str, find: str) -> str:
    """The text as inert HTML, with every place where `find` occurs (in upper or lower case) marked."""
    if not find.strip():
        return escaped(text)
    parts = re.split(f"({re.escape(find.strip())})", text, flags=re.IGNORECASE)
    return "".join(
        f'<mark style="{MARK}">{escaped(part)}</mark>' if number % 2 else escaped(part)
        for number, part in enumerate(parts)
    )


def occurrences(text: str, find: str) -> int:
    """How often `find` occurs in the text, in upper or lower case."""
    return len(re.findall(re.escape(find.strip()), text, flags=re.IGNORECASE)) if find.strip() else 0


def escaped(text: str) -> str:
    """Inert HTML: control characters and lone surrogates become U+FFFD."""
    return html.escape(CONTROL.sub("\ufffd", text))


def one_line(text: object, limit: int = 200) -> str:
    """A text for a table cell or a label: its first line that is not empty, without characters that turn the direction."""
    lines = BIDI.sub("", text).splitlines() if isinstance(text, str) else []
    return CONTROL.sub("\ufffd", next((line.strip() for line in lines if line.strip()), ""))[:limit]


def inline(parts: Sequence[str], muted: bool = False, limit: int = 200) -> None:
    """A line of facts, separated by dots; each may quote the data."""
    opacity = "opacity:.75;" if muted else ""
    inner = " · ".join(
        f'<span style="unicode-bidi:isolate">{escaped(one_line(part, limit))}</span>' for part in parts if part
    )
    st.html(f'<div style="overflow-wrap:anywhere;{opacity}">{inner}</div>')


def _only_here(text: str) -> str:
    return f'<ins style="{ONLY_HERE}">{escaped(text)}</ins>'


def _folded(text: str) -> str:
    words = re.findall(r"\S+\s*|\s+", text)
    if len(words) <= FOLD_WORDS:
        return escaped(text)
    head, middle, tail = words[:KEPT_WORDS], words[KEPT_WORDS:-KEPT_WORDS], words[-KEPT_WORDS:]
    return (
        f"{escaped(''.join(head))}<details style='display:inline'><summary style='cursor:pointer;opacity:.75'>"
        f"{len(middle):,} words that both have</summary>{escaped(''.join(middle))}</details>{escaped(''.join(tail))}"
    )


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "link", "autolink", "reference"])


def _rendered(text: str) -> str:
    return f'<div style="{BLOCK}">{_markdown().render(CONTROL.sub(chr(0xFFFD), text))}</div>'
