"""The choice of the whole dataset, of a section, or of a subset."""

import streamlit as st

from data_access.questions.filters import Choices
from data_access.questions.scope import ALL, Scope, scope_of, scopes
from pages.components.state import links
from pages.components.text.texts import one_line


def scope_asked_for(choices: Choices, unknown: list[str]) -> Scope:
    """What the link's `of` says: 'section:Chat', 'subset:math-prm', or all prompts."""
    return scope_of(links.parameter("of"), choices, unknown)


def scope_control(choices: Choices, shown: Scope) -> None:
    """The control of what `scope_asked_for` gave; nothing where there is nothing to choose."""
    options = scopes(choices)
    if len(options) > 1:
        st.selectbox(
            "Scope",
            options,
            key=links.seeded("of", str(shown)),
            format_func=lambda option: one_line(option.replace(":", " ", 1)),
            label_visibility="collapsed",
            width=230,
            on_change=links.on_change,
            args=("of", "of", lambda value: None if value == ALL else value),
        )
