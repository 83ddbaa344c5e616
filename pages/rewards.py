"""What it rewards: which properties of a text go with its reward?"""

from functools import partial
from typing import Any, TypeVar

import streamlit as st

from data_access.derived.attributes import attributes
from data_access.derived.phrases import phrases as phrases_of
from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE
from data_access.questions import attribute_effects, phrases
from data_access.questions.filters import PromptFilter
from pages.components.feedback.made import COUNTING, MEASURING, see_made
from pages.components.feedback.notices import complaints
from pages.components.filter.scope import scope_asked_for, scope_control
from pages.components.rewards.attribute_view import attribute_notes, attribute_view
from pages.components.rewards.form_view import form_view
from pages.components.rewards.phrase_view import LABELS, counted, phrase_controls, phrase_notes, phrase_view
from pages.components.rewards.scorer_view import scorer_notes, scorer_view
from pages.components.scorers.scorer_pair import pair_asked_for
from pages.components.state import links
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.results import cached
from pages.components.state.session import current
from pages.components.text.texts import inline

T = TypeVar("T")


def _show_prompts(**chosen: Any) -> None:
    """The prompts of the scope that this page shows, filtered further."""
    within: dict[str, Any] = {name: (value,) for name, value in scope._asdict().items() if value}
    st.switch_page("prompts.py", query_params=links.to_prompts(PromptFilter(**within, **chosen)))


def _open_attribute(key: str, is_rising: bool) -> None:
    """Prompts whose candidates differ in it, where it goes with the reward as it does on the whole first."""
    _show_prompts(attribute=key, sort="attribute", descending=is_rising)


def _open_phrase(phrase: str) -> None:
    _show_prompts(text=phrases.pattern(phrase, kind), where="responses", regex=True)


def _some(found: T | None, otherwise: str) -> T:
    """What was found; without it a sentence, and the end of the page."""
    if found is None:
        st.info(otherwise, icon=":material/block:")
        st.stop()
    return found


open_now = current()
dataset, scorer = open_now.dataset, open_now.scorer
unit = "percentiles" if scorer == ENSEMBLE else "logits"
names = dataset.contents.scorers
shows = ["attributes", "words", *(["scorers"] if len(names) > 1 else []), "form"]
labels = {"form": "Length and form", "scorers": "Between scorers"}
unknown: list[str] = []
show = option_asked_for("show", shows, unknown)
scope = scope_asked_for(open_now.choices, unknown)
kind: phrases.Kind = option_asked_for("phrases", list(LABELS), unknown)  # type: ignore[assignment]
without_asked = links.parameter("asked") == "out"

desk = st.container(key="desk")
with desk:
    with st.container(key="page_title", horizontal=True, vertical_alignment="center", gap="small"):
        st.title("What it rewards", anchor=False, width="content")
        figures = st.empty()
        st.space("stretch")
        if show != "form":
            scope_control(open_now.choices, scope)
        option_control("Show", "show", shows, show, lambda one: labels.get(one, one.capitalize()), hidden=True)
    if show == "words":
        with st.container(key="phrase_tools", horizontal=True, vertical_alignment="center", gap="small"):
            phrase_controls(kind, without_asked)
            said = st.empty()
    if show == "scorers":
        with st.container(key="pair_tools", horizontal=True, vertical_alignment="center", gap="small"):
            pair = pair_asked_for(scorer, names, unknown)
    complaints(unknown)
    if show == "attributes":
        see_made(dataset, "attributes", attributes, MEASURING)
        asked = partial(attribute_effects.effects, dataset, scorer, *scope)
        effects = _some(
            cached(dataset, "effects", scorer, scope, compute=asked),
            "No two scored candidates of a prompt differ in reward and in an attribute. Choose another subset.",
        )
        with figures:
            inline([things(effects.prompts, "prompt"), things(effects.candidates, "scored candidate")], is_line=True)
        attribute_view(effects, unit, _open_attribute)
    elif show == "words":
        see_made(dataset, dataset.phrases_relation(scorer), partial(phrases_of, scorer=scorer), COUNTING)
        counting = partial(phrases.distinguishing, dataset, scorer, kind, *scope, without_asked=without_asked)
        found = _some(
            cached(dataset, "phrases", scorer, kind, scope, without_asked, compute=counting),
            "No such phrase is in ten prompts. Choose another kind, or more prompts.",
        )
        with said:
            inline(counted(found), is_line=True)
        phrase_view(found, _open_phrase)
    elif show == "scorers":
        see_made(dataset, "attributes", attributes, MEASURING)
        comparing = partial(attribute_effects.parting, dataset, *pair, *scope)
        parting = _some(
            cached(dataset, "parting", pair, scope, compute=comparing),
            "No prompt has two candidates that both have scored and that differ in an attribute.",
        )
        scorer_view(parting, *pair)
    else:
        form_view(open_now)

if show == "attributes":
    attribute_notes(effects)
elif show == "words":
    phrase_notes(found, [])
elif show == "scorers":
    scorer_notes(parting)
