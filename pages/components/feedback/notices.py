"""Sentences for the viewer that may quote the data: our own words in the box, what is quoted as plain text."""

from collections.abc import Iterable

import streamlit as st

SHOWN = 5


def problem(what: str, sentence: str) -> None:
    """Something that keeps a page from being shown: `what` is our text, `sentence` may quote file and column names."""
    with st.container(border=True):  # without a key, as a page may have several
        st.error(what, icon=":material/error:")
        st.text(sentence)


def complaints(sentences: Iterable[str]) -> None:
    """What a link asked for that was not understood, and what is shown instead."""
    if listed := list(sentences):
        with st.container(border=True):
            st.caption(":material/link_off: This link asks for something that is not here.")
            for sentence in listed[:SHOWN]:
                st.text(sentence[:300])


def notices(sentences: Iterable[str]) -> None:
    """What is odd about the open dataset."""
    if listed := list(sentences):
        with st.container(border=True, key="notices"):
            st.caption(":material/report: Notes on the data")
            for sentence in listed[:SHOWN]:
                st.text(sentence)
            if len(listed) > SHOWN:
                st.caption(f"and {len(listed) - SHOWN:,} more of this kind")
