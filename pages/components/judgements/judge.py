"""A star, tags and a note on a text: a button beside it, which opens the form and what others say."""

from collections.abc import Sequence

import streamlit as st

from data_access.errors import ChangedMeanwhileError, JudgementsError
from data_access.judgements.judgements import LONGEST_NOTE, MOST_TAGS, Judgement, Said, save, tags_in_use
from data_access.judgements.people import Person
from data_access.questions.judged import short
from pages.components.state.judgement_store import is_on, judged_here, last_of, store, unreadable, written
from pages.components.state.session import View
from pages.components.state.viewer import ask_who, viewer, who
from pages.components.text.texts import inline, one_line, show_text


def judge(
    opened: View, prompt_id: int, prompt: str, choice: str = "", response: str | None = None, place: str = ""
) -> None:
    """The button for one text: that of a prompt, or the response that `choice` stands for ('17', 'chosen', 'rejected'); with
    its `place` on the page, where a text may be there twice.

    It tells what is said of it already: a star of one's own, and how many judgements there are.
    """
    if not is_on():
        return
    said = judged_here(opened).of(prompt_id, choice)
    # One for each text: the form of another one would be closed and empty.
    key = f"judge_{place}{prompt_id}_{choice}"
    person = viewer()
    own = next((one for one in said if one.person == person), None)
    looks = (
        f"Judge **{len(said)}**" if said else "Judge",  # of which the stylesheet shows the number only
        ":material/star:" if own and own.said.starred else ":material/rate_review:",
        f"Star, tags and notes on this {'response' if choice else 'prompt'}"
        + (f": {one_line(short(said))}" if said else ""),
    )
    if st.session_state.get(key):  # one that looks otherwise would be another one, and closed, while somebody types
        looks = st.session_state.get(f"{key}_looks", looks)
    st.session_state[f"{key}_looks"] = looks
    label, icon, help = looks
    popover = st.popover(label, icon=icon, help=help, type="tertiary", key=key, on_change="rerun")
    if not popover.open:
        return
    with popover, st.container(key=f"{key}_form"):
        if away := unreadable():
            st.error(one_line(away, 300), icon=":material/cloud_off:")
        if person is None:
            ask_who(key)
        else:
            judgement_form(key, person, own, prompt, response, opened.dataset.name, key)
            who(key)
        others = [one for one in said if one.person != person]
        if others:
            st.divider()
            for one in others:
                show_judgement(one)


def judgement_form(
    key: str,
    person: Person,
    own: Judgement | None,
    prompt: str,
    response: str | None,
    dataset: str,
    opened_by: str,
) -> None:
    """What `person` says of a text, to be changed, in the popover `opened_by`, which is closed when it is saved. What is typed
    stays where it cannot be saved."""
    based = f"{key}_based"
    before = own.said if own else Said()
    if based not in st.session_state or f"{key}_note" not in st.session_state:  # it was just opened
        last = last_of(person, prompt, response)
        st.session_state[based] = last.version if last else 0
        st.session_state[f"{key}_star"] = before.starred
        st.session_state[f"{key}_tags"] = [*before.tags]
        st.session_state[f"{key}_note"] = before.note
    in_use = tags_in_use(written().said)
    with st.form(f"{key}_said", border=False):
        st.toggle("Star", key=f"{key}_star")
        st.multiselect(
            "Tags",
            sorted({*in_use, *st.session_state[f"{key}_tags"]}),
            key=f"{key}_tags",
            accept_new_options=True,
            max_selections=MOST_TAGS,
            format_func=one_line,
            placeholder="Choose, or type a new one",
        )
        st.text_area(
            "Note",
            key=f"{key}_note",
            max_chars=LONGEST_NOTE,
            placeholder="What is right or wrong with it? Plain text.",
            height=100,
        )
        st.form_submit_button(
            "Save", type="primary", on_click=_save, args=(key, person, prompt, response, dataset, opened_by)
        )
    if problem := st.session_state.pop(f"{key}_problem", ""):
        st.error(problem, icon=":material/error:")


def _save(key: str, person: Person, prompt: str, response: str | None, dataset: str, opened_by: str) -> None:
    """Callback of the form."""
    typed = Said(
        st.session_state[f"{key}_star"], tuple(st.session_state[f"{key}_tags"]), st.session_state[f"{key}_note"]
    )
    based = f"{key}_based"
    try:
        kept = save(store(), prompt, response, person, typed, st.session_state[based], dataset)
    except ChangedMeanwhileError:
        st.session_state[f"{key}_problem"] = _changed(key, person, prompt, response)
    except JudgementsError as error:
        st.session_state[f"{key}_problem"] = f"Not saved; what you typed is still here. {one_line(str(error), 300)}"
    else:
        st.session_state[based] = kept.version
        st.session_state[opened_by] = False
        st.toast("Saved", icon=":material/check:")


def _changed(key: str, person: Person, prompt: str, response: str | None) -> str:
    """What was saved meanwhile; the next time that this is saved it takes its place."""
    newest = last_of(person, prompt, response)
    if newest is None:
        return "This was changed meanwhile. What you typed is still here: save it again."
    st.session_state[f"{key}_based"] = newest.version
    said = newest.said
    parts = ["★" if said.starred else "", ", ".join(said.tags), f"“{said.note}”" if said.note else ""]
    shown = " · ".join(one_line(part) for part in parts if part) or "nothing any more"
    return (
        f"Somebody saved this under your name meanwhile, perhaps you in another window: {shown}. "
        "What you typed is still here: save again to put it in its place."
    )


def show_judgement(judgement: Judgement) -> None:
    """What one person says, and when."""
    said = judgement.said
    inline(
        ["★" if said.starred else "", f"{judgement.person}", ", ".join(said.tags), judgement.at[:16].replace("T", " ")],
        muted=True,
    )
    if said.note:
        show_text(said.note)


def judgement_line(said: Sequence[Judgement]) -> None:
    """What people say of a text, on a line above it; nothing where nobody says anything."""
    if said:
        parts = [
            f"{one.person}: {'★ ' * one.said.starred}{', '.join(one.said.tags)} {one_line(one.said.note)}"
            for one in said
        ]
        inline(parts, muted=True, limit=300)
