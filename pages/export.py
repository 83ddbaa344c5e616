"""Export: what would this dataset give to train on?"""

import json

import streamlit as st

from charts import export as charts
from data_access.errors import DataError
from data_access.opening.room import trim
from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE
from data_access.questions.filters import PARAMETERS, to_parameters
from data_access.training_data import export, export_files, recipes, summary
from data_access.training_data.formats import FORMATS
from data_access.training_data.reasons import REASONS
from data_access.training_data.rows import TABLES, Selection, selection
from data_access.training_data.sidecar import warnings
from pages.components.chart.show_chart import show_chart
from pages.components.export.recipe_form import go_to, recipe_form
from pages.components.feedback.notices import complaints, problem
from pages.components.filter.widgets import passing_prompts
from pages.components.state import links
from pages.components.state.results import cached
from pages.components.state.session import current, settings
from pages.components.text.texts import inline, show_text

MOST_SHARES = 12


def _taken() -> Selection:
    with st.spinner("Choosing the rows."):
        return selection(dataset, recipe, ids)


def _load() -> None:
    """Callback: the recipe of the uploaded file, filter and all, becomes the page's."""
    uploaded = st.session_state["recipe_upload"]
    if uploaded is None:
        return
    try:
        loaded = recipes.from_json(uploaded.getvalue().decode("utf-8", errors="replace"), open_now.choices)
        if loaded.scorer not in scorers:
            raise recipes.RecipeError(f"The dataset has no scorer {loaded.scorer!r}.")
    except DataError as error:
        st.session_state["recipe_problem"] = str(error)
        return
    st.session_state.pop("recipe_problem", None)
    nothing = dict.fromkeys(PARAMETERS)
    go_to(loaded, **(nothing | to_parameters(loaded.filter) | {"scorer": loaded.scorer}))


open_now = current()
dataset = open_now.dataset
scorers = dataset.contents.scorers
recipe, unknown = recipes.from_link(links.parameters(), dataset.name, open_now.scorer, open_now.filter)

st.title("Export", anchor=False)
passing = passing_prompts(open_now)
complaints(unknown)
if passing is None:
    st.stop()
ids = sorted(passing)
with st.container(horizontal=True, vertical_alignment="center"):
    st.markdown(f"From **{len(ids):,}** of {things(dataset.contents.prompts, 'prompt')}")
    st.page_link("prompts.py", label="Filter the prompts", icon=":material/filter_alt:", query_params=links.carried())
recipe_form(recipe, len(scorers) > 1)
with st.container(horizontal=True, vertical_alignment="center"):
    st.download_button(
        "Save the recipe",
        recipes.to_json(recipe),
        "recipe.json",
        "application/json",
        icon=":material/save:",
        on_click="ignore",
        help="For this page, or for the command: python -m data_access.training_data recipe.json OUT",
    )
    with st.popover("Load a recipe", icon=":material/upload_file:"):
        st.file_uploader("A recipe's JSON file", type="json", key="recipe_upload", on_change=_load)
if sentence := st.session_state.pop("recipe_problem", None):
    problem("This recipe cannot be loaded.", sentence)

taken = cached(dataset, "selection", recipes.to_json(recipe), compute=_taken, kind="selections")
kept = taken.kept

st.header("What it gives", anchor=False)
with st.grid(4):
    st.metric("Prompts in", f"{taken.prompts:,}", border=True)
    st.metric("Prompts with rows", f"{kept['prompt_id'].nunique():,}", border=True)
    st.metric("Rows out", f"{len(kept):,}", border=True)
    validation = int(kept["is_validation"].sum())
    st.metric("Of them for validation", f"{validation:,}", border=True)
for sentence in warnings(recipe, taken):
    st.warning(sentence, icon=":material/warning:")
if left_out := taken.left_out | taken.dropped:
    inline(["Left out", *(things(n, *REASONS[name]) for name, n in left_out.items())], muted=True)
if kept.empty:
    st.info("No row is left. Widen the filter or the bounds.", icon=":material/block:")
    st.stop()

if recipe.kind not in TABLES:
    left, right = st.columns(2, gap="large")
    with left:
        of_margins = summary.margins(taken)
        if len(of_margins):
            pair = recipe.kind == "pairs"
            unit = "percentiles" if recipe.scorer == ENSEMBLE else "logits"
            title = f"margin: chosen − rejected, in {unit}" if pair else f"reward − prompt mean, in {unit}"
            st.header("Margins" if pair else "Above the prompt's mean", anchor=False)
            show_chart(
                charts.margins(of_margins, title),
                alt=f"Margins of {things(len(kept), 'row')}, median {kept['margin'].median():.2f}",
            )
    with right:
        if recipe.kind == "pairs":
            chosen, rejected = summary.median_lengths(taken)
            st.header("Lengths", anchor=False)
            show_chart(
                charts.lengths(summary.lengths(taken)),
                alt=f"Lengths of chosen and rejected texts; medians {chosen:,.0f} and {rejected:,.0f} characters",
            )
            st.caption(f"Medians: chosen {chosen:,.0f}, rejected {rejected:,.0f} characters.")
    with st.expander("By source model and subset"):
        for place, by, label in zip(
            st.columns(2, gap="large"), ("model", "subset"), ("source model", "subset"), strict=True
        ):
            found = summary.shares(taken, by)
            with place:
                show_chart(charts.shares(found.head(MOST_SHARES)), alt=f"Share of rows by {label}")
                st.caption(f"The {things(min(MOST_SHARES, len(found)), label)} with the most rows, of {len(found):,}.")

st.header("Examples", anchor=False)
st.caption(FORMATS[recipe.format].reads)
for number, record in enumerate(export.examples(dataset, recipe, taken), start=1):
    with st.expander(f"Example {number}", expanded=number == 1):
        show_text(json.dumps(record, indent=2, ensure_ascii=False)[:4000])

st.header("Files", anchor=False)
cache = settings().cache
name = export_files.key(dataset, recipe)
if not export_files.export_file(cache, name) and st.button(
    "Make the files", type="primary", icon=":material/download:", key="make"
):
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        bar = st.progress(0.0, "Writing rows.")
        st.button("Cancel", key="cancel_export")

    def progress(done: float, doing: str) -> None:
        bar.progress(min(done, 1.0), doing)

    try:
        export_files.make_room(cache)
        export.write(dataset, recipe, taken, export_files.folder(cache) / f"{name}.zip", progress)
        trim(settings())
    except DataError as error:
        problem("The files cannot be written.", str(error))
    finally:
        place.empty()
if file := export_files.export_file(cache, name):
    label = f"Download {things(len(kept), 'row')} ({file.stat().st_size / 1e6:,.1f} MB, zip)"
    st.link_button(label, f"download/{name}", type="primary", icon=":material/download:")
    st.caption("Rows, a sidecar with recipe, counts and warnings, and what LLaMA-Factory needs to find them.")
