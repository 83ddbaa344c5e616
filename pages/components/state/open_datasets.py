"""Datasets that this server has open, each opened once and shared by all viewers."""

from collections.abc import Callable

import streamlit as st

from data_access.dataset import Dataset, open_dataset
from data_access.errors import DataError, NoRoomError, SourceError
from data_access.opening.local_files import converted_already, to_local_files
from data_access.opening.room import trim
from data_access.opening.sources import Source, released
from data_access.preparing.fingerprint import fingerprint
from pages.components.feedback.progress import progress
from pages.components.state import results
from pages.components.state.kept_results import KeptResults
from pages.components.state.session import lent, settings

KEPT_OPEN = 8
KEPT_WHEREABOUTS = 64
STOPPED = "stopped_opening"
ANEW = "asked_anew"  # the name of a source that the hub has a newer revision of, which is to be opened


def open_source(source: Source) -> Dataset:
    """The dataset of a source, lent to this run and kept open between visits; while it is downloaded, converted and
    prepared, shows how far that is, with a way to stop it. Raises DataError."""
    kept = _kept_open()
    dataset, is_anew = kept.get(source), st.session_state.get(ANEW) == source.name
    if dataset and not is_anew and _is_as_it_was(source, dataset):
        st.empty()  # where the bar was: one element less, and Streamlit would draw all that follows anew
        return lent(dataset)
    if dataset and not is_anew:
        forget(source)

    def stop_button() -> None:
        st.button("Stop opening", icon=":material/stop:", key="stop", on_click=_stop, args=(source.name,))

    with progress("Opening the dataset.", below=stop_button) as report:
        if is_anew:
            dataset = _open_newer(source, report)
            kept.put(source, dataset)
            st.session_state.pop(ANEW)
            return lent(dataset)
        dataset = kept.worked_out(
            source,
            lambda: _open(source, report),
            waiting=lambda: report(0.0, "Another viewer is opening this dataset: waiting for it."),
        )
    return lent(dataset)


def dataset_after_the_run(source: Source) -> Dataset:
    """The dataset of a source that was open, for what is made when no page is drawn; opened anew if it was let go."""
    return _kept_open().worked_out(source, lambda: _open(source, lambda done, doing="": None))


def on_this_machine(source: Source) -> Source:
    """The source with its files as they were opened, else as far as they are known without asking the hub."""
    return _whereabouts().get(source) or converted_already(source, settings().cache)


def close(name: str) -> None:
    """Let go of the datasets that are open under a name."""
    _kept_open().drop(lambda source: source.name == name)


def forget(source: Source) -> None:
    """Open this dataset anew at the next visit: its files have changed under it."""
    _kept_open().drop(lambda one: one == source)


def _open(source: Source, report: Callable[..., None]) -> Dataset:
    here, kept = settings(), _kept_open()
    while True:
        try:
            found = to_local_files(source, here, report)
            break
        except NoRoomError:  # what this server has open goes too, but for what pages are being drawn of
            if not kept.drop_oldest():
                raise
    _whereabouts().put(source, released(found))
    dataset = open_dataset(found, here.cache, report, here.prepared)
    while trim(here) > here.cache_limit and kept.drop_oldest():
        pass
    return dataset


def _open_newer(source: Source, report: Callable[..., None]) -> Dataset:
    """What the hub has now; where it does not open, what was open before stays."""
    before = _whereabouts().get(source)
    try:
        return _open(source, report)
    except BaseException as error:  # also where the viewer stops it
        if before:
            _whereabouts().put(source, before)
        if isinstance(error, DataError):
            raise SourceError(f"The newer revision cannot be opened. {error}") from error
        raise


def _is_as_it_was(source: Source, dataset: Dataset) -> bool:
    """Whether the files, and what is said of their columns, are what was opened."""
    cache, there = settings().cache, _whereabouts().get(source) if source.is_on_hub else source
    if not there or (source.is_sample and not source.files[0].exists()):
        return False
    try:
        return dataset.fingerprint == fingerprint(converted_already(there, cache), cache)
    except DataError:  # files are gone, or not converted yet: opening says so, or makes them anew
        return False


def _stop(name: str) -> None:
    st.session_state[STOPPED] = name


def _let_go(source: Source, dataset: Dataset) -> None:
    """With a dataset goes what it was asked, unless it is open under another name too."""
    if dataset.fingerprint not in {other.fingerprint for other in _kept_open().values()}:
        results.let_go(dataset.fingerprint)


@st.cache_resource(show_spinner=False)
def _kept_open() -> KeptResults[Source, Dataset]:
    return KeptResults(KEPT_OPEN, when_gone=_let_go)


@st.cache_resource(show_spinner=False)
def _whereabouts() -> KeptResults[Source, Source]:
    """Datasets -> where their files are on this machine; those of the hub at the revision of the last opening."""
    return KeptResults(KEPT_WHEREABOUTS)
