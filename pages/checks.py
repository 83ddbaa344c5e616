"""Checks: where is a reward not to be trusted?"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import streamlit as st

from charts import checks as charts
from data_access.dataset import Dataset
from data_access.questions import checks, overview, text_checks
from data_access.questions.matched_pairs import matched_pairs
from data_access.questions.said import checks as said
from pages.components.chart.show_chart import show_chart
from pages.components.checks.agreement_table import agreement_table
from pages.components.feedback.notices import complaints
from pages.components.feedback.progress import Report, progress
from pages.components.report.add import add_to_report
from pages.components.state import links
from pages.components.state.analysed import analysed, of_drawn
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.results import cached, cached_query
from pages.components.state.session import current
from pages.components.table.check_rows import check_row, prompts_link

T = TypeVar("T")


def _slowly(of: Dataset, name: str, doing: str, compute: Callable[[Report], T]) -> T:
    """What may take seconds the first time: with a bar then, and kept."""

    def computed() -> T:
        with progress(doing) as report:
            return compute(report)

    return cached(of, name, compute=computed, lasts=True)


def _same_texts() -> None:
    st.header("Does one text get one reward?", anchor=False)
    part = analysed(open_now)
    noise = cached_query(part, checks.same_text_noise)
    if not len(noise):
        st.caption(said.NO_SAME_TEXTS)
        return
    prompts_link(checks.noise_check(counts), "with unequal rewards for the same text")
    show_chart(partial(charts.noise, noise), alt=said.noise_seen(noise), name="noise")
    st.caption(said.noise_note(noise))
    of_drawn(open_now, part)


def _pairs() -> None:
    st.header("Does it agree with RewardBench's pairs?", anchor=False)
    matched = cached_query(open_now, matched_pairs)
    if matched and (pairs := checks.matched_check(matched)):
        check_row(pairs)
    st.caption(said.pairs_coverage(counts))
    if not matched:
        st.caption(said.NO_MATCHED)
        return
    agreement_table(matched.agreements)
    st.caption(said.pairs_note(matched))


def _data() -> None:
    st.header("Is the data as it should be?", anchor=False)
    for check in checks.checks(counts):
        check_row(check, asks=True)
    if one_answer := cached_query(open_now, checks.one_answer_check):
        check_row(one_answer, asks=True)
    part = analysed(open_now)
    of_drawn(open_now, part)  # of the two below
    if grid := cached_query(part, checks.value_grid):
        check_row(grid, asks=True)
    check_row(
        _slowly(
            part.dataset,
            "duplicates",
            "Comparing the texts.",
            lambda report: text_checks.normalised_duplicates(part.dataset, report),
        ),
        asks=True,
    )
    if st.toggle(
        "Check that each scored text is the response (reads the whole source)",
        key=links.seeded("formatted", links.parameter("formatted") == "1"),
        on_change=links.on_change,
        args=("formatted", "formatted", lambda on: "1" if on else None),
    ):
        formatted = _slowly(
            dataset,
            "formatted",
            "Reading the source: which formatted texts contain their response.",
            lambda report: text_checks.formatted_without_response(dataset, report),
        )
        if formatted:
            check_row(formatted, asks=True)
        else:
            st.caption("The source has no columns prompt_response_i or rformatted_prompt_response_i.")


# View -> what stands in each of its columns.
SHOWS: dict[str, tuple[tuple[Callable[[], None], ...], ...]] = {
    "reliability": ((_same_texts,), (_pairs,)),
    "data quality": ((_data,),),
}

open_now = current()
dataset, scorer = open_now.dataset, open_now.scorer
counts = cached_query(open_now, overview.counts)
unknown: list[str] = []
show = option_asked_for("show", list(SHOWS), unknown)
if links.parameter("formatted") == "1" and not links.parameter("show"):
    show = "data quality"  # where its switch is
with st.container(key="page_title", horizontal=True, vertical_alignment="center", gap="small"):
    st.title("Checks", anchor=False, width="content")
    st.space("stretch")
    add_to_report(open_now, "checks", show=show)
    option_control("Check", "show", list(SHOWS), show, hidden=True)
complaints(unknown)
for place, sections in zip(st.columns(len(SHOWS[show]), gap="large"), SHOWS[show], strict=True):
    with place:
        for section in sections:
            section()
