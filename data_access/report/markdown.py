"""A report as Markdown with pictures, for where people write: the text and its PNG files."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from charts import picture
from data_access.plain_text import inert
from data_access.report.blocks import LONGEST_TEXT, Block, Heading, Picture, Sentence, Table, Text
from data_access.report.content import CAVEAT, Content, PartContent

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
LINK = re.compile(r"(?i)(https?|ftp)://|www\.")
BEGINNING = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)]))")
TEXT_FILE = "report.md"


class Written(NamedTuple):
    """The text, and the pictures that it shows: name -> PNG."""

    text: str
    pictures: dict[str, bytes]


EMPTY = ("The text is empty.", "The text is only white space.")


def to_markdown(content: Content, folder: str = "pictures") -> Written:
    """The report, whose pictures are in a folder of this name beside it."""
    pictures: dict[str, bytes] = {}
    lines = [f"# {plain(content.title)}", *_named(content.of), *_changes(content.changes)]
    if content.notices:
        lines.append("\n".join(f"- {plain(notice)}" for notice in content.notices))
    for number, part in enumerate(content.parts, start=1):
        lines += _part(part, number, folder, pictures)
    lines.append(f"*{plain(CAVEAT)}*")
    return Written("\n\n".join(lines) + "\n", pictures)


def zipped(written: Written, folder: str = "pictures") -> bytes:
    """The text and its pictures as one zip file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(TEXT_FILE, written.text)
        for name, drawn in written.pictures.items():
            archive.writestr(f"{folder}/{name}", drawn)
    return packed.getvalue()


def plain(text: str) -> str:
    """A text on one line as Markdown that shows just it: no emphasis, link, image, HTML or formula."""
    line = SPECIAL.sub(r"\\\1", " ".join(inert(text).split()))
    line = LINK.sub(lambda found: found[0].replace("://", "\\://").replace(".", "\\."), line)
    return BEGINNING.sub(lambda at: at[1] + (f"\\{at[2]}" if at[2] else f"{at[3]}\\{at[4]}"), line)


def fenced(text: str) -> str:
    """A text in full, in a block of code that no text in it can end."""
    body = inert(text).replace("\r\n", "\n").replace("\r", "\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", body)), default=0))
    return f"{fence}text\n{body}\n{fence}"


def _part(part: PartContent, number: int, folder: str, pictures: dict[str, bytes]) -> Iterator[str]:
    yield f"## {number}. {plain(part.name)}"
    if part.question:
        yield f"*{plain(part.question)}*"
    yield from _named(part.of)
    if part.sentence.strip():
        quoted = (f"> {plain(line)}" for line in part.sentence.strip().splitlines())
        yield "> **Comment**\n>\n" + "\n".join(quoted)
    yield from _changes(part.changes)
    for place, block in enumerate(part.blocks, start=1):
        yield from _block(block, f"{number}-{place}.png", folder, pictures)
    is_address = part.link.startswith(("http://", "https://"))
    address = part.link.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")
    yield f"[Open this view in Rewardscope](<{inert(address)}>)" if is_address else f"View: {plain(part.link)}"


def _block(block: Block, name: str, folder: str, pictures: dict[str, bytes]) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f"### {plain(text)}"
        case Sentence(text, is_note):
            yield f"<sub>{plain(text)}</sub>" if is_note else plain(text)
        case Picture(chart, alt):
            pictures[name] = picture.png(chart)
            yield f"![{plain(alt)}]({folder}/{name})"
            yield f"<sub>{plain(alt)}</sub>"
        case Table():
            yield f"**{plain(block.caption)}**"
            yield "\n".join(_table(block))
        case Text():
            yield " · ".join([f"**{plain(block.label)}**", *map(plain, block.facts)])
            yield fenced(block.text[:LONGEST_TEXT]) if block.text.strip() else EMPTY[bool(block.text)]
            if len(block.text) > LONGEST_TEXT:
                yield f"The first {LONGEST_TEXT:,} of {len(block.text):,} characters."


def _table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(plain(title) for title, _ in table.columns)} |"
    yield f"| {' | '.join('---:' if is_number else '---' for _, is_number in table.columns)} |"
    for row in table.rows:
        yield f"| {' | '.join(map(plain, row))} |"


def _named(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield "\n".join(f"- {name}: {plain(value)}" for name, value in pairs)


def _changes(sentences: Sequence[str]) -> Iterator[str]:
    yield from (f"**Note:** {plain(sentence)}" for sentence in sentences)
