"""SQL: what else do I want to know?"""

import streamlit as st

from charts import query as charts
from data_access.console import sql_console
from data_access.console.relations import relations
from data_access.console.sql_console import LIMITS, Result
from data_access.errors import QueryError, RefusedError
from data_access.plurals import things
from pages.components.chart.show_chart import show_chart
from pages.components.sql.editor import sql_editor
from pages.components.sql.result_table import result_table
from pages.components.sql.schema import schema
from pages.components.state import links
from pages.components.state.results import cached, let_go
from pages.components.state.session import current
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline

MESSAGE_LIMIT = 2_000
TOP = 192  # pixels of the editor, and of the schema beside it
QUESTIONS: dict[str, str] = {example.sql: example.question for example in sql_console.examples()}


def _run(sql: str) -> None:
    """Callback: have this query in the URL and run it, also if it has been run already."""
    let_go(fingerprint, "outcome", sql)
    st.session_state.pop("sql_stopped", None)
    st.session_state.pop("sql_failures", None)
    links.go(query=sql)


def _choose() -> None:
    st.session_state["sql_given"] = st.session_state.get("sql_given", 0) + 1
    if sql := st.session_state["sql_example"]:
        _run(sql)


def _outcome() -> Result:
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        doing = st.empty()
        st.button("Cancel", key="cancel_query", on_click=lambda: st.session_state.update(sql_stopped=key))

    def show(sentence: str) -> None:
        doing.text(sentence)

    try:
        return sql_console.run(dataset, query, show)
    finally:
        place.empty()


dataset = current().dataset
fingerprint = dataset.fingerprint
query = links.parameter("query")
key = (fingerprint, query)
desk = st.container(key="desk")
with desk, st.container(key="sql_title", horizontal=True, vertical_alignment="center", gap="small"):
    st.title(
        "SQL",
        anchor=False,
        width="content",
        help=f"A query reads the open dataset and nothing else. It takes {LIMITS}. Queries of several viewers run one after "
        "the other.",
    )
    if dataset.is_prepared:
        st.selectbox(
            "Example queries",
            list(QUESTIONS),
            key=links.seeded("sql_example", query if query in QUESTIONS else None),
            format_func=lambda sql: QUESTIONS[sql],
            placeholder=f"Examples: {len(QUESTIONS)} questions",
            label_visibility="collapsed",
            width=430,
            on_change=_choose,
        )
    inline(["DuckDB SQL, read-only"], muted=True, is_line=True)
with desk:
    if not dataset.is_prepared:
        st.info(
            "SQL needs prepared files, and the cache folder is not writable. Set REWARDSCOPE_CACHE to a writable folder.",
            icon=":material/block:",
        )
        st.stop()

    found = cached(dataset, "relations", compute=lambda: relations(dataset))
    editor, beside = st.columns([5, 3], gap="medium")
    with editor:
        sql_editor(
            query,
            {name: [column.name for column in columns] for name, columns in found.items()},
            key="sql_editor",
            given=st.session_state.get("sql_given", 0),
            on_run=_run,
        )
    with beside:
        schema(found, TOP)

    if not query.strip():
        st.info("Write a SELECT and press Ctrl-Enter, or choose an example.", icon=":material/database_search:")
        st.stop()
    if st.session_state.get("sql_stopped") == key:
        st.info("The query was stopped. Press Ctrl-Enter in the editor to run it again.", icon=":material/stop_circle:")
        st.stop()
    # Every click on the page runs all of this file: what the query gave is kept for all viewers, how it failed for this one.
    failures: dict[tuple[str, str], tuple[str, str]] = st.session_state.get("sql_failures", {})
    if key not in failures:
        try:
            outcome = cached(dataset, "outcome", query, compute=_outcome, kind="outcomes")
        except QueryError as error:
            refused = isinstance(error, RefusedError)
            what = "This query is not allowed here." if refused else "The query failed."
            failures = st.session_state["sql_failures"] = {key: (what, str(error)[:MESSAGE_LIMIT])}
    if key in failures:
        what, message = failures[key]
        with st.container(border=True, key="problem"):
            st.error(what, icon=":material/error:")
            st.code(message, language=None, wrap_lines=True)
        st.stop()

    with st.container(key="query_result"):
        count = things(len(outcome.rows), "row")
        with st.container(key="result_tools", horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{count}** in {outcome.seconds * 1000:,.0f} ms", width="content")
            if outcome.cut:
                st.caption(
                    f":orange[:material/content_cut:] The first {len(outcome.rows):,} rows; there are more. Add LIMIT, a "
                    "filter or an aggregate.",
                    width="content",
                )
            st.space("stretch")
            with st.container(width="content"):
                table_download("query", outcome.rows)
        chart = charts.first_columns(outcome.rows)
        with st.container(key="result_panes", horizontal=True, gap="medium", height="stretch"):
            with st.container(key="result_table", height="stretch"):
                result_table(outcome.rows, f"Result of the query, {count}")
            if chart:
                with st.container(key="result_chart", height="stretch"):
                    show_chart(chart, alt=charts.finding(outcome.rows), name="result")
