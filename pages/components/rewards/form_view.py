"""Length, formatting and refusals: what everybody asks of a scorer first."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from charts import checks as charts
from data_access.questions import checks, overview
from data_access.questions.said import form as said
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.progress import progress
from pages.components.rewards.asked import Asked
from pages.components.rewards.length_and_refusals import length_table, refusal_table
from pages.components.state.results import cached, cached_query
from pages.components.state.session import View
from pages.components.table.check_rows import check_row, prompts_link


def form_view(asked: Asked) -> Callable[[], None]:
    """Two columns: length; formatting and refusals."""
    for place, sections in zip(st.columns(2, gap="large"), ((_length,), (_formatting, _refusals)), strict=True):
        with place:
            for section in sections:
                section(asked.opened)
    return lambda: None


def _length(opened: View) -> None:
    st.header("Do longer responses score higher?", anchor=False)
    length = checks.length_check(cached_query(opened, overview.counts))
    if not length:
        st.caption(said.NO_LENGTH)
        return
    check_row(length)
    bins, drawn = cached_query(opened, checks.length_bins), cached_query(opened, checks.length_sample)
    show_chart(partial(charts.length, bins, drawn), alt=said.length_seen(bins))
    st.caption(said.length_note(bins, drawn))
    by_subset = cached_query(opened, checks.length_by_subset)
    length_table(by_subset.assign(note=[checks.official_note(opened.dataset, name) for name in by_subset["subset"]]))


def _formatting(opened: View) -> None:
    st.header("Do formatted responses score higher?", anchor=False)
    asked = partial(checks.formatting, opened.dataset, opened.scorer)
    with progress("Reading responses."):
        shares = cached(opened.dataset, "formatting", opened.scorer, compute=asked, lasts=True)
    if not len(shares):
        st.caption(said.NO_FORMATTING)
        return
    prompts_link(checks.FORMATTED_BEST, "with formatting in a best response")
    show_chart(partial(charts.formatting, shares), alt=said.formatting_seen(shares))
    st.caption(said.formatting_note(shares))


def _refusals(opened: View) -> None:
    st.header("Do refusals score higher?", anchor=False)
    refused = cached_query(opened, checks.refusals)
    if not len(refused) or not refused["refusals"].sum():
        st.caption(said.NO_REFUSALS)
        return
    check_row(checks.refusal_check(cached_query(opened, overview.counts)))
    refusal_table(refused)
    st.caption(said.REFUSALS_NOTE)
