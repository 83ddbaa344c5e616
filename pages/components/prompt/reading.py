"""The reading pane of Prompt: the selected candidate's text in full, under a line of facts."""

import streamlit as st

from data_access.frames import records
from data_access.questions import prompt as prompts
from data_access.questions.judged import Judged
from data_access.questions.prompt import Prompt
from data_access.questions.published_scores import Published
from data_access.questions.said import prompt as phrases
from pages.components.judgements.judge import judge, judgement_line
from pages.components.prompt.published_scores import published_score
from pages.components.state import links
from pages.components.state.link_values import option_control
from pages.components.state.session import View
from pages.components.text.copy_text import copy_text
from pages.components.text.texts import VIEWS, inline, occurrences, show_text, text_of


def reading(
    opened: View, judged: Judged, found: Prompt, selected: int, scores: Published | None, view: str, find: str
) -> None:
    """The candidate numbered `selected`, with what people say of it: raw or rendered, with what `find` finds marked, to be
    copied and compared."""
    candidate = found.candidates[found.candidates["candidate"] == selected]
    if candidate.empty:
        st.info("This prompt has no candidates.")
        return
    chosen = records(candidate)[0]
    response = text_of(chosen["response"])
    with st.container(key="reading_tools", horizontal=True, vertical_alignment="center", gap="xsmall"):
        hits = [f"{occurrences(response, find):,} found" if view == VIEWS[0] else "found: see raw"] if find else []
        *known, length = phrases.facts(chosen)
        published = published_score(scores, found, candidate=selected)
        inline([*hits, *known, published, length], muted=True, is_line=True)
        option_control("View", "view", VIEWS, view, hidden=True)
        prompt_id, prompt = int(found.row["prompt_id"]), text_of(found.row["prompt"])
        said = judged.of(prompt_id, f"{selected}")
        if response:
            judge(opened, said, prompt_id, prompt, f"{selected}", response)
        copy_text(response, key="copy_response", label="Copy")
        compare = st.popover("Compare", on_change="rerun", key=f"compare_{selected}")
        if compare.open:
            best = found.candidates.dropna(subset="reward")["candidate"].head(1)
            shown = "best" if (best == selected).any() else selected
            for other in prompts.others(found, selected):
                compare.page_link(
                    "compare.py",
                    label=f"with {other}",
                    query_params=links.carried(id=prompt_id, a=shown, b=other),
                )
    with st.container(key="response", height="stretch"):
        judgement_line(said)
        show_text(response, view, find)
