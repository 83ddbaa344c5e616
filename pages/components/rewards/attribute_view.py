"""What goes with the reward: attributes of a text, each alone and together with the others."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from charts import attributes as charts
from data_access.derived.attributes import BY_KEY, CAN_HAVE, attributes
from data_access.frames import records
from data_access.plurals import things
from data_access.questions.attribute_effects import ROUNDS, Effects, by_part, differing, effects
from data_access.questions.filters import PromptFilter
from pages.components.chart.show_chart import show_chart
from pages.components.feedback.made import MEASURING, see_made
from pages.components.rewards.asked import Asked
from pages.components.state import links
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.results import cached
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline, one_line

NUMBER = st.column_config.NumberColumn
KEY = "attribute_prompts"
WHOLE = "all"
BY = {WHOLE: "All together", "section": "By section", "subset": "By subset"}
HAVE = [attribute.key for attribute in CAN_HAVE]


def attribute_view(asked: Asked) -> Callable[[], None]:
    """A sentence on the whole, a chart, and beside it its table; or, by section or subset, a cell for each. Comes back with the
    notes for below."""
    dataset, scorer = asked.opened.dataset, asked.opened.scorer
    choices = asked.opened.choices
    offered = [WHOLE, *(by for by in ("section", "subset") if len(getattr(choices, by)) > 1)]
    by = option_asked_for("by", offered, asked.unknown)
    if len(offered) > 1:
        option_control("By", "by", offered, by, BY.__getitem__, hidden=True)
    see_made(dataset, "attributes", attributes, MEASURING)
    if by != WHOLE:
        return _by_part(asked, by)
    found = asked.some(
        cached(dataset, "effects", scorer, asked.scope, compute=partial(effects, dataset, scorer, *asked.scope)),
        "No two scored candidates of a prompt differ in reward and in an attribute. Choose another subset.",
    )
    table, unit = found.table, asked.unit
    rising = dict(zip(table["attribute"], table["joint"] > 0, strict=True))

    def open_prompts(key: str) -> None:
        """Those whose candidates differ in it; first those where it goes with the reward as it does on the whole."""
        asked.show_prompts(attribute=key, sort="attribute", descending=bool(rising[key]))

    def open_row() -> None:
        open_prompts(table["attribute"][st.session_state[KEY].row])

    def open_mark() -> None:
        if marks := st.session_state["attribute_chart"].selection.get(charts.PICKED, []):
            open_prompts(marks[0]["attribute"])

    inline(_sentences(found))
    with st.container(key="panes", horizontal=True, gap="medium"):
        with st.container(key="view_effects"):
            show_chart(
                charts.effects(table, unit),
                key="attribute_chart",
                on_select=open_mark,
                alt="Association of attributes with the reward, with 95 % intervals, the strongest first. "
                + _reading(table, unit),
            )
        with st.container(key="view_table"):
            _table(table, unit, open_row)
    return partial(_notes, found)


def _by_part(asked: Asked, by: str) -> Callable[[], None]:
    """A cell for each attribute and section or subset; comes back with the notes for below."""
    dataset, scorer = asked.opened.dataset, asked.opened.scorer
    question = partial(by_part, dataset, scorer, by, *asked.scope)
    table = cached(dataset, "by_part", scorer, by, asked.scope, compute=question)
    asked.some(None if table.empty else table, f"No {by} has ten prompts whose candidates differ. Choose more prompts.")
    strongest = max(records(table), key=lambda row: abs(row["joint"]))

    def open_cell() -> None:
        if cells := st.session_state["part_chart"].selection.get(charts.PICKED, []):
            (cell,) = cells
            within: dict[str, Any] = {by: (cell["part"],)}
            chosen = PromptFilter(attribute=cell["attribute"], sort="attribute", descending=True, **within)
            st.switch_page("prompts.py", query_params=links.to_prompts(chosen))

    with st.container(key="view_parts", height="stretch"):
        show_chart(
            charts.by_part(table, asked.unit),
            key="part_chart",
            on_select=open_cell,
            alt=f"Association of attributes with the reward by {by}, together with the others. The strongest is "
            f"{strongest['label']} in {one_line(strongest['part'])} ({strongest['joint']:+.2f} {asked.unit})",
        )
    return partial(_part_notes, table, by)


def _part_notes(table: pd.DataFrame, by: str) -> None:
    n = len(table)
    st.caption(
        f"Observational. Together with the other attributes, each {by} fitted by itself, in one unit: a standard deviation "
        f"within all prompts. Faint: no interval, or one with 0 in it. Of {n:,} cells about {n * 0.05:.0f} would not have 0 "
        "in it by chance. A click on a cell opens its prompts."
    )
    table_download("attributes_by_part", table)


def _notes(found: Effects) -> None:
    """How the figures are made, and what they do not say; and the table as a file."""
    st.caption(
        "Observational: candidates that differ in one attribute differ in others too, also in what nobody counted, as being "
        "right. An attribute *goes with* more reward here; that it earns it is not shown. Attributes look for plain marks in a "
        "text, not for its meaning."
    )
    st.caption(
        f"{things(found.candidates, 'scored candidate')} with a text, of {things(found.prompts, 'prompt')} with two or more, "
        "each minus its prompt's mean. Counts enter as ln(1 + count); the unit is one standard deviation within prompts. "
        f"Together: least squares on all attributes at once. Intervals: 95 %, {ROUNDS:,} resamples of the prompts; none where "
        "an attribute differs in fewer than ten prompts. Explained: of prompts that the fit has not seen, in five folds."
    )
    table_download("attributes", found.table)


def _sentences(found: Effects) -> list[str]:
    said = [f"{things(found.prompts, 'prompt')}, {things(found.candidates, 'scored candidate')}"]
    if found.explained == found.explained:  # not NaN
        said.append(
            f"All attributes together explain {found.explained * 100:.0f} % of how rewards differ within prompts, length alone "
            f"{found.by_length * 100:.0f} %"
        )
    n = len(found.table)
    by_chance = f"about {n * 0.05:.0f} would by chance" if n >= 10 else "some may by chance"
    said.append(f"{differing(found.table)} of {n} attributes go with the reward ({by_chance})")
    return said


def _reading(table: pd.DataFrame, unit: str) -> str:
    first = table.iloc[0]
    turning = table.loc[table["turns"], "label"].tolist()
    said = f"Together with the others {first['label']} goes with the reward most ({first['joint']:+.2f} {unit})."
    return said + (f" Alone these have the other sign: {', '.join(turning)}." if turning else "")


def _table(table: pd.DataFrame, unit: str, open_row: Callable[[], None]) -> None:
    shown = table.assign(
        prompts="prompts",
        tells=[BY_KEY[key].tells for key in table["attribute"]],
        sign=table["turns"].map({True: "sign turns", False: ""}),
        has=(table["has"] * 100).where(table["attribute"].isin(HAVE)),
    )
    st.dataframe(
        shown,
        hide_index=True,
        height="stretch",
        row_height=30,
        placeholder="–",
        alt="Attributes with their association with the reward, together with the others and alone",
        column_order=[
            "label",
            "prompts",
            "joint",
            "alone",
            "sign",
            "step",
            "has",
            "varies",
            "joint_low",
            "joint_high",
            "alone_low",
            "alone_high",
            "tells",
        ],
        column_config={
            "label": st.column_config.TextColumn("attribute", pinned=True, width=125),
            "prompts": st.column_config.ButtonColumn("", key=KEY, width=70, on_click=open_row),
            "joint": NUMBER(
                "together",
                format="%+.2f",
                width=75,
                help=f"{unit.capitalize()} for a standard deviation of the attribute, the others held equal",
            ),
            "alone": NUMBER("alone", format="%+.2f", width=62, help="The same without regard to the others"),
            "sign": st.column_config.TextColumn(
                "", width=78, help="Alone and together have different signs: the others explain it"
            ),
            "step": NUMBER(
                "with it", format="%+.2f", width=62, help=f"{unit.capitalize()} for having it, the others held equal"
            ),
            "has": NUMBER("have it", format="%.1f %%", width=70, help="Share of the candidates with more than none"),
            "varies": NUMBER("in prompts", format="localized", width=78, help="Prompts whose candidates differ in it"),
            "joint_low": NUMBER("95 % low", format="%+.2f", width=72, help="Of together"),
            "joint_high": NUMBER("95 % high", format="%+.2f", width=72, help="Of together"),
            "alone_low": NUMBER("alone, low", format="%+.2f", width=78, help="95 % interval of alone"),
            "alone_high": NUMBER("alone, high", format="%+.2f", width=78, help="95 % interval of alone"),
            "tells": st.column_config.TextColumn("what is counted", width=260),
        },
    )
