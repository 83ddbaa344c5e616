"""What people's answers tell of the scorers, of each other, and of the source models; each figure with its n and interval."""

from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from charts import people as charts
from data_access.derived.text_keys import text_keys
from data_access.frames import records
from data_access.questions.people.answered import ENOUGH
from data_access.questions.people.calibration import Calibration
from data_access.questions.people.results import Results, results
from data_access.questions.said import people as said
from data_access.questions.said.prompt import short_label
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.made import RECOGNISING, see_made
from pages.components.feedback.notices import complaints
from pages.components.state import links
from pages.components.state.judgement_store import answered
from pages.components.state.results import cached
from pages.components.state.session import View
from pages.components.table.plain_tables import short_table
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline, one_line

NUMBER = st.column_config.NumberColumn
TEXT = st.column_config.TextColumn
PERCENT = "%.0f %%"
KEY = "compare_disagreement"
ALL_SETS, EVERYBODY = "all sets", "everybody"


def results_view(opened: View, facts: DeltaGenerator, unknown: list[str]) -> None:
    """The figures of all answers that fit the open dataset, or of a set or a person."""
    whole = _results(opened)
    if not whole.counts.answers:
        complaints(unknown)
        st.info(said.NOBODY, icon=":material/block:")
        st.button("Compare", type="primary", on_click=links.go, kwargs={"show": None})
        return
    drawn = _narrowed("set", "Set", ALL_SETS, whole.sets, unknown, facts)
    person = _narrowed("by", "Person", EVERYBODY, whole.people, unknown, facts)
    complaints(unknown)
    found = _results(opened, drawn, person)
    inline(said.counted(found.counts))
    left, right = (column.container(gap="xsmall") for column in st.columns(2, gap="large"))
    with left:
        _agreement(found, opened.scorer)
    with right:
        _calibration(found.calibration)
    with st.container(key="people_apart", gap="xsmall"):
        _disagreements(found, opened.scorer)
    left, right = (column.container(gap="xsmall") for column in st.columns(2, gap="large"))
    with left:
        _between_people(found)
    with right:
        _source_models(found)
    st.caption(said.HOW)


def _results(opened: View, drawn: str = "", person: str = "") -> Results:
    given = answered()

    def worked_out() -> Results:
        if given.answers:
            see_made(opened.dataset, "text_keys", text_keys, RECOGNISING)
        return results(opened.dataset, opened.scorer, given.answers, drawn, person)

    return cached(opened.dataset, "people", opened.scorer, given.revision, drawn, person, compute=worked_out)


def _narrowed(
    name: str, label: str, nothing: str, options: tuple[str, ...], unknown: list[str], place: DeltaGenerator
) -> str:
    """A control for one of these, or all: what the link asks for; ''."""
    asked = links.parameter(name)
    if asked and asked not in options:
        unknown.append(f"There is no {label.lower()} {asked!r} with answers here; {nothing} is shown.")
    chosen = asked if asked in options else ""
    place.selectbox(
        label,
        ["", *options],
        key=links.seeded(f"narrow_{name}", chosen),
        format_func=lambda option: one_line(option) or nothing.capitalize(),
        label_visibility="collapsed",
        width=230,
        on_change=links.on_change,
        args=(f"narrow_{name}", name),
    )
    return chosen


def _agreement(found: Results, scorer: str) -> None:
    st.header("Do people prefer what the scorer prefers?", anchor=False)
    row = next(row for row in records(found.agreement) if row["scorer"] == scorer)
    inline([said.agreed(row)], limit=400)
    inline(said.apart(row), muted=True)
    enough = found.agreement["n"] >= ENOUGH
    if enough.any():
        show_chart(
            partial(charts.agreement, found.agreement[enough]),
            alt=said.agreement_seen(found.agreement[enough]),
        )
        table_download("agreement_of_people", found.agreement)


def _calibration(found: Calibration | None) -> None:
    st.header("As often as its rewards imply?", anchor=False)
    if found is None:
        st.caption(said.NO_LOGIT)
        return
    inline([said.temperature(found)], limit=400)
    if found.n < ENOUGH:
        return
    show_chart(
        partial(charts.calibration, found.bins, found.curve),
        alt=said.calibration_seen(found.bins),
    )
    table_download("calibration", found.bins)
    st.caption(said.OF_CALIBRATION)


def _disagreements(found: Results, scorer: str) -> None:
    st.header("Where do they prefer different texts?", anchor=False)
    table = found.disagreements
    if table.empty:
        st.caption(said.NOWHERE)
        return

    def open_row() -> None:
        """Both in Compare, A the people's."""
        row = table.iloc[st.session_state[KEY].row]
        # With all that this page's address says: Back leads to this page under the parameters that are given here.
        both = links.changed(id=int(row["prompt_id"]), a=row["people"], b=row["scorer"])
        st.switch_page("compare.py", query_params=both)

    implied = ["implied"] if table["implied"].notna().any() else []
    short_table(
        _in_percent(table, "implied").assign(
            compare="compare", **{name: table[name].map(short_label) for name in ("people", "scorer")}
        ),
        alt="Pairs where most people prefer another text than the scorer, the largest difference of rewards first",
        column_order=["compare", "prompt_id", "people", "scorer", "difference", *implied, "said"],
        column_config={
            "compare": st.column_config.ButtonColumn("", key=KEY, width=76, on_click=open_row),
            "prompt_id": NUMBER("prompt", format="%d", width=60),
            "people": TEXT("A: people prefer", width=150),
            "scorer": TEXT("B: the scorer prefers", width=150),
            "difference": NUMBER("B − A", format="%+.2f", width=70, help="Difference of rewards"),
            "implied": NUMBER("σ(B − A)", format=PERCENT, width=80, help="RM-implied preference for B, uncalibrated"),
            "said": TEXT("who said what", width=420),
        },
    )
    table_download("disagreements_with_people", table)


def _between_people(found: Results) -> None:
    st.header("Do people agree with each other?", anchor=False)
    between, position = found.between_people, found.position
    inline(said.alpha(between), limit=300)
    if len(between.couples):
        short_table(
            _in_percent(between.couples, "equal"),
            alt="By two people: pairs that both answered, the share of equal answers, and α",
            column_config={
                "one": TEXT("person"),
                "other": TEXT("and"),
                "n": NUMBER("pairs", format="%d", width=70),
                "equal": NUMBER("same answer", format=PERCENT, width=100),
                "alpha": NUMBER("α", format="%.2f", width=70),
            },
        )
    st.caption(said.OF_ALPHA)
    st.header("Does the side matter?", anchor=False)
    inline([said.left(position)], limit=300)
    short_table(
        _in_percent(found.position_by_person, "share", "low", "high"),
        alt="By person: answers, and how often the left one was preferred",
        column_order=["person", "answers", "both_good", "both_bad", "n", "share", "low", "high"],
        column_config={
            "person": TEXT("person"),
            "answers": NUMBER("answers", format="%d", width=70),
            "both_good": NUMBER("both good", format="%d", width=80),
            "both_bad": NUMBER("both bad", format="%d", width=80),
            "n": NUMBER("prefer one", format="%d", width=85),
            "share": NUMBER("left", format=PERCENT, width=60),
            "low": NUMBER("95 % low", format=PERCENT, width=75),
            "high": NUMBER("high", format=PERCENT, width=60),
        },
    )
    st.caption(said.OF_POSITION)


def _source_models(found: Results) -> None:
    st.header("Whose texts do they prefer?", anchor=False)
    inline(said.of_one_model(*found.same_model), muted=True)
    if found.by_model.empty:
        st.caption(said.NO_TWO_MODELS)
        return
    st.dataframe(
        _in_percent(found.by_model, "share", "low", "high", "scorer_share").assign(
            model=found.by_model["model"].map(one_line)
        ),
        hide_index=True,
        height=min(430, 38 + 35 * len(found.by_model)),
        placeholder="–",
        alt="By source model: pairs with another model's text, how often people prefer it, and how often the scorer does",
        column_order=["model", "n", "share", "low", "high", "scorer_n", "scorer_share"],
        column_config={
            "model": TEXT("source model"),
            "n": NUMBER("pairs", format="%d", width=60),
            "share": NUMBER("people prefer it", format=PERCENT, width=110),
            "low": NUMBER("95 % low", format=PERCENT, width=75),
            "high": NUMBER("high", format=PERCENT, width=60),
            "scorer_n": NUMBER(
                "of them scored", format="%d", width=105, help="Where the scorer prefers one of the two"
            ),
            "scorer_share": NUMBER("scorer prefers it", format=PERCENT, width=115),
        },
    )
    table_download("models_by_people", found.by_model)
    st.caption(said.OF_MODELS)


def _in_percent(table: pd.DataFrame, *shares: str) -> pd.DataFrame:
    return table.assign(**{name: 100 * table[name] for name in shares})
