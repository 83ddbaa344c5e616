"""The relations beside the console's editor: every column with its type, and a line on what it holds."""

from collections.abc import Mapping, Sequence

import streamlit as st

from data_access.console.relations import GRAINS, Column
from pages.components.text.texts import escaped, one_line

CODE = "font-family:var(--font-mono,monospace);overflow-wrap:anywhere;unicode-bidi:isolate"


def schema(relations: Mapping[str, Sequence[Column]], height: int) -> None:
    """A tab for each relation, of this height in pixels."""
    for name, tab in zip(relations, st.tabs([*relations], height=height, key="schema", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                st.html(f'<div class="rs-muted">{GRAINS[name]}</div>' + "".join(map(_line, relations[name])))


def _line(column: Column) -> str:
    kind = column.type if len(column.type) <= 30 else column.type.partition("(")[0]
    return (
        f'<div style="font-size:.875rem;line-height:1.55"><span style="{CODE}"><b>{escaped(one_line(column.name))}</b> '
        f'<span style="opacity:.7">{escaped(one_line(kind))}</span></span> {escaped(column.meaning)}</div>'
    )
