"""Overview: what is in here?"""

from functools import partial

import streamlit as st

from charts.overview import by_subset, spread
from data_access.plurals import things
from data_access.questions import checks, overview
from data_access.questions.findings import findings
from data_access.questions.matched_pairs import matched_pairs
from data_access.questions.said import overview as said
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.notices import notices
from pages.components.filter.subset_or_section import part_asked_for
from pages.components.frame import mapping_form
from pages.components.overview.surprise import surprise
from pages.components.report.add import add_to_report
from pages.components.state.open_datasets import on_this_machine
from pages.components.state.results import cached_query
from pages.components.state.session import current
from pages.components.table.check_rows import check_row
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline

open_now = current()
dataset, scorer = open_now.dataset, open_now.scorer
counts, subsets = cached_query(open_now, overview.counts), cached_query(open_now, overview.subsets)

with st.container(horizontal=True, vertical_alignment="center", gap="small", key="overview_title"):
    st.title("Overview", anchor=False, width="content")
    inline(said.counted(counts), is_line=True)
    add_to_report(open_now, "overview")
    surprise(open_now)
if dataset.is_sample:
    st.caption(
        "This is the built-in sample: prompts, texts and source models are made up, and effects are planted in it. "
        "Set REWARDSCOPE_DATA to open your own dataset."
    )
notices(dataset.notices)

st.header("What stands out", anchor=False)
matched, one_answer = cached_query(open_now, matched_pairs), cached_query(open_now, checks.one_answer_check)
with st.container(key="findings", gap="xsmall"):
    for finding in findings(counts, subsets, matched, one_answer):
        check_row(finding)

left, right = st.columns(2, gap="large")
with left:
    st.header(
        "How much rewards differ within a prompt",
        anchor=False,
        help=said.SPREAD_MEANS,
    )
    histogram = cached_query(open_now, overview.spread_histogram)
    if histogram["n"].sum():
        show_chart(partial(spread, histogram), alt=said.spread_seen(counts), name="spread")
        st.caption(said.spread_note(counts))
    else:
        st.caption(said.NO_SPREAD)
with right:
    st.header(
        "By section and subset",
        anchor=False,
        help=said.PARTS_MEAN,
    )
    if len(subsets):
        by = part_asked_for(open_now.choices)
        parts = cached_query(open_now, overview.sections) if by == "section" else subsets
        show_chart(partial(by_subset, parts), alt=said.parts_seen(parts, by), name="by_part")
        with st.expander("The same as a table"):
            st.dataframe(parts, hide_index=True, alt="Spread of centred rewards by subset")
            table_download("spread_by_part", parts)
    else:
        st.caption(said.NO_PARTS)

st.header("Where it comes from", anchor=False)
files = [str(file) for file in dataset.files]
# What was converted or downloaded is told by what it was, not by where the server keeps it.
places = files if dataset.provenance == ", ".join(files) else [dataset.provenance]
for place in places[:3]:
    st.text(place)
if len(places) > 3:
    st.caption(f"and {things(len(places) - 3, 'more file')}")
inline(["Layout", dataset.contents.layout], muted=True, limit=2000)
inline(["Scorers", ", ".join(dataset.contents.scorers)], muted=True)
mapping_form.columns_of(on_this_machine(open_now.source))
