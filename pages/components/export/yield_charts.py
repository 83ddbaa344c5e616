"""What the rows of a recipe look like, in two charts of one height; and whose responses they are."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from charts import export as charts
from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE
from data_access.training_data import summary
from data_access.training_data.recipes import Recipe
from data_access.training_data.rows import Selection
from pages.components.chart.show_chart import show_chart

MOST = 12
MOST_BESIDE = 6
NAMES = {"model": "source model", "subset": "subset"}


def yield_charts(recipe: Recipe, taken: Selection) -> None:
    """Margins and lengths where the rows have them, else source models and subsets: two, side by side."""
    panels: list[Callable[[], None]] = []
    if taken.kept["margin"].notna().any():
        panels.append(lambda: _margins(recipe, taken))
    if recipe.kind == "pairs":
        panels.append(lambda: _lengths(taken))
    panels += [lambda: _shares_beside(taken, "model"), lambda: _shares_beside(taken, "subset")]
    for place, panel in zip(st.columns(2, gap="medium"), panels, strict=False):
        with place:
            panel()


def shares(taken: Selection) -> None:
    """Rows by source model and by subset."""
    for place, by in zip(st.columns(2, gap="medium"), NAMES, strict=True):
        found = summary.shares(taken, by)
        with place:
            show_chart(
                partial(charts.shares, found.head(MOST)),
                alt=charts.seen_in_shares(found, NAMES[by]),
                name=f"rows_by_{by}",
            )
            if len(found) > MOST:
                st.caption(f"The {MOST} {NAMES[by]}s with the most rows, of {len(found):,}.")


def _margins(recipe: Recipe, taken: Selection) -> None:
    unit = "percentiles" if recipe.scorer == ENSEMBLE else "logits"
    median = f"{taken.kept['margin'].median():.2f}"
    is_pair = recipe.kind == "pairs"
    title = "Margin" if is_pair else "Above prompt mean"
    st.subheader(f"{title}: median {median} {unit}", anchor=False)
    show_chart(
        partial(
            charts.margins, summary.margins(taken), f"{'chosen − rejected' if is_pair else 'reward − mean'} ({unit})"
        ),
        alt=f"{title} of {things(len(taken.kept), 'row')}: median {median} {unit}, from "
        f"{taken.kept['margin'].min():.2f} to {taken.kept['margin'].max():.2f}",
        name="margins",
    )


def _lengths(taken: Selection) -> None:
    chosen, rejected = summary.median_lengths(taken)
    st.subheader(f"Length: median {chosen:,.0f} chosen, {rejected:,.0f} rejected", anchor=False)
    more = "longer" if chosen > rejected else "shorter" if chosen < rejected else "as long"
    show_chart(
        partial(charts.lengths, summary.lengths(taken)),
        alt=f"Length in characters: chosen is {more} (median {chosen:,.0f}; rejected {rejected:,.0f})",
    )


def _shares_beside(taken: Selection, by: str) -> None:
    found = summary.shares(taken, by)
    more = f", top {MOST_BESIDE} of {len(found):,}" if len(found) > MOST_BESIDE else ""
    st.subheader(f"Rows by {NAMES[by]}{more}", anchor=False)
    show_chart(
        partial(charts.shares, found.head(MOST_BESIDE), charts.CHART_HEIGHT),
        alt=charts.seen_in_shares(found, NAMES[by]),
        name="most_rows",
    )
