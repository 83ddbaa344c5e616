"""A star, tags and a note on a text: a button beside it, which opens the form and what others say."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import streamlit as st

from data_access.errors import ChangedMeanwhileError, JudgementsError
from data_access.judgements.judgements import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS, Judgement, Said, save, tags_in_use
from data_access.judgements.people import Person
from pages.components.feedback.notices import problem
from pages.components.state.judgement_store import is_on, last_of, store, unreadable, written
from pages.components.state.session import View
from pages.components.state.viewer import ask_who, viewer, who
from pages.components.text.texts import inline, one_line, show_text

SAVED = "judgement_saved"


def judge(
    opened: View,
    said: Sequence[Judgement],
    prompt_id: int,
    prompt: str,
    choice: str = "",
    response: str | None = None,
    place: str = "",
) -> None:
    """The button for one text, of which people have `said` this: that of a prompt, or the response that `choice` stands for
    ('17', 'chosen', 'rejected'); with its `place` on the page, where a text may be there twice.

    It tells what is said of it already: a star of one's own, and how many judgements there are.
    """
    if not is_on():
        return
    # One for each text: the form of another one would be closed and empty.
    key = f"judge_{place}{prompt_id}_{choice or 'prompt'}"
    person = viewer()
    own = next((one for one in said if one.person == person), None)
    looks = (
        f"Judge **{len(said)}**" if said else "Judge",
        ":material/star:" if own and own.said.starred else ":material/rate_review:",
        # Nothing that somebody wrote: it would be read as Markdown, pictures and all.
        f"Star, tags and notes on this {'response' if choice else 'prompt'}",
    )
    if st.session_state.get(key):  # one that looks otherwise would be another one, and closed, while somebody types
        looks = st.session_state.get(f"{key}_looks", looks)
    st.session_state[f"{key}_looks"] = looks
    label, icon, help = looks
    popover = st.popover(label, icon=icon, help=help, type="tertiary", key=key, on_change="rerun")
    say_saved()
    if not popover.open:
        return
    with popover, st.container(key=f"{key}_form"):
        if away := unreadable():
            problem("Judgements cannot be read or saved just now.", one_line(away, 300))
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
    fields = Fields.of(key)
    if fields.note not in st.session_state:  # it was just opened
        typed: Said | None = st.session_state.get(fields.typed)
        if typed is None:
            typed = own.said if own else Said()
            last = last_of(person, prompt, response)
            st.session_state[fields.based] = last.version if last else 0
        st.session_state[fields.star] = typed.starred
        st.session_state[fields.tags] = [*typed.tags]
        st.session_state[fields.note] = typed.note
    # No form: what is typed is kept when it is left without saving.
    kept: dict[str, Any] = {"on_change": _keep_typed, "args": (fields,)}
    in_use = tags_in_use(written().said)
    st.toggle("Star", key=fields.star, **kept)
    st.multiselect(
        "Tags",
        sorted({*in_use, *st.session_state[fields.tags]}),
        key=fields.tags,
        accept_new_options=True,
        max_selections=MOST_TAGS,
        format_func=one_line,
        placeholder="Choose, or type a new one",
        **kept,
    )
    st.text_area(
        "Note",
        key=fields.note,
        max_chars=LONGEST_NOTE,
        placeholder="What is right or wrong with it? Plain text.",
        height=100,
        **kept,
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        asked = (fields, person, prompt, response, dataset, opened_by)
        st.button("Save", key=f"{key}_save", type="primary", on_click=_save, args=asked)
        if own:
            st.button("Take back", key=f"{key}_take_back", type="tertiary", on_click=_take_back, args=asked)
    if said := st.session_state.pop(fields.problem, None):
        problem(*said)


class Fields(NamedTuple):
    """Where the form of a text keeps what it holds: its widgets, all that was typed and is not saved, the version that this
    changes, and why it was not saved."""

    star: str
    tags: str
    note: str
    typed: str
    based: str
    problem: str

    @classmethod
    def of(cls, key: str) -> "Fields":
        """Those of one form."""
        return cls(*(f"{key}_{name}" for name in cls._fields))

    def said(self) -> Said:
        """What is in the form."""
        star, tags, note = (st.session_state[name] for name in (self.star, self.tags, self.note))
        return Said(star, tuple(tags), note)


def _keep_typed(fields: Fields) -> None:
    """Callback: what is typed is there again when the form is closed and opened."""
    st.session_state[fields.typed] = fields.said()


def _take_back(fields: Fields, person: Person, prompt: str, response: str | None, dataset: str, opened_by: str) -> None:
    """Callback: nothing is said any more; what was said stays among the changes."""
    st.session_state[fields.star], st.session_state[fields.tags], st.session_state[fields.note] = False, [], ""
    _save(fields, person, prompt, response, dataset, opened_by)


def _save(fields: Fields, person: Person, prompt: str, response: str | None, dataset: str, opened_by: str) -> None:
    """Callback: keep what is in the form, or say why that cannot be done and leave it there."""
    typed = fields.said()
    st.session_state[fields.typed] = typed
    if long := next((tag for tag in typed.tags if len(tag) > LONGEST_TAG), None):
        st.session_state[fields.problem] = (f"A tag has at most {LONGEST_TAG} characters. Not saved:", one_line(long))
        return
    try:
        save(store(), prompt, response, person, typed, st.session_state[fields.based], dataset)
    except ChangedMeanwhileError:
        newest = last_of(person, prompt, response)
        st.session_state[fields.based] = newest.version if newest else 0
        st.session_state[fields.problem] = (
            "This was saved under your name meanwhile, perhaps by you in another window. What you typed is still here: save "
            "again to put it in the place of:",
            _told(newest.said if newest else Said()),
        )
    except JudgementsError as error:
        st.session_state[fields.problem] = ("Not saved; what you typed is still here.", one_line(str(error), 300))
    else:
        for name in (fields.typed, fields.based):
            st.session_state.pop(name, None)
        st.session_state[opened_by] = False
        st.session_state[SAVED] = True


def say_saved() -> None:
    """A word where something was saved. Not by the callback itself: what that shows takes the place of what stands first."""
    if st.session_state.pop(SAVED, False):
        st.toast("Saved", icon=":material/check:")


def _told(said: Said) -> str:
    parts = ["★" if said.starred else "", ", ".join(said.tags), f"“{said.note}”" if said.note else ""]
    return " · ".join(one_line(part) for part in parts if part) or "nothing any more"


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
