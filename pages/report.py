"""Report: what do I want others to see?"""

import streamlit as st

from data_access.errors import DataError
from data_access.plurals import things
from data_access.report.asked import People
from data_access.report.content import filled
from data_access.report.markdown import to_markdown, zipped
from data_access.report.reports import Report, ReportError, State, from_json, to_json
from pages.components.feedback.notices import problem
from pages.components.report.draft import change, draft
from pages.components.report.drawn import drawn_report
from pages.components.report.parts_list import UNSAVED, parts_list
from pages.components.state.judgement_store import answered, is_on, written
from pages.components.state.open_datasets import dataset_after_the_run
from pages.components.state.session import current
from pages.components.state.viewer import who
from pages.components.text.texts import inline

PROBLEM, PENDING = "report_problem", "report_pending"


def _load() -> None:
    """Callback: the report of the uploaded file becomes the one that is being put together."""
    uploaded = st.session_state["report_upload"]
    if uploaded is None:
        return
    try:
        loaded = from_json(uploaded.getvalue().decode("utf-8", errors="replace"))
        here = State.of(dataset).address
        if loaded.dataset.address != here:
            raise ReportError(
                f"It is of the dataset {loaded.dataset.address!r}, and {here!r} is open. Open that one first."
            )
    except DataError as error:
        st.session_state[PROBLEM] = str(error)
        return
    if draft(dataset).parts:
        st.session_state[PENDING] = loaded  # which would take the place of what is there
    else:
        change(loaded)


def _take() -> None:
    """Callback: the opened report in the place of the one that was there."""
    change(st.session_state.pop(PENDING))


def _markdown() -> bytes:
    """Made when it is asked for, and so when no page is drawn."""
    people = People(written().said, answered().answers)
    return zipped(to_markdown(filled(dataset_after_the_run(source), report, people=people)))


def _downloads() -> None:
    files = (
        ("HTML", lambda: drawn, "html", "text/html", "One file: opens anywhere without a network, and prints to A4"),
        ("Markdown", _markdown, "zip", "application/zip", "The text, and its charts as PNG, in a zip file"),
        (
            "JSON",
            lambda: to_json(report),
            "json",
            "application/json",
            "To open here again, or for the command: python -m data_access.report report.json report.html",
        ),
    )
    for label, made, kind, mime, meaning in files:
        st.download_button(
            label,
            made,
            f"report.{kind}",
            mime,
            key=f"report_{kind}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            help=meaning,
        )


open_now = current()
dataset, source = open_now.dataset, open_now.source
report: Report = draft(dataset)
with st.container(key="desk"):
    with st.container(key="page_title", horizontal=True, vertical_alignment="center", gap="small"):
        st.title("Report", anchor=False, width="content")
        inline([things(len(report.parts), "part")], is_line=True)
        st.space("stretch")
        files = st.container(horizontal=True, vertical_alignment="center", gap="small", width="content")
        if is_on():
            who("report")
        with st.popover("Open a report", icon=":material/upload_file:", type="tertiary"):
            st.file_uploader("Report (JSON file)", type="json", key="report_upload", on_change=_load)
    if sentence := st.session_state.pop(PROBLEM, None):
        problem("This report cannot be opened.", sentence)
    if opened := st.session_state.get(PENDING):
        with st.container(key="report_pending", horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                f"The file has {things(len(opened.parts), 'part')}; your report has {things(len(report.parts), 'part')}.",
                width="content",
            )
            st.button("Replace mine", type="primary", key="report_replace", on_click=_take)
            st.button("Keep mine", key="report_keep", on_click=lambda: st.session_state.pop(PENDING))
    if typed := st.session_state.pop(UNSAVED, None):
        problem(
            "Your report was changed in another window, so these words were not saved. Write them once more.", typed
        )
    if not report.parts:
        st.info(
            "This report has no parts yet. Go to Prompt, Compare or a page of figures, choose what it shows, and press *Add to "
            "report* there. Or open a report that was saved as JSON.",
            icon=":material/post_add:",
        )
        st.stop()
    with st.container(key="panes", horizontal=True, gap="medium"):
        listed = st.container(key="view_parts", gap="small")
        with st.container(key="view_report", height="stretch"):
            parts, drawn = drawn_report(open_now, report)
            st.iframe(drawn, height="stretch", alt="The report as others will see it")
    with listed:
        parts_list(report, parts)
    with files:
        _downloads()
