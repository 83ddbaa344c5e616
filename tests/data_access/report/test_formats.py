"""HTML and Markdown: one inert file, and a text that no text in it can break out of."""

import io
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from data_access.dataset import Dataset
from data_access.report.blocks import LONGEST_TEXT, Text, written
from data_access.report.content import Content, PartContent, filled
from data_access.report.html import to_html
from data_access.report.markdown import fenced, plain, to_markdown, zipped
from tests.data_access.report.conftest import NOW, part, report
from tests.e2e.hostile import ATTACKS
from tests.e2e.hostile import ROWS as HOSTILE

Open = Callable[..., Dataset]
EVERY_PAGE = (
    part("overview"),
    part("models"),
    part("models", show="head to head"),
    part("best_of_n"),
    part("rewards"),
    part("rewards", show="form"),
    part("scorers"),
    part("checks"),
    part("checks", show="data quality"),
)


class Elements(HTMLParser):
    """Which elements a page has, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="session")
def hostile_content(opened_once: Open) -> Content:
    """Every attack, in prompts, responses, pairs, names, a sentence and a title."""
    dataset = opened_once([row | {"candidates": [*row["candidates"]]} for row in HOSTILE])
    parts = [part("prompt", id=str(number), q=attack[:50]) for number, attack in enumerate(ATTACKS.values(), start=1)]
    parts += [part("compare", id=str(number), a="1", b="2", diff="a-b") for number in range(1, len(ATTACKS) + 1)]
    made = report(dataset, *parts, *EVERY_PAGE).with_title("<script>alert(1)</script>")
    for place, attack in enumerate(ATTACKS.values()):
        made = made.with_sentence(place, attack)
    return filled(dataset, made, now=NOW)


@pytest.fixture(scope="session")
def hostile_html(hostile_content: Content) -> str:
    return to_html(hostile_content)


def test_no_text_of_the_data_is_markup(hostile_html: str) -> None:
    elements = Elements(hostile_html).found
    allowed = (
        "html head meta title style body header main footer section nav h1 h2 h3 p div span strong ins dl dt dd ol li a figure "
        "figcaption table caption thead tbody tr th td svg g path text tspan rect line circle defs clippath lineargradient stop"
    )
    assert {tag for tag, _ in elements} <= {*allowed.split()}
    attributes = {name for _, given in elements for name in given}
    assert not [name for name in attributes if name.startswith("on")]
    assert {
        given["href"] for tag, given in elements if "href" in given if not str(given["href"]).startswith("#part-")
    } == set()
    assert "&lt;script&gt;window.attacked" in hostile_html
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x07\x1b]", hostile_html)
    assert "safe [U+202E]elif.exe[U+202C]" in hostile_html


def test_nothing_is_loaded_and_nothing_runs(hostile_html: str) -> None:
    (policy,) = (
        given["content"]
        for tag, given in Elements(hostile_html).found
        if given.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    assert hostile_html.index("Content-Security-Policy") < hostile_html.index("<title>")
    style = hostile_html[hostile_html.index("<style>") : hostile_html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_every_picture_has_words_and_names_of_its_own(hostile_html: str) -> None:
    elements = Elements(hostile_html).found
    pictures = [given for tag, given in elements if tag == "svg"]
    assert len(pictures) > 20
    assert all(given["role"] == "img" and given["aria-label"] for given in pictures)
    names = [given["id"] for _, given in elements if "id" in given]
    assert len(names) == len(set(names))


def test_every_table_says_what_its_cells_are(hostile_html: str) -> None:
    elements = Elements(hostile_html).found
    assert (
        len([tag for tag, _ in elements if tag == "caption"]) == len([tag for tag, _ in elements if tag == "table"]) > 5
    )
    assert {given["scope"] for tag, given in elements if tag == "th"} == {"col", "row"}


def test_a_long_text_is_cut_with_a_word(hostile_html: str) -> None:
    assert "The first 50,000 of 100,000 characters." in hostile_html
    assert "x" * (LONGEST_TEXT + 1) not in hostile_html


def test_ten_parts_are_less_than_two_megabytes(sample: Dataset) -> None:
    ten = (*EVERY_PAGE, part("prompt", id="1"))
    page = to_html(filled(sample, report(sample, *ten, base="https://team.example"), now=NOW))
    assert len(page.encode()) < 2_000_000
    assert page.count("<section ") == 10
    links = [given["href"] for tag, given in Elements(page).found if tag == "a" and "team" in str(given["href"])]
    assert links[0] == "https://team.example/?data=sample"


def test_markdown_shows_texts_and_does_nothing(hostile_content: Content) -> None:
    text, pictures = to_markdown(hostile_content)
    shown = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    elements = Elements(shown).found
    allowed = "h1 h2 h3 p ul ol li em strong sub img pre code blockquote table thead tbody tr th td br"
    assert {tag for tag, _ in elements} <= {*allowed.split()}
    assert {given["src"] for tag, given in elements if tag == "img"} == {f"pictures/{name}" for name in pictures}
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x07\x1b]", text)


def test_the_zip_file_has_the_text_and_its_pictures(sample: Dataset) -> None:
    made = to_markdown(filled(sample, report(sample, part("best_of_n", "Mine.\nTwo lines.")), now=NOW))
    with zipfile.ZipFile(io.BytesIO(zipped(made))) as archive:
        names = archive.namelist()
        assert archive.read("report.md").decode() == made.text
        assert archive.read(names[1]).startswith(b"\x89PNG")
    assert names == ["report.md", *(f"pictures/{name}" for name in made.pictures)]
    assert "> **Comment**\n>\n> Mine.\n> Two lines." in made.text
    assert re.search(r"!\[Gain of best-of-n .*\]\(pictures/1-3.png\)", made.text)
    assert "| n | gain (logits) | 95 % interval |\n| ---: | ---: | ---: |\n| 1 | " in made.text.replace("-0.00", "0.00")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("**a** _b_ `c`", "\\*\\*a\\*\\* \\_b\\_ \\`c\\`"),
        ("![p](https://x.example/p.png)", "\\!\\[p\\](https\\://x.example/p.png)"),
        ("see www.x.example", "see www\\.x.example"),
        ("a | b\nc", "a \\| b c"),
        ("- list", "\\- list"),
        ("1. list", "1\\. list"),
        ("<b> & $x$ ~~s~~ # h", "\\<b\\> \\& \\$x\\$ \\~\\~s\\~\\~ \\# h"),
        ("safe \u202eexe", "safe [U+202E]exe".replace("[", "\\[").replace("]", "\\]")),
    ],
)
def test_a_text_on_one_line_is_no_markdown(text: str, written: str) -> None:
    assert plain(text) == written


@pytest.mark.parametrize(
    ("text", "fence"), [("plain", "```"), ("```\nout\n```", "````"), ("a ````` b", "``````"), ("\r`````", "``````")]
)
def test_no_text_ends_the_block_that_it_is_in(text: str, fence: str) -> None:
    lines = fenced(text).split("\n")
    assert (lines[0], lines[-1]) == (f"{fence}text", fence)
    assert fence not in "\n".join(lines[1:-1])


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (-0.001, "+.2f", "+0.00"),
        (-0.001, ".2f", "0.00"),
        (-1.5, "+.1f", "-1.5"),
        (1234, ",", "1,234"),
        (0.5, ".1%", "50.0 %"),
    ],
)
def test_a_number_is_written_with_its_sign_where_it_has_one(value: float, form: str, shown: str) -> None:
    assert written(value, form) == shown
    assert written(None, form) == "–"


def test_an_empty_text_is_said() -> None:
    nothing = PartContent("Prompt", "", (), "", "/prompt", (), "", (Text("A", (), ""), Text("B", (), " \n")))
    page = to_html(Content("T", (), (), (), (nothing,)))
    assert "The text is empty." in page
    assert "The text is only white space." in page


def test_the_pictures_are_well_formed(hostile_html: str) -> None:
    found: list[Any] = re.findall(r"<svg .*?</svg>", hostile_html, re.DOTALL)
    assert found
    for drawn in found:
        ElementTree.fromstring(drawn)
