"""Figures by section or by subset."""

from data_access.questions.filters import Choices
from pages.components.feedback.notices import complaints
from pages.components.state.link_values import option_asked_for, option_control

PARTS = ("subset", "section")


def part_asked_for(choices: Choices) -> str:
    """The control that chooses 'subset' or 'section', as the link's `by` says; where there are several sections."""
    unknown: list[str] = []
    by = option_asked_for("by", PARTS, unknown)
    complaints(unknown)
    if len(choices.section) < 2:
        return PARTS[0]
    option_control("By", "by", PARTS, by, hidden=True)
    return by
