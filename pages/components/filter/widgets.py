"""The filter on prompts: its widgets, what is in force, and the prompts that pass it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.derived.attributes import BY_KEY, attributes
from data_access.derived.text_keys import text_keys
from data_access.derived.twins import twins
from data_access.errors import QueryError
from data_access.judgements.judgements import Judgement
from data_access.questions import prompts, search
from data_access.questions.filters import (
    EVERY,
    FLAGS,
    JUDGED,
    RANGES,
    SORTS,
    TWINS,
    WHERE,
    PromptFilter,
    Range,
    subsets_offered,
)
from pages.components.feedback.made import FINDING, MEASURING, RECOGNISING, see_made
from pages.components.feedback.notices import problem
from pages.components.feedback.progress import progress
from pages.components.filter.searching import MANY_FILES, found_already, searching
from pages.components.state import links
from pages.components.state.judgement_store import written
from pages.components.state.results import cached
from pages.components.state.session import View
from pages.components.text.texts import one_line

FAILED = "failed_search"


def filter_widgets(opened: View) -> None:
    """The widgets that narrow and order the list of prompts, for one row; each writes its parameter of the URL."""
    chosen, choices = opened.filter, opened.choices
    _text("Regular expression" if chosen.regex else "Search words", "q", chosen.text)
    offered = (
        ("Section", "section", choices.section if len(choices.section) > 1 else ()),
        ("Subset", "subset", subsets_offered(choices, chosen)),
        ("Source model present", "model", choices.model),
    )
    n = sum(bool(getattr(chosen, name)) for _, name, _ in offered) + len(chosen.flag) + len(chosen.tag)
    n += sum(getattr(chosen, name) != EVERY for name in RANGES)
    # The label stays while it is open: another one would be another popover, and closed.
    with st.popover("Filter", icon=":material/tune:", key="filter_popover", help=f"{n} in force" if n else None):
        for label, name, options in offered:
            if options:
                _several(label, name, list(options), getattr(chosen, name))
        _several("Prompts where …", "flag", list(FLAGS), chosen.flag, FLAGS)
        labels = {"": "–"} | {key: attribute.label for key, attribute in BY_KEY.items()}
        _one("Candidates differ in", "attribute", list(labels), chosen.attribute, labels, also=_unsorted(chosen))
        _one("Twins: candidates that differ by", "twin", ["", *TWINS], chosen.twin, {"": "–"} | TWINS)
        if choices.tag or written().said:
            _one("People say", "judged", ["", *JUDGED], chosen.judged, {"": "–"} | JUDGED)
        if choices.tag:
            _several("Tag", "tag", list(choices.tag), chosen.tag)
        _one("Search in", "in", list(WHERE), chosen.where, {**WHERE, "both": "prompt and responses"})
        st.toggle(
            "Regular expression",
            key=links.seeded("filter_as", chosen.regex),
            on_change=_changed,
            args=("filter_as", "as", lambda on: "regex" if on else None),
            help="RE2 syntax; (?i) at the start ignores upper and lower case.",
        )
        for name, label in RANGES.items():
            _range(label, name, getattr(chosen, name))
    sorts = [key for key in SORTS if key != "attribute" or chosen.attribute]
    _one("Sort by", "sort", sorts, chosen.sort, SORTS, partial(_signed, chosen.descending), hidden=True)
    st.toggle(
        "Descending",
        key=links.seeded("filter_descending", chosen.descending),
        on_change=_changed,
        args=("filter_descending", "sort", partial(_sorted_by, chosen.sort)),
    )


def passing_prompts(opened: View, *, says_why: bool = True, so_far: bool = False) -> list[int] | None:
    """prompt_id of every prompt that passes the filter, in its order; None if a search failed, and a word on why.

    The frame asks first, and leaves it to the page to say why (`says_why`): what fails is searched once a run. A page that
    lists prompts takes what is found `so_far`, as the line of filters says how far the search is; others wait for all.
    """
    place = st.empty()  # there on every run, so that what follows keeps its place on the page
    said, revision = written() if opened.filter.asks_people else ((), "")
    asked = ("passing", opened.scorer, opened.filter, revision)
    before, failure = st.session_state.pop(FAILED, (None, ""))
    if before != asked or not says_why:  # what the frame finds here is of the run before
        try:
            if so_far and (under_way := searching(opened)):
                return _passing(opened, said, place, under_way.found.prompts)
            return cached(opened.dataset, *asked, compute=lambda: _passing(opened, said, place), kind="searches")
        except QueryError as error:
            failure = str(error)
    if says_why:
        problem("The search cannot be carried out.", failure)
    else:
        st.session_state[FAILED] = (asked, failure)
    return None


def _passing(
    opened: View, said: Sequence[Judgement], place: DeltaGenerator, found: Sequence[int] | None = None
) -> list[int]:
    dataset, chosen = opened.dataset, opened.filter
    if chosen.is_searching and found is None:
        asked = ("found", chosen.text, chosen.where, chosen.regex)
        found = cached(dataset, *asked, compute=lambda: _found(opened, place), kind="searches")
    if chosen.attribute:
        with place.container():
            see_made(dataset, "attributes", attributes, MEASURING)
    if chosen.twin:
        with place.container():
            see_made(dataset, "twins", twins, FINDING)
    if chosen.asks_people:
        with place.container():
            see_made(dataset, "text_keys", text_keys, RECOGNISING)
    return prompts.matching_prompts(dataset, opened.scorer, chosen, found, said)


def _found(opened: View, place: DeltaGenerator) -> list[int]:
    """The whole text search, with progress and a way out where there are many files."""
    dataset, chosen = opened.dataset, opened.filter
    if len(dataset.contents.shards) < MANY_FILES:
        return search.found_prompts(dataset, chosen.text, chosen.where, chosen.regex)
    found = before = found_already(opened)
    try:
        with place.container(horizontal=True, vertical_alignment="center"), progress("Searching the texts.") as report:
            st.button("Cancel", key="cancel_search", on_click=links.go, kwargs={"q": None})
            for found in search.searched(dataset, chosen.text, chosen.where, chosen.regex, before):
                report(found.searched / dataset.contents.prompts)
            return found.prompts
    finally:
        place.empty()


def _changed(key: str, parameter: str, to_text: object = None, also: Mapping[str, None] = MappingProxyType({})) -> None:
    """Callback of a filter's widget: write it, take `also` others out, and go back to the first page of the list."""
    value = st.session_state[key]
    links.go(**{parameter: to_text(value) if callable(to_text) else value, "page": None, **also})


def _unsorted(chosen: PromptFilter) -> Mapping[str, None]:
    """What another attribute takes out: an order by the one before."""
    return {"sort": None} if chosen.sort == "attribute" else {}


def _text(label: str, parameter: str, value: str) -> None:
    key = f"filter_{parameter}"
    st.text_input(
        label,
        key=links.seeded(key, value),
        placeholder=label,
        label_visibility="collapsed",
        width=260,
        on_change=_changed,
        args=(key, parameter),
    )


def _one(
    label: str,
    parameter: str,
    options: list[str],
    value: str,
    labels: dict[str, str],
    to_text: object = None,
    *,
    hidden: bool = False,
    also: Mapping[str, None] = MappingProxyType({}),
) -> None:
    key = f"filter_{parameter}"
    st.selectbox(
        label,
        options,
        label_visibility="collapsed" if hidden else "visible",
        width=190 if hidden else "stretch",
        key=links.seeded(key, value),
        format_func=lambda option: labels[option],
        on_change=_changed,
        args=(key, parameter, to_text, also),
    )


def _several(
    label: str, parameter: str, options: list[str], values: Iterable[str], labels: dict[str, str] | None = None
) -> None:
    key = f"filter_{parameter}"
    st.multiselect(
        label,
        options,
        key=links.seeded(key, list(values)),
        format_func=lambda option: labels[option] if labels else one_line(option),
        on_change=_changed,
        args=(key, parameter),
    )


def _range(label: str, name: str, value: Range) -> None:
    low, high = st.columns(2)
    for place, end, at in ((low, "at least", value.low), (high, "at most", value.high)):
        key = f"filter_{name}_{end}"
        place.number_input(
            f"{label}, {end}",
            key=links.seeded(key, at),
            value=None,
            help="The offset of rewards differs by prompt: a bound here means another thing for each"
            if name == "best"
            else None,
            on_change=_range_changed,
            args=(name,),
        )


def _range_changed(name: str) -> None:
    ends = Range(st.session_state[f"filter_{name}_at least"], st.session_state[f"filter_{name}_at most"])
    links.go(**{name: None if ends == Range() else str(ends), "page": None})


def _signed(descending: bool, key: str) -> str:
    return f"-{key}" if descending else key


def _sorted_by(sort: str, descending: bool) -> str | None:
    return _signed(descending, sort) if descending or sort != "id" else None
