"""The presenting view's distribution: where the compared texts stand among a prompt's candidates."""

from functools import partial

import streamlit as st

from charts import prompt as charts
from data_access.preparing.joining import ENSEMBLE
from data_access.questions import compare
from data_access.questions import prompt as prompts
from data_access.questions.prompt import Prompt
from data_access.questions.said import prompt as phrases
from pages.components.chart.show_chart import show_chart
from pages.components.state.session import View


def presented_distribution(view: View, found: Prompt, panes: dict[str, compare.Pane]) -> None:
    """The distribution, a third of the window, with the panes' letters and the pair marked; nothing where no candidate is
    scored."""
    with st.container(key="presenting"):
        if found.row["scored"]:
            named = {name.upper(): pane.candidate for name, pane in panes.items() if pane.candidate is not None}
            show_chart(
                partial(
                    charts.distribution,
                    found.candidates[charts.COLUMNS],
                    prompts.histogram(found.candidates),
                    next(iter(named.values()), 0),
                    {side.side: side.candidates for side in found.pair},
                    None,
                    charts.PERCENTILE_TITLE if view.scorer == ENSEMBLE else charts.REWARD_TITLE,
                    size=charts.PROJECTED,
                    named=named,
                ),
                name="rewards",
                height="stretch",
                alt="Distribution of rewards: " + " · ".join(phrases.summary(found)),
            )
