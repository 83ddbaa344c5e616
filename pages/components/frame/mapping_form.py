"""Saying which column is what, with the first prompt as it would then look; remembered for the dataset."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from data_access import layouts
from data_access.errors import DataError
from data_access.layouts import saved_mappings
from data_access.layouts.column_mapping import (
    SEVERAL,
    WORDS,
    ColumnMapping,
    from_json,
    said_values,
    to_json,
    to_toml,
)
from data_access.layouts.column_names import lower_is_better
from data_access.opening.sources import Source
from data_access.preparing import preview
from pages.components.state import links
from pages.components.state.session import settings
from pages.components.text.texts import inline, one_line, show_text

PARAMETER = "columns"
HELP = {
    "layout": "How the file holds a prompt's candidates",
    "response": "{i} stands for the number",
    "lower_is_better": "A rank, cost or perplexity: its sign is turned, so that more is better everywhere",
    "group_by": "Rows with the same value are one prompt's candidates; none: rows with exactly the same prompt text",
    "rejected_rewards": "As many as for the chosen text, in the same order",
}


def columns_of(source: Source) -> None:
    """For the Overview: who says which column is what, if not their names, and the form where the link asks for it."""
    mapping = saved_mappings.saved_mapping(source, settings().cache)
    if mapping:
        inline(["Column mapping from", mapping.origin], muted=True, limit=500)
    if _is_open():
        mapping_form(source)
    elif not source.is_sample:
        st.button("Fix the column mapping", key="columns", on_click=_open, args=(mapping or ColumnMapping(),))


def _open(mapping: ColumnMapping) -> None:
    links.go(**{PARAMETER: to_json(mapping)})


def _is_open() -> bool:
    return bool(links.parameter(PARAMETER))


def mapping_form(source: Source, known: str = "") -> None:
    """The form, the preview, and buttons to remember or forget; nothing for a source whose columns cannot be read.
    `known` is a sentence on what is wrong that the page shows already."""
    draft = _draft(source)
    try:
        columns = preview.columns(source, draft)
    except DataError:
        return  # the frame has said what is wrong with the file
    with st.container(border=True, key="mapping"):
        st.header("Which column is what?", anchor=False)
        _roles(draft, columns)
        try:
            found = preview.first_prompt(source, draft)
        except DataError as error:
            _sentences("error", "The columns cannot be read like this.", [str(error)] * (str(error) != known))
            found = None
        if found:
            _shown(found)
        _remembering(source, draft, ready=found is not None)


def _draft(source: Source) -> ColumnMapping:
    """What the link says of the columns, else what is in force."""
    try:
        if _is_open():
            return from_json(links.parameter(PARAMETER), "This link")
        return saved_mappings.saved_mapping(source, settings().cache) or ColumnMapping()
    except DataError as error:
        _sentences("link_off", "Parts of this link could not be applied.", [str(error)])
        return ColumnMapping()


def _roles(draft: ColumnMapping, columns: dict[str, str]) -> None:
    """A control for the layout and for each of its roles, showing what is said, or what names and types say."""
    guess = layouts.guess_mapping(columns, draft)
    known = [*layouts.LAYOUTS]
    layout = guess.layout if guess else None
    key = links.seeded("mapping_layout", layout)
    with st.grid(3):
        st.selectbox(
            "Layout", known, key=key, placeholder="Choose one", help=HELP["layout"], on_change=_say_layout, args=(key,)
        )
        if guess and layout:
            for role in layouts.roles(layout):
                _role(draft, guess, columns, role)


def _role(draft: ColumnMapping, guess: ColumnMapping, columns: dict[str, str], role: str) -> None:
    options, key = layouts.options(guess, columns, role), f"mapping_{role}"
    if not options and not layouts.is_needed(guess.layout or "", role):
        return
    label, said = WORDS[role].capitalize(), (draft, role, key)
    if role in SEVERAL:
        chosen = getattr(guess, role) or ()
        if role == "lower_is_better":
            chosen = [reward for reward in options if lower_is_better(guess, reward)]
        seeded = links.seeded(key, [one for one in chosen if one in options])
        st.multiselect(label, options, key=seeded, format_func=_named, help=HELP.get(role), on_change=_say, args=said)
    else:
        options = options if layouts.is_needed(guess.layout or "", role) else ["", *options]
        value = getattr(guess, role) or ""
        seeded = links.seeded(key, value if value in options else None)
        st.selectbox(
            label,
            options,
            key=seeded,
            format_func=_named,
            placeholder="Choose one",
            help=HELP.get(role),
            on_change=_say,
            args=said,
        )


def _named(name: str) -> str:
    return one_line(name) or "none"


def _say_layout(key: str) -> None:
    """Callback: another layout has other roles, so nothing else stays said."""
    links.go(**{PARAMETER: to_json(ColumnMapping(layout=st.session_state[key]))})


def _say(draft: ColumnMapping, role: str, key: str) -> None:
    value: Any = st.session_state[key]
    changed: dict[str, Any] = {role: tuple(value) if role in SEVERAL else value}
    said = replace(draft, **changed)
    links.go(**{PARAMETER: to_json(said)})


def _shown(found: preview.Preview) -> None:
    st.markdown("**The first prompt would be**")
    inline([found.layout], muted=True, limit=2000)
    _sentences("report", "Notes on the data", found.notices)
    with st.container(height=160, key="mapping_first_prompt"):
        show_text(found.prompt)
    table = found.candidates.assign(response=found.candidates["response"].map(one_line))
    st.dataframe(table, hide_index=True, height=240, alt="The first prompt's candidates")
    if not len(table):
        st.caption("It has no candidate.")


def _sentences(icon: str, what: str, sentences: Sequence[str]) -> None:
    """`what` is our text; the sentences may quote file and column names."""
    if sentences:
        st.caption(f":material/{icon}: {what}")
        for sentence in sentences:
            st.text(sentence)


def _remembering(source: Source, draft: ColumnMapping, ready: bool) -> None:
    cache = settings().cache
    allowed = "columns" in settings().opens
    with st.container(horizontal=True):
        if allowed and st.button("Use these columns", type="primary", disabled=not ready, key="mapping_use"):
            _and_close(lambda: saved_mappings.remember(source, cache, draft))
        if (
            allowed
            and saved_mappings.is_remembered(source, cache)
            and st.button("Delete the saved mapping", key="mapping_forget")
        ):
            _and_close(lambda: saved_mappings.forget(source, cache))
        if _is_open():
            st.button("Cancel", key="mapping_cancel", on_click=links.go, kwargs={PARAMETER: None})
    if allowed:
        st.caption("Saved on this server, for everybody who opens this dataset here.")
    else:
        st.caption("Only this server's operator can change the mapping, in a file beside the data.")
    if said_values(draft):
        with st.expander("Save it as a file beside the data instead"):
            st.code(to_toml(draft), language=None)
            inline([f"Save it as {saved_mappings.beside(source)[-1]}"], muted=True, limit=500)


def _and_close(change: Callable[[], None]) -> None:
    """Make the change, and open the dataset anew without the form."""
    try:
        change()
    except DataError as error:
        _sentences("error", "The mapping could not be saved.", [str(error)])
        return
    links.go(**{PARAMETER: None})
    st.rerun()
