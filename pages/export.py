"""Export: what would this dataset give to train on?"""

import json

import streamlit as st

from data_access.derived.text_keys import text_keys
from data_access.errors import DataError
from data_access.plurals import things
from data_access.questions.filters import PARAMETERS, to_parameters
from data_access.training_data import export, recipes
from data_access.training_data.measured import needs_attributes
from data_access.training_data.reasons import REASONS
from data_access.training_data.rows import Selection, selection
from data_access.training_data.sidecar import warnings
from data_access.training_data.strategies import STRATEGIES, TABLES
from pages.components.export.download import download
from pages.components.export.recipe_form import go_to, recipe_form
from pages.components.export.yield_charts import shares, yield_charts
from pages.components.feedback.made import RECOGNISING, see_made
from pages.components.feedback.notices import complaints, problem
from pages.components.feedback.progress import progress
from pages.components.filter.widgets import passing_prompts
from pages.components.state import links
from pages.components.state.judgement_store import answered, written
from pages.components.state.results import cached
from pages.components.state.session import current
from pages.components.text.texts import inline, show_text

PREVIEW, SHARES = "Preview", "By source model and subset"


def _taken() -> Selection:
    if needs_attributes(recipe):
        with progress("Measuring the responses: once for this dataset.") as report:
            return selection(dataset, recipe, ids, report, given.answers)
    if by_people:
        see_made(dataset, "text_keys", text_keys, RECOGNISING)
    with st.spinner("Choosing the rows."):
        return selection(dataset, recipe, ids, answers=given.answers)


def _load() -> None:
    """Callback: the recipe of the uploaded file, filter and all, becomes the page's."""
    uploaded = st.session_state["recipe_upload"]
    if uploaded is None:
        return
    try:
        loaded = recipes.from_json(
            uploaded.getvalue().decode("utf-8", errors="replace"), open_now.choices, text_columns
        )
        if loaded.scorer not in scorers:
            raise recipes.RecipeError(f"The dataset has no scorer {loaded.scorer!r}.")
    except DataError as error:
        st.session_state["recipe_problem"] = str(error)
        return
    st.session_state.pop("recipe_problem", None)
    nothing = dict.fromkeys(PARAMETERS)
    go_to(loaded, **(nothing | to_parameters(loaded.filter) | {"scorer": loaded.scorer}))


def _preview() -> None:
    examples = cached(dataset, "examples", *asked[1:], compute=lambda: export.examples(dataset, recipe, taken))
    for number, record in enumerate(examples, start=1):
        inline([f"Row {number}"], muted=True)
        show_text(json.dumps(record, indent=2, ensure_ascii=False)[:4000])


open_now = current()
dataset = open_now.dataset
scorers, text_columns = dataset.contents.scorers, dataset.contents.numbered_texts
recipe, unknown = recipes.from_link(links.parameters(), dataset.name, open_now.scorer, open_now.filter, text_columns)
by_people, given = STRATEGIES[recipe.strategy].by_people, answered()
said_state = [written().revision] if recipe.filter.asks_people else []

with st.container(key="desk"):
    with st.container(key="export_title", horizontal=True, vertical_alignment="center", gap="small"):
        st.title("Export", anchor=False, width="content")
        passing = passing_prompts(open_now)
        if passing is None:
            st.stop()
        ids = sorted(passing)
        with st.container(width="content"):
            inline([f"{len(ids):,} of {things(dataset.contents.prompts, 'prompt')}"], muted=True)
        st.page_link("prompts.py", label="Filter prompts", icon=":material/filter_alt:", query_params=links.carried())
        st.space("stretch")
        st.download_button(
            "Save recipe",
            recipes.to_json(recipe),
            "recipe.json",
            "application/json",
            icon=":material/save:",
            type="tertiary",
            on_click="ignore",
            help="For this page, or for the command: python -m data_access.training_data recipe.json OUT",
        )
        with st.popover("Load recipe", icon=":material/upload_file:", type="tertiary"):
            st.file_uploader("Recipe (JSON file)", type="json", key="recipe_upload", on_change=_load)
    complaints(unknown)
    if sentence := st.session_state.pop("recipe_problem", None):
        problem("This recipe cannot be loaded.", sentence)

    with st.container(key="export_panes", horizontal=True, gap="large"):
        with st.container(key="recipe", gap="small", width=390):
            recipe_form(recipe, len(scorers) > 1, text_columns, bool(given.answers))
        with st.container(key="yield", gap="xsmall"):
            said_of_people = by_people or recipe.filter.asks_people
            asked = ("selection", recipes.to_json(recipe), *([given.revision] if by_people else []), *said_state)
            taken = cached(dataset, *asked, compute=_taken, kind="selections", lasts=not said_of_people)
            kept = taken.kept
            with st.container(key="yield_title", horizontal=True, vertical_alignment="center", gap="small"):
                st.header("Result", anchor=False, width="content")
                inline(
                    [
                        f"{things(taken.prompts, 'prompt')} in → {kept['prompt_id'].nunique():,} with rows → "
                        f"{things(len(kept), 'row')} out",
                        things(int(kept["is_validation"].sum()), "validation row"),
                    ]
                )
                if len(kept):
                    download(dataset, recipe, taken, "".join(said_state))
            for sentence in warnings(recipe, taken):
                st.caption(f":orange[:material/warning:] {sentence}")
            if left_out := [things(n, *REASONS[name]) for name, n in (taken.left_out | taken.dropped).items()]:
                if taken.averaged:
                    left_out.append(f"mean reward taken for {things(taken.averaged, 'text')} scored unequally")
                inline([f"Left out: {left_out[0]}", *left_out[1:]], muted=True)
            if kept.empty:
                st.info("No rows left. Widen the filter or the limits.", icon=":material/block:")
                st.stop()
            is_table = recipe.kind in TABLES
            if not is_table:
                yield_charts(recipe, taken)
            names = [PREVIEW] if is_table else [PREVIEW, SHARES]
            tabs = st.tabs(names, height="stretch", key="export_tabs", on_change="rerun")
            if tabs[0].open:
                with tabs[0], st.container(key="export_rows", gap="xsmall"):
                    _preview()
            elif len(tabs) > 1:
                with tabs[1]:
                    shares(taken)
