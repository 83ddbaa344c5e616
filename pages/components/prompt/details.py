"""What is below a prompt's desk: RewardBench's pair, the best-of-n curve, rewards by source model, the list as a file."""

from functools import partial

import pandas as pd
import streamlit as st

from charts import prompt as charts
from charts.best_of_n import of_prompt
from data_access.questions import best_of_n
from data_access.questions.prompt import Prompt, has_several_of_a_model
from data_access.questions.published_scores import Published
from data_access.questions.said import prompt as phrases
from pages.components.chart.show_chart import show_chart
from pages.components.prompt.card import card_downloads
from pages.components.prompt.published_scores import calibration, published_score
from pages.components.state import links
from pages.components.state.session import View
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline, occurrences, show_text

PAIR, CURVE, MODELS, TABLE = "RewardBench pair", "Best of n", "By source model", "Download"


def details(view: View, found: Prompt, listed: pd.DataFrame, scores: Published | None, title: str, find: str) -> None:
    """Tabs, each made when it is opened; `title` says what a reward is, `find` is marked in the pair's texts."""
    names = [PAIR] if found.pair else []
    names += [CURVE] if found.row["scored"] > 1 else []
    names += [MODELS] if has_several_of_a_model(found.candidates) else []
    names.append(TABLE)
    asked = links.parameter("tab")
    key = links.seeded("details", asked if asked in names else names[0])
    tabs = st.tabs(
        names,
        key=key,
        on_change=links.on_change,
        args=(key, "tab", lambda name: None if name == names[0] else name),
    )
    for name, tab in zip(names, tabs, strict=True):
        if not tab.open:
            continue
        with tab:
            if name == PAIR:
                _pair(view, found, scores, find)
            elif name == CURVE:
                show_chart(
                    partial(of_prompt, best_of_n.prompt_curve(found.candidates)),
                    alt=f"Expected gain of best-of-n for n from 1 to {found.row['scored']} on this prompt",
                    name="best_of_n",
                )
                st.caption(
                    f"The expected best of n of this prompt's {found.row['scored']:,} scored candidates, drawn without "
                    "replacement."
                )
            elif name == MODELS:
                show_chart(
                    partial(charts.by_model, found.candidates[charts.COLUMNS], title),
                    alt="Rewards of each source model's candidates",
                    name="by_source_model",
                )
                st.caption("One tick per scored candidate; source models in the order of their median reward here.")
            else:
                table_download("candidates", listed)
                card_downloads(view, found)


def _pair(view: View, found: Prompt, scores: Published | None, find: str) -> None:
    for column, side in zip(st.columns(2), found.pair, strict=False):
        with column:
            hits = [f"{occurrences(side.text, find):,} found"] if find else []
            inline([*hits, phrases.pair_label(side), f"written by {side.model}" if side.model else ""])
            inline([published_score(scores, found, side.side)], muted=True)
            with st.container(border=True):
                show_text(side.text, find=find)
    calibration(view, scores)
