"""Prompt: how did the candidates do?"""

import streamlit as st

from charts import prompt as charts
from data_access.preparing.joining import ENSEMBLE
from data_access.questions import prompt as prompts
from data_access.questions.filters import Range
from data_access.questions.said import prompt as phrases
from pages.components.feedback.notices import complaints
from pages.components.filter.steps import prompt_steps
from pages.components.filter.widgets import passing_prompts
from pages.components.judgements.judge import judge, judgement_line
from pages.components.overview.surprise import why
from pages.components.prompt.desk import candidates_desk, selected_candidate
from pages.components.prompt.details import details
from pages.components.prompt.published_scores import published_scores
from pages.components.report.add import add_to_report
from pages.components.state import links
from pages.components.state.judgement_store import judged_here
from pages.components.state.link_values import prompt_asked_for
from pages.components.state.session import current
from pages.components.text.texts import inline, show_folded, text_of

open_now = current()
dataset = open_now.dataset
ids = passing_prompts(open_now, so_far=True)
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
if links.parameter("each") != "1":
    listed = prompts.collapsed(listed)

find = links.parameter("find")

scores = published_scores(open_now) if found.pair else None
said = judged_here(open_now).of(prompt_id, "")
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
        if text_of(row["prompt"]):
            judge(open_now, said, prompt_id, text_of(row["prompt"]))
        add_to_report(open_now, "prompt", row["prompt"], id=prompt_id)
        if st.button(
            "Present",
            shortcut="V",
            key="present",
            type="tertiary",
            help="This response and another, large, with the distribution",
        ):
            st.switch_page(
                "compare.py", query_params=links.carried(id=prompt_id, a=selected_candidate(found, listed), present=1)
            )
        prompt_steps(ids, prompt_id, candidate=None, reward=None, why=None)
    complaints(unknown)
    why(open_now, prompt_id)
    judgement_line(said)
    show_folded(text_of(row["prompt"]), find)

    candidates_desk(found, listed, kept, ranks, scores, title, links.parameters())

details(open_now, found, listed, scores, title, find)
