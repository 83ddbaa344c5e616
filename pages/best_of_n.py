"""Best-of-N: what does sampling more candidates buy?"""

from functools import partial

import pandas as pd
import streamlit as st

from charts import best_of_n as charts
from data_access.questions import best_of_n
from data_access.questions.said import best_of_n as said
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.notices import complaints
from pages.components.feedback.progress import progress
from pages.components.filter.scope import scope_asked_for, scope_control
from pages.components.report.add import add_to_report
from pages.components.state import links
from pages.components.state.analysed import analysed, of_drawn
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.results import cached
from pages.components.state.session import current
from pages.components.text.texts import inline

SCALES = ("log", "linear")


def _scored() -> pd.DataFrame:
    """Every scored candidate of the scope; read for what is not kept."""

    def read() -> pd.DataFrame:
        with progress("Reading the rewards."):
            return best_of_n.scored_candidates(part.dataset, part.scorer, *scope)

    return cached(part.dataset, "scored_candidates", part.scorer, scope, compute=read, kind="candidates")


open_now = current()
unknown: list[str] = []
scope = scope_asked_for(open_now.choices, unknown)
scale = option_asked_for("scale", SCALES, unknown)
with st.container(key="page_title", horizontal=True, vertical_alignment="center", gap="small"):
    st.title("Best-of-N", anchor=False, width="content")
    reading = st.empty()
    st.space("stretch")
    add_to_report(open_now, "best_of_n")
    scope_control(open_now.choices, scope)
    option_control("Axis of n", "scale", SCALES, scale, lambda name: f"{name} axis", hidden=True)
part = analysed(open_now)
asked = (part.scorer, scope)
curve = cached(part.dataset, "curve", *asked, compute=lambda: best_of_n.gain_curve(_scored()), lasts=True)
if len(curve.points) < 2:
    complaints(unknown)
    st.info(said.NOTHING, icon=":material/block:")
    st.stop()

largest = said.largest(curve)
n, sentence = said.shown(curve, links.parameter("n"))
unknown += [sentence] if sentence else []
complaints(unknown)
reading.markdown(f"**{best_of_n.reading(curve)}**")

winner = cached(part.dataset, "winner", *asked, n, compute=lambda: best_of_n.winner(_scored(), n), lasts=True)
models = cached(part.dataset, "by_model", *asked, compute=lambda: best_of_n.by_model(_scored()), lasts=True)
with st.container(key="n_row", horizontal=True, vertical_alignment="center", gap="medium"):
    with st.container(width=320):
        st.slider(
            "n",
            1,
            largest,
            key=links.seeded("n", n),
            label_visibility="collapsed",
            on_change=links.on_change,
            args=("n", "n"),
        )
    inline(said.at(curve, n))
    of_drawn(open_now, part)

gain_side, *middle, winner_side = st.columns(2 if models.empty else 3, gap="medium")
with gain_side:
    st.header("What the best of n gains", anchor=False, help=said.gain_means(curve))
    show_chart(partial(charts.gain, curve.points, n, scale == "log"), alt=said.gain_seen(curve, n), name="gain")
    st.caption(said.gain_note(curve, models))
if middle:
    with middle[0]:
        st.header("Each source model's own candidates", anchor=False)
        show_chart(
            partial(charts.by_model, models, scale == "log"), alt=said.models_seen(models), name="gain_by_source_model"
        )
        st.caption(said.models_note(models))
with winner_side:
    if winner:
        st.header(f"Who wins at n = {n}", anchor=False)
        drawn = partial(charts.winners, winner.shares.head(said.MOST_WINNERS))
        show_chart(drawn, alt=said.winners_seen(winner, n), name="winners")
        inline(said.winner_facts(winner, n), muted=True)
        if note := said.winners_note(winner):
            st.caption(note)
        st.caption(said.OVER_OPTIMISATION)
