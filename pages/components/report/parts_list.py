"""The parts of a report in their order, each to be moved, taken out, and given a sentence."""

import streamlit as st

from data_access.report.content import PartContent
from data_access.report.reports import SENTENCE, TITLE, Report
from pages.components.report.draft import change, keep
from pages.components.state import links
from pages.components.text.texts import inline

UNSAVED = "report_unsaved"


def parts_list(report: Report, parts: list[PartContent]) -> None:
    """One box a part, under the report's title; `parts` are what the report's are now."""
    st.text_input(
        "Title",
        key=links.seeded("report_title", report.title),
        max_chars=TITLE,
        on_change=lambda: change(report.with_title(st.session_state["report_title"])),
    )
    for place, part in enumerate(parts):
        with st.container(border=True, gap="xsmall"):
            with st.container(
                key=f"part_{place}", horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False
            ):
                inline([f"{place + 1}. {part.name}"], is_line=True)
                st.space("stretch")
                _buttons(report, place)
            said = dict(part.of)
            inline([said.get("Scorer", ""), said.get("Of", ""), said.get("Filter", "")], muted=True, is_line=True)
            key = f"sentence_{place}"
            st.text_area(
                f"Comment on part {place + 1}",
                key=links.seeded(key, report.parts[place].sentence),
                max_chars=SENTENCE,
                height=68,
                placeholder="What should others see here?",
                label_visibility="collapsed",
                on_change=_say,
                args=(report, place, key),
            )


def _buttons(report: Report, place: int) -> None:
    last = len(report.parts) - 1
    for label, icon, by, is_end in (
        ("up", "arrow_upward", -1, place == 0),
        ("down", "arrow_downward", 1, place == last),
    ):
        st.button(
            f"Move part {place + 1} {label}",
            icon=f":material/{icon}:",
            key=f"{label}_{place}",
            type="tertiary",
            disabled=is_end,
            on_click=change,
            args=(report.moved(place, by),),
        )
    st.button(
        f"Remove part {place + 1}",
        icon=":material/close:",
        key=f"remove_{place}",
        type="tertiary",
        on_click=change,
        args=(report.without(place),),
    )


def _say(report: Report, place: int, key: str) -> None:
    """Callback: somebody's words to a part. Where they cannot take their place they are shown, to be taken from there."""
    typed = st.session_state[key]
    if not keep(report.with_sentence(place, typed)):
        st.session_state[UNSAVED] = typed
