"""The presenting view's distribution: where the compared texts stand among a prompt's candidates."""

import streamlit as st

from charts import prompt as charts
from data_access.preparing.joining import ENSEMBLE
from data_access.questions import compare
from data_access.questions import prompt as prompts
from data_access.questions.prompt import Prompt
from pages.components.chart.show_chart import show_chart
from pages.components.state.session import View
from pages.components.text import phrases


def presented_distribution(view: View, found: Prompt, panes: dict[str, compare.Pane]) -> None:
    """The distribution with A's candidate ringed and the pair marked; nothing where no candidate is scored."""
    with st.container(key="presenting"):
        if found.row["scored"]:
            first = next(iter(panes.values()))
            show_chart(
                charts.distribution(
                    found.candidates,
                    prompts.histogram(found.candidates),
                    first.candidate or 0,
                    {side.side: side.candidates for side in found.pair},
                    None,
                    charts.PERCENTILE_TITLE if view.scorer == ENSEMBLE else charts.REWARD_TITLE,
                ),
                height=charts.HEIGHT,
                alt="Distribution of rewards: " + " · ".join(phrases.summary(found)),
            )
