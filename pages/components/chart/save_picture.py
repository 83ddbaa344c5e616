"""A chart as a picture, PNG or SVG: a button at its corner that takes no room, and draws only what is asked for."""

import re
from collections.abc import Callable

import streamlit as st

from charts import Chart, picture
from data_access.plain_text import title_of
from pages.components.state import links
from pages.components.text.texts import one_line

KINDS: dict[str, tuple[str, Callable[..., str | bytes]]] = {
    "png": ("image/png", picture.png),
    "svg": ("image/svg+xml", picture.svg),
}


def slug(name: str) -> str:
    """What a chart is called in its file's name: what it is, in small letters and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title_of(name).lower()).strip("-")[:60] or "chart"


def save_picture(chart: Chart, alt: str, name: str) -> None:
    """The button of one chart, which is named by `alt`, and its files by `name`; nothing where no dataset is open."""
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
        with popover, st.container(horizontal=True, gap="small"):
            for kind, (mime, drawn) in KINDS.items():
                st.download_button(
                    kind.upper(),
                    _deferred(drawn, chart, title, below),
                    f"{name}.{kind}",
                    mime,
                    key=f"{kind}_of_{name}",
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


def _deferred(
    drawn: Callable[..., str | bytes], chart: Chart, title: str, below: list[str]
) -> Callable[[], str | bytes]:
    return lambda: drawn(chart, title, below)
