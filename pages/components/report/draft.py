"""The report that somebody is putting together: the one place that keeps it."""

import streamlit as st

from data_access.dataset import Dataset
from data_access.report.reports import Report, State

DRAFTS = "report_drafts"  # the dataset's address -> its report; a report is of one dataset


def draft(dataset: Dataset) -> Report:
    """The report of this dataset as it is now; one without parts where there is none."""
    state = State.of(dataset)
    found: Report = st.session_state.get(DRAFTS, {}).get(state.address, Report(state))
    return found if found.parts else Report(state, found.title)


def change(report: Report) -> None:
    """Keep the report as the one that is being put together of its dataset."""
    st.session_state[DRAFTS] = st.session_state.get(DRAFTS, {}) | {report.dataset.address: report}
