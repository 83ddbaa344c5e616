"""Which two scorers are compared: A is the scorer of the whole app, B another."""

from collections.abc import Sequence

import streamlit as st

from pages.components.state import links
from pages.components.text.texts import one_line


def pair_asked_for(first: str, names: Sequence[str], unknown: list[str]) -> tuple[str, str]:
    """Controls for A, which is the link's `scorer`, and for B, its `other`, for one row: the two of them."""
    asked = links.parameter("other")
    fallback = next(name for name in names if name != first)
    other = asked if asked in names and asked != first else fallback
    if asked and asked != other:
        why = "it is A already" if asked == first else "there is no such scorer here"
        unknown.append(f"B cannot be {asked!r}, as {why}; {other} is shown.")
    _select("A", "first_scorer", first, names, "scorer", first, other)
    st.button(
        "Swap A and B",
        icon=":material/swap_horiz:",
        type="tertiary",
        key="swap_scorers",
        on_click=links.go,
        kwargs={"scorer": other, "other": first},
    )
    _select("B", "other_scorer", other, [name for name in names if name != first], "other", first, other)
    return first, other


def _select(side: str, key: str, name: str, offered: Sequence[str], parameter: str, first: str, other: str) -> None:
    st.selectbox(
        f"Scorer {side}",
        offered,
        key=links.seeded(key, name),
        format_func=lambda option: f"{side}: {one_line(option)}",
        label_visibility="collapsed",
        width=210,
        on_change=_choose,
        args=(key, parameter, first, other),
    )


def _choose(key: str, parameter: str, first: str, other: str) -> None:
    """Callback: another scorer; A that was B changes places with it."""
    value = st.session_state[key]
    links.go(**{parameter: value}, **({"other": first} if parameter == "scorer" and value == other else {}))
