"""A recipe's rows as a file: made on a click, with its progress, and then offered until newer ones take its place."""

import streamlit as st

from data_access.dataset import Dataset
from data_access.errors import DataError
from data_access.opening.room import trim
from data_access.plurals import things
from data_access.training_data import export, export_files
from data_access.training_data.recipes import Recipe
from data_access.training_data.rows import Selection
from pages.components.feedback.notices import problem
from pages.components.state.session import settings


def download(dataset: Dataset, recipe: Recipe, taken: Selection, said: str = "") -> None:
    """A button that makes the file, and in its place the link to it where it is there. `said` names the state of what people
    say, where the filter goes by it."""
    cache = settings().cache
    name = export_files.key(dataset, recipe, (taken.judged_by.state if taken.judged_by else "") + said)
    with st.container(key="export_file", width="content"):
        place = st.empty()
        if not export_files.export_file(cache, name) and place.button(
            "Prepare download", type="primary", icon=":material/download:", key="make"
        ):
            with place.container(horizontal=True, vertical_alignment="center"):
                bar = st.progress(0.0, "Writing rows.", width=260)
                st.button("Cancel", key="cancel_export")

            def progress(done: float, doing: str) -> None:
                bar.progress(min(done, 1.0), doing)

            try:
                export_files.make_room(cache)
                export.write(dataset, recipe, taken, export_files.folder(cache) / f"{name}.zip", progress)
                trim(settings())
            except DataError as error:
                with place.container():
                    problem("The file cannot be written.", str(error))
        if made := export_files.export_file(cache, name):
            place.link_button(
                f"Download {things(len(taken.kept), 'row')} ({made.stat().st_size / 1e6:,.1f} MB, zip)",
                f"download/{name}",
                type="primary",
                icon=":material/download:",
                help="The rows, and rewardscope.json with the recipe, counts and warnings. For LLaMA-Factory also "
                "dataset_info.json.",
            )
