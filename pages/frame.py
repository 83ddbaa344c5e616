"""What every page shares: the navigation, the open dataset, the scorer, the filters in force; then the page."""

from pathlib import Path

import streamlit as st

from data_access.errors import DataError, LayoutError, QueryError
from data_access.opening.addresses import configured_sources
from data_access.opening.hub.names import PREFIX
from data_access.preparing.joining import ENSEMBLE
from data_access.questions.filters import from_parameters
from pages.components.feedback.notices import complaints, problem
from pages.components.filter.widgets import filters_in_force
from pages.components.frame.mapping_form import mapping_form
from pages.components.frame.picker import arrived, not_opened, picker, short_name, source_asked_for, stopped
from pages.components.state import links
from pages.components.state.open_datasets import forget, on_this_machine, open_source
from pages.components.state.results import choices
from pages.components.state.session import View, remember, settings
from pages.components.text.texts import inline, one_line

# File, title, and the one question that the page answers.
MENU = (
    ("overview.py", "Overview", "What is in this dataset?"),
    ("prompts.py", "Prompts", "Which prompt should I look at?"),
    ("prompt.py", "Prompt", "How did a prompt's candidates do?"),
    ("compare.py", "Compare", "Why this response over that one?"),
    ("models.py", "Source models", "Which source models does this scorer prefer?"),
    ("best_of_n.py", "Best-of-N", "What does sampling more candidates buy?"),
    ("scorers.py", "Scorers", "Where do several scorers agree, and what does following one cost?"),
    ("checks.py", "Checks", "What does the scorer reward, and where is it not to be trusted?"),
    ("export.py", "Export", "What does this dataset give to train on?"),
    ("sql.py", "SQL", "What else do I want to know?"),
)

st.set_page_config(page_title="Rewardscope", page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide")
pages = [
    st.Page(file, title=title, help=question, default=file == MENU[0][0])
    for file, title, question in MENU
    if file != "sql.py" or settings().sql
]
page = st.navigation(pages, position="hidden")

unknown: list[str] = []
sources = configured_sources(settings())  # looks into folders: once a run
source = source_asked_for(sources, unknown)

with st.container(horizontal=True, key="navigation"):
    for target in pages:
        # A link to the page that is open leaves the address as it is.
        st.page_link(target, query_params=links.parameters() if target.title == page.title else links.carried())

with st.sidebar:
    st.header("Rewardscope", anchor=False)
    picker(sources, source)
    about = st.container()

if stopped(source):
    st.stop()
try:
    dataset = open_source(source)
    arrived(source, dataset)
    names = dataset.contents.scorers
    scorer = links.parameter("scorer")
    if scorer and scorer not in names:
        unknown.append(f"There is no scorer {scorer!r} here; {names[0]} is shown.")
    scorer = scorer if scorer in names else names[0]
    offered_choices = choices(dataset, scorer)
    chosen, left_out = from_parameters(links.parameters(), offered_choices)
except DataError as error:
    not_opened(str(error))
    if isinstance(error, LayoutError):
        mapping_form(on_this_machine(source), known=str(error))
    st.stop()

with about:
    if len(names) > 1:
        key = links.seeded("scorer", scorer)
        st.selectbox("Scorer", names, key=key, format_func=one_line, on_change=links.on_change, args=(key, "scorer"))
        if scorer == ENSEMBLE:
            st.caption(
                "The mean percentile by the other scorers, from 0 to 100: wherever a reward is shown, not a logit."
            )
    held = dataset.contents
    st.caption(
        f"{held.prompts:,} prompts · {held.candidates:,} candidates · {held.scored / held.candidates:.1%} scored"
    )
    if dataset.provenance.startswith(PREFIX):
        inline([short_name(dataset.provenance)], muted=True)
    if not dataset.is_prepared:
        st.warning("Not prepared: see Overview.", icon=":material/speed:")
    filters_in_force(chosen)

complaints(unknown + left_out)
remember(View(source, dataset, scorer, offered_choices, chosen))
try:
    page.run()
except QueryError as error:  # the dataset is as it was
    problem("This cannot be worked out.", str(error))
except DataError as error:
    forget(source)
    problem("The dataset cannot be read any more.", str(error))
