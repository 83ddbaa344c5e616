"""A chart as a picture, PNG or SVG: a button at its corner that takes no room, and draws only what is asked for."""

import re
from collections.abc import Callable

import streamlit as st

from charts import AnyChart, picture
from data_access.plain_text import title_of
from pages.components.state import links
from pages.components.text.texts import one_line

MIME = {"png": "image/png", "svg": "image/svg+xml"}
# Draws a picture of a kind of MIME.
Draw = Callable[[], str | bytes]


def slug(name: str) -> str:
    """What a chart is called in its file's name: what it is, in small letters and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title_of(name).lower()).strip("-")[:60] or "chart"


def save_picture(chart: AnyChart | Callable[[], AnyChart], alt: str, name: str) -> None:
    """The button of one chart, or of what makes it, which is named by `alt`, and its files by `name`; nothing where no
    dataset is open."""
    if "opened" not in st.session_state:
        return
    title = one_line(title_of(alt))
    # A label is read as Markdown: what could be some is left out of it.
    label = " ".join(re.sub(r"[^\w ,%–-]|_", " ", title).split())
    popover = st.popover(
        f"Save as a picture: {label}", icon=":material/image:", type="tertiary", key=f"save_{name}", on_change="rerun"
    )
    if popover.open:
        below = [made_from()]
        made: Callable[[], AnyChart] = chart if callable(chart) else lambda: chart
        with popover, st.container(horizontal=True, gap="small"):
            drawn: dict[str, Draw] = {
                "png": lambda: picture.png(made(), title, below),
                "svg": lambda: picture.svg(made(), title, below),
            }
            picture_links(name, name, drawn)


def picture_links(key: str, file: str, drawn: dict[str, Draw]) -> None:
    """A link for each kind of picture, drawn when it is clicked; `file` is its name without the ending."""
    for kind, draw in drawn.items():
        st.download_button(
            kind.upper(),
            draw,
            f"{file}.{kind}",
            MIME[kind],
            key=f"{kind}_of_{key}",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )


def made_from() -> str:
    """What the pictures of this page are of, in one line: the dataset, the scorer, and the scope if there is one."""
    opened = st.session_state["opened"]
    scope = links.parameter("of").replace(":", " ", 1)
    parts = [
        opened.dataset.name,
        f"scorer {opened.scorer}",
        f"prompts of {scope}" if scope else "",
        "made with Rewardscope",
    ]
    return " · ".join(one_line(part, 80) for part in parts if part)
