"""Scorers: where do several reward models agree on the same candidates, and what does it cost to follow one of them?"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from charts import scorers as charts
from data_access.frames import records
from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE, percent
from data_access.questions import agreement, scorers
from data_access.questions.said import scorers as said
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.notices import complaints
from pages.components.feedback.progress import progress
from pages.components.filter.subset_or_section import part_asked_for
from pages.components.report.add import add_to_report
from pages.components.scorers.agreement_figures import agreement_figures
from pages.components.scorers.coverage import coverage
from pages.components.scorers.disagreements import disagreements
from pages.components.scorers.scorer_pair import pair_asked_for
from pages.components.state.results import cached
from pages.components.state.session import current
from pages.components.table.table_popover import table_popover
from pages.components.text.texts import inline, one_line


def _compared() -> agreement.Agreement:
    with progress("Comparing the scorers on every prompt.") as report:
        return scorers.agreement(dataset, report)


def _matrix() -> None:
    pairs = cached(dataset, "pairs", compute=lambda: agreement.pairs(found, given), lasts=True)
    named = pairs.assign(first=pairs["first"].map(one_line), other=pairs["other"].map(one_line))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header("Each pair of scorers", anchor=False, width="content", help="Mean rank correlation τ-b over prompts")
        st.space("stretch")
        table_popover("pairs_of_scorers", named, pairs, "Agreement of each pair of scorers")
    with st.container(key="scorer_matrix"):
        drawn = partial(charts.matrix, named, [one_line(scorer) for scorer in given])
        show_chart(
            drawn,
            alt=charts.seen_in_matrix(named),
            name="pairs_of_scorers",
            width="stretch" if charts.fits(given) else "content",
        )


def _parts() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        heading = st.empty()
        st.space("stretch")
        by = part_asked_for(open_now.choices)
        parts = cached(dataset, "parts", first, other, by, compute=lambda: agreement.by_part(pair, by), lasts=True)
        table_popover("scorers_by_part", parts, parts, f"Agreement of A and B by {by}")
    heading.header(
        f"A and B by {by}",
        anchor=False,
        width="content",
        help="Mean rank correlation τ-b over the prompts, with its 95 % interval",
    )
    show_chart(partial(charts.by_part, parts), alt=charts.seen_in_parts(parts), name="by_part")


def _spread() -> None:
    bins = cached(dataset, "tau_bins", first, other, compute=lambda: agreement.tau_bins(pair), lasts=True)
    st.header("A and B by prompt", anchor=False, help="How many prompts have which rank correlation τ-b of A and B")
    show_chart(
        partial(charts.by_prompt, bins), alt=charts.seen_in_bins(bins, float(known["mean"]["tau"])), name="by_prompt"
    )


open_now = current()
dataset = open_now.dataset
given = scorers.single_scorers(dataset)
if len(given) < 2:
    st.title("Scorers", anchor=False)
    st.info(
        said.ONE_ONLY,
        icon=":material/block:",
    )
    st.markdown(
        "Open a dataset with rewards by several reward models. Or join datasets that hold the same prompts and responses, "
        "scored by different reward models:"
    )
    st.code('REWARDSCOPE_DATA="first.parquet + second.parquet"', language=None, wrap_lines=True)
    st.caption(
        "The candidates are those of the first dataset. The others are matched by text, not by the order of rows. Each scorer "
        "is named after its dataset."
    )
    st.stop()

unknown: list[str] = []
with st.container(key="scorers_title", horizontal=True, vertical_alignment="center", gap="small"):
    st.title("Scorers", anchor=False, width="content")
    scored = {
        row["scorer"]: row
        for row in records(cached(dataset, "coverage", compute=lambda: scorers.coverage(dataset), lasts=True))
    }
    line = st.container(key="coverage_line")
    coverage(dataset, scored.values())
    first, other = pair_asked_for(open_now.scorer, dataset.contents.scorers, unknown)
    add_to_report(open_now, "scorers", other=other)
    with line:
        shares = (
            f"{side} scored {percent(scored[name]['scored'], scored[name]['candidates'])}"
            for side, name in (("A", first), ("B", other))
        )
        inline([things(scored[first]["candidates"], "candidate"), *shares], muted=True, is_line=True)
complaints(unknown)
found = cached(dataset, "agreement", compute=_compared, lasts=True)
pair = cached(dataset, "pair", first, other, compute=lambda: agreement.of_pair(found, first, other))
known = cached(dataset, "averages", first, other, compute=lambda: agreement.summary(pair), lasts=True)
if not known.loc["top_1", "n"]:
    st.info(said.NO_PROMPT, icon=":material/block:")
    st.stop()

agreement_figures(known)
if ENSEMBLE in (first, other):
    st.caption(f"*{ENSEMBLE}* {said.OF_ENSEMBLE}")

panels: list[Callable[[], None]] = [_matrix] if len(given) > 2 else []
if known.loc["tau", "n"]:
    panels += [_parts] if len(open_now.choices.subset) else []
    panels += [_spread] if len(panels) < 2 else []
for place, panel in zip(st.columns(2, gap="large"), panels, strict=False):
    with place:
        panel()

disagreements(dataset, pair, first, other)
