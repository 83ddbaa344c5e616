"""Judgements from a file, as this page or the command has written them."""

import streamlit as st

from data_access.errors import JudgementsError
from data_access.judgements.exchange import WRITTEN, Imported, import_judgements
from data_access.plurals import things, verb
from pages.components.feedback.notices import problem
from pages.components.state.judgement_store import store
from pages.components.state.session import settings
from pages.components.state.viewer import ask_who, viewer


def importing() -> None:
    """A button that takes a file and says what came of it."""
    popover = st.popover("Import", icon=":material/upload:", type="tertiary", key="import", on_change="rerun")
    if not popover.open:
        return
    with popover:
        if viewer() is None:
            ask_who("import")
            return
        st.caption(
            "A CSV, Parquet or JSONL file that this page has written, here or on another server. Nothing is written over: what "
            "somebody said later than the file stays."
        )
        st.file_uploader(
            "File of judgements",
            type=[*WRITTEN],
            key="import_file",
            max_upload_size=max(1, settings().upload_limit // 10**6),
            on_change=_import,
        )
        done: Imported | str | None = st.session_state.get("import_done")
        if isinstance(done, str):
            problem("Nothing was imported.", done)
        elif done:
            parts = [
                f"{things(done.added, 'judgement')} added.",
                f"{things(done.same, 'judgement')} {verb(done.same, 'was', 'were')} here already." if done.same else "",
                f"{things(done.older, 'judgement')} {verb(done.older, 'is', 'are')} older than what the same person says now."
                if done.older
                else "",
            ]
            (st.success if done.added else st.info)(" ".join(part for part in parts if part))


def _import() -> None:
    """Callback: what was chosen, once."""
    file = st.session_state["import_file"]
    if file is None:
        st.session_state["import_done"] = None
        return
    try:
        # A name that signed in is proven where it was written, not by a file that anybody may have changed.
        done: Imported | str = import_judgements(store(), file.name, file.getvalue(), keeps_signed_in=False)
    except JudgementsError as error:
        done = str(error)
    st.session_state["import_done"] = done
