"""Prompt's desk: the distribution of rewards, the ranked list, and the text of the selected candidate."""

from functools import partial

import pandas as pd
import streamlit as st

from charts import prompt as charts
from data_access.plurals import things
from data_access.questions import prompt as prompts
from data_access.questions.filters import Range
from data_access.questions.judged import Judged
from data_access.questions.prompt import Prompt
from data_access.questions.published_scores import Published
from data_access.questions.said import prompt as phrases
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.notices import complaints
from pages.components.prompt.ranked_list import ranked_list
from pages.components.prompt.reading import reading
from pages.components.state import links
from pages.components.state.judgement_store import judged_here
from pages.components.state.link_values import option_asked_for
from pages.components.state.session import current
from pages.components.text.texts import VIEWS

Link = dict[str, list[str]]


def selected_candidate(found: Prompt, listed: pd.DataFrame) -> int:
    """The link's candidate, else the best of those listed, else the first; 0 where there are none."""
    numbers = found.candidates["candidate"].tolist()
    asked = links.number("candidate")
    return asked if asked is not None and asked in numbers else next(iter([*listed["candidate"], *numbers]), 0)


@st.fragment
def candidates_desk(
    found: Prompt,
    listed: pd.DataFrame,
    kept: Range | None,
    ranks: pd.DataFrame,
    scores: Published | None,
    title: str,
    link: Link,
) -> None:
    """The candidates `listed`, those with a reward in `kept`; `title` says what a reward is.

    Selecting a candidate draws this anew and leaves the rest of the page as it is, which takes half as long. `link` has the
    parameters that all was drawn by: where another one than the candidate has changed, all is drawn anew.
    """
    if _but_candidate(links.parameters()) != _but_candidate(link):
        st.rerun()
    unknown: list[str] = []
    open_now = current()
    judged = judged_here(open_now)
    selected = selected_candidate(found, listed)
    asked = links.parameter("candidate")
    if asked and links.number("candidate") != selected:
        unknown.append(f"There is no candidate {asked!r} for this prompt; the best is shown.")
    view = option_asked_for("view", VIEWS, unknown)
    complaints(unknown)
    distribution = st.container(key="distribution")
    with st.container(key="panes", height="stretch", horizontal=True, gap="small"):
        ranking = st.container(key="ranking", height="stretch", gap="xsmall")
        # The text first, as it is what one waits for; and when the list is drawn it sends what was picked meanwhile, which
        # ends this run.
        with st.container(key="reading", height="stretch", gap="xsmall"):
            reading(open_now, judged, found, selected, scores, view, links.parameter("find"))
    with ranking:
        _ranking(found, listed, kept, ranks, selected, judged)
    with distribution:
        if found.row["scored"]:
            _distribution(found, selected, kept, title)
        else:
            st.info("No candidate of this prompt has a reward, so there is nothing to rank.", icon=":material/block:")


def _but_candidate(link: Link) -> Link:
    return {name: values for name, values in link.items() if name != "candidate"}


def _distribution(found: Prompt, selected: int, kept: Range | None, title: str) -> None:
    # Two keys, because a chart keeps its brush when it is redrawn without one.
    chart_key = "rewards_brushed" if kept else "rewards"
    show_chart(
        partial(
            charts.distribution,
            found.candidates[charts.COLUMNS],
            prompts.histogram(found.candidates),
            selected,
            {side.side: side.candidates for side in found.pair},
            prompts.ends(found.candidates, kept),
            title,
        ),
        key=chart_key,
        name="rewards",
        on_select=lambda: _brush(chart_key, kept),
        height=charts.HEIGHT,
        alt="Distribution of rewards: " + " · ".join([*phrases.summary(found), *map(phrases.pair_label, found.pair)]),
    )


def _brush(chart_key: str, kept: Range | None) -> None:
    """Keep the candidates in the brushed range of rewards; an empty brush keeps all."""
    ends = next(iter(st.session_state[chart_key].selection.get(charts.BRUSH, {}).values()), None)
    span = Range.brushed(*ends) if ends else None
    if span is None or kept is None or not span.is_about(kept):
        links.go(reward=str(span) if span else None, candidate=None)


def _ranking(
    found: Prompt, listed: pd.DataFrame, kept: Range | None, ranks: pd.DataFrame, selected: int, judged: Judged
) -> None:
    is_collapsed = links.parameter("each") != "1"
    order = listed["candidate"].tolist()
    shown_as = prompts.listed_as(listed, found.candidates, selected)
    at = -1 if shown_as is None else order.index(shown_as)
    with st.container(key="ranking_tools", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{things(len(listed), 'text' if is_collapsed else 'candidate')}**", width="content")
        st.toggle(
            "Collapse identical",
            key=links.seeded("collapse", is_collapsed),
            help="One row for candidates with the same text",
            on_change=links.on_change,
            args=("collapse", "each", lambda on: None if on else "1"),
        )
        if kept:
            st.button(
                phrases.range_label(kept),
                icon=":material/close:",
                help="Show all rewards",
                key="clear_brush",
                type="tertiary",
                on_click=links.go,
                kwargs={"reward": None},
            )
        st.space("stretch")
        with st.container(
            key="candidate_steps", horizontal=True, vertical_alignment="center", gap="small", width="content"
        ):
            st.button(
                "Up :gray[K]",
                key="previous_candidate",
                type="tertiary",
                disabled=at < 1,
                help="Candidate above",
                on_click=links.go,
                kwargs={"candidate": order[at - 1] if at > 0 else selected},
            )
            st.button(
                "Down :gray[J]",
                key="next_candidate",
                type="tertiary",
                disabled=not 0 <= at < len(order) - 1,
                help="Candidate below",
                on_click=links.go,
                kwargs={"candidate": order[at + 1] if 0 <= at < len(order) - 1 else selected},
            )
    if listed.empty:
        st.info("No candidate has a reward in this range. Show all rewards, or brush another range.")
    else:
        ranked_list(int(found.row["prompt_id"]), listed, shown_as, ranks, judged)
