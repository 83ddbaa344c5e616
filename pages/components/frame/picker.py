"""Choosing a dataset: what the server offers, what was opened before, and, where the operator allows it, a dataset of
the hub, a path or an upload; and what the cache folder holds.

What somebody names here is opened first and put into the link when it is open, with the revision that it was resolved
to: a name that does not open leaves no step in the browser's history.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from data_access.cache_folder import Kept
from data_access.dataset import Dataset
from data_access.errors import DataError, SourceError
from data_access.opening import room, uploads
from data_access.opening.addresses import source_from_address
from data_access.opening.hub.names import COMMIT, PREFIX, is_hub_name, is_plain_name
from data_access.opening.local_files import newest_revision
from data_access.opening.sources import Source
from data_access.settings import Settings
from pages.components.feedback.notices import problem
from pages.components.state import links
from pages.components.state.open_datasets import ANEW, STOPPED, close, on_this_machine
from pages.components.state.session import settings
from pages.components.text.texts import inline, one_line

OPENING, RECENT, PICKER = "opening", "recently_opened", "pickers_shown"
SHOWN = 8
NAMED = "names_of_pinned"  # address with a commit -> the name that was typed, which it was resolved from
LONG_COMMIT = re.compile(r"@([0-9a-f]{7})[0-9a-f]{33}")


def source_asked_for(sources: Sequence[Source], unknown: list[str]) -> Source:
    """What was named in the picker, else the link's `data`, else the first of those that the server offers."""
    here = settings()
    typed = st.session_state.get(OPENING)
    asked = typed or links.parameter("data")
    found = next((source for source in sources if source.name == asked), None)
    is_address = typed or is_hub_name(asked) or asked.startswith((uploads.PREFIX, "/")) or "paths" in here.opens
    if found is None and asked and is_address:
        try:
            return source_from_address(asked, here)
        except SourceError as error:
            return Source(asked, (), str(error))
    if found is None and asked:
        unknown.append(f"There is no dataset {asked!r} here; {sources[0].name} is shown.")
    return found or sources[0]


def picker(sources: Sequence[Source], source: Source) -> None:
    """The choice of datasets, and the way to others where the operator allows that."""
    here = settings()
    names = list(dict.fromkeys([*(one.name for one in sources), source.name, *st.session_state.get(RECENT, [])]))
    if len(names) > 1:
        key = links.seeded("dataset", source.name)
        st.selectbox(
            "Dataset",
            names,
            key=key,
            format_func=short_name,
            label_visibility="collapsed",
            width=190,
            on_change=_switch,
        )
    else:
        with st.container(key="dataset_name", width="content"):
            inline([short_name(source.name)])
    if here.opens:
        key = f"picker_{st.session_state.get(PICKER, 0)}"  # another one after each choice, so that it is closed
        with st.container(key="picker", width="content"):
            popover = st.popover(
                "Open",
                icon=":material/folder_open:",
                type="tertiary",
                help="Open another dataset",
                key=key,
                on_change="rerun",
            )
        with popover:
            # Also while it is closed: what is made when it opens has to wait for what the page is working out.
            _by_name(here)
            if popover.open:
                _newer(source)
                if "upload" in here.opens:
                    _by_upload(here)
                _room(here, {*names} - {source.name})


def arrived(source: Source, dataset: Dataset) -> None:
    """Note that a source is open; if it was named in the picker, put it into the link, as one step of the history."""
    is_of_hub = source.name.startswith(PREFIX)
    address = dataset.provenance if is_of_hub else source.name
    recent = [address, *(name for name in st.session_state.get(RECENT, []) if name != address)]
    st.session_state[RECENT] = recent[:SHOWN]
    if typed := st.session_state.pop(OPENING, None):
        if address != typed:
            st.session_state[NAMED] = st.session_state.get(NAMED, {}) | {address: typed}
        st.query_params.from_dict({"data": address})
        st.rerun()


def not_opened(sentence: str) -> None:
    """Say why a source is not open, with a way to try again, and back to what was open before."""
    problem("This dataset cannot be opened.", sentence)
    _go_on("Try again")


def stopped(source: Source) -> bool:
    """Whether the viewer has stopped the opening of this source; then says so, with a way to go on."""
    if st.session_state.get(STOPPED) != source.name:
        return False
    with st.container(border=True, key="stopped"):
        st.caption(":material/pause: Opening was stopped. What was downloaded is kept.")
    _go_on("Go on")
    return True


def _go_on(label: str) -> None:
    with st.container(horizontal=True):
        typed = st.session_state.get(OPENING)
        anew = st.session_state.get(ANEW)
        st.button(label, icon=":material/refresh:", key="again", on_click=_open, args=(typed, anew))
        if typed or anew:
            st.button("Back", icon=":material/arrow_back:", key="back", on_click=_open, args=(None,))


def _open(address: str | None, anew: str | None = None) -> None:
    """Open an address, or with None what the link says; of the source `anew` what the hub has now."""
    st.session_state.pop(STOPPED, None)
    st.session_state[OPENING] = address
    st.session_state[ANEW] = anew


def _newer(source: Source) -> None:
    """A button that asks the hub whether a name without a commit stands for a newer one by now, which it then opens."""
    typed = st.session_state.get(NAMED, {}).get(source.name)
    try:
        named = source_from_address(typed, settings()) if typed else source
        opened = on_this_machine(source).origin
    except DataError:  # its files are gone
        return
    parts = named.joined or (named,)
    if not opened or not any(part.wanted and not COMMIT.fullmatch(part.wanted.revision or "") for part in parts):
        return
    if not st.button("Look for a newer revision", icon=":material/update:", key="newer"):
        return
    try:
        with st.spinner("Asking the Hub."):
            newest = newest_revision(named if typed else on_this_machine(source), settings())
    except DataError as error:
        problem("The Hub does not say which revision is the newest.", str(error))
        return
    if newest == opened:
        st.caption("This is the newest revision.")
        return
    _open(typed, anew=named.name)
    _close_picker()
    st.rerun()


def _switch() -> None:
    _open(None)
    st.query_params.from_dict({"data": st.session_state["dataset"]})


def _by_name(here: Settings) -> None:
    kinds = ["a dataset of the Hugging Face Hub"] if "hub" in here.opens else []
    kinds += ["a path on the server"] if "paths" in here.opens else []
    if kinds:
        with st.form("open_by_name", border=False, clear_on_submit=True):
            st.text_input(
                f"Name {' or '.join(kinds)}",
                key="named",
                placeholder="hf:owner/name" if "hub" in here.opens else "/data/run.parquet",
                help="Also hf:owner/name@revision, hf:owner/name?config=…&split=…, and a dataset's web address. "
                "Parquet, JSONL, JSON and CSV can be opened.",
            )
            st.form_submit_button("Open", on_click=_open_typed, key="open_named")


def _open_typed() -> None:
    typed = str(st.session_state["named"]).strip()
    is_path = "paths" in settings().opens and Path(typed).expanduser().exists()
    _open(f"{PREFIX}{typed}" if is_plain_name(typed) and not is_path else typed or None)
    _close_picker()


def _close_picker() -> None:
    st.session_state[PICKER] = st.session_state.get(PICKER, 0) + 1


def _by_upload(here: Settings) -> None:
    size = max(here.upload_limit // 10**6, 1)
    st.file_uploader(
        "Upload a file", type=[*uploads.KINDS], key="uploaded", max_upload_size=size, on_change=_open_upload
    )
    if refused := st.session_state.pop("upload_refused", None):
        problem("This file cannot be taken.", refused)


def _open_upload() -> None:
    here, sent = settings(), st.session_state["uploaded"]
    if sent is not None:
        try:
            with room.room_for(here, sent.size, sent.name):
                _open(uploads.keep(sent.name, sent.getvalue(), here.cache, here.upload_limit))
            _close_picker()
        except DataError as error:
            st.session_state["upload_refused"] = str(error)


def _room(here: Settings, known: set[str]) -> None:
    """How much of the limit is taken, and by what this viewer may see the name of, each with a way to remove it."""
    there, size = room.kept(here), room.taken(here)
    st.caption(f"Files on this server: {room.in_words(size)} of {room.in_words(here.cache_limit)}")
    st.progress(min(size / here.cache_limit, 1.0) if here.cache_limit else 1.0)
    removable = [one for one in there if one.name in known]
    for number, one in enumerate(removable[:SHOWN]):
        with st.container(horizontal=True, vertical_alignment="center"):
            inline([short_name(one.name), one.kind, room.in_words(one.size)])
            st.button("Remove", key=f"remove_{number}", icon=":material/delete:", on_click=_remove, args=(one,))
    if st.session_state.pop("in_use", None):
        st.caption("These files are in use by another viewer. Remove them later.")


def _remove(one: Kept) -> None:
    close(one.name)
    st.session_state["in_use"] = not room.remove(settings(), one)


def short_name(name: str) -> str:
    """A dataset's name for a label: seven digits of a commit, a file's name with its folder."""
    if name.startswith(uploads.PREFIX):
        return one_line(uploads.file_name(name))
    if name.startswith("/"):
        return one_line("/".join(Path(name).parts[-2:]))
    return one_line(LONG_COMMIT.sub(r"@\1", name.removeprefix(PREFIX)))
