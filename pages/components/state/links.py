"""The view's state is in the URL: reading it, changing it from a widget's callback, and links that carry it along."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from data_access.questions.filters import PARAMETERS, PromptFilter, to_parameters

DATASET_PARAMETERS = ("data", "scorer")
# What goes along from page to page: the dataset, the scorer, the filter on prompts, and the prompt.
CARRIED = (*DATASET_PARAMETERS, *PARAMETERS, "id")

Value = str | int | Iterable[str] | None


def parameters() -> dict[str, list[str]]:
    """The URL's parameters as they are, each with all its values."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def parameter(name: str) -> str:
    """The first value of a parameter, or ''."""
    return "".join(st.query_params.get_all(name)[:1])


def number(name: str) -> int | None:
    """A parameter as a whole number from 0, of at most nine digits; None for anything else."""
    asked = parameter(name)
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None


def changed(**changes: Value) -> dict[str, list[str]]:
    """The URL's parameters with some set, and those with None, '' or nothing taken out."""
    found = parameters()
    for name, value in changes.items():
        values = [str(value)] if isinstance(value, str | int) else [*(value or ())]
        found[name] = [v for v in values if v]
    return {name: values for name, values in found.items() if values}


def carried(**changes: Value) -> dict[str, list[str]]:
    """Parameters for a link to another page: what goes along, with these changes."""
    kept = {name: values for name, values in parameters().items() if name in CARRIED}
    return {name: values for name, values in changed(**changes).items() if name in kept or name in changes}


def to_prompts(chosen: PromptFilter) -> dict[str, list[str]]:
    """Parameters for a link to the list of prompts under this filter."""
    kept = {name: values for name, values in parameters().items() if name in DATASET_PARAMETERS}
    return kept | to_parameters(chosen)


def go(**changes: Value) -> None:
    """Change the URL's parameters, as one step of the browser's history. For callbacks."""
    st.query_params.from_dict(changed(**changes))


def seeded(key: str, value: Any) -> str:
    """Give the widget `key` the value that the URL asks for; to be called before the widget, on every run."""
    st.session_state[key] = value
    return key


def on_change(key: str, parameter: str, to_text: Callable[[Any], Value] = lambda value: value, **also: Value) -> None:
    """A widget's callback: write the widget's value to a parameter, and `also` others."""
    go(**{parameter: to_text(st.session_state[key])}, **also)
