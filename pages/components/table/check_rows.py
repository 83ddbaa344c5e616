"""Checks on the screen: a sentence with its figure, and the way to the prompts that it speaks of."""

import streamlit as st

from data_access.plurals import things
from data_access.questions.checks import Check
from pages.components.state import links
from pages.components.text.texts import inline


def check_row(check: Check, asks: bool = False) -> None:
    """One check in a row, after what it asks if `asks`."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if asks:
            st.markdown(f"**{check.asks}**", width=230)
        inline([check.figure], limit=500)
        prompts_link(check)


def prompts_link(check: Check, which: str = "") -> None:
    """A link to the prompts concerned, with how many they are and in words `which`; nothing where there are none."""
    if check.prompts and check.concerned != 0:
        n = check.concerned
        many = things(n, "prompt") if n else "Prompts" if which else "All prompts, sorted"
        st.page_link(
            "prompts.py",
            label=f"{many} {which}".strip(),
            icon=":material/arrow_forward:",
            help="Show the prompts that this speaks of",
            query_params=links.to_prompts(check.prompts),
        )
