"""Previous and next prompt within the filter, by button and by key."""

from collections.abc import Sequence

import streamlit as st

from pages.components.state import links


def prompt_steps(ids: Sequence[int] | None, prompt_id: int, **also: links.Value) -> None:
    """Buttons that put the neighbour's `id` into the URL, and `also`; `ids` are the prompts that pass, in their order, or
    None where that is not known."""
    said = "outside the filter" if ids is not None else ""
    ids = ids or []
    place = ids.index(prompt_id) if prompt_id in ids else -1
    before = ids[place - 1] if place > 0 else None
    after = ids[place + 1] if 0 <= place < len(ids) - 1 else ids[0] if place < 0 and ids else None
    with st.container(key="steps", horizontal=True, vertical_alignment="center", gap="small", width="content"):
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            type="tertiary",
            shortcut="P",
            key="previous_prompt",
            help="Previous prompt in the list",
            disabled=before is None,
            on_click=links.go,
            kwargs={"id": before, **also},
        )
        st.markdown(f"{place + 1:,} of {len(ids):,}" if place >= 0 else said, width="content")
        st.button(
            "Next",
            icon=":material/chevron_right:",
            type="tertiary",
            icon_position="right",
            shortcut="N",
            key="next_prompt",
            help="Next prompt in the list",
            disabled=after is None,
            on_click=links.go,
            kwargs={"id": after, **also},
        )
