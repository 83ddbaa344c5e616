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

# (who, '' without a name; the dataset's address) -> the report that this session saw last, and its version in the store.
DRAFTS = "report_drafts"
Seen = tuple[Report | None, int]


def draft(dataset: Dataset) -> Report:
    """The report of this dataset as it is now; one without parts where there is none."""
    state = State.of(dataset)
    found = _latest(state.address) or Report(state)
    return found if found.parts else Report(state, found.title)


def change(report: Report) -> None:
    """As `keep`, for a callback."""
    keep(report)


def keep(report: Report) -> bool:
    """Keep the report in the place of the one that `draft` gave last. Where that was changed meanwhile, or nothing can be kept,
    says so; what is not kept in the store stays in this session. Returns whether the report is as it was given."""
    address, person = report.dataset.address, _who()
    _, version = _seen(person, address)
    if person:
        try:
            version = save_report(store(), _name(person, address), person, to_json(report), version).version
        except ChangedMeanwhileError:
            _see(person, address, None, 0)
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
    _see(person, address, report, version)
    return True


def _latest(address: str) -> Report | None:
    """The report: of the store, where it is newer than what this session saw last of this person's."""
    person = _who()
    report, version = _seen(person, address)
    if person:
        try:
            kept = report_of(store(), _name(person, address))
            if kept.version > version:
                report = from_json(kept.report)
                _see(person, address, report, kept.version)
            elif not kept.version and report is None and (nameless := _seen(None, address)[0]) and nameless.parts:
                keep(nameless)  # somebody has given their name to what they have put together without one
                _see(None, address, None, 0)
                report = nameless
        except DataError:  # the store is away, or the report is of another version: the one of this session goes on
            pass
    return report


def _who() -> Person | None:
    """Whose report is kept in the store; None for one that is not."""
    return viewer() if is_on() else None


def _name(person: Person, address: str) -> str:
    """Under which the report of a person and a dataset is kept."""
    return sha256(f"{person.name}\0{person.signed_in}\0{address}".encode("utf-8", "replace")).hexdigest()[:32]


def _seen(person: Person | None, address: str) -> Seen:
    drafts: dict[tuple[str, str], Seen] = st.session_state.get(DRAFTS, {})
    return drafts.get((f"{person or ''}", address), (None, 0))


def _see(person: Person | None, address: str, report: Report | None, version: int) -> None:
    drafts = dict(st.session_state.get(DRAFTS, {}))
    st.session_state[DRAFTS] = drafts | {(f"{person or ''}", address): (report, version)}
