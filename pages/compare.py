"""Compare: why this response over that one?"""

from itertools import combinations

import streamlit as st

from data_access.frames import records
from data_access.preparing.joining import ENSEMBLE
from data_access.questions import compare
from data_access.questions.differences import differences
from pages.components.feedback.notices import complaints
from pages.components.filter.steps import prompt_steps
from pages.components.filter.widgets import passing_prompts
from pages.components.prompt.published_scores import calibration, published_score, published_scores
from pages.components.state import links
from pages.components.state.link_values import option_asked_for, option_control, prompt_asked_for
from pages.components.state.session import current
from pages.components.text import phrases
from pages.components.text.copy_text import copy_text
from pages.components.text.texts import RAW_LIMIT, VIEWS, inline, one_line, show_pieces, show_text

PANES = ("a", "b", "c")
NONE = "none"
# What a pane shows where the link does not say: the first of these whose text is in no pane yet.
DEFAULTS: dict[str, tuple[str, ...]] = {"a": ("best", "chosen"), "b": ("chosen", "worst", "rejected"), "c": ()}


def _choose(name: str) -> None:
    """Callback: another text in a pane; without one there is no difference to it."""
    value = st.session_state[f"pane_{name}"]
    stale = value == NONE and name in links.parameter("diff")
    links.go(**{name: value}, **({"diff": None} if stale else {}))


open_now = current()
unknown: list[str] = []
found = prompt_asked_for(open_now, 1, unknown)
prompt_id = int(found.row["prompt_id"])

labels = phrases.choice_labels(found)
options = list(labels)
panes: dict[str, compare.Pane] = {}
for name in PANES:
    asked = links.parameter(name)
    fallback = compare.first_other(found, DEFAULTS[name], list(panes.values()))
    if asked and asked != NONE and asked not in options:
        unknown.append(f"Pane {name.upper()}: there is no {asked!r} for this prompt; {fallback or NONE} is shown.")
    wanted = asked if asked in (*options, NONE) else fallback or NONE
    if wanted != NONE:
        panes[name] = compare.pane(found, wanted)
pairs = [f"{x}-{y}" for x, y in combinations(panes, 2)]
difference = option_asked_for("diff", ["off", *pairs], unknown)
view = option_asked_for("view", VIEWS, unknown)

heading, buttons = st.columns([3, 2], vertical_alignment="bottom")
with heading:
    st.title(f"Compare: prompt {prompt_id}", anchor=False)
    inline([one_line(found.row["prompt"], 160)], muted=True)
with buttons, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
    all_candidates = links.carried(id=prompt_id)
    prompt_steps(passing_prompts(open_now), prompt_id)
    st.page_link("prompt.py", label="All candidates", icon=":material/leaderboard:", query_params=all_candidates)
complaints(unknown)
if not panes:
    st.info("This prompt has no candidates and no pair, so there is nothing to compare.")
    st.stop()

with st.container(horizontal=True, vertical_alignment="bottom"):
    for name in PANES:
        with st.container(width=280):
            st.selectbox(
                f"Pane {name.upper()}",
                [*([] if name == "a" else [NONE]), *options],
                key=links.seeded(f"pane_{name}", panes[name].choice if name in panes else NONE),
                format_func=lambda choice: labels.get(choice, phrases.short_label(choice)),
                on_change=_choose,
                args=(name,),
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
    option_control(
        "Difference",
        "diff",
        ["off", *pairs],
        difference,
        lambda value: value.replace("-", " – ").upper() if value != "off" else "Off",
    )
    option_control("View", "view", VIEWS, view, disabled=difference != "off")

is_logit = open_now.scorer != ENSEMBLE
for one, other in combinations(panes, 2):
    inline([phrases.preference(one.upper(), panes[one], other.upper(), panes[other], is_logit)])
if is_logit and any(pane.reward is not None for pane in panes.values()) and len(panes) > 1:
    st.caption(
        "RM-implied preference is σ(reward difference), what a Bradley-Terry reward model with these logits implies; it is "
        "not calibrated, and a high reward is not proof of quality."
    )

pieces = {}
if difference != "off":
    first, second = difference.split("-")
    texts = panes[first].text[:RAW_LIMIT], panes[second].text[:RAW_LIMIT]
    pieces = dict(zip((first, second), differences(*texts), strict=True))
    st.caption(
        "Underlined: words that only this text has. Stretches that both have are folded: open them with a click."
    )

scores = published_scores(open_now) if found.pair else None
calibration(open_now, scores)
counted = records(compare.text_facts(open_now.dataset, list(panes.values())))
for column, (name, pane), count in zip(st.columns(len(panes), gap="medium"), panes.items(), counted, strict=True):
    with column:
        st.subheader(f"{name.upper()}: {phrases.short_label(pane.choice)}", anchor=False)
        inline(phrases.standing(pane))
        inline([pane.note, published_score(scores, found, pane.choice, pane.candidate)], muted=True)
        inline(phrases.counted(count), muted=True)
        copy_text(pane.text, key=f"copy_{name}")
        with st.container(border=True, key=f"text_{name}"):
            if name in pieces:
                show_pieces(pieces[name])
            else:
                show_text(pane.text, view)
