"""Checks: where is a reward not to be trusted?"""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from charts import checks as charts
from data_access.plurals import things
from data_access.questions import checks, overview, text_checks
from data_access.questions.matched_pairs import matched_pairs
from pages.components.chart.show_chart import show_chart
from pages.components.checks.agreement_table import agreement_table
from pages.components.feedback.notices import complaints
from pages.components.feedback.progress import Report, progress
from pages.components.state import links
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.results import cached, cached_query
from pages.components.state.session import current
from pages.components.table.check_rows import check_row, prompts_link

T = TypeVar("T")


def _slowly(name: str, doing: str, compute: Callable[[Report], T], *of: str) -> T:
    """What may take seconds the first time: with a bar then, and kept."""

    def computed() -> T:
        with progress(doing) as report:
            return compute(report)

    return cached(dataset, name, *of, compute=computed)


def _same_texts() -> None:
    st.header("Does one text get one reward?", anchor=False)
    noise = cached_query(open_now, checks.same_text_noise)
    if not len(noise):
        st.caption("No two scored candidates of a prompt have the same text.")
        return
    first = noise.iloc[0]
    prompts_link(checks.noise_check(counts), "with unequal rewards for the same text")
    show_chart(charts.noise(noise), alt=f"Noise of the scorer: standard deviation {first['sd']:.2f}", name="noise")
    st.caption(
        f"{things(int(first['rewards']), 'candidate')} with {things(int(first['texts']), 'text')} that several candidates "
        f"of a prompt have: their rewards differ with a standard deviation of {first['sd']:.2f}. That is this scorer's "
        "noise."
    )


def _pairs() -> None:
    st.header("Does it agree with RewardBench's pairs?", anchor=False)
    matched = cached_query(open_now, matched_pairs)
    if matched and (pairs := checks.matched_check(matched)):
        check_row(pairs)
    st.caption(
        f"Chosen was found in {counts['prompts_with_chosen']:,} and rejected in {counts['prompts_with_rejected']:,} of "
        f"{things(counts['prompts_with_both_texts'], 'prompt')} with a pair; only those matches have a reward. This is not a "
        "RewardBench score."
    )
    if not matched:
        st.caption("No prompt has both texts of its pair among its scored candidates.")
        return
    agreement_table(matched.agreements)
    st.caption(
        "Several candidates may have a pair's texts: then the majority of their chosen–rejected comparisons decides. Tied: all "
        "these rewards are equal. Split: as many comparisons go one way as the other. Mean percentiles over these prompts: "
        f"chosen {matched.chosen_percentile:.0f}, rejected {matched.rejected_percentile:.0f}."
    )


def _data() -> None:
    st.header("Is the data as it should be?", anchor=False)
    for check in checks.checks(counts):
        check_row(check, asks=True)
    if one_answer := cached_query(open_now, checks.one_answer_check):
        check_row(one_answer, asks=True)
    if grid := cached_query(open_now, checks.value_grid):
        check_row(grid, asks=True)
    check_row(
        _slowly(
            "duplicates", "Comparing the texts.", lambda report: text_checks.normalised_duplicates(dataset, report)
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
    option_control("Check", "show", list(SHOWS), show, hidden=True)
complaints(unknown)
for place, sections in zip(st.columns(len(SHOWS[show]), gap="large"), SHOWS[show], strict=True):
    with place:
        for section in sections:
            section()
