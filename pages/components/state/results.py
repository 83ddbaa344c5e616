"""What queries gave, kept for all viewers of this server until the dataset is let go."""

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, Literal, TypeVar, cast
from uuid import uuid4

import streamlit as st

from data_access.dataset import OF_SOME, Dataset
from data_access.derived.kept_answers import answered
from data_access.questions import prompts
from data_access.questions.filters import Choices
from pages.components.state.kept_results import KeptResults
from pages.components.state.session import View

T = TypeVar("T")
Kind = Literal["results", "searches", "under_way", "candidates", "selections", "outcomes"]

# How many of a kind are kept in all, and of one session: what somebody types or draws makes room among its own.
BOUNDS: dict[Kind, tuple[int, int]] = {
    "results": (1024, 64),
    "searches": (128, 16),  # and filters: which prompts pass
    "under_way": (32, 4),  # searches that are not over
    "candidates": (2, 1),  # every scored one: some 50 MB for a million
    "selections": (4, 2),  # training rows of a recipe
    "outcomes": (8, 4),  # of SQL, each of up to 16 MB
}


def cached(
    dataset: Dataset, *asked: Hashable, compute: Callable[[], T], kind: Kind = "results", lasts: bool = False
) -> T:
    """What `compute` gave for this dataset and question, kept for all viewers; it may show its progress, and what it raises
    is not kept. What depends on nothing else `lasts`: it is kept beside the dataset's files, for the next server too."""
    place: list[Any] = []

    def waiting() -> None:
        """Streamlit leaves a run that a click has made out of date where it draws something."""
        if not place:
            place.append(st.empty())
        place[0].caption("This is being worked out.")

    key = (dataset.fingerprint, *asked)
    try:
        work = partial(answered, dataset, asked, compute) if lasts else compute
        return cast(T, _kept(kind).worked_out(key, work, session(), waiting))
    finally:
        for one in place:
            one.empty()


def cached_query(opened: View, compute: Callable[[Dataset, str], T]) -> T:
    """What a query function gives for the open dataset and scorer, kept for all viewers."""
    asked = asked_of(compute, opened.scorer)
    return cached(opened.dataset, *asked, compute=lambda: compute(opened.dataset, opened.scorer), lasts=True)


def asked_of(compute: Callable[[Dataset, str], Any], scorer: str) -> tuple[str, str, str]:
    """How `cached_query` names what it asks."""
    return (compute.__module__, compute.__name__, scorer)


def kept(dataset: Dataset, *asked: Hashable, kind: Kind) -> Any:
    """What is kept for this question; None where nothing is."""
    return _kept(kind).get((dataset.fingerprint, *asked))


def kept_later(
    dataset: Dataset, *asked: Hashable, compute: Callable[[], T], kind: Kind = "results", lasts: bool = True
) -> Callable[[], T]:
    """As `cached`, for a thread that draws no page: it is worked out where what comes back is called."""
    work = partial(answered, dataset, asked, compute) if lasts else compute
    return partial(_kept(kind).worked_out, (dataset.fingerprint, *asked), work, "ahead")


def choices(dataset: Dataset, scorer: str) -> Choices:
    """What prompts can be filtered by; the same on every run, so kept."""
    return cached(dataset, "choices", scorer, compute=partial(prompts.choices, dataset, scorer), lasts=True)


def let_go(fingerprint: str, *asked: Hashable) -> None:
    """Keep nothing any more of the dataset in this state, or of one question to it."""
    for kind in BOUNDS:
        _kept(kind).drop(lambda key: (_whole(key[0]), *key[1 : 1 + len(asked)]) == (fingerprint, *asked))


def _whole(fingerprint: Hashable) -> str:
    """Of the dataset that prompts were drawn of, if they were."""
    return str(fingerprint).removesuffix(OF_SOME)


@st.cache_resource(show_spinner=False)
def _kept(kind: Kind) -> KeptResults[tuple[Hashable, ...], Any]:
    return KeptResults(*BOUNDS[kind])


def session() -> str:
    """A name of this viewer's session."""
    return cast(str, st.session_state.setdefault("session", uuid4().hex))
