"""What every page works on: the frame hands what the link asks for to the page of the same run."""

import os
from dataclasses import dataclass

import streamlit as st

from data_access.dataset import Dataset
from data_access.opening.sources import Source
from data_access.questions.filters import Choices, PromptFilter
from data_access.settings import Settings


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
    return Settings.from_environment(os.environ)


def remember(found: View) -> None:
    """For the frame: hand what was opened to the page of this run."""
    st.session_state["opened"] = found


def current() -> View:
    """For a page: what the frame has opened."""
    found: View = st.session_state["opened"]
    return found
