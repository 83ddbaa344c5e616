"""Which set of pairs a link asks for, the form that puts it together, and the pairs themselves."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from data_access.dataset import Dataset
from data_access.derived.twins import twins
from data_access.judgements.votes import Pair
from data_access.questions.blind_pairs import DRAWS, MOST, PairSet, blind_pairs, pair_texts
from pages.components.feedback.made import FINDING, see_made
from pages.components.state import links
from pages.components.state.link_values import option_asked_for
from pages.components.state.results import cached
from pages.components.state.session import View
from pages.components.text.copy_text import copy_text
from pages.components.text.texts import one_line

N = 20
ANEW = {"at": None}  # of another set the first pair comes first


class Drawn(NamedTuple):
    """The pairs of a set, as `blind_pairs` gives them, and the keys of their texts."""

    pairs: pd.DataFrame
    keys: Sequence[Pair]


def set_asked_for(opened: View, unknown: list[str]) -> PairSet:
    """What the link's `draw`, `other`, `n` and `seed` say, of the prompts that pass its filter."""
    draw = option_asked_for("draw", _draws(opened), unknown)
    others = _others(opened)
    other = option_asked_for("other", others, unknown) if DRAWS[draw].needs_other else ""
    n, seed = (_number(name, otherwise, unknown) for name, otherwise in (("n", N), ("seed", 0)))
    return PairSet(draw, opened.scorer, other, n, seed, opened.filter)


def set_form(opened: View, which: PairSet) -> None:
    """Which pairs, how many, and the link that gives others the same."""
    st.selectbox(
        "Which pairs",
        _draws(opened),
        key=links.seeded("draw", which.draw),
        format_func=lambda draw: DRAWS[draw].label,
        on_change=links.on_change,
        args=("draw", "draw", lambda draw: None if draw == "random" else draw),
        kwargs=ANEW,
    )
    st.caption(DRAWS[which.draw].takes)
    if which.other:
        st.selectbox(
            "Other scorer",
            _others(opened),
            key=links.seeded("other", which.other),
            format_func=one_line,
            on_change=links.on_change,
            args=("other", "other"),
            kwargs=ANEW,
        )
    left, right = st.columns(2, gap="small")
    for place, label, name, value, low, high, otherwise in (
        (left, "How many", "n", which.n, 1, MOST, N),
        (right, "Seed", "seed", which.seed, 0, 10**6, 0),
    ):
        place.number_input(
            label,
            low,
            high,
            key=links.seeded(name, value),
            on_change=links.on_change,
            args=(name, name, lambda typed, otherwise=otherwise: None if typed == otherwise else f"{typed}"),
            kwargs=ANEW,
            help="Another seed draws other pairs" if name == "seed" else "At most one pair per prompt",
        )
    if opened.filter.asks_people:
        st.caption("The filter goes by what people say of prompts: when they say more, the set may be another.")
    st.caption(
        "A filter on prompts applies here too. Whoever opens this link gets the same pairs, on sides of their own:"
    )
    copy_text(_address(), key="set_link", label="Copy the link to this set")


def drawn_pairs(opened: View, which: PairSet, ids: Sequence[int]) -> Drawn:
    """The pairs of a set among the prompts that pass the filter, kept for all viewers."""
    dataset = opened.dataset
    if which.draw == "twins":
        see_made(dataset, "twins", twins, FINDING)
    asked = ("blind_pairs", which, tuple(sorted(ids)))
    return cached(dataset, *asked, compute=partial(_drawn, dataset, which, ids))


def _drawn(dataset: Dataset, which: PairSet, ids: Sequence[int]) -> Drawn:
    pairs = blind_pairs(dataset, which, ids)
    return Drawn(pairs, [texts.keys for texts in pair_texts(dataset, pairs)])


def _draws(opened: View) -> list[str]:
    return [draw for draw in DRAWS if not DRAWS[draw].needs_other or _others(opened)]


def _others(opened: View) -> list[str]:
    return [scorer for scorer in opened.dataset.contents.scorers if scorer != opened.scorer]


def _number(name: str, otherwise: int, unknown: list[str]) -> int:
    """From 1 for `n`, from 0 for `seed`."""
    low, high = (1, MOST) if name == "n" else (0, 10**6)
    asked = links.number(name)
    if links.parameter(name) and (asked is None or not low <= asked <= high):
        unknown.append(f"{name} must be a number from {low} to {high:,}; {otherwise} is used.")
        return otherwise
    return otherwise if asked is None else asked


def _address() -> str:
    """This page's address, without the pair that one is at, and what one looked at before."""
    own = links.carried(id=None) | {
        name: [value] for name in ("draw", "other", "n", "seed") if (value := links.parameter(name))
    }
    return f"{(st.context.url or '').partition('?')[0]}?{urlencode(own, doseq=True)}"
