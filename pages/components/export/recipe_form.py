"""The form of a recipe: its widgets write their parameters of the URL."""

from typing import Any

import streamlit as st

from data_access.questions.filters import EVERY, Range
from data_access.training_data.formats import FORMATS
from data_access.training_data.recipes import Recipe, formats_of, to_link, written
from data_access.training_data.rows import TABLES
from data_access.training_data.strategies import FILES, STRATEGIES, WITHOUT
from pages.components.state import links


def recipe_form(recipe: Recipe, several_scorers: bool) -> None:
    """Strategy, format, and what else bears on this kind of rows."""
    pairs, is_table = recipe.kind == "pairs", recipe.kind in TABLES
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=330):
            _choice(
                "Take", "strategy", {name: strategy.label for name, strategy in STRATEGIES.items()}, recipe.strategy
            )
        with st.container(width=460):
            labels = {name: FORMATS[name].label for name in formats_of(recipe.kind)}
            _choice("Format", "format", labels, recipe.format)
        st.segmented_control(
            "File",
            list(FILES),
            key=links.seeded("recipe_file", recipe.file),
            format_func=FILES.__getitem__,
            required=True,
            on_change=_changed,
            args=("recipe_file", "file"),
        )
    st.caption(STRATEGIES[recipe.strategy].does)
    if is_table:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if recipe.kind != "labels" and not STRATEGIES[recipe.strategy].benchmark_side:
            _number("Rows a prompt, at most", "per_prompt", recipe.per_prompt, 1)
            _margin(recipe, "margin" if pairs else "above the prompt's mean")
        if recipe.strategy == "length_penalised":
            _number("Penalty, logits per 1,000 characters", "penalty", recipe.penalty, 0.0)
        if pairs:
            _number(
                "Length ratio, at most",
                "ratio",
                recipe.ratio,
                0.01,
                help="1.5: chosen is at most half as long again as rejected",
            )
        if recipe.kind == "labels":
            _number("Good from percentile", "good", recipe.good, 0.0, 100.0)
            _number("Bad up to percentile", "bad", recipe.bad, 0.0, 100.0)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _number("Rows a source model, at most", "per_model", recipe.per_model, 1, help="Which ones stay is drawn")
        with st.container(width=330):
            st.multiselect(
                "Leave out candidates that …",
                list(WITHOUT),
                key=links.seeded("recipe_without", list(recipe.without)),
                format_func=WITHOUT.__getitem__,
                on_change=_changed,
                args=("recipe_without", "without"),
            )
        _number(
            "Validation share",
            "validation",
            recipe.validation,
            0.0,
            0.9,
            help="Of the prompts; equal prompts stay together",
        )
        _number("Seed", "seed", recipe.seed, 0, help="Decides what is drawn, ties, and the validation split")
    with st.container(horizontal=True):
        _toggle("Keep repeated texts", "repeats", recipe.repeats, "Else the one with the best reward stays")
        _toggle(
            "Say where each row is from", "origin", recipe.origin, "Adds prompt_id, candidate, source model, margin …"
        )
        if pairs and several_scorers and not STRATEGIES[recipe.strategy].benchmark_side:
            _toggle("All scorers must agree", "agree", recipe.agree, "Drops pairs that another scorer orders otherwise")


def go_to(recipe: Recipe, **also: Any) -> None:
    """Callback: have this recipe in the URL."""
    links.go(**to_link(recipe), **also)


def _changed(key: str, parameter: str) -> None:
    """Callback of a widget: write its value as a link has it."""
    links.go(**{parameter: written(parameter, st.session_state[key])})


def _choice(label: str, parameter: str, labels: dict[str, str], value: str) -> None:
    key = f"recipe_{parameter}"
    st.selectbox(
        label,
        list(labels),
        key=links.seeded(key, value),
        format_func=labels.__getitem__,
        on_change=_changed,
        args=(key, parameter),
    )


def _number(
    label: str, parameter: str, value: float | None, low: float, high: float | None = None, help: str | None = None
) -> None:
    key = f"recipe_{parameter}"
    with st.container(width=205):
        st.number_input(
            label,
            min_value=low,
            max_value=high,
            value=None,
            key=links.seeded(key, value),
            help=help,
            on_change=_changed,
            args=(key, parameter),
        )


def _margin(recipe: Recipe, label: str) -> None:
    for end, value in zip(("at least", "at most"), recipe.margin, strict=True):
        key = f"recipe_margin_{end}"
        with st.container(width=205):
            st.number_input(
                f"{label.capitalize()}, {end}",
                value=None,
                key=links.seeded(key, value),
                help="In logits",
                on_change=_margin_changed,
            )


def _margin_changed() -> None:
    ends = Range(*(st.session_state[f"recipe_margin_{end}"] for end in ("at least", "at most")))
    links.go(margin=None if ends == EVERY else str(ends))


def _toggle(label: str, parameter: str, value: bool, help: str) -> None:
    key = f"recipe_{parameter}"
    st.toggle(
        label,
        key=links.seeded(key, value),
        help=help,
        on_change=_changed,
        args=(key, parameter),
    )
