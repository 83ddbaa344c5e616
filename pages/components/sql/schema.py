"""The relations beside the console's editor: every column with its type, and a line on what it holds."""

from collections.abc import Mapping, Sequence

import streamlit as st

from data_access.console.relations import GRAINS, Column
from pages.components.text.texts import escaped, one_line

CODE = "font-family:var(--font-mono,monospace);overflow-wrap:anywhere;unicode-bidi:isolate"


def schema(relations: Mapping[str, Sequence[Column]]) -> None:
    """One part to unfold for each relation."""
    for relation, columns in relations.items():
        with st.expander(f"**{relation}**: {GRAINS[relation]}"), st.container(height=260, border=False):
            st.html("".join(map(_line, columns)))


def _line(column: Column) -> str:
    kind = column.type if len(column.type) <= 30 else column.type.partition("(")[0]
    return (
        f'<div style="margin-bottom:.4rem;font-size:.875rem"><span style="{CODE}"><b>{escaped(one_line(column.name))}</b> '
        f'<span style="opacity:.7">{escaped(one_line(kind))}</span></span>'
        f"{'<br>' if column.meaning else ''}{escaped(column.meaning)}</div>"
    )
