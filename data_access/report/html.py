"""A report as one HTML file that needs nothing else: no script, no request; for the screen, light and dark, and for A4."""

import html
from collections.abc import Iterator, Sequence
from pathlib import Path

from charts import picture
from data_access.plain_text import inert, title_of
from data_access.report.blocks import LONGEST_TEXT, Block, Heading, Picture, Sentence, Table, Text
from data_access.report.content import CAVEAT, Content, PartContent
from data_access.report.reports import Part, Report, State, key_of, to_json

STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
# Whatever a text in the data asks for, a browser loads nothing and runs nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

LONG = 20  # rows of a table, from which on it may go over two pages


def to_html(content: Content, bodies: Sequence[str] | None = None) -> str:
    """The whole file; `bodies` are the parts' (`body`) where they were drawn before."""
    drawn = bodies or [body(part, f"p{number}") for number, part in enumerate(content.parts, start=1)]
    parts = enumerate(zip(content.parts, drawn, strict=True), start=1)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escaped(content.title)}</title>",
            f"<style>\n{STYLE}</style>",
            "</head>",
            "<body>",
            *_head(content),
            "<main>",
            *(line for number, (part, inner) in parts for line in _part(part, number, inner)),
            "</main>",
            f"<footer><p>{escaped(CAVEAT)}</p></footer>",
            "</body>",
            "</html>",
            "",
        ]
    )


def body(part: PartContent, name: str) -> str:
    """What a part shows; `name`, of letters and digits, sets its pictures apart from those of other parts."""
    return "\n".join(_block(block, f"{name}b{place}") for place, block in enumerate(part.blocks, start=1))


def name_of(part: Part) -> str:
    """A name for the pictures of a part, wherever it stands in a report."""
    return f"p{key_of(to_json(Report(State(''), parts=(part,))))[:12]}"


def escaped(text: str) -> str:
    """Inert HTML: no markup, no control character, no character that turns the direction of what follows."""
    return html.escape(inert(text))


def _head(content: Content) -> Iterator[str]:
    yield f"<header>\n<h1>{escaped(content.title)}</h1>"
    yield from _named(content.of)
    yield from _changes([*content.changes])
    yield from (f'<p class="note">{escaped(notice)}</p>' for notice in content.notices)
    if len(content.parts) > 1:
        yield '<nav aria-label="Parts"><ol>'
        for number, part in enumerate(content.parts, start=1):
            yield f'<li><a href="#part-{number}">{escaped(part.name)}</a></li>'
        yield "</ol></nav>"
    yield "</header>"


def _part(part: PartContent, number: int, inner: str) -> Iterator[str]:
    yield f'<section id="part-{number}" aria-labelledby="title-{number}">'
    yield f'<h2 id="title-{number}"><span class="number">{number}</span> {escaped(part.name)}</h2>'
    if part.question:
        yield f'<p class="question">{escaped(part.question)}</p>'
    yield from _named((*part.of, *([] if part.link.startswith("http") else [("View", part.link)])))
    if part.sentence.strip():
        yield f'<div class="own"><p class="whose">Comment</p><p class="words">{escaped(part.sentence.strip())}</p></div>'
    yield from _changes(part.changes)
    yield inner
    if part.link.startswith(("http://", "https://")):
        place = f'href="{escaped(part.link)}" target="_blank" rel="noopener noreferrer"'
        yield f'<p class="back"><a {place}>Open this view in Rewardscope</a></p>'
    yield "</section>"


def _named(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    if pairs:
        yield '<dl class="of">'
        yield from (f"<div><dt>{escaped(name)}</dt><dd>{escaped(value)}</dd></div>" for name, value in pairs)
        yield "</dl>"


def _changes(sentences: Sequence[str]) -> Iterator[str]:
    yield from (f'<p class="change">{escaped(sentence)}</p>' for sentence in sentences)


def _block(block: Block, name: str) -> str:
    match block:
        case Heading(text):
            return f"<h3>{escaped(text)}</h3>"
        case Sentence(text, is_note):
            return f'<p class="note">{escaped(text)}</p>' if is_note else f"<p>{escaped(text)}</p>"
        case Picture(chart, alt):
            drawn = picture.inline_svg(chart, name, inert(alt))
            name = escaped(title_of(alt))
            scrolled = f'<div class="scroll" role="group" tabindex="0" aria-label="Chart: {name}">{drawn}</div>'
            return f"<figure>{scrolled}<figcaption>{escaped(alt)}</figcaption></figure>"
        case Table():
            return _table(block)
        case Text():
            return _text(block)


def _table(table: Table) -> str:
    head = "".join(_cell("th", title, is_number, ' scope="col"') for title, is_number in table.columns)
    rows = []
    for row in table.rows:
        first, *others = zip(row, table.columns, strict=True)
        cells = [_cell("th", first[0], first[1][1], ' scope="row"')]
        cells += [_cell("td", value, is_number) for value, (_, is_number) in others]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    caption, look = escaped(table.caption), "scroll long" if len(table.rows) > LONG else "scroll"
    # What is wider than the window is scrolled by itself, also by keyboard.
    return (
        f'<div class="{look}" role="group" tabindex="0" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead>\n"
        + "\n".join(["<tbody>", *rows, "</tbody>"])
        + "</table></div>"
    )


def _cell(tag: str, value: str, is_number: bool, more: str = "") -> str:
    if not value and tag == "th" and "col" in more:
        return "<td></td>"  # a heading without words is none
    kind = ' class="n"' if is_number else ""
    return f"<{tag}{kind}{more}>{escaped(value)}</{tag}>"


def _text(text: Text) -> str:
    told = " · ".join(f"<span>{escaped(fact)}</span>" for fact in text.facts)
    head = f'<p class="label"><strong>{escaped(text.label)}</strong> {told}</p>'
    if not text.text.strip():
        body = f'<p class="note">{"The text is only white space." if text.text else "The text is empty."}</p>'
    elif text.pieces:
        body = '<div class="words text">' + "".join(
            escaped(piece.text) if piece.is_common else f"<ins>{escaped(piece.text)}</ins>" for piece in text.pieces
        )
        body += "</div>"
    else:
        body = f'<div class="words text">{escaped(text.text[:LONGEST_TEXT])}</div>'
    if len(text.text) > LONGEST_TEXT:
        body += f'<p class="note">The first {LONGEST_TEXT:,} of {len(text.text):,} characters.</p>'
    return head + body
