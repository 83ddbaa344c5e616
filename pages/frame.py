"""What every page shares: the bar with the dataset, the scorer and the pages, the filters in force; then the page."""

from pathlib import Path

import streamlit as st

from data_access.errors import DataError, LayoutError, QueryError
from data_access.judgements.judgements import tags_in_use
from data_access.opening.addresses import configured_sources
from data_access.preparing.joining import ENSEMBLE
from data_access.questions.filters import from_parameters
from pages.components.feedback.notices import complaints, problem
from pages.components.filter.in_force import filters_in_force
from pages.components.frame.door import only_signed_in
from pages.components.frame.help import help_button
from pages.components.frame.mapping_form import mapping_form
from pages.components.frame.picker import arrived, not_opened, picker, source_asked_for, stopped
from pages.components.state import links
from pages.components.state.ahead import work_ahead
from pages.components.state.judgement_store import is_on, unreadable, written
from pages.components.state.open_datasets import forget, on_this_machine, open_source
from pages.components.state.results import choices
from pages.components.state.session import View, remember, settings
from pages.components.text.texts import inline, one_line

# Group, file, title, and the one question that the page answers.
MENU = (
    ("explore", "overview.py", "Overview", "What is in this dataset?"),
    ("explore", "prompts.py", "Prompts", "Which prompt should I look at?"),
    ("explore", "prompt.py", "Prompt", "How did a prompt's candidates do?"),
    ("explore", "compare.py", "Compare", "Why this response over that one?"),
    ("analyse", "models.py", "Source models", "Which source models does this scorer prefer?"),
    ("analyse", "rewards.py", "What it rewards", "Which properties of a text go with its reward?"),
    ("analyse", "best_of_n.py", "Best-of-N", "What does sampling more candidates buy?"),
    ("analyse", "scorers.py", "Scorers", "Where do several scorers agree, and what does following one cost?"),
    ("analyse", "checks.py", "Checks", "Where is a reward not to be trusted?"),
    ("use", "export.py", "Export", "What does this dataset give to train on?"),
    ("use", "sql.py", "SQL", "What else do I want to know?"),
    ("team", "blind.py", "Compare blind", "Which of two responses do people prefer?"),
    ("team", "judgements.py", "Judgements", "What do people say of these texts?"),
    ("team", "report.py", "Report", "What do I want others to see?"),
)
LISTING = ("Prompts", "Prompt", "Compare")  # pages that go through prompts: they show what a search has found so far
GROUPS = ("explore", "analyse", "use", "team")

st.set_page_config(page_title="Rewardscope", page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide")
st.html(Path(__file__).with_name("frame.css"))
menu = [
    (group, st.Page(file, title=title, help=question, default=file == MENU[0][1]))
    for group, file, title, question in MENU
    if file != "sql.py" or settings().sql
]
page = st.navigation([target for _, target in menu], position="hidden")
only_signed_in()

unknown: list[str] = []
sources = configured_sources(settings())  # looks into folders: once a run
source = source_asked_for(sources, unknown)


def _page_links(group: str | None = None) -> None:
    for its_group, target in menu:
        if group in (None, its_group):
            # A link to the page that is open leaves the address as it is.
            st.page_link(target, query_params=links.parameters() if target.title == page.title else links.carried())


app = st.container(key="app", gap="small")
with app, st.container(key="bar", horizontal=True, vertical_alignment="center", gap="small", wrap=False):
    with st.container(key="brand", width="content"):
        st.markdown("Rewardscope")
    picker(sources, source)
    scorer_place = st.container(
        key="scorer_place", width="content", horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False
    )
    st.space("stretch")
    for group in GROUPS[:-1]:
        with st.container(key=f"nav_{group}", horizontal=True, gap=None, width="content", wrap=False):
            _page_links(group)
    # Behind a button, as a projector has no more room; another one on each page, so that it is closed on arrival.
    is_of_team = page.title in [target.title for group, target in menu if group == GROUPS[-1]]
    with (
        st.container(key="nav_team", width="content"),
        st.popover("Team", type="secondary" if is_of_team else "tertiary", key=f"team_{page.title}"),
    ):
        _page_links(GROUPS[-1])
    # In a narrow window: the same links behind one button.
    with st.container(key="nav_narrow", width="content"):
        key = f"menu_{page.title}"  # another one on each page, so that it is closed on arrival
        popover = st.popover(page.title, icon=":material/menu:", key=key, on_change="rerun")
        if popover.open:
            with popover:
                _page_links()
    help_button()

with app:
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
        offered_choices = choices(dataset, scorer)._replace(tag=tags_in_use(written().said))
        chosen, left_out = from_parameters(links.parameters(), offered_choices)
    except DataError as error:
        not_opened(str(error))
        if isinstance(error, LayoutError):
            mapping_form(on_this_machine(source), known=str(error))
        st.stop()

    if len(names) > 1:
        key = links.seeded("scorer", scorer)
        with scorer_place:
            st.selectbox(
                "Scorer",
                names,
                key=key,
                format_func=one_line,
                label_visibility="collapsed",
                width=170,
                on_change=links.on_change,
                args=(key, "scorer"),
            )
            if scorer == ENSEMBLE:  # a label that is not shown shows no help
                st.caption(
                    "",
                    width="content",
                    help="The mean of the other scorers' percentiles, from 0 to 100. It is not a logit.",
                )
    view = View(source, dataset, scorer, offered_choices, chosen)
    remember(view)
    filters_in_force(view, so_far=page.title in LISTING)
    complaints(unknown + left_out)
    if is_on() and (away := unreadable()):
        inline([away], muted=True, limit=300)
    try:
        page.run()
        work_ahead(view)
    except QueryError as error:  # the dataset is as it was
        problem("This cannot be worked out.", str(error))
    except DataError as error:
        forget(source)
        problem("The dataset cannot be read any more.", str(error))
