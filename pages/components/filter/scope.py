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
    """What the link's `of` says: 'section:Chat', 'subset:math-prm', or all prompts."""
    asked = links.parameter("of") or ALL
    if asked not in _options(choices):
        unknown.append(f"There is no {asked!r} here; {ALL} are shown.")
        asked = ALL
    kind, _, name = asked.partition(":")
    return Scope(**{kind: name}) if name else Scope()


def scope_control(choices: Choices, shown: Scope) -> None:
    """The control of what `scope_asked_for` gave; nothing where there is nothing to choose."""
    options = _options(choices)
    if len(options) > 1:
        chosen = next((f"{kind}:{name}" for kind, name in shown._asdict().items() if name), ALL)
        st.selectbox(
            "Scope",
            options,
            key=links.seeded("of", chosen),
            format_func=lambda option: one_line(option.replace(":", " ", 1)),
            label_visibility="collapsed",
            width=230,
            on_change=links.on_change,
            args=("of", "of", lambda value: None if value == ALL else value),
        )


def _options(choices: Choices) -> list[str]:
    return [ALL, *(f"section:{name}" for name in choices.section), *(f"subset:{name}" for name in choices.subset)]
