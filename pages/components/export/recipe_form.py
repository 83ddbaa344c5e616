"""The form of a recipe: its widgets write their parameters of the URL."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from data_access.derived.attributes import BY_KEY
from data_access.preparing.joining import ENSEMBLE
from data_access.questions.filters import EVERY, Range
from data_access.training_data.formats import FORMATS
from data_access.training_data.recipes import Recipe, formats_of, to_link, written
from data_access.training_data.strategies import FILES, STRATEGIES, TABLES, WITHOUT
from pages.components.state import links

MORE = ("without", "per_model", "seed", "repeats", "origin", "agree", "balance")
LABELS = {key: attribute.label for key, attribute in BY_KEY.items()}


def recipe_form(recipe: Recipe, several_scorers: bool, text_columns: Sequence[str], is_judged: bool) -> None:
    """Rows, format, and what else bears on this kind of rows: what most people set, and the rest in a fold. `is_judged`:
    whether people have answered blind comparisons, so that pairs can be chosen by them."""
    strategy = STRATEGIES[recipe.strategy]
    labels = {name: one.label for name, one in STRATEGIES.items() if is_judged or not one.by_people or one == strategy}
    _choice("Strategy", "strategy", labels, recipe.strategy, strategy.does)
    formats = {name: FORMATS[name].label for name in formats_of(recipe.kind, bool(text_columns))}
    _choice("Format", "format", formats, recipe.format, FORMATS[recipe.format].reads)
    if FORMATS[recipe.format].takes_column:
        columns = {column: f"{column}_…" for column in text_columns}
        column_help = "The dataset's columns with a text for each candidate, by its number"
        _choice("Text column", "text_column", columns, recipe.text_column, column_help)
    st.segmented_control(
        "File",
        list(FILES),
        key=links.seeded("recipe_file", recipe.file),
        format_func=FILES.__getitem__,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        on_change=_changed,
        args=("recipe_file", "file"),
    )
    if recipe.kind == "candidates":
        _several("Attributes as columns", "columns", LABELS, recipe.columns, "None")
    if recipe.kind in TABLES:
        return
    fields = _fields(recipe)
    for start in range(0, len(fields), 2):
        for place, field in zip(st.columns(2, gap="small"), fields[start : start + 2], strict=False):
            with place:
                field()
    # Told by the link, and not by what is set in it: it stays as the viewer leaves it.
    with st.expander("More options", key="more_options", expanded=any(links.parameter(name) for name in MORE)):
        _more(recipe, several_scorers)


def _fields(recipe: Recipe) -> list[Callable[[], None]]:
    """The controls that this kind of rows has, each to be called where it is to stand."""
    is_scored = recipe.kind != "labels" and STRATEGIES[recipe.strategy].has_margin
    found: list[Callable[[], None]] = []
    if is_scored:
        found.append(lambda: _number("Maximum rows per prompt", "per_prompt", recipe.per_prompt, 1))
    if recipe.kind == "labels":
        found.append(lambda: _number("Good from percentile", "good", recipe.good, 0.0, 100.0))
        found.append(lambda: _number("Bad up to percentile", "bad", recipe.bad, 0.0, 100.0))
    share_help = "Share of prompts, from 0 to 0.9. Equal prompts stay on one side."
    found.append(lambda: _number("Validation share", "validation", recipe.validation, 0.0, 0.9, share_help))
    if is_scored:
        found += [lambda: _margin(recipe, "Minimum", "at least"), lambda: _margin(recipe, "Maximum", "at most")]
    if recipe.kind == "pairs":
        ratio_help = "1.5: chosen is at most 1.5 × the length of rejected"
        found.append(lambda: _number("Maximum length ratio", "ratio", recipe.ratio, 0.01, help=ratio_help))
    if recipe.strategy == "length_penalised":
        penalty_help = "In logits per 1,000 characters"
        found.append(lambda: _number("Length penalty", "penalty", recipe.penalty, 0.0, help=penalty_help))
    return found


def _more(recipe: Recipe, several_scorers: bool) -> None:
    _several("Exclude candidates that …", "without", WITHOUT, recipe.without, "None excluded")
    left, right = st.columns(2, gap="small")
    with left:
        _number(
            "Maximum per model",
            "per_model",
            recipe.per_model,
            1,
            help="Maximum rows per source model. Rows to keep are drawn at random (seeded).",
        )
    with right:
        _number("Seed", "seed", recipe.seed, 0, help="For random draws, ties and the validation split")
    _toggle(
        "Keep duplicate texts", "repeats", recipe.repeats, "Off: a text is taken once, with the mean of its rewards"
    )
    _toggle(
        "Include source columns",
        "origin",
        recipe.origin,
        "Adds prompt_id, subset, candidate, source model and margin to each row",
    )
    if recipe.can_balance:
        balance_help = (
            "Drops pairs at random (seeded) until chosen has more of it as often as rejected. "
            "How much more is not balanced"
        )
        _choice("Balance chosen and rejected on", "balance", {"": "–"} | LABELS, recipe.balance, balance_help)
    if recipe.can_balance and several_scorers:
        _toggle("All scorers must agree", "agree", recipe.agree, "Drops pairs that another scorer orders the other way")


def go_to(recipe: Recipe, **also: Any) -> None:
    """Callback: have this recipe in the URL."""
    links.go(**to_link(recipe), **also)


def _changed(key: str, parameter: str) -> None:
    """Callback of a widget: write its value as a link has it. Another format takes another column, or none; RewardBench's
    texts cannot be balanced."""
    value = st.session_state[key]
    outdated = {"text_column": None} if parameter in ("strategy", "format") else {}
    if parameter == "strategy" and not STRATEGIES[value].has_margin:
        outdated["balance"] = None
    links.go(**outdated, **{parameter: written(parameter, value)})


def _choice(label: str, parameter: str, labels: dict[str, str], value: str, help: str) -> None:
    key = f"recipe_{parameter}"
    st.selectbox(
        label,
        list(labels),
        key=links.seeded(key, value),
        format_func=labels.__getitem__,
        help=help,
        on_change=_changed,
        args=(key, parameter),
    )


def _several(label: str, parameter: str, labels: dict[str, str], values: Sequence[str], nothing: str) -> None:
    key = f"recipe_{parameter}"
    st.multiselect(
        label,
        list(labels),
        key=links.seeded(key, list(values)),
        format_func=labels.__getitem__,
        placeholder=nothing,
        on_change=_changed,
        args=(key, parameter),
    )


def _number(
    label: str, parameter: str, value: float | None, low: float, high: float | None = None, help: str | None = None
) -> None:
    key = f"recipe_{parameter}"
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


def _margin(recipe: Recipe, label: str, end: str) -> None:
    unit = "percentiles" if recipe.scorer == ENSEMBLE else "logits"
    what, means = (
        ("margin", "Reward of chosen minus reward of rejected")
        if recipe.kind == "pairs"
        else ("above mean", "Reward minus the prompt's mean")
    )
    key = f"recipe_margin_{end}"
    st.number_input(
        f"{label} {what}",
        value=None,
        key=links.seeded(key, recipe.margin.low if end == "at least" else recipe.margin.high),
        help=f"{means}, in {unit}",
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
