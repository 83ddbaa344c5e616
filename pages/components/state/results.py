"""What queries gave, kept for all viewers of this server."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

import streamlit as st

from data_access.dataset import Dataset
from data_access.questions import prompts
from data_access.questions.filters import Choices
from pages.components.state.session import View

KEPT_RESULTS = 64

K = TypeVar("K")
T = TypeVar("T")


def keep(store: dict[K, T], key: K, value: T, most: int) -> None:
    """Put a value into a store that holds at most so many: the oldest make room."""
    while len(store) >= most:
        store.pop(next(iter(store)), None)
    store[key] = value


def cached(dataset: Dataset, *asked: Hashable, compute: Callable[[], T]) -> T:
    """What `compute` gave for this dataset and question, kept for all viewers; it may show its progress."""
    results = _results()
    key = (dataset.fingerprint, *asked)
    if key not in results:
        keep(results, key, compute(), KEPT_RESULTS)
    return cast(T, results[key])


def cached_query(opened: View, compute: Callable[[Dataset, str], T]) -> T:
    """What a query function gives for the open dataset and scorer, kept for all viewers."""
    asked = (compute.__module__, compute.__name__, opened.scorer)
    return cached(opened.dataset, *asked, compute=lambda: compute(opened.dataset, opened.scorer))


@st.cache_resource(show_spinner=False)
def _results() -> dict[Hashable, Any]:
    return {}


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Dataset: lambda dataset: dataset.fingerprint})
def choices(dataset: Dataset, scorer: str) -> Choices:
    """What prompts can be filtered by; the same on every run, so kept."""
    return prompts.choices(dataset, scorer)
