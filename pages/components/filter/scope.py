"""Statistics of the whole dataset, of a section, or of a subset."""

from typing import NamedTuple

import streamlit as st

from data_access.questions.filters import Choices
from pages.components.state import links
from pages.components.text.texts import one_line

ALL = "all prompts"


class Scope(NamedTuple):
    """A section, or a subset, or neither for all prompts."""

    section: str | None = None
    subset: str | None = None


def scope_asked_for(choices: Choices, unknown: list[str]) -> Scope:
    """The control that chooses a scope, as the link's `of` says: 'section:Chat', 'subset:math-prm', or all prompts."""
    options = [ALL, *(f"section:{name}" for name in choices.section), *(f"subset:{name}" for name in choices.subset)]
    asked = links.parameter("of") or ALL
    if asked not in options:
        unknown.append(f"There is no {asked!r} here; {ALL} are shown.")
        asked = ALL
    if len(options) > 1:
        with st.container(width=320):
            st.selectbox(
                "Of",
                options,
                key=links.seeded("of", asked),
                format_func=lambda option: one_line(option.replace(":", " ", 1)),
                on_change=links.on_change,
                args=("of", "of", lambda value: None if value == ALL else value),
            )
    kind, _, name = asked.partition(":")
    return Scope(**{kind: name}) if name else Scope()
