"""The filters in force: one line of chips under the bar, only where there are any, each removable."""

import streamlit as st

from data_access.plurals import things
from data_access.questions.filters import PARAMETERS, PromptFilter, described, to_parameters, without
from pages.components.filter.searching import searching, searching_line
from pages.components.filter.widgets import passing_prompts
from pages.components.state import links
from pages.components.state.session import View
from pages.components.text.texts import one_line


def filters_in_force(view: View, *, so_far: bool = False) -> None:
    """How many prompts pass, or how far their search is, and what each field of the filter keeps, as chips; taking one out
    widens the filter."""
    phrases = {field: one_line(phrase) for field, phrase in described(view.filter).items()}
    if not phrases:
        return
    with st.container(key="filters", horizontal=True, vertical_alignment="center", gap="small"):
        # Why a search fails is for the page to say, once.
        under_way = searching(view) if so_far else None
        passing, total = passing_prompts(view, says_why=False, so_far=so_far), view.dataset.contents.prompts
        if under_way:
            searching_line(view, under_way)
        elif passing is not None:
            st.markdown(f"**{len(passing):,}** of {things(total, 'prompt')}", width="content")
        # Chips of a select box, since their texts are shown as they are: a button's label would be read as Markdown.
        st.multiselect(
            "Filters in force",
            list(phrases),
            key=links.seeded("in_force", list(phrases)),
            format_func=phrases.__getitem__,
            label_visibility="collapsed",
            on_change=_take_out,
            args=(view.filter, list(phrases)),
        )


def _take_out(chosen: PromptFilter, fields: list[str]) -> None:
    """Callback: the fields whose chips are gone no longer narrow."""
    for field in set(fields) - set(st.session_state["in_force"]):
        chosen = without(chosen, field)
    nothing: dict[str, links.Value] = dict.fromkeys((*PARAMETERS, "page"))
    links.go(**(nothing | to_parameters(chosen)))
