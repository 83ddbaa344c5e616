"""What goes with the reward: attributes of a text, each alone and together with the others."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from charts import attributes as charts
from charts.signed import PICKED
from data_access.derived.attributes import BY_KEY, CAN_HAVE, attributes
from data_access.frames import records
from data_access.questions.attribute_effects import Effects, by_part, effects
from data_access.questions.said import attributes as said
from pages.components.chart.show_chart import picked, show_chart
from pages.components.feedback.made import MEASURING, see_made
from pages.components.rewards.asked import Asked
from pages.components.state import links
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.results import cached
from pages.components.table.plain_tables import tall_table
from pages.components.table.table_download import table_download
from pages.components.text.texts import inline

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
    within = links.parameter("within") == "models" and by == WHOLE and len(choices.model) > 1
    with st.container(key="fit_tools", horizontal=True, vertical_alignment="center", gap="small"):
        if len(offered) > 1:
            option_control("By", "by", offered, by, BY.__getitem__, hidden=True)
        if by == WHOLE and len(choices.model) > 1:
            st.toggle(
                "Within source models",
                key=links.seeded("within", within),
                on_change=links.on_change,
                args=("within", "within", lambda on: "models" if on else None),
                help="Hold equal which source model wrote a response: what remains is how a model's own responses differ",
            )
        counts = st.container(key="counts")
    see_made(dataset, "attributes", attributes, MEASURING)
    if by != WHOLE:
        return _by_part(asked, by)
    found = asked.some(
        cached(
            dataset,
            "effects",
            scorer,
            asked.scope,
            within,
            compute=partial(effects, dataset, scorer, *asked.scope, within_models=within),
            lasts=True,
        ),
        said.NOTHING,
    )
    table, unit = found.table, asked.unit
    rising = dict(zip(table["attribute"], table["joint"] > 0, strict=True))

    def open_prompts(key: str) -> None:
        """Those whose candidates differ in it; first those where it goes with the reward as it does on the whole."""
        asked.show_prompts(attribute=key, sort="attribute", descending=bool(rising[key]))

    def open_row() -> None:
        open_prompts(table["attribute"][st.session_state[KEY].row])

    def open_mark() -> None:
        if mark := picked("attribute_chart", PICKED):
            open_prompts(mark["attribute"])

    with counts:
        inline(said.counted(found, within))
    with st.container(key="panes", horizontal=True, gap="medium"):
        with st.container(key="view_effects"):
            show_chart(
                partial(charts.effects, table, unit),
                key="attribute_chart",
                on_select=open_mark,
                alt=said.effects_seen(table, unit),
            )
        with st.container(key="view_table"):
            _table(table, unit, open_row)
    return partial(_notes, found, within)


def _by_part(asked: Asked, by: str) -> Callable[[], None]:
    """A cell for each attribute and section or subset; comes back with the notes for below."""
    dataset, scorer = asked.opened.dataset, asked.opened.scorer
    question = partial(by_part, dataset, scorer, by, *asked.scope)
    table = cached(dataset, "by_part", scorer, by, asked.scope, compute=question, lasts=True)
    asked.some(None if table.empty else table, said.nothing_in_parts(by))

    def open_cell() -> None:
        if cell := picked("part_chart", PICKED):
            within: dict[str, Any] = {by: (cell["part"],)}
            same = (table["attribute"] == cell["attribute"]) & (table["part"] == cell["part"])
            rising = bool(table.loc[same, "joint"].iloc[0] > 0)
            asked.show_prompts(attribute=cell["attribute"], sort="attribute", descending=rising, **within)

    with st.container(key="view_parts", height="stretch"):
        show_chart(
            partial(charts.by_part, table, asked.unit),
            key="part_chart",
            on_select=open_cell,
            alt=said.parts_seen(table, by, asked.unit),
        )
    return partial(_part_notes, table, by)


def _part_notes(table: pd.DataFrame, by: str) -> None:
    st.caption(f"{said.parts_note(table, by)} A click on a cell opens its prompts.")
    table_download("attributes_by_part", table)


def _notes(found: Effects, within: bool) -> None:
    """How the figures are made, and what they do not say; and the table as a file."""
    for note in said.notes(found, within):
        st.caption(note)
    table_download("attributes", found.table)


def _step(row: dict[str, Any]) -> str | None:
    """What having it is worth, where it is had or not and the interval is known."""
    if math.isnan(row["step_low"]):
        return None
    return f"{row['step']:+.2f} ({row['step_low']:+.2f} to {row['step_high']:+.2f})"


def _table(table: pd.DataFrame, unit: str, open_row: Callable[[], None]) -> None:
    shown = table.assign(
        prompts="prompts",
        tells=[BY_KEY[key].tells for key in table["attribute"]],
        step=pd.Series([_step(row) for row in records(table)], table.index, dtype=object),
        sign=table["turns"].map({True: "sign changes", False: ""}),
        has=(table["has"] * 100).where(table["attribute"].isin(HAVE)),
    )
    tall_table(
        shown,
        alt="Attributes with their association with the reward, together with the others and alone",
        column_order=[
            "label",
            "prompts",
            "joint",
            "alone",
            "varies",
            "sign",
            "step",
            "has",
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
                "all together",
                format="%+.2f",
                width=88,
                help=f"{unit.capitalize()} for a standard deviation of the attribute, the others held equal",
            ),
            "alone": NUMBER("one at a time", format="%+.2f", width=98, help="The same without regard to the others"),
            "sign": st.column_config.TextColumn(
                "", width=92, help="It has the other sign once the others are held equal"
            ),
            "step": st.column_config.TextColumn(
                "having it",
                width=140,
                help=f"{unit.capitalize()} for having it, the others held equal, with its interval",
            ),
            "has": NUMBER("have it", format="%.1f %%", width=70, help="Share of the candidates with more than none"),
            "varies": NUMBER("in prompts", format="localized", width=78, help="Prompts whose candidates differ in it"),
            "joint_low": NUMBER("95 % low", format="%+.2f", width=72, help="95 % interval, all together"),
            "joint_high": NUMBER("95 % high", format="%+.2f", width=72, help="95 % interval, all together"),
            "alone_low": NUMBER("one, low", format="%+.2f", width=78, help="95 % interval, one at a time"),
            "alone_high": NUMBER("one, high", format="%+.2f", width=78, help="95 % interval, one at a time"),
            "tells": st.column_config.TextColumn("what is counted", width=260),
        },
    )
