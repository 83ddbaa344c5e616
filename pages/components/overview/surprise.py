"""Surprise me: a prompt worth seeing, and on its page why."""

import random

import streamlit as st

from data_access.questions.worth_seeing import drawn, sentence, worth_seeing
from pages.components.state import links
from pages.components.state.results import cached_query
from pages.components.state.session import View
from pages.components.text.texts import inline


def surprise(view: View) -> None:
    """The button; the prompt and its reason go into the link."""
    if st.button("Surprise me", icon=":material/casino:", key="surprise", help="Open a prompt worth seeing"):
        found = drawn(cached_query(view, worth_seeing), random.random())  # noqa: S311 - a choice for a reader
        if found:
            reason, prompt_id = found
            st.switch_page("prompt.py", query_params=links.carried(id=prompt_id, why=reason))
        st.toast("No prompt stands out here: none has three scored candidates.")


def why(view: View, prompt_id: int) -> None:
    """On the prompt's page: why it is worth seeing, if the link says so."""
    reason = links.parameter("why")
    if reason and (said := sentence(cached_query(view, worth_seeing), reason, prompt_id)):
        with st.container(key="why"):
            inline([f"Worth seeing: {said}"])
