"""What people's answers tell of the scorers, of each other, and of the source models; each figure with its n and interval."""

import math
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from charts import people as charts
from data_access.derived.text_keys import text_keys
from data_access.frames import records
from data_access.plurals import things, verb
from data_access.questions.people.answered import ENOUGH
from data_access.questions.people.calibration import Calibration
from data_access.questions.people.results import Results, results
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
        st.info("Nobody has answered a pair of this dataset yet.", icon=":material/block:")
        st.button("Compare", type="primary", on_click=links.go, kwargs={"show": None})
        return
    drawn = _narrowed("set", "Set", ALL_SETS, whole.sets, unknown, facts)
    person = _narrowed("by", "Person", EVERYBODY, whole.people, unknown, facts)
    complaints(unknown)
    found = _results(opened, drawn, person)
    counts = found.counts
    inline(
        [
            f"{things(counts.answers, 'answer')} by {things(counts.people, 'person', 'people')}",
            f"{counts.decided:,} prefer one text",
            f"{things(counts.pairs, 'pair')} of {things(counts.prompts, 'prompt')}",
        ]
    )
    left, right = (column.container(gap="xsmall") for column in st.columns(2, gap="large"))
    with left:
        _agreement(found, opened.scorer)
    with right:
        _calibration(found.calibration)
    with st.container(key="disagreements", gap="xsmall"):
        _disagreements(found, opened.scorer)
    left, right = (column.container(gap="xsmall") for column in st.columns(2, gap="large"))
    with left:
        _between_people(found)
    with right:
        _source_models(found)
    st.caption(
        "A pair counts by what most of its people prefer; where as many prefer the other, or find both good or bad, people "
        "tie. Skips count nowhere. Intervals are 95 %: of shares Wilson's, on the effective number of prompts (Kish), as what "
        f"is said of one prompt is alike; of T they resample prompts. Fewer than {ENOUGH} give no figure. People who answered "
        "are no random sample of anybody, and pairs that were not drawn at random say nothing of those that were not drawn."
    )


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
    sentence = _few(row["n"], "pair") or (
        f"In {row['agree']:,} of {things(row['n'], 'pair')} that both decide: {_with_interval(row)}. The longer text: "
        f"{row['length_agree']:,} of {row['length_n']:,}"
        + (f", {_with_interval(row, 'length_')}." if row["length_n"] >= ENOUGH else ".")
    )
    inline([sentence], limit=400)
    inline(
        [
            f"People tie on {things(row['people_tied'], 'pair')}",
            f"only the scorer on {row['scorer_tied']:,}",
            f"not scored {row['not_scored']:,}" if row["not_scored"] else "",
        ],
        muted=True,
    )
    enough = found.agreement["n"] >= ENOUGH
    if enough.any():
        show_chart(
            charts.agreement(found.agreement[enough]),
            alt="How often people prefer what a scorer prefers, and on the same pairs the longer text, with 95 % intervals. "
            + " ".join(
                f"{one_line(one['scorer'])}: {_with_interval(one)}; the longer text {_with_interval(one, 'length_')}."
                for one in records(found.agreement[enough])
            ),
        )
        table_download("agreement_of_people", found.agreement)


def _calibration(found: Calibration | None) -> None:
    st.header("As often as its rewards imply?", anchor=False)
    if found is None:
        st.caption("The values of this scorer are percentiles, no logits: they imply no preference.")
        return
    if few := _few(found.n, "answer"):
        inline([few])
        return
    inline([_temperature(found)], limit=400)
    show_chart(
        charts.calibration(found.bins, found.curve),
        alt="Share of answers that prefer the higher reward, by the RM-implied preference for it. "
        + " ".join(_bin(row) for row in records(found.bins)),
    )
    table_download("calibration", found.bins)
    st.caption(
        "σ(Δ) is implied by the rewards, and uncalibrated. Each answer counts, seen from the text with the higher reward; on "
        f"the dashed line people prefer it as often as implied. A bin of fewer than {ENOUGH} answers has no point."
    )


def _temperature(found: Calibration) -> str:
    of = f"{things(found.n, 'answer')} of {things(found.prompts, 'prompt')}"
    if math.isinf(found.temperature):
        return f"{of}: no temperature fits, as people go against the scorer."
    if found.temperature == 0:
        return f"{of}: all go with the scorer, so the best temperature tends to 0."
    if math.isnan(found.low):
        return f"{of}: σ(Δ / T) fits best with T = {found.temperature:.2f}; no interval of fewer than {ENOUGH} prompts."
    high = "no bound" if math.isinf(found.high) else f"{found.high:.2f}"
    return f"{of}: σ(Δ / T) fits best with T = {found.temperature:.2f} ({found.low:.2f} to {high}; 1 is calibrated)."


def _bin(row: dict[str, Any]) -> str:
    span = f"{row['low']:.0%} to {row['high']:.0%}"
    if math.isnan(row["share"]):
        return f"{span}: {things(row['n'], 'answer')}, too few."
    return f"{span}: {row['share']:.0%} ({row['share_low']:.0%} to {row['share_high']:.0%}) of {row['n']:,}."


def _disagreements(found: Results, scorer: str) -> None:
    st.header("Where do they prefer different texts?", anchor=False)
    table = found.disagreements
    if table.empty:
        st.caption("Nowhere so far.")
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
    if between.pairs < ENOUGH:
        inline([f"{things(between.pairs, 'pair')} that two or more answered so far, figures from ten on"])
    elif math.isnan(between.alpha):
        inline([f"All said the same of all {things(between.pairs, 'pair')}: α is not defined"])
    else:
        inline(
            [
                f"Krippendorff's α {between.alpha:.2f} ({between.low:.2f} to {between.high:.2f})".replace("-", "−"),
                f"{things(between.answers, 'answer')} to {things(between.pairs, 'pair')} that two or more answered",
            ],
            limit=300,
        )
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
    st.caption("Nominal, of the four answers. 1: always the same; 0: no more than by chance. Intervals resample pairs.")
    st.header("Does the side matter?", anchor=False)
    inline(
        [
            _few(position.n, "answer")
            or f"The left one was preferred in {position.left:,} of {things(position.n, 'answer')}: "
            f"{_with_interval(position._asdict())}. Sides are drawn: 50 % is without bias."
        ],
        limit=300,
    )
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
    st.caption("Intervals: Wilson, over answers.")


def _source_models(found: Results) -> None:
    st.header("Whose texts do they prefer?", anchor=False)
    same, unknown = found.same_model
    inline(
        [
            f"{things(same, 'pair')} {verb(same, 'is', 'are')} of one model",
            f"in {unknown:,} a text's model is not known, or is one of several" if unknown else "",
        ],
        muted=True,
    )
    if found.by_model.empty:
        st.caption("No pair of two models is decided yet.")
        return
    st.dataframe(
        _in_percent(found.by_model, "share", "low", "high", "scorer_share").assign(
            model=found.by_model["model"].map(one_line)
        ),
        hide_index=True,
        height=min(430, 38 + 35 * len(found.by_model)),
        placeholder="–",
        alt="By source model: pairs with another model's text, how often people prefer it, and how often the scorer does",
        column_order=["model", "n", "share", "low", "high", "scorer_share"],
        column_config={
            "model": TEXT("source model"),
            "n": NUMBER("pairs", format="%d", width=60),
            "share": NUMBER("people prefer it", format=PERCENT, width=110),
            "low": NUMBER("95 % low", format=PERCENT, width=75),
            "high": NUMBER("high", format=PERCENT, width=60),
            "scorer_share": NUMBER("scorer prefers it", format=PERCENT, width=115),
        },
    )
    table_download("models_by_people", found.by_model)
    st.caption(f"Of pairs with another model's text that people decide. No share of fewer than {ENOUGH} pairs.")


def _few(n: int, what: str) -> str:
    """What is said in place of a figure."""
    return f"{things(n, what)} so far, figures from ten on" if n < ENOUGH else ""


def _with_interval(row: dict[str, Any], name: str = "") -> str:
    """'70 % (48 to 85 %)'."""
    if math.isnan(row[f"{name}share"]):
        return f"too few ({row[f'{name}n']:,})"
    share, low, high = (f"{100 * row[f'{name}{part}']:.0f}" for part in ("share", "low", "high"))
    return f"{share} % ({low} to {high} %)"


def _in_percent(table: pd.DataFrame, *shares: str) -> pd.DataFrame:
    return table.assign(**{name: 100 * table[name] for name in shares})
