"""Sentences for the viewer that may quote the data: our own words in the box, what is quoted as plain text."""

from collections.abc import Iterable

import streamlit as st

SHOWN = 5
MOST = 50


def problem(what: str, sentence: str) -> None:
    """Something that keeps a page from being shown: `what` is our text, `sentence` may quote file and column names."""
    with st.container(border=True):  # without a key, as a page may have several
        st.error(what, icon=":material/error:")
        if sentence:
            st.text(sentence)


def complaints(sentences: Iterable[str]) -> None:
    """What a link asked for that was not understood, and what is shown instead: in one line, as the page goes on."""
    if listed := list(sentences):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(":material/link_off: Parts of this link could not be applied.", width="content")
            st.text(" ".join(sentence[:300] for sentence in listed[:SHOWN]))


def notices(sentences: Iterable[str]) -> None:
    """What is odd about the open dataset: the first in one line, the others a click away."""
    if listed := list(sentences):
        with st.container(key="notices", horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(":material/report: Note on the data:", width="content")
            st.text(listed[0])
            if len(listed) > 1:
                with st.popover(f"and {len(listed) - 1:,} more", type="tertiary"):
                    for sentence in listed[1:MOST]:
                        st.text(sentence)
                    if len(listed) > MOST:
                        st.caption(f"and {len(listed) - MOST:,} more of this kind")
