"""What every page works on: the frame hands what the link asks for to the page of the same run."""

import os
from dataclasses import dataclass
from functools import cache
from threading import local
from typing import cast
from weakref import proxy

import streamlit as st

from data_access.dataset import Dataset
from data_access.opening.sources import Source
from data_access.questions.filters import Choices, PromptFilter
from data_access.settings import NAMES, Settings

_run = local()


@dataclass(frozen=True)
class View:
    """The open dataset, and the scorer and the filter that the link asks for."""

    source: Source
    dataset: Dataset
    scorer: str
    choices: Choices
    filter: PromptFilter


def settings() -> Settings:
    """The server's settings; checked by app.py at start."""
    return _settings(*map(os.environ.get, NAMES))


@cache
def _settings(*_values: str | None) -> Settings:
    """Asked some ten times a run: read once for each state of the environment."""
    return Settings.from_environment(os.environ)


def lent(dataset: Dataset) -> Dataset:
    """The dataset for this run: its thread holds it, and ends when nothing is left to run.

    What comes back holds it weakly. A session keeps every name of its last page, as the page's callbacks know them, and
    would keep a dataset open, and its files in use, that this server has let go of.
    """
    _run.dataset = dataset
    return cast(Dataset, proxy(dataset))


def remember(found: View) -> None:
    """For the frame: hand what was opened to the page of this run."""
    st.session_state["opened"] = found


def current() -> View:
    """For a page: what the frame has opened."""
    found: View = st.session_state["opened"]
    return found
