"""Prompt: how did the candidates do?"""

import streamlit as st

from charts import prompt as charts
from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE
from data_access.questions import prompt as prompts
from data_access.questions.filters import Range
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.notices import complaints
from pages.components.filter.steps import prompt_steps
from pages.components.filter.widgets import passing_prompts
from pages.components.overview.surprise import why
from pages.components.prompt.details import details
from pages.components.prompt.published_scores import published_scores
from pages.components.prompt.ranked_list import ranked_list
from pages.components.prompt.reading import reading
from pages.components.state import links
from pages.components.state.link_values import option_asked_for, prompt_asked_for
from pages.components.state.session import current
from pages.components.text import phrases
from pages.components.text.texts import VIEWS, inline, show_folded


def _brush(chart_key: str, kept: Range | None) -> None:
    """Keep the candidates in the brushed range of rewards; an empty brush keeps all."""
    ends = next(iter(st.session_state[chart_key].selection.get(charts.BRUSH, {}).values()), None)
    span = Range.brushed(*ends) if ends else None
    if span is None or kept is None or not span.is_about(kept):
        links.go(reward=str(span) if span else None, candidate=None)


open_now = current()
dataset = open_now.dataset
ids = passing_prompts(open_now)
unknown: list[str] = []

# Which prompt: the link's, else the first that passes the filter.
found = prompt_asked_for(open_now, ids[0] if ids else 1, unknown)
row = found.row
prompt_id = int(row["prompt_id"])
ranks = prompts.other_ranks(dataset, open_now.scorer, prompt_id)
title = charts.PERCENTILE_TITLE if open_now.scorer == ENSEMBLE else charts.REWARD_TITLE

# Which candidates: those that are brushed, collapsed by text, as the link says.
listed = found.candidates
kept: Range | None = None
if brushed := links.parameter("reward"):
    try:
        kept = Range.parsed(brushed)
        listed = prompts.within(listed, kept)
    except ValueError:
        unknown.append(f"{brushed!r} is not a range of rewards (such as 0.5..2); all candidates are shown.")
is_collapsed = links.parameter("each") != "1"
if is_collapsed:
    listed = prompts.collapsed(listed)

# Which candidate: the link's, or the best of those listed.
numbers = found.candidates["candidate"].tolist()
order = listed["candidate"].tolist()
asked = links.number("candidate")
if links.parameter("candidate") and asked not in numbers:
    unknown.append(f"There is no candidate {links.parameter('candidate')!r} for this prompt; the best is shown.")
selected: int = asked if asked is not None and asked in numbers else next(iter(order or numbers), 0)
shown_as = prompts.listed_as(listed, found.candidates, selected)
view = option_asked_for("view", VIEWS, unknown)
find = links.parameter("find")

scores = published_scores(open_now) if found.pair else None
desk = st.container(key="desk")
with desk:
    with st.container(key="title", horizontal=True, vertical_alignment="center", gap="small"):
        st.title(f"Prompt {prompt_id}", anchor=False, width="content")
        key = row["source_key"]
        place = [row["subset"] or "", row["section"] or "", f"source key {key}" if isinstance(key, str) else ""]
        inline([*place, *phrases.summary(found)], muted=True, is_line=True)
        st.text_input(
            "Find in text",
            key=links.seeded("find", find),
            on_change=links.on_change,
            args=("find", "find"),
            placeholder="Find",
            label_visibility="collapsed",
            width=120,
        )
        prompt_steps(ids, prompt_id, candidate=None, reward=None, why=None)
        if st.button(
            "Present",
            shortcut="V",
            key="present",
            type="tertiary",
            help="This response and another, large, with the distribution",
        ):
            st.switch_page("compare.py", query_params=links.carried(id=prompt_id, a=selected, present=1))
    complaints(unknown)
    why(open_now, prompt_id)
    show_folded(row["prompt"] if isinstance(row["prompt"], str) else "", find)

    if row["scored"]:
        # Two keys, because a chart keeps its brush when it is redrawn without one.
        chart_key = "rewards_brushed" if kept else "rewards"
        matches = {side.side: side.candidates for side in found.pair}
        with st.container(key="distribution"):
            show_chart(
                charts.distribution(
                    found.candidates,
                    prompts.histogram(found.candidates),
                    selected,
                    matches,
                    prompts.ends(found.candidates, kept),
                    title,
                ),
                key=chart_key,
                on_select=lambda: _brush(chart_key, kept),
                height=charts.HEIGHT,
                alt="Distribution of rewards: "
                + " · ".join([*phrases.summary(found), *map(phrases.pair_label, found.pair)]),
            )
    else:
        st.info("No candidate of this prompt has a reward, so there is nothing to rank.", icon=":material/block:")

    with st.container(key="panes", height="stretch", horizontal=True, gap="small"):
        ranking = st.container(key="ranking", height="stretch", gap="xsmall")
        # The text before the list: when the list is drawn it sends what was picked meanwhile, which ends this run.
        with st.container(key="reading", height="stretch", gap="xsmall"):
            reading(found, selected, scores, view, find)

with ranking:
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
        ranked_list(prompt_id, listed, shown_as, ranks)

details(open_now, found, listed, scores, title, find)
