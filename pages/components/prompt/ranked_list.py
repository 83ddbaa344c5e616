"""The ranked list of a prompt's candidates; selecting a row selects the candidate.

Our own table, since Streamlit's does not bring the selected row into view.
"""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from data_access.frames import records
from data_access.questions.judged import Judged, short
from data_access.questions.prompt import rank_label
from data_access.questions.said.prompt import flags, reward_range
from pages.components.state import links
from pages.components.text.texts import one_line

MOST = 1000  # rows: more take a browser long to lay out
_HERE = Path(__file__)
_LIST = st.components.v2.component(
    "ranked_list",
    html='<div class="scroller"><table role="grid"><thead></thead><tbody></tbody></table></div>',
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


def ranked_list(
    prompt_id: int, candidates: pd.DataFrame, selected: int | None, ranks: pd.DataFrame, judged: Judged
) -> None:
    """One row a candidate, or the first of a text, in the frame's order; writes `candidate` to the URL.

    `ranks`: by other scorers, as `data_access.questions.prompt.other_ranks`; `judged`: what people say of the candidates.
    """
    listed = candidates[:MOST]
    by_others = ranks.reindex(listed["candidate"]).fillna("–").to_numpy().tolist()
    columns = [
        _column("rank", "place", "1 is best; = marks a tie"),
        _column("reward", "number"),
        _column("gap", "number", "The prompt's best reward minus this one"),
        *(_column(one_line(name, 12), "number", f"Rank by {one_line(name, 60)}") for name in ranks),
        _column("source model", "text"),
        _column("chars", "number", "Length in characters"),
        _column(
            "flags",
            "note",
            "What people say of the text, ★ stars and ✎ notes, and what may be wrong with it; ×3: three candidates have it, "
            "point at it for their rewards",
        ),
    ]
    _LIST(
        key="ranked",
        data={
            "prompt": prompt_id,
            "label": "Candidates of this prompt, best reward first",
            "columns": columns,
            "rows": [
                {
                    "number": row["candidate"],
                    "cells": _cells(row, others, one_line(short(judged.of(prompt_id, f"{row['candidate']}")))),
                    "hint": reward_range(row),
                }
                for row, others in zip(records(listed), by_others, strict=True)
            ],
            "selected": selected,
        },
        on_picked_change=_select,
        height="stretch",
    )
    if len(candidates) > MOST:
        st.caption(f"The first {MOST:,} of {len(candidates):,}. Brush a range of rewards to see others.")


def _column(label: str, kind: str, help: str = "") -> dict[str, str]:
    return {"label": label, "kind": kind, "help": help}


def _cells(row: dict[str, Any], ranks: list[str], said: str) -> list[str]:
    """`ranks`: by other scorers; `said`: by people."""
    copies = [f"×{row['same_text']}"] if row["same_text"] > 1 else []
    return [
        rank_label(row["place"], row["tied"]),
        _number(row["reward"], ".2f"),
        _number(row["gap"], ".2f"),
        *ranks,
        one_line(row["model"]) or "–",
        _number(row["chars"], ",.0f"),
        ", ".join([*([said] if said else []), *copies, *flags(row)]),
    ]


def _number(value: Any, form: str) -> str:
    return "–" if pd.isna(value) else format(value, form)


def _select() -> None:
    """Callback: the picked row's candidate."""
    links.go(candidate=st.session_state["ranked"].picked)
