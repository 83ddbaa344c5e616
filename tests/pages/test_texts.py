"""Hostile texts on the screen: escaped, marked, folded, cut; and Markdown rendered without what could load or run."""

import html
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from data_access.questions.differences import Piece, differences
from pages.components.text import texts

HOSTILE = [
    "<script>alert(1)</script>",
    "<style>*{display:none}</style>",
    "<img src=x onerror=alert(1)>",
    "</div></pre><iframe src='//evil.example'></iframe>",
    "![pixel](https://evil.example/a.png)",
    "[click](javascript:alert(1))",
    "<https://evil.example>",
    "https://evil.example",
    "[ref]: https://evil.example\n\n[ref] ![ref]",
    "$\\href{https://evil.example}{x}$ and $$x^2$$",
    "&lt;b&gt; &amp;",
    '```html" onclick="x\n<b>code</b>\n```',
    "|a|b|\n|:-|-:|\n|<i>1</i>|![x](y)|",
    "# **bold** _it_ `<u>`",
    "> quote\n1. one\n\n***\n",
    "\u202egnihton\x00\x1b[31m\udc80",
]
hostile = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=6).map("\n".join)


class Parsed(HTMLParser):
    """What a browser would make of HTML: its elements with their attributes, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.marked: list[str] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.marked += [""] * (tag in ("mark", "ins"))

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.elements and self.elements[-1][0] in ("mark", "ins"):
            self.marked[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.elements.append(("/" + tag, {}))

    @property
    def opened(self) -> list[str]:
        return [tag for tag, _ in self.elements if not tag.startswith("/")]


def cleaned(text: str) -> str:
    return texts.CONTROL.sub("\ufffd", text)


@given(hostile, st.sampled_from(["", " ", "a", "<b>", "SCRIPT", "&", "amp", "\\", "("]))
def test_a_raw_text_is_itself_and_has_no_element_but_the_marks(text: str, find: str) -> None:
    parsed = Parsed(texts.marked(text, find))
    assert set(parsed.opened) <= {"mark"}
    assert parsed.text == cleaned(text)
    assert len(parsed.marked) == texts.occurrences(text, find)
    assert {found.lower() for found in parsed.marked} <= {find.strip().lower()}


@pytest.mark.parametrize(
    ("text", "find", "found"),
    [
        ("The cat and the CAT.", "cat", ["cat", "CAT"]),
        ("The cat", " the ", ["The"]),
        ("1 < 2 & 3", "<", ["<"]),
        ("1 < 2 & 3", "lt", []),  # not in the escaped form
        ("a.b axb", "a.b", ["a.b"]),  # no expression
        ("anything", "", []),
        ("aaa", "aa", ["aa"]),
    ],
)
def test_what_is_looked_for_is_marked_and_counted(text: str, find: str, found: list[str]) -> None:
    assert Parsed(texts.marked(text, find)).marked == found
    assert texts.occurrences(text, find) == len(found)


def test_control_characters_and_lone_surrogates_are_replaced_and_white_space_is_kept() -> None:
    assert texts.escaped("a\x00b\x1bc\ud800d\x7f") == "a\ufffdb\ufffdc\ufffdd\ufffd"
    assert texts.escaped("\ta\n  b\r\n") == "\ta\n  b\r\n"
    assert texts.escaped("<'\"&>") == "&lt;&#x27;&quot;&amp;&gt;"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n  \n first \nsecond", "first"),
        ("\u202eabc\u2066d\u200f", "abcd"),
        ("\u202e\nabc", "abc"),  # a line of nothing that is seen
        ("a\x00b\ud800", "a\ufffdb\ufffd"),
        ("x" * 300, "x" * 200),
        ("", ""),
        (None, ""),
        (float("nan"), ""),
        (7, ""),
    ],
)
def test_one_line_is_the_first_that_is_not_empty_in_its_own_direction(text: object, line: str) -> None:
    assert texts.one_line(text) == line


def shown(page: Any, *args: Any) -> tuple[list[str], list[str]]:
    """The HTML and the captions of a page."""
    at = AppTest.from_function(page, args=args).run()
    assert not at.exception
    return [element.proto.body for element in at.get("html")], [caption.value for caption in at.caption]


def text_page(text: str, view: str, find: str = "") -> None:
    from pages.components.text.texts import show_text

    show_text(text, view, find)


def pieces_page(pieces: list[tuple[str, bool]]) -> None:
    from data_access.questions.differences import Piece
    from pages.components.text.texts import show_pieces

    show_pieces([Piece(*piece) for piece in pieces])


def inline_page(parts: list[str]) -> None:
    from pages.components.text.texts import inline

    inline(parts)


HEADINGS = {f"h{level}" for level in range(1, 7)}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
RENDERED = HEADINGS | TABLES | {"div", "p", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br"}


def rendered(text: str) -> Parsed:
    (body,), _ = shown(text_page, text, "rendered")
    return Parsed(body)


@pytest.mark.parametrize("text", HOSTILE)
def test_rendered_markdown_has_no_links_images_scripts_or_formulas(text: str) -> None:
    parsed = rendered(f"{text}\n\n{text}")
    assert set(parsed.opened) <= RENDERED
    for tag, attributes in parsed.elements[1:-1]:
        assert attributes.keys() <= {"style"} if tag in ("th", "td") else attributes.keys() <= {"class", "start"}
        assert not re.search(r"url|expression", "".join(value or "" for value in attributes.values()))
    for kept in ("evil.example", "$$x^2$$"):
        assert parsed.text.count(kept) == 2 * text.count(kept)


def test_rendered_markdown_shows_its_structure() -> None:
    parsed = rendered("# Plan\n\n- *one*\n- **two**\n\n```\n<b>\n```\n\n|a|\n|-|\n|1|\n")
    assert [tag for tag in parsed.opened if tag not in ("div", "p")] == (
        ["h1", "ul", "li", "em", "li", "strong", "pre", "code", "table", "thead", "tr", "th", "tbody", "tr", "td"]
    )
    assert "<b>" in parsed.text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_raw_text_is_one_block_that_keeps_its_white_space_and_its_direction(text: str) -> None:
    (body,), captions = shown(text_page, text, "raw")
    parsed = Parsed(body)
    assert parsed.opened == ["div"]
    assert parsed.text == cleaned(text)
    style = parsed.elements[0][1]["style"] or ""
    assert {"white-space:pre-wrap", "unicode-bidi:isolate"} <= set(style.split(";"))
    assert captions == []


def test_long_texts_are_cut_and_say_so() -> None:
    (body,), captions = shown(text_page, "a" * 10_001, "rendered")
    assert Parsed(body).text.strip() == "a" * 10_000
    assert captions == ["The first 10,000 of 10,001 characters. Copy the text to have it all."]
    (body,), captions = shown(text_page, "a" * 200_001, "raw")
    assert Parsed(body).text == "a" * 200_000
    assert captions == ["The first 200,000 of 200,001 characters. Copy the text to have it all."]


@pytest.mark.parametrize(("text", "said"), [("", "The text is empty."), (" \n\t", "The text is only white space.")])
@pytest.mark.parametrize("view", texts.VIEWS)
def test_a_text_of_nothing_is_said_to_be_so(text: str, said: str, view: str) -> None:
    assert shown(text_page, text, view) == ([], [said])


def test_a_comparison_underlines_what_only_one_text_has_and_escapes_both() -> None:
    (body,), _ = shown(pieces_page, [("<b>same", True), ("<i>here", False), ("\x00end", True)])
    parsed = Parsed(body)
    assert parsed.opened == ["div", "span", "ins", "span"]
    assert parsed.marked == ["<i>here"]
    assert parsed.text == "<b>same<i>here\ufffdend"


def numbered(first: str, second: str) -> list[list[str]]:
    """Of each text the differences in their order, '' where it has nothing of its own."""
    found = []
    for pieces in differences(first, second):
        (body,), _ = shown(pieces_page, pieces)
        parts = re.findall(r'<(?:ins|span) data-difference="(\d+)"[^>]*>(.*?)</(?:ins|span)>', body, flags=re.DOTALL)
        assert [int(number) for number, _ in parts] == list(range(len(parts)))
        found.append([html.unescape(text) for _, text in parts])
    return found


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("one two three", "one 2 three", [("", ""), ("two", "2"), ("", "")]),
        ("red old cat, asleep", "big new cat, awake", [("red old", "big new"), ("asleep", "awake")]),
        ("a cat", "so a big cat today", [("", "so "), ("", "big "), ("", " today")]),
        ("a\nb", "c\nd", [("a", "c"), ("b", "d")]),  # a line's end ends a difference
        ("same", "same", [("", ""), ("", "")]),
    ],
)
def test_a_difference_has_the_same_number_in_both_texts(
    first: str, second: str, expected: list[tuple[str, str]]
) -> None:
    assert list(zip(*numbered(first, second), strict=True)) == expected


@pytest.mark.parametrize(("words", "folded"), [(40, None), (41, 17), (1000, 976)])
def test_a_long_common_stretch_is_folded_but_for_its_ends(words: int, folded: int | None) -> None:
    text = "".join(f"w{number}\n" for number in range(words))
    (body,), _ = shown(pieces_page, [Piece(text, is_common=True), Piece(text, is_common=False)])
    summaries = re.findall(r"<summary[^>]*>(.*?)</summary>", body)
    assert summaries == ([] if folded is None else [f"{folded:,} words that both have"])
    assert Parsed(re.sub(r"<summary.*?</summary>", "", body)).text == text + text
    if folded:
        head, inside, _ = re.split(r"<details.*?</summary>|</details>", body)
        assert html.unescape(head).endswith("w11\n")
        assert inside.split() == [f"w{number}" for number in range(12, words - 12)]


def test_a_line_of_facts_isolates_and_escapes_each() -> None:
    (body,), _ = shown(inline_page, ["rank 1", "", "<b>ant</b>\u202e\nsecond line"])
    parsed = Parsed(body)
    assert parsed.opened == ["div", "span", "span"]
    assert [attributes["style"] for tag, attributes in parsed.elements if tag == "span"] == ["unicode-bidi:isolate"] * 2
    assert parsed.text == "rank 1 · <b>ant</b>"
