"""Prompts: which prompt should I look at?"""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from data_access.derived.attributes import BY_KEY, CAN_HAVE
from data_access.frames import records
from data_access.plurals import things
from data_access.questions import prompts
from data_access.questions.filters import described
from data_access.questions.judged import short
from data_access.questions.said.prompt import match_marks
from pages.components.feedback.notices import complaints
from pages.components.filter.widgets import filter_widgets, passing_prompts
from pages.components.prompts.grid import prompt_grid
from pages.components.prompts.scatter import scatter
from pages.components.state import links
from pages.components.state.judgement_store import judged_here
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.open_datasets import dataset_after_the_run
from pages.components.state.results import cached, cached_query
from pages.components.state.session import current
from pages.components.table.table_download import table_download
from pages.components.text.texts import one_line

SHOWS = ("table", "grid", "scatter")
PAGE_ROWS = {"table": 25, "grid": 48, "scatter": 25}
ORDER = (
    "open", "prompt", "rewards", "best", "spread", "gap", "lead", "length_correlation", "r", "having", "texts", "scored",
    "judged", "pair", "subset",
)  # fmt: skip
HAVE = {attribute.key for attribute in CAN_HAVE}
# Columns that a click on their header sorts by, over all prompts: column -> key of SORTS.
SORTED_BY = {
    "prompt_id": "id",
    "spread": "spread",
    "lead": "lead",
    "gap": "gap",
    "texts": "texts",
    "length_correlation": "length",
    "r": "attribute",
}


def _open(prompt_id: int | None) -> None:
    if prompt_id:
        st.switch_page("prompt.py", query_params=links.carried(id=prompt_id))


def _open_row(shown: list[int], key: str) -> None:
    _open(shown[st.session_state[key].row])


def _sort(sort: str, descending: bool) -> None:
    """A click on a header: sort by it, the largest first; once more, the other way round."""
    columns = st.session_state["prompts"].selection.columns
    clicked = SORTED_BY.get(columns[0]) if columns else sort
    if clicked:
        turned = not descending if clicked == sort else clicked != "id"
        links.go(sort=f"-{clicked}" if turned else clicked if clicked != "id" else None, page=None)


def _asked(question: Callable[..., pd.DataFrame], *of: str, **known: float) -> pd.DataFrame:
    """What a question to the prompts that are listed gives, kept for all viewers; what is `known` follows from the rest."""
    compute = partial(question, open_now.dataset, *of, shown, **known)
    return cached(open_now.dataset, question.__name__, *of, *shown, compute=compute, kind="searches")


def _table(rows: pd.DataFrame, shown: list[int]) -> None:
    """One row a prompt; a click on a header sorts all prompts, one on a row opens it."""
    chosen = open_now.filter
    arrow = " ↓" if chosen.descending else " ↑"
    sorted_column = next((column for column, key in SORTED_BY.items() if key == chosen.sort), "")

    def label(column: str, said: str) -> str:
        return said + (arrow if column == sorted_column else "")

    listed = rows.assign(
        open=rows["prompt_id"].astype(str),
        prompt=rows["prompt"].map(one_line).replace("", "(no text)"),
        subset=rows["subset"].map(one_line),
        scored=rows["scored"].astype(str) + " / " + rows["candidates"].astype(str),
        pair=[match_marks(row) for row in records(rows)],
    )
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    attribute = BY_KEY.get(chosen.attribute)
    named = attribute.label if attribute else ""
    st.dataframe(
        listed,
        key="prompts",
        hide_index=True,
        height="stretch",
        row_height=32,
        placeholder="–",
        alt="Prompts that pass the filter, with the distribution of their rewards",
        on_select=lambda: _sort(chosen.sort, chosen.descending),
        selection_mode="single-column",
        column_order=[
            name
            for name in ORDER
            if name in listed and (name != "scored" or (rows["scored"] < rows["candidates"]).any())
        ],
        column_config={
            "open": st.column_config.ButtonColumn(
                label("prompt_id", "id"), key="open_id", width=62, on_click=_open_row, args=(shown, "open_id")
            ),
            "prompt": st.column_config.ButtonColumn(
                "prompt",
                key="open_prompt",
                type="tertiary",
                alignment="left",
                on_click=_open_row,
                args=(shown, "open_prompt"),
            ),
            "subset": text("subset", width=140),
            "rewards": st.column_config.BarChartColumn(
                "rewards",
                width=105,
                help="How many candidates have how much reward above or below the prompt's mean; same scale in each row",
            ),
            "best": number(
                "best", format="%.2f", width=58, help="Offset differs by prompt: compare it within a prompt only"
            ),
            "lead": number(
                label("lead", "above mean"), format="%.2f", width=88, help="Best reward minus the prompt's mean"
            ),
            "spread": number(
                label("spread", "spread"), format="%.2f", width=68, help="Standard deviation of the prompt's rewards"
            ),
            "gap": number(label("gap", "gap"), format="%.2f", width=58, help="Best reward minus the second best"),
            "texts": number(
                label("texts", "texts"), format="%d", width=58, help="Different texts among the candidates"
            ),
            "scored": text("scored", width=78, help="Scored candidates / all candidates"),
            "length_correlation": number(
                label("length_correlation", "length ρ"),
                format="%+.2f",
                width=74,
                help="Rank correlation of reward and length within the prompt (Spearman)",
            ),
            "r": number(
                label("r", f"{named} r"),
                format="%+.2f",
                width=100,
                help=f"Correlation of reward and {named} within the prompt (Pearson)",
            ),
            "having": text(f"{named}", width=85, help=f"Scored candidates with {named}, of all with a text"),
            "judged": text("people say", width=110, help="Of the prompt and its responses: ★ stars, tags, ✎ notes"),
            "pair": text(
                "pair",
                width=100,
                help="RewardBench's ▲ chosen and ▼ rejected text: the candidate that has it; ≈ the same but for white "
                "space, Unicode form or template tokens; + several candidates",
            ),
        },
    )


open_now = current()
unknown: list[str] = []
show = option_asked_for("show", SHOWS, unknown)
passing = passing_prompts(open_now, so_far=True)
if passing is None:
    st.stop()
ids = passing
total = open_now.dataset.contents.prompts

desk = st.container(key="desk")
with desk:
    with st.container(key="prompts_tools", horizontal=True, vertical_alignment="center", gap="small"):
        st.title("Prompts", anchor=False, width="content")
        filter_widgets(open_now)
        st.space("stretch")
        option_control("Show as", "show", SHOWS, show, hidden=True)
    complaints(unknown)
    if show == "scatter":
        scatter(open_now, unknown)
    if not ids:
        st.info("No prompt passes these filters. Take one out, or widen a range.", icon=":material/filter_alt_off:")
        st.stop()

    pages = -(-len(ids) // PAGE_ROWS[show])
    page = min(max(links.number("page") or 1, 1), pages)
    shown = ids[(page - 1) * PAGE_ROWS[show] : page * PAGE_ROWS[show]]
    reach = cached_query(open_now, prompts.centred_reach)
    rows = _asked(prompts.prompt_rows, open_now.scorer, reach=reach).copy()
    if key := open_now.filter.attribute:
        by_attribute = _asked(prompts.attribute_by_prompt, open_now.scorer, key)
        rows["r"] = by_attribute["r"].to_numpy()
        if key in HAVE:
            rows["having"] = [f"{row['having']} / {row['n']}" for row in records(by_attribute)]
    judgements = judged_here(open_now).prompts
    if any(prompt_id in judgements for prompt_id in shown):
        rows["judged"] = [one_line(short(judgements.get(prompt_id, ()))) for prompt_id in shown]
    if show == "grid":
        with st.container(key="prompt_cards", height="stretch"):
            prompt_grid(rows, _open)
    else:
        with st.container(key="prompt_list", height="stretch"):
            _table(rows, shown)
    with st.container(key="prompts_foot", horizontal=True, vertical_alignment="center", gap="small"):
        if not described(open_now.filter):  # else the line of filters says it
            st.markdown(f"**{len(ids):,}** of {things(total, 'prompt')}", width="content")
        if pages > 1:
            # A key of its own for each state, as this widget cannot be given a value through the session's state.
            key = f"page_{page}_of_{pages}"
            st.pagination(
                pages, default=page, key=key, max_visible_pages=5, on_change=links.on_change, args=(key, "page")
            )
        st.page_link("prompt.py", label="Open the first prompt", query_params=links.carried(id=str(ids[0])))
        st.number_input(
            "Open prompt number",
            1,
            total,
            value=None,
            key="open_number",
            placeholder="Open number",
            label_visibility="collapsed",
            width=175,
            on_change=lambda: _open(st.session_state["open_number"]),
        )
        st.space("stretch")
        # Of all prompts that pass, not of this page's only.
        table_download(
            "prompts", lambda: prompts.prompt_rows(dataset_after_the_run(open_now.source), open_now.scorer, ids)
        )

st.caption(
    "Click an id or a prompt to open it. A click on the header id, spread, gap, texts, above mean or length ρ sorts all "
    "prompts that pass. You cannot sort by best: its offset differs by prompt. The bars share one scale: reward minus the "
    "prompt's mean."
)
