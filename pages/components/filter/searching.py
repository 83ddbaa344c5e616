"""A text search that goes on in a thread of its own: a page shows what is found while the rest is searched."""

from collections.abc import Callable, Iterator
from threading import Event, Lock, Thread
from time import monotonic

import streamlit as st

from data_access.errors import DataError
from data_access.plurals import things
from data_access.questions import search
from data_access.questions.search import NOTHING, Found
from pages.components.state.results import cached, kept
from pages.components.state.session import View

MANY_FILES = 3  # from here on a page does not wait for all of a search
FIRST_S = 0.25  # seconds that it waits for the first matches
EVERY_S = 0.4
NOBODY_LOOKS_S = 10.0  # seconds after which a search that no page asks about ends
FULL = 50  # prompts found: of more, a list's first page does not change before the end
STOPPED = "stopped_search"


class Search:
    """`found` so far, of `total` prompts. It is worked on between `go_on` and `stop`, and as long as somebody looks; what
    it failed with is in `error`."""

    def __init__(self, parts: Callable[[Found], Iterator[Found]], total: int) -> None:
        self.found = NOTHING
        self.total = total
        self.error: DataError | None = None
        self._parts = parts
        self._lock = Lock()
        self._worker: Thread | None = None
        self._stopped = Event()
        self._ended = Event()  # for now, with the first matches, or for good
        self._looked = monotonic()

    @property
    def is_over(self) -> bool:
        return self.error is not None or self.found.searched >= self.total

    def go_on(self) -> None:
        """Have the rest searched, unless that is being done."""
        with self._lock:
            self._looked = monotonic()
            if self.is_over or (self._worker and self._worker.is_alive() and not self._stopped.is_set()):
                return
            self._stopped, self._ended = Event(), Event()
            self._worker = Thread(target=self._work, args=(self._stopped, self._ended), daemon=True, name="search")
            self._worker.start()

    def wait_for_first(self) -> None:
        """Wait a little for the first matches, or the end."""
        self._ended.wait(FIRST_S)

    def stop(self) -> None:
        """Search no further, from the next file on."""
        self._stopped.set()

    def _work(self, stopped: Event, ended: Event) -> None:
        try:
            for found in self._parts(self.found):
                if stopped.is_set():
                    return
                self.found = found
                if found.prompts:
                    ended.set()
                if monotonic() - self._looked > NOBODY_LOOKS_S:
                    stopped.set()
        except DataError as error:
            self.error = error
        except ReferenceError:  # the dataset was let go
            stopped.set()
        finally:
            ended.set()


def searching(view: View) -> Search | None:
    """The search that the filter asks for, going on or stopped by this viewer; None where all is searched, or at once."""
    chosen, dataset = view.filter, view.dataset
    if not chosen.is_searching or len(dataset.contents.shards) < MANY_FILES:
        return None
    one = cached(
        dataset,
        *_asked(view),
        compute=lambda: Search(
            lambda after: search.searched(dataset, chosen.text, chosen.where, chosen.regex, after),
            dataset.contents.prompts,
        ),
        kind="under_way",
    )
    if not _is_stopped(view):
        one.go_on()
        one.wait_for_first()
    return None if one.is_over else one


def found_already(view: View) -> Found:
    """What a search for this found before it was over or was stopped, to go on from; whoever asks does the rest."""
    if len(view.dataset.contents.shards) < MANY_FILES:
        return NOTHING
    one: Search | None = kept(view.dataset, *_asked(view), kind="under_way")
    if not one or one.error:
        return NOTHING
    one.stop()
    return one.found


def searching_line(view: View, one: Search) -> None:
    """How many prompts are found among how many, with a way to stop; draws the page anew when there is more to list."""
    if _is_stopped(view):
        _stopped_line(view, one)
    else:
        _going_on(view, one, one.found)


def _stopped_line(view: View, one: Search) -> None:
    found = one.found
    with st.container(key="searching", horizontal=True, vertical_alignment="center", gap="small", width="content"):
        st.markdown(
            f"**{len(found.prompts):,}** found; stopped after {found.searched:,} of {things(one.total, 'prompt')}",
            width="content",
        )
        st.button("Search the rest", key="search_on", type="tertiary", on_click=_search_on)


@st.fragment(run_every=EVERY_S)
def _going_on(view: View, one: Search, drawn: Found) -> None:
    one.go_on()  # unless another viewer has stopped it
    found = one.found
    if one.is_over or (len(drawn.prompts) < FULL and len(found.prompts) > len(drawn.prompts)):
        st.rerun()
    with st.container(key="searching", horizontal=True, vertical_alignment="center", gap="small", width="content"):
        st.markdown(f"**{len(found.prompts):,}** found so far", width="content")
        st.progress(
            found.searched / one.total,
            f"searched {found.searched:,} of {things(one.total, 'prompt')}",
            width=190,
        )
        st.button("Stop", key="stop_search", icon=":material/stop:", on_click=_stop, args=(view, one))


def _stop(view: View, one: Search) -> None:
    one.stop()
    st.session_state[STOPPED] = _asked(view)


def _search_on() -> None:
    st.session_state.pop(STOPPED, None)


def _is_stopped(view: View) -> bool:
    return st.session_state.get(STOPPED) == _asked(view)


def _asked(view: View) -> tuple[str, str, str, bool]:
    return ("searching", view.filter.text, view.filter.where, view.filter.regex)
