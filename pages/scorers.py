"""Scorers: where do several reward models agree on the same candidates, and what does it cost to follow one of them?"""

import streamlit as st

from charts import scorers as charts
from data_access.frames import records
from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE, percent
from data_access.questions import agreement, scorers
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.notices import complaints
from pages.components.feedback.progress import progress
from pages.components.filter.subset_or_section import part_asked_for
from pages.components.scorers.agreement_figures import agreement_figures
from pages.components.scorers.disagreements import disagreements
from pages.components.scorers.scorer_pair import pair_asked_for
from pages.components.state.results import cached
from pages.components.state.session import current
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline, one_line


def _compared() -> agreement.Agreement:
    with progress("Comparing the scorers on every prompt.") as report:
        return scorers.agreement(dataset, report)


open_now = current()
dataset = open_now.dataset
given = scorers.single_scorers(dataset)
st.title("Scorers", anchor=False)
if len(given) < 2:
    st.info(
        "The candidates of this dataset have rewards by one scorer only, so there is nothing to compare.",
        icon=":material/block:",
    )
    st.markdown(
        "Open a dataset with rewards by several reward models, or join datasets that hold the same prompts and responses, "
        "scored by different ones:"
    )
    st.code('REWARDSCOPE_DATA="first.parquet + second.parquet"', language=None, wrap_lines=True)
    st.caption(
        "The candidates are those of the first. They are joined by their texts, never by the order of rows, and each scorer "
        "is named after its dataset."
    )
    st.stop()

unknown: list[str] = []
with st.container(border=True, key="coverage"):
    for row in records(cached(dataset, "coverage", compute=lambda: scorers.coverage(dataset))):
        share = percent(row["scored"], row["candidates"])
        scored = (
            f"{row['scored']:,} of {things(row['candidates'], 'candidate')} scored ({share}), "
            f"in {things(row['prompts'], 'prompt')}"
        )
        inline([row["scorer"], scored])
    for join in dataset.contents.joins:
        inline([join.sentence()], muted=True, limit=700)
    st.caption(f"*{ENSEMBLE}*: of each candidate that all have scored, the mean of its percentiles; not a logit.")

first, other = pair_asked_for(open_now.scorer, dataset.contents.scorers, unknown)
complaints(unknown)
found = cached(dataset, "agreement", compute=_compared)
pair = cached(dataset, "pair", first, other, compute=lambda: agreement.of_pair(found, first, other))
known = cached(dataset, "averages", first, other, compute=lambda: agreement.summary(pair))
if not known.loc["top_1", "n"]:
    st.info("No prompt has two candidates that both have scored. Choose another pair.", icon=":material/block:")
    st.stop()

agreement_figures(known)
st.caption(
    "Within each prompt, over the candidates that both have scored, then averaged over prompts; intervals: 95 %, "
    f"{agreement.ROUNDS:,} resamples of the prompts. Agreement is not correctness: two scorers can share a fault."
    + (f" *{ENSEMBLE}* is made from the others, so it agrees with them." if ENSEMBLE in (first, other) else "")
)

if len(given) > 2:
    st.header("Every pair", anchor=False)
    pairs = cached(dataset, "pairs", compute=lambda: agreement.pairs(found, given))
    named = pairs.assign(first=pairs["first"].map(one_line), other=pairs["other"].map(one_line))
    names = [one_line(scorer) for scorer in given]
    show_chart(
        charts.matrix(named, names), width="content", alt=f"Rank correlations of {len(given)} scorers with each other"
    )
    with st.expander("The same as a table"):
        st.dataframe(named, hide_index=True, alt="Agreement of each pair of scorers")
        table_download("pairs_of_scorers", pairs)

if len(open_now.choices.subset):
    st.header("By section and subset", anchor=False)
    by = part_asked_for(open_now.choices)
    parts = cached(dataset, "parts", first, other, by, compute=lambda: agreement.by_part(pair, by))
    if known.loc["tau", "n"]:
        show_chart(charts.by_part(parts), alt=f"Rank correlation of A and B in {things(len(parts), by)}")
    with st.expander("The same as a table, with regrets"):
        st.dataframe(parts, hide_index=True, alt=f"Agreement of A and B by {by}")
        table_download("scorers_by_part", parts)

disagreements(dataset, pair, first, other)
