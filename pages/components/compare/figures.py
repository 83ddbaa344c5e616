"""What is below the texts of Compare: what is in each, and what the figures mean."""

import pandas as pd
import streamlit as st

from data_access.frames import records
from data_access.judgements.text_keys import text_key
from data_access.questions import compare
from data_access.questions.published_scores import Published
from data_access.questions.said import compare as said
from data_access.questions.said import prompt as phrases
from pages.components.prompt.published_scores import calibration
from pages.components.state.results import cached
from pages.components.state.session import View
from pages.components.text.texts import inline


def figures(
    view: View, panes: dict[str, compare.Pane], scores: Published | None, *, is_logit: bool, differs: bool
) -> None:
    """Counts of each text in a line, then the notes."""
    texts = [text_key(pane.text) for pane in panes.values()]
    counted: pd.DataFrame = cached(
        view.dataset, "text_facts", *texts, compute=lambda: compare.text_facts(view.dataset, list(panes.values()))
    )
    for name, count in zip(panes, records(counted), strict=True):
        inline([name.upper(), *phrases.counted(count)], muted=True)
    if differs:
        st.caption(f"{said.UNDERLINED} Stretches that both have are folded: open them with a click.")
    if not is_logit:
        st.caption(said.PERCENTILES)
    elif any(pane.reward is not None for pane in panes.values()) and len(panes) > 1:
        st.caption(said.IMPLIED)
    calibration(view, scores)
