"""The report that somebody is putting together: the one place that keeps it.

With their name it is kept in the store, one for each person and dataset, so that a reload, another window or another server has
it. Who has no name, and where nothing is kept, has it as long as the page is open.
"""

from hashlib import sha256

import streamlit as st

from data_access.dataset import Dataset
from data_access.errors import ChangedMeanwhileError, DataError, JudgementsError
from data_access.judgements.people import Person
from data_access.judgements.reports import report_of, save_report
from data_access.report.reports import Report, State, from_json, to_json
from pages.components.state.judgement_store import is_on, store
from pages.components.state.viewer import viewer

DRAFTS = "report_drafts"  # the dataset's address -> the report that this session saw last, and its version in the store


def draft(dataset: Dataset) -> Report:
    """The report of this dataset as it is now; one without parts where there is none."""
    state = State.of(dataset)
    found, _ = _latest(state.address)
    found = found or Report(state)
    return found if found.parts else Report(state, found.title)


def change(report: Report) -> None:
    """As `keep`, for a callback."""
    keep(report)


def keep(report: Report) -> bool:
    """Keep the report in the place of the one that `draft` gave last. Where that was changed meanwhile, or nothing can be kept,
    says so; what is not kept in the store stays in this session. Returns whether the report is as it was given."""
    address = report.dataset.address
    _, version = st.session_state.get(DRAFTS, {}).get(address, (None, 0))
    person = viewer()
    if person and is_on():
        try:
            version = save_report(store(), _name(person, address), person, to_json(report), version).version
        except ChangedMeanwhileError:
            _forget(address)
            st.toast(
                "Your report was changed in another window, and is shown as it is now. Do this once more.",
                icon=":material/sync_problem:",
            )
            return False
        except JudgementsError:
            st.toast(
                "The report cannot be saved just now: it is kept until this page is closed.",
                icon=":material/cloud_off:",
            )
    _remember(address, report, version)
    return True


def _latest(address: str) -> tuple[Report | None, int]:
    """The report and its version: of the store, where it is newer than what this session saw last."""
    report, version = st.session_state.get(DRAFTS, {}).get(address, (None, 0))
    person = viewer()
    if person and is_on():
        try:
            kept = report_of(store(), _name(person, address))
            if kept.version > version:
                report, version = from_json(kept.report), kept.version
                _remember(address, report, version)
            elif report and report.parts and not kept.version:  # somebody has given their name meanwhile
                keep(report)
        except DataError:  # the store is away, or the report is of another version: the one of this session goes on
            pass
    return report, version


def _name(person: Person, address: str) -> str:
    """Under which the report of a person and a dataset is kept."""
    return sha256(f"{person.name}\0{person.signed_in}\0{address}".encode("utf-8", "replace")).hexdigest()[:32]


def _remember(address: str, report: Report | None, version: int) -> None:
    st.session_state[DRAFTS] = st.session_state.get(DRAFTS, {}) | {address: (report, version)}


def _forget(address: str) -> None:
    st.session_state[DRAFTS] = {key: kept for key, kept in st.session_state.get(DRAFTS, {}).items() if key != address}
