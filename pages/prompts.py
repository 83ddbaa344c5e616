"""Prompts: which prompt should I look at?"""

import streamlit as st

from data_access.frames import records
from data_access.questions import prompts
from pages.components.filter.widgets import filter_widgets, passing_prompts
from pages.components.state import links
from pages.components.state.open_datasets import dataset_after_the_run
from pages.components.state.session import current
from pages.components.table.table_download import table_download
from pages.components.text.phrases import match_label
from pages.components.text.texts import one_line

PAGE_ROWS = 20
ORDER = (
    "open", "prompt", "rewards", "best", "spread", "gap", "texts", "subset", "pair", "scored", "lead", "length_correlation"
)  # fmt: skip
# Columns that a click on their header sorts by, over all prompts: column -> key of SORTS.
SORTED_BY = {
    "prompt_id": "id",
    "spread": "spread",
    "lead": "lead",
    "gap": "gap",
    "texts": "texts",
    "length_correlation": "length",
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


open_now = current()
st.title("Prompts", anchor=False)
filter_widgets(open_now)
passing = passing_prompts(open_now)
if passing is None:
    st.stop()
ids = passing
total = open_now.dataset.contents.prompts

with st.container(horizontal=True, vertical_alignment="center"):
    st.markdown(f"**{len(ids):,}** of {total:,} prompts")
    if ids:
        first = {"id": str(ids[0])}
        st.page_link(
            "prompt.py", label="Open the first", icon=":material/first_page:", query_params=links.carried(**first)
        )
    with st.container(width=240):
        st.number_input(
            "Open prompt number",
            1,
            total,
            value=None,
            key="open_number",
            placeholder="Open prompt number",
            label_visibility="collapsed",
            on_change=lambda: _open(st.session_state["open_number"]),
        )


if not ids:
    st.info("No prompt passes these filters. Take one out, or widen a range.", icon=":material/filter_alt_off:")
    st.stop()

pages = -(-len(ids) // PAGE_ROWS)
page = min(max(links.number("page") or 1, 1), pages)
shown = ids[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
rows = prompts.prompt_rows(open_now.dataset, open_now.scorer, shown)
table = rows.assign(
    open=rows["prompt_id"].astype(str),
    prompt=rows["prompt"].map(one_line).replace("", "(no text)"),
    subset=rows["subset"].map(one_line),
    scored=rows["scored"].astype(str) + " / " + rows["candidates"].astype(str),
    pair=[match_label(row) for row in records(rows)],
)
chosen = open_now.filter
arrow = " ↓" if chosen.descending else " ↑"
sorted_column = next((column for column, key in SORTED_BY.items() if key == chosen.sort), "")


def _label(column: str, label: str) -> str:
    return label + (arrow if column == sorted_column else "")


number, text = st.column_config.NumberColumn, st.column_config.TextColumn
with st.container(key="prompt_list"):
    st.dataframe(
        table,
        key="prompts",
        hide_index=True,
        height="content",
        placeholder="–",
        alt="Prompts that pass the filter, with the distribution of their rewards",
        on_select=lambda: _sort(chosen.sort, chosen.descending),
        selection_mode="single-column",
        column_order=ORDER,
        column_config={
            "open": st.column_config.ButtonColumn(
                "id", key="open_id", width=70, on_click=_open_row, args=(shown, "open_id")
            ),
            "prompt": st.column_config.ButtonColumn(
                "prompt",
                key="open_prompt",
                type="tertiary",
                alignment="left",
                width=240,
                on_click=_open_row,
                args=(shown, "open_prompt"),
            ),
            "subset": text("subset", width=120),
            "rewards": st.column_config.BarChartColumn(
                "rewards",
                width=110,
                help="How many candidates have how much reward above or below the prompt's mean; same scale in each row",
            ),
            "best": number(
                "best", format="%.2f", width=60, help="Offset differs by prompt: compare it within a prompt only"
            ),
            "lead": number(
                _label("lead", "above mean"), format="%.2f", width=90, help="Best reward minus the prompt's mean"
            ),
            "spread": number(
                _label("spread", "spread"), format="%.2f", width=80, help="Standard deviation of the prompt's rewards"
            ),
            "gap": number(
                _label("gap", "gap to 2nd"), format="%.2f", width=85, help="Best reward minus the second best"
            ),
            "texts": number(
                _label("texts", "texts"), format="%d", width=65, help="Different texts among the candidates"
            ),
            "scored": text("scored", width=85, help="Candidates with a reward, of all"),
            "length_correlation": number(
                _label("length_correlation", "length ρ"),
                format="%+.2f",
                width=80,
                help="Rank correlation of reward and length within the prompt (Spearman)",
            ),
            "pair": text(
                "pair", width=190, help="The candidates that have the text of RewardBench's chosen and rejected"
            ),
        },
    )
st.caption(
    "Click an id or a prompt to open it. A click on id, spread, gap, texts, above mean or length ρ sorts all prompts that "
    "pass by it; best is not sorted by, as its offset differs by prompt. The bars share one scale: reward minus the prompt's "
    "mean. Pair: = exact, ≈ the same but for white space, Unicode form or template tokens."
)
if pages > 1:
    # A key of its own for each state, as this widget cannot be given a value through the session's state.
    key = f"page_{page}_of_{pages}"
    st.pagination(pages, default=page, key=key, on_change=links.on_change, args=(key, "page"))
# Of all prompts that pass, not of this page's only.
table_download("prompts", lambda: prompts.prompt_rows(dataset_after_the_run(open_now.source), open_now.scorer, ids))
