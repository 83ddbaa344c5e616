"""What it rewards: which properties of a text go with its reward?"""

import streamlit as st

from data_access.questions.filters import described
from pages.components.feedback.notices import complaints
from pages.components.filter.scope import scope_asked_for, scope_control
from pages.components.report.add import add_to_report
from pages.components.rewards.asked import SHOW, Asked, view_asked_for
from pages.components.rewards.attribute_view import attribute_view
from pages.components.rewards.form_view import form_view
from pages.components.rewards.phrase_view import phrase_view
from pages.components.rewards.scorer_view import scorer_view
from pages.components.rewards.twin_view import twin_view
from pages.components.state.analysed import analysed, of_drawn
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.session import current

VIEWS = {
    "attributes": ("Attributes", attribute_view),
    "words": ("Words", phrase_view),
    "twins": ("Twins", twin_view),
    "scorers": ("Between scorers", scorer_view),
    "form": ("Length and form", form_view),
}

open_now = current()
several = len(open_now.dataset.contents.scorers) > 1
shows = [show for show in VIEWS if show != "scorers" or several]
unknown: list[str] = []
show = option_asked_for(SHOW, shows, unknown, view_asked_for())
scope = scope_asked_for(open_now.choices, unknown)

with st.container(key="desk"):
    with st.container(key="page_title", horizontal=True, vertical_alignment="center", gap="small"):
        st.title("What it rewards", anchor=False, width="content")
        st.space("stretch")
        add_to_report(open_now, "rewards", show=show)
        if show != "form":  # its tables have a row a subset
            scope_control(open_now.choices, scope)
        option_control("Show", SHOW, shows, show, lambda one: VIEWS[one][0], hidden=True, left=None)
    if described(open_now.filter):
        st.caption("The filter is not used on this page: its figures are of the prompts that are chosen at the right.")
    said = st.container()
    part = analysed(open_now)
    of_drawn(open_now, part)
    notes = VIEWS[show][1](Asked(part, scope, unknown))
    with said:
        complaints(unknown)
notes()
