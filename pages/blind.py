"""Compare blind: which of two responses do people prefer?"""

import streamlit as st

from data_access.questions.blind_pairs import DRAWS
from pages.components.blind.asked import drawn_pairs, set_asked_for, set_form
from pages.components.blind.compare_view import (
    ask_for_a_name,
    end_view,
    own_answers,
    pair_view,
    place_asked_for,
    progress_line,
)
from pages.components.blind.results_view import results_view
from pages.components.feedback.notices import complaints
from pages.components.filter.widgets import passing_prompts
from pages.components.report.add import add_to_report
from pages.components.state.judgement_store import is_on
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.session import current
from pages.components.state.viewer import viewer

SHOWS = ("compare", "results")


def _compare() -> None:
    person, ids = viewer(), passing_prompts(open_now)
    if ids is None:
        return
    drawn = drawn_pairs(open_now, which, ids)
    if drawn.pairs.empty:
        st.info(
            "No prompt has such a pair. Choose other pairs at the right, or widen the filter.", icon=":material/block:"
        )
        return
    own = own_answers(which, person) if person else {}
    place = place_asked_for(drawn, own, unknown)
    with facts:
        progress_line(person, place, len(drawn.pairs), sum(key in own for key in drawn.keys))
    complaints(unknown)
    if person is None:
        ask_for_a_name()
    elif place is None:
        end_view(which, [own[key] for key in dict.fromkeys(drawn.keys)])
    else:
        pair_view(open_now, which, person, drawn, own, place)


open_now = current()
unknown: list[str] = []
show = option_asked_for("show", SHOWS, unknown)
which = set_asked_for(open_now, unknown)

with st.container(key="desk" if show == "compare" else "blind_results"):
    with st.container(key="page_title", horizontal=True, vertical_alignment="center", gap="small"):
        st.title("Compare blind", anchor=False, width="content")
        facts = st.container(key="blind_facts", horizontal=True, vertical_alignment="center", gap="small")
        if is_on() and show == "compare":
            with st.popover(DRAWS[which.draw].label, icon=":material/tune:", key="set_popover"):
                set_form(open_now, which)
        if is_on() and show == "results":
            add_to_report(open_now, "blind", show=show)
        if is_on():
            option_control("Show", "show", SHOWS, show, hidden=True)
    if not is_on():
        complaints(unknown)
        st.info(
            "Judgements are off on this server (REWARDSCOPE_JUDGEMENTS=off), so no answer can be kept.",
            icon=":material/block:",
        )
    elif show == "compare":
        _compare()
    else:
        results_view(open_now, facts, unknown)
