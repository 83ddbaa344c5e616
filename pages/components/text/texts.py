"""Prompts and responses on the screen: hostile until proven otherwise, so escaped, isolated and capped."""

import re
from collections.abc import Sequence
from functools import cache

import streamlit as st
from markdown_it import MarkdownIt

from data_access import plain_text
from data_access.questions.differences import Piece

RAW_LIMIT = 200_000
RENDERED_LIMIT = 10_000
FOLD_WORDS = 40  # an unchanged stretch longer than this is folded, but for KEPT_WORDS at its ends
KEPT_WORDS = 12
VIEWS = ("raw", "rendered")
FOLDED_LINES, FOLDED_CHARS = 3, 240

CONTROL, BIDI = plain_text.CONTROL, plain_text.BIDI
escaped, one_line = plain_text.escaped, plain_text.one_line
BLOCK = "unicode-bidi:isolate;overflow-wrap:anywhere;content-visibility:auto;line-height:1.5;"
RAW = f"{BLOCK}white-space:pre-wrap;"
MARK = "background:rgba(255,200,0,.45);color:inherit;border-radius:2px;"
ONLY_HERE = "background:rgba(11,110,153,.22);color:inherit;text-decoration:underline 2px;border-radius:2px;"


def text_of(value: object) -> str:
    """A text that may be missing, as one without characters."""
    return value if isinstance(value, str) else ""


def show_text(text: str, view: str = "raw", find: str = "") -> None:
    """A text in full: 'raw', as it is, with what `find` finds marked; or 'rendered' from Markdown, without links,
    images or formulas. Very long texts are cut, with a sentence that says so."""
    limit = RENDERED_LIMIT if view == "rendered" else RAW_LIMIT
    if not text.strip():
        st.caption("The text is empty." if not text else "The text is only white space.")
        return
    body = (
        _rendered(text[:limit])
        if view == "rendered"
        else f'<div class="rs-text" style="{RAW}">{marked(text[:limit], find)}</div>'
    )
    st.html(body)
    if len(text) > limit:
        st.caption(f"The first {limit:,} of {len(text):,} characters. Copy the text to have it all.")


def show_folded(text: str, find: str = "") -> None:
    """A text's first three lines, the rest one click away."""
    if not text.strip():
        show_text(text)
        return
    more = ""
    if len(text) > FOLDED_CHARS or text.count("\n") >= FOLDED_LINES:
        more = f"<details><summary>whole text ({len(text):,} characters)</summary></details>"
    inner = marked(text[:RAW_LIMIT], find)
    st.html(f'<div class="rs-fold rs-text"><div class="rs-clamp" style="{RAW}">{inner}</div>{more}</div>')


def show_pieces(pieces: Sequence[Piece]) -> None:
    """A text in a comparison: what only this text has is underlined, long stretches that both have are folded.

    What lies between two stretches of words that both have is one difference, numbered by them, so that it has the same number
    in both texts. Where only the other text has something, an empty element marks the place.
    """
    shown: list[str] = []
    own: list[Piece] = []  # of the difference, in this text, with white space of both between and around them
    for piece in pieces:
        if not piece.is_common or _is_space(piece.text):
            own.append(piece)
            continue
        shown += [_difference(len(shown) // 2, own), _folded(piece.text)]
        own = []
    shown.append(_difference(len(shown) // 2, own))
    st.html(_as_it_is("".join(shown)))


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


def inline(parts: Sequence[str], muted: bool = False, limit: int = 200, is_line: bool = False) -> None:
    """Facts, separated by dots; each may quote the data. `is_line`: what does not fit into one line shows on hovering."""
    shown = [escaped(one_line(part, limit)) for part in parts if part]
    inner = " · ".join(f'<span style="unicode-bidi:isolate">{part}</span>' for part in shown)
    look = "rs-muted" if muted else ""
    line = f' rs-line" title="{" · ".join(shown)}' if is_line else ""
    st.html(f'<div style="overflow-wrap:anywhere" class="{look}{line}">{inner}</div>')


def _is_space(text: str) -> bool:
    """White space within a line, which does not end a difference: one line under the words on both its sides."""
    return not text.strip() and "\n" not in text


def _difference(number: int, pieces: Sequence[Piece]) -> str:
    """The difference of this number, or its place where this text has nothing of its own."""
    own = [place for place, piece in enumerate(pieces) if not piece.is_common]
    first, last = (own[0], own[-1] + 1) if own else (0, 0)
    before, here, after = (
        "".join(piece.text for piece in part) for part in (pieces[:first], pieces[first:last], pieces[last:])
    )
    mark = f'<ins data-difference="{number}" style="{ONLY_HERE}">{escaped(here)}</ins>'
    place = f'<span data-difference="{number}"></span>'
    return f"{escaped(before)}{mark if own else place}{escaped(after)}"


def _folded(text: str) -> str:
    words = re.findall(r"\S+\s*|\s+", text)
    if len(words) <= FOLD_WORDS:
        return escaped(text)
    head, middle, tail = words[:KEPT_WORDS], words[KEPT_WORDS:-KEPT_WORDS], words[-KEPT_WORDS:]
    return (
        f"{escaped(''.join(head))}<details style='display:inline'><summary style='cursor:pointer;opacity:.75'>"
        f"{len(middle):,} words that both have</summary>{escaped(''.join(middle))}</details>{escaped(''.join(tail))}"
    )


def _as_it_is(inner: str) -> str:
    return f'<div class="rs-text" style="{RAW}">{inner}</div>'


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "link", "autolink", "reference"])


def _rendered(text: str) -> str:
    return f'<div class="rs-text" style="{BLOCK}">{_markdown().render(plain_text.visible(text))}</div>'
