"""Which two scorers are compared: A is the scorer of the whole app, B another."""

from collections.abc import Sequence

import streamlit as st

from pages.components.state import links
from pages.components.text.texts import one_line


def pair_asked_for(first: str, names: Sequence[str], unknown: list[str]) -> tuple[str, str]:
    """Controls for A, which is the link's `scorer`, and for B, its `other`: the two of them."""
    asked = links.parameter("other")
    fallback = next(name for name in names if name != first)
    other = asked if asked in names and asked != first else fallback
    if asked and asked != other:
        why = "it is A already" if asked == first else "there is no such scorer here"
        unknown.append(f"B cannot be {asked!r}, as {why}; {other} is shown.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, key, name, parameter in (("A", "first", first, "scorer"), ("B", "other", other, "other")):
            with st.container(width=280):
                st.selectbox(
                    f"Scorer {label}",
                    [each for each in names if label == "A" or each != first],
                    key=links.seeded(f"{key}_scorer", name),
                    format_func=one_line,
                    on_change=_choose,
                    args=(f"{key}_scorer", parameter, first, other),
                )
        st.button(
            "Swap A and B",
            icon=":material/swap_horiz:",
            key="swap_scorers",
            on_click=links.go,
            kwargs={"scorer": other, "other": first},
        )
    return first, other


def _choose(key: str, parameter: str, first: str, other: str) -> None:
    """Callback: another scorer; A that was B changes places with it."""
    value = st.session_state[key]
    links.go(**{parameter: value}, **({"other": first} if parameter == "scorer" and value == other else {}))
