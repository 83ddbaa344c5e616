"""What a view of What it rewards is asked for, and the prompts behind its figures."""

from typing import Any, NamedTuple, TypeVar

import streamlit as st

from data_access.questions.filters import PromptFilter
from data_access.questions.said.attributes import unit_of
from data_access.questions.scope import Scope
from pages.components.feedback.notices import complaints
from pages.components.state import links
from pages.components.state.session import View

T = TypeVar("T")

SHOW = "show"
LEFT = "left"  # the parameter that was SHOW when this page was left: on Prompts, SHOW is another thing
KEPT = ("of", "by", "within", "phrases", "length", "asked", "other")  # of what this page's address says, for Back


def view_asked_for() -> str:
    """The view that the link names, or that Back comes back to; ''."""
    return links.parameter(SHOW) or links.parameter(LEFT)


class Asked(NamedTuple):
    """The open dataset with its scorer, the scope, and a list for what of the link is unknown."""

    opened: View
    scope: Scope
    unknown: list[str]

    @property
    def unit(self) -> str:
        """Of the rewards."""
        return unit_of(self.opened.scorer)

    def prompts(self, **chosen: Any) -> dict[str, list[str]]:
        """Parameters for a link to the prompts of the scope, filtered further."""
        within: dict[str, Any] = {name: (value,) for name, value in self.scope._asdict().items() if value}
        return links.to_prompts(PromptFilter(**(within | chosen)))

    def show_prompts(self, **chosen: Any) -> None:
        """For callbacks: go there.

        Streamlit leaves this page with the new parameters as a step in the history: Back finds among them what was shown.
        """
        own = {name: [value] for name in KEPT if (value := links.parameter(name))}
        if shown := view_asked_for():
            own[LEFT] = [shown]
        st.switch_page("prompts.py", query_params=self.prompts(**chosen) | own)

    def some(self, found: T | None, otherwise: str) -> T:
        """What was found; without it a sentence, and the end of the page."""
        if found is None:
            complaints(self.unknown)
            st.info(otherwise, icon=":material/block:")
            st.stop()
        return found
