"""Small multiples: a card a prompt with the distribution of its rewards; a click opens the prompt."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from data_access.frames import records
from pages.components.text.texts import one_line

_HERE = Path(__file__)
_GRID = st.components.v2.component(
    "prompt_grid",
    html='<div class="grid"></div>',
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


def prompt_grid(rows: pd.DataFrame, open_prompt: Callable[[int], None]) -> None:
    """`rows` as `prompt_rows`; all cards share one scale: reward minus the prompt's mean, which is the middle bar."""
    cards = [
        {"id": row["prompt_id"], "title": f"{row['prompt_id']}  {one_line(row['prompt'], 80)}", **_distribution(row)}
        for row in records(rows)
    ]
    _GRID(key="grid", data={"cards": cards}, on_opened_change=lambda: open_prompt(st.session_state["grid"].opened))


def _distribution(row: dict[str, Any]) -> dict[str, Any]:
    has_rewards = row["rewards"] is not None and not isinstance(row["rewards"], float)
    if not has_rewards:
        return {"bins": [], "facts": "not scored"}
    spread = "" if pd.isna(row["spread"]) else f" · sd {row['spread']:.2f}"
    gap = "" if pd.isna(row["gap"]) else f" · gap {row['gap']:.2f}"
    return {"bins": [int(n) for n in row["rewards"]], "facts": f"best {row['best']:.2f}{spread}{gap}"}
