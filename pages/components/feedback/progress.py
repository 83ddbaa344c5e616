"""What is being done, and how far it is, while a viewer waits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

Report = Callable[..., None]


@contextmanager
def progress(doing: str, below: Callable[[], None] = lambda: None) -> Iterator[Report]:
    """A bar that is gone at the end: `with progress("Reading.") as report: report(0.5)`, or `report(0.5, "Ranking.")`.

    `below` may draw what belongs to it, such as a button.
    """
    place = st.empty()
    with place.container():
        bar = st.progress(0.0)
        said = st.empty()
        said.text(doing)
        below()

    def report(done: float, now: str = doing) -> None:
        bar.progress(min(done, 1.0))
        said.text(now)  # may name a file: plain, and not Markdown

    try:
        yield report
    finally:
        place.empty()
