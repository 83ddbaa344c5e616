"""What the panes of Compare do together: scrolling, and stepping through their differences."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

_READER = st.components.v2.component(
    "compare_reader",
    html="""
<div hidden>
  <button type="button" aria-label="Previous difference" title="Previous difference: Shift D">↑</button>
  <output></output>
  <button type="button" aria-label="Next difference" title="Next difference: D">↓</button>
</div>
""",
    css="""
div:not([hidden]) { display: flex; align-items: center; gap: .4rem; font-size: .875rem; white-space: nowrap; }
output { color: var(--st-text-color); }
button { font: inherit; color: var(--st-text-color); background: transparent; cursor: pointer; padding: .15rem .5rem;
         border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
button:hover:enabled, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
""",
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def reader(panes: Sequence[str], *, differs: bool, together: bool, on_asked: Callable[[], None]) -> None:
    """For the texts in the containers text_<pane>: `differs`, whether differences are marked; `together`, whether they
    scroll together. `on_asked` is called where the key for differences is pressed while none are marked."""
    _READER(data={"panes": [*panes], "differs": differs, "together": together}, key="reader", on_asked_change=on_asked)
