"""Compare: why this response over that one?"""

from itertools import combinations

import streamlit as st

from data_access import compare
from data_access import prompt as prompts
from data_access.differences import differences
from pages.components import links
from pages.components.copy_text import copy_text
from pages.components.notices import complaints
from pages.components.opened import opened
from pages.components.texts import VIEWS, inline, one_line, show_pieces, show_text

PANES = ("a", "b", "c")
DEFAULTS = {"a": ("best",), "b": ("chosen", "worst", "best"), "c": ()}

open_now = opened()
unknown: list[str] = []
asked = links.parameter("id")
prompt_id = int(asked) if asked.isdecimal() and len(asked) < 10 else 1
found = prompts.prompt(open_now.dataset, open_now.scorer, prompt_id)
if found is None or (asked and not asked.isdecimal()):
    unknown.append(
        f"There is no prompt {asked!r} here (1 to {open_now.dataset.contents.prompts:,}); prompt 1 is shown."
    )
    prompt_id, found = 1, prompts.prompt(open_now.dataset, open_now.scorer, 1)
assert found is not None

options = compare.choices(found)
panes: dict[str, compare.Pane] = {}
for name in PANES:
    wanted = links.parameter(name)
    fallback = next(
        (choice for choice in DEFAULTS[name] if choice in options), options[0] if options and name == "a" else ""
    )
    if wanted in ("", "none"):
        wanted = fallback if not wanted else ""
    if wanted:
        try:
            panes[name] = compare.pane(found, wanted)
        except KeyError:
            unknown.append(
                f"Pane {name.upper()}: there is no {wanted!r} for this prompt; {fallback or 'nothing'} is shown."
            )
            if fallback:
                panes[name] = compare.pane(found, fallback)

heading, buttons = st.columns([3, 2], vertical_alignment="bottom")
with heading:
    st.title(f"Compare: prompt {prompt_id}", anchor=False)
    inline([one_line(found.row["prompt"], 160)], muted=True)
with buttons, st.container(horizontal=True, horizontal_alignment="right"):
    st.page_link(
        "prompt.py", label="All candidates", icon=":material/leaderboard:", query_params=links.carried(id=prompt_id)
    )
complaints(unknown)
if not panes:
    st.info("This prompt has no candidates and no pair, so there is nothing to compare.")
    st.stop()

pairs = [f"{x}-{y}" for x, y in combinations(panes, 2)]
difference = links.parameter("diff") if links.parameter("diff") in pairs else "off"
view = links.parameter("view") if links.parameter("view") in VIEWS else VIEWS[0]
with st.container(horizontal=True, vertical_alignment="bottom"):
    for name in PANES:
        with st.container(width=280):
            choices = options if name in panes and name != "c" else ["", *options]
            st.selectbox(
                f"Pane {name.upper()}",
                choices,
                key=links.seeded(f"pane_{name}", panes[name].choice if name in panes else ""),
                format_func=lambda choice: compare.choice_label(found, choice),
                on_change=links.on_change,
                args=(f"pane_{name}", name, lambda value: value or "none"),
            )
    swapped = {"a": panes["b"].choice, "b": panes["a"].choice} if {"a", "b"} <= panes.keys() else {}
    st.button(
        "Swap A and B",
        icon=":material/swap_horiz:",
        key="swap",
        disabled=not swapped,
        on_click=links.go,
        kwargs=swapped,
    )
    st.segmented_control(
        "Difference",
        ["off", *pairs],
        key=links.seeded("diff", difference),
        required=True,
        format_func=lambda value: value.replace("-", " – ").upper() if value != "off" else "Off",
        on_change=links.on_change,
        args=("diff", "diff", lambda value: None if value == "off" else value),
    )
    st.segmented_control(
        "View",
        VIEWS,
        key=links.seeded("view", view),
        format_func=str.capitalize,
        required=True,
        disabled=difference != "off",
        on_change=links.on_change,
        args=("view", "view", lambda value: None if value == VIEWS[0] else value),
    )

for one, other in combinations(panes, 2):
    inline([compare.preference(one.upper(), panes[one], other.upper(), panes[other])])
if any(pane.reward is not None for pane in panes.values()) and len(panes) > 1:
    st.caption(
        "RM-implied preference is σ(reward difference), what a Bradley-Terry reward model with these logits implies; it is "
        "not calibrated, and a high reward is not proof of quality."
    )

pieces = {}
if difference != "off":
    first, second = difference.split("-")
    pieces = dict(zip((first, second), differences(panes[first].text, panes[second].text), strict=True))
    st.caption(
        "Underlined: words that only this text has. Stretches that both have are folded: open them with a click."
    )

counted = compare.text_facts(open_now.dataset, list(panes.values())).to_dict("records")
for column, (name, pane), count in zip(st.columns(len(panes), gap="medium"), panes.items(), counted, strict=True):
    with column:
        st.subheader(f"{name.upper()}: {compare.short_label(pane.choice)}", anchor=False)
        inline(compare.standing(pane))
        inline([pane.note], muted=True)
        inline(compare.counted(count), muted=True)
        copy_text(pane.text, key=f"copy_{name}")
        with st.container(border=True, key=f"text_{name}"):
            if name in pieces:
                show_pieces(pieces[name])
            else:
                show_text(pane.text, view)
