"""What people wrote, for a page: read again only when somebody has written more; a database that is away stops no page."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, NamedTuple, TypeVar

import streamlit as st

from data_access.derived.text_keys import text_keys
from data_access.errors import JudgementsError
from data_access.judgements.answers import Answer, answers
from data_access.judgements.judgements import Judgement, judgements, keys_of
from data_access.judgements.people import Person
from data_access.judgements.store import Store, open_store, revision
from data_access.questions.judged import NOTHING, Judged, judged
from pages.components.feedback.made import RECOGNISING, see_made
from pages.components.state.results import cached
from pages.components.state.session import View, settings

PAUSE_S = 10.0  # after a failure, before the database is asked again: it may take seconds not to answer


class Written(NamedTuple):
    """What everybody says now, the last change first, and a name of this state."""

    said: Sequence[Judgement]
    revision: str


class Answered(NamedTuple):
    """Everybody's last answer to each pair of each set, in the order of time, and a name of this state."""

    answers: Sequence[Answer]
    revision: str


def is_on() -> bool:
    """Whether judgements are kept on this server."""
    return bool(settings().judgements)


def store() -> Store:
    """The store. Raises JudgementsError, without asking again, for some seconds after it could not be reached."""
    failures = _failures()
    since, said = failures.get("last", (0.0, ""))
    if said and monotonic() - since < PAUSE_S:
        raise JudgementsError(said)
    try:
        found = open_store(settings().judgements)
        failures.pop("last", None)
    except JudgementsError as error:
        failures["last"] = (monotonic(), str(error))
        raise
    return found


def written() -> Written:
    """What everybody wrote of whatever dataset; where it cannot be read what was read last, and why not in `unreadable`."""
    return _read("written", Written((), "none"), lambda now: Written(judgements(store()), now))


def answered() -> Answered:
    """The answers to blind comparisons of whatever dataset; where they cannot be read as `written`."""
    return _read("answered", Answered((), "none"), lambda now: Answered(answers(store()), now))


State = TypeVar("State", Written, Answered)


def _read(name: str, nothing: State, read: Callable[[str], State]) -> State:
    """What is kept under this name, read anew where somebody has written more."""
    if not is_on():
        return nothing
    kept = _kept()
    found: State = kept.get(name, nothing)
    try:
        now = revision(store())
        if found.revision != now:
            found = kept[name] = read(now)  # one value: another thread may put a newer one there meanwhile
    except JudgementsError as error:
        open_store.cache_clear()  # the file may be gone, or another one
        _failures()["last"] = (monotonic(), str(error))
    return found


def unreadable() -> str:
    """Why judgements cannot be read or written just now; '' where they can."""
    since, said = _failures().get("last", (0.0, ""))
    return said if monotonic() - since < PAUSE_S else ""


def judged_here(opened: View) -> Judged:
    """What people say of the open dataset's texts."""
    found = written()
    if not found.said:
        return NOTHING

    def here() -> Judged:
        see_made(opened.dataset, "text_keys", text_keys, RECOGNISING)
        return judged(opened.dataset, found.said)

    return cached(opened.dataset, "judged", found.revision, compute=here)


def last_of(person: Person, prompt: str, response: str | None) -> Judgement | None:
    """The last that somebody said of a text, also where they have taken it back."""
    keys = keys_of(prompt, response)
    return next((one for one in written().said if one.person == person and (one.prompt, one.response) == keys), None)


@st.cache_resource(show_spinner=False)
def _kept() -> dict[str, Any]:
    return {}


@st.cache_resource(show_spinner=False)
def _failures() -> dict[str, tuple[float, str]]:
    return {}
