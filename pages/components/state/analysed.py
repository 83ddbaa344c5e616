"""What statistics over candidates are of: the open dataset, or some of its prompts where it has very many candidates."""

from dataclasses import replace
from typing import cast
from weakref import proxy

import streamlit as st

from data_access.dataset import Dataset
from data_access.derived.drawn import drawn, is_drawn, needs_drawing, said_of
from pages.components.feedback.progress import progress
from pages.components.state.results import cached
from pages.components.state.session import View


def analysed(view: View) -> View:
    """The view with the prompts that are drawn, or as it is; the first time, with the progress of drawing them."""
    if not needs_drawing(view.dataset):
        return view

    def draw() -> Dataset:
        if is_drawn(view.dataset):
            return drawn(view.dataset)
        with progress("Drawing prompts to work with: once for this dataset.") as report:
            return drawn(view.dataset, report)

    # Held weakly, as a session keeps the names of its last page: see `lent`.
    part = cached(view.dataset, "drawn", compute=draw)
    return replace(view, dataset=cast(Dataset, proxy(part)))


def of_drawn(view: View, part: View) -> None:
    """Of how many prompts the figures are, where that is not all."""
    if sentence := said_of(view.dataset, part.dataset):
        st.caption(f":material/casino: {sentence}", width="content")
