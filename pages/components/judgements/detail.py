"""One judgement in full: what is said, by whom and when, of which text; its changes; and the form for one's own."""

from collections.abc import Mapping

import streamlit as st

from data_access.errors import JudgementsError
from data_access.judgements.judgements import OF_THE_PROMPT, changes, keys_of
from data_access.plurals import things
from data_access.questions.judgement_list import Listed
from data_access.questions.said.prompt import short_label
from pages.components.judgements.judge import judgement_form, say_saved, show_judgement
from pages.components.state import links
from pages.components.state.judgement_store import store
from pages.components.state.session import View
from pages.components.state.viewer import viewer
from pages.components.text.texts import inline, one_line, show_folded, show_text


def detail(opened: View, row: Listed, texts: Mapping[str, str]) -> None:
    """`texts`: by their keys."""
    one, places = row
    prompt, response = texts.get(one.prompt, ""), texts.get(one.response, "")
    of_prompt = one.response == OF_THE_PROMPT
    with st.container(key="judgement_tools", horizontal=True, vertical_alignment="center", gap="small"):
        where = [f"prompt {number}" + (f", {short_label(choice)}" if choice else "") for number, choice in places]
        more = f"and {len(where) - 1} more" if len(where) > 1 else ""
        inline(
            [*where[:1], more] if where else [f"not in this dataset; said in {one.dataset}"], muted=True, is_line=True
        )
        if places:
            number, choice = places[0]
            candidate = {"candidate": choice} if choice.isdecimal() else {}
            if choice in ("chosen", "rejected"):
                st.page_link("compare.py", label="Compare", query_params=links.carried(id=number, a="best", b=choice))
            else:
                st.page_link("prompt.py", label="Open", query_params=links.carried(id=number, **candidate))
        _changes(one.prompt, one.response, row.name)
        if viewer() == one.person and keys_of(prompt, None if of_prompt else response) == (one.prompt, one.response):
            key = f"edit_{row.name}"
            say_saved()
            edit = st.popover("Edit", icon=":material/edit:", type="tertiary", key=key, on_change="rerun")
            if edit.open:
                with edit:
                    judgement_form(
                        f"{key}_form",
                        one.person,
                        one,
                        prompt,
                        None if of_prompt else response,
                        opened.dataset.name,
                        key,
                    )
    with st.container(key="response", height="stretch"):
        show_judgement(one)
        if not of_prompt:
            st.caption("Response")
            show_text(response)
        st.caption("Prompt")
        if of_prompt:
            show_text(prompt)
        else:
            show_folded(prompt)


def _changes(prompt: str, response: str, name: str) -> None:
    """Everything that was ever said of this text, also what was taken back."""
    popover = st.popover(
        "Changes", icon=":material/history:", type="tertiary", key=f"changes_{name}", on_change="rerun"
    )
    if not popover.open:
        return
    with popover:
        try:
            kept = changes(store(), prompt, response)
        except JudgementsError as error:
            st.text(one_line(str(error), 300))
            return
        st.caption(f"{things(len(kept), 'change')} by everybody, the last first; times in UTC.")
        for change in kept[:50]:
            if any(change.said):
                show_judgement(change)
            else:
                inline([f"{change.person}", "took back what was said", change.at[:16].replace("T", " ")], muted=True)
