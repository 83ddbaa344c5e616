"""The button that puts a page's view into the report."""

from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from data_access.questions.filters import PARAMETERS
from data_access.report.parts import PAGES
from data_access.report.reports import Part, ReportError, base_of, key_of
from pages.components.report.draft import draft, keep
from pages.components.state import links
from pages.components.state.session import View


def add_to_report(view: View, page: str, text: object = None, **shown: links.Value) -> None:
    """The button for one row. `page` is named as in the link; `shown` is what the page shows where its link does not say, and
    `text` the prompt's, for a page of one prompt."""
    st.button(
        "Add to report",
        icon=":material/post_add:",
        type="tertiary",
        key="add_to_report",
        on_click=_add,
        args=(view, page, key_of(text)),
        kwargs=shown,
    )


def _add(view: View, page: str, text_key: str, **shown: links.Value) -> None:
    known = {*PAGES[page].parameters, *PARAMETERS}
    asked = {name: values for name, values in links.changed(**shown).items() if name in known or name in shown}
    parameters = {"scorer": (view.scorer,)} | {name: tuple(values) for name, values in asked.items()}
    part = Part(page, parameters, added_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}", text_key=text_key)
    before = draft(view.dataset)
    try:
        report = replace(before.with_part(part), base=before.base or _base(page))
    except ReportError as error:
        st.toast(str(error), icon=":material/block:")
        return
    if keep(report):
        st.toast(f"Added to report, part {len(report.parts)}", icon=":material/post_add:")


def _base(page: str) -> str:
    """The app's address, as far as it is known: without the page."""
    address = base_of(st.context.url or "")
    return address.removesuffix(f"/{page}")
