"""What a link asks for, checked against what is there; each unknown value adds a sentence to `unknown`."""

from collections.abc import Callable, Sequence

import streamlit as st

from data_access.questions.prompt import Prompt, prompt
from pages.components.state import links
from pages.components.state.session import View


def prompt_asked_for(opened: View, fallback: int, unknown: list[str]) -> Prompt:
    """The prompt of the link's `id`, else the one numbered `fallback`, which must be there."""
    asked = links.parameter("id")
    number = links.number("id")
    found = _in_view(opened, number) if number is not None else None
    if asked and found is None:
        total = opened.dataset.contents.prompts
        unknown.append(f"There is no prompt {asked!r} here (1 to {total:,}); prompt {fallback} is shown.")
    found = found or _in_view(opened, fallback)
    assert found is not None
    return found


def _in_view(opened: View, number: int) -> Prompt | None:
    """A prompt, kept until this session looks at another: most clicks stay with it."""
    asked = (opened.dataset.fingerprint, opened.scorer, number)
    if st.session_state.get("in_view", [None])[0] != asked:
        st.session_state["in_view"] = (asked, prompt(opened.dataset, opened.scorer, number))
    found: Prompt | None = st.session_state["in_view"][1]
    return found


NAMED = {"show": "view", "of": "list", "draw": "kind of pairs"}  # what people call a parameter


def option_asked_for(name: str, options: Sequence[str], unknown: list[str], otherwise: str = "") -> str:
    """The link's value of a parameter, or `otherwise`, else the first option."""
    asked = links.parameter(name) or otherwise
    if asked and asked not in options:
        unknown.append(f"There is no {NAMED.get(name, name)} {asked!r} here; {options[0]} is shown.")
    return asked if asked in options else options[0]


def option_control(
    label: str,
    name: str,
    options: Sequence[str],
    shown: str,
    labels: Callable[[str], str] = str.capitalize,
    *,
    hidden: bool = False,
    disabled: bool = False,
    **also: links.Value,
) -> None:
    """The control of what `option_asked_for` gave; the first option leaves the link as it is. `hidden`: its label. `also`:
    what else a choice changes in the link."""
    st.segmented_control(
        label,
        options,
        key=links.seeded(name, shown),
        format_func=labels,
        required=True,
        disabled=disabled,
        label_visibility="collapsed" if hidden else "visible",
        on_change=links.on_change,
        args=(name, name, lambda value: None if value == options[0] else value),
        kwargs=also,
    )
