"""Datasets that this server has open, each opened once and shared by all viewers."""

import streamlit as st

from data_access.cache_folder import trim
from data_access.dataset import Dataset, open_dataset
from data_access.errors import DataError
from data_access.opening.local_files import converted_already, to_local_files
from data_access.opening.sources import Source
from data_access.preparing.fingerprint import fingerprint
from pages.components.feedback.progress import progress
from pages.components.state.results import KEPT_RESULTS, keep
from pages.components.state.session import settings

KEPT_OPEN = 8
STOPPED = "stopped_opening"


def open_source(source: Source) -> Dataset:
    """The dataset of a source, kept open between visits; while it is downloaded, converted and prepared, shows how far
    that is, with a way to stop it. Raises DataError."""
    opened_before = _at_hand(source)
    if opened_before:
        return opened_before
    here = settings()

    def stop_button() -> None:
        st.button("Stop opening", icon=":material/stop:", key="stop", on_click=_stop, args=(source.name,))

    with progress("Opening the dataset.", below=stop_button) as report:
        found = to_local_files(source, here, report)
        if source.is_on_hub:
            keep(_whereabouts(), source, found, KEPT_RESULTS)
        dataset = open_dataset(found, here.cache, report)
    keep(_kept_open(), (dataset.fingerprint, dataset.name), dataset, KEPT_OPEN)
    trim(here.cache, here.cache_limit)
    return dataset


def on_this_machine(source: Source) -> Source:
    """The source with its files, as far as they are known without asking the hub."""
    cache = settings().cache
    found = _whereabouts().get(source, source) if source.is_on_hub else source
    return converted_already(found, cache)


def _at_hand(source: Source) -> Dataset | None:
    """The dataset, if this server has it open and its files are as they were."""
    if (source.is_sample and not source.files[0].exists()) or (source.is_on_hub and source not in _whereabouts()):
        return None
    try:
        return _kept_open().get((fingerprint(on_this_machine(source), settings().cache), source.name))
    except DataError:  # files are gone, or not converted yet: opening says so, or makes them anew
        return None


def _stop(name: str) -> None:
    st.session_state[STOPPED] = name


def close(name: str) -> None:
    """Let go of the datasets that are open under a name."""
    kept = _kept_open()
    for state in [state for state, dataset in kept.items() if dataset.name == name]:
        kept.pop(state, None)


@st.cache_resource(show_spinner=False)
def _whereabouts() -> dict[Source, Source]:
    """Datasets of the hub -> where they were downloaded to, at the revision of the first opening."""
    return {}


def forget(dataset: Dataset) -> None:
    """Open this dataset anew at the next visit: its files have changed under it."""
    _kept_open().pop((dataset.fingerprint, dataset.name), None)


@st.cache_resource(show_spinner=False)
def _kept_open() -> dict[tuple[str, str], Dataset]:
    """Open datasets by fingerprint and name, in the order of opening: one for all sessions of this server."""
    return {}
