"""Compare: why this response over that one?"""

from functools import partial
from itertools import combinations
from time import monotonic

import streamlit as st

from data_access.plurals import things
from data_access.preparing.joining import ENSEMBLE
from data_access.questions import compare
from data_access.questions.compare import NONE, PANES
from data_access.questions.differences import are_near, differences
from data_access.questions.said import prompt as phrases
from pages.components.compare.figures import figures
from pages.components.compare.presented import presented_distribution
from pages.components.compare.reader import reader
from pages.components.feedback.notices import complaints
from pages.components.filter.steps import prompt_steps
from pages.components.filter.widgets import passing_prompts
from pages.components.judgements.judge import judge, judgement_line
from pages.components.prompt.published_scores import published_score, published_scores
from pages.components.report.add import add_to_report
from pages.components.state import links
from pages.components.state.judgement_store import judged_here
from pages.components.state.link_values import option_asked_for, option_control, prompt_asked_for
from pages.components.state.session import current
from pages.components.text.copy_text import copy_text
from pages.components.text.texts import RAW_LIMIT, VIEWS, inline, one_line, show_pieces, show_text, text_of

FAST_S = 1.0  # between two presses of a key, at most, of which the second may come before the first has its effect


def _choose(name: str) -> None:
    """Callback: another text in a pane; without one there is no difference to it."""
    value = st.session_state[f"pane_{name}"]
    stale = value == NONE and name in links.parameter("diff")
    links.go(**{name: value}, **({"diff": None} if stale else {}))


def _label(name: str, choice: str) -> str:
    return f"{name.upper()}: {labels.get(choice, phrases.short_label(choice))}"


def _step(which: int) -> None:
    """Callback: A goes up (0) or down (1) in the ranking.

    Where a key is pressed fast, the browser still sends the link of a step or more before: the step is from the last one.
    """
    asked = links.parameter("a")
    asked = asked if asked in options else panes["a"].choice
    walked, since = st.session_state.get("walked", ([], 0.0))
    if (prompt_id, asked) not in walked or monotonic() - since > FAST_S:
        walked = [(prompt_id, asked)]
    if to := compare.neighbours(found, compare.pane(found, walked[-1][1]))[which]:
        st.session_state["walked"] = ([*walked, (prompt_id, to)], monotonic())
        links.go(a=to)


def _walk(pane: compare.Pane) -> None:
    """Buttons that take A up and down the ranking, while the others stay."""
    for which, (label, key, to) in enumerate(zip(("Up", "Down"), "KJ", compare.neighbours(found, pane), strict=True)):
        st.button(
            label,
            shortcut=key,
            key=f"walk_{label.lower()}",
            type="tertiary",
            disabled=to is None,
            help=f"A: the candidate {'above' if label == 'Up' else 'below'} in the ranking",
            on_click=_step,
            args=(which,),
        )


open_now = current()
unknown: list[str] = []
found = prompt_asked_for(open_now, 1, unknown)
prompt_id = int(found.row["prompt_id"])

labels = phrases.choice_labels(found)
options = list(labels)
panes = compare.panes_asked_for(found, {name: links.parameter(name) for name in PANES}, unknown)
pairs = [f"{x}-{y}" for x, y in combinations(panes, 2)]
# Where two texts are near each other, their differences are what one came to see.
near = next((pair for pair in pairs if are_near(panes[pair[0]].text, panes[pair[2]].text)), "off")
difference = option_asked_for("diff", [near, *({"off", *pairs} - {near})], unknown)
view = option_asked_for("view", VIEWS, unknown)
together = links.parameter("apart") != "1"
is_presenting = links.parameter("present") == "1"

ids = passing_prompts(open_now, so_far=True)
judged = judged_here(open_now)
desk = st.container(key="desk")
with desk:
    with st.container(key="title", horizontal=True, vertical_alignment="center", gap="small"):
        st.title(f"Compare: prompt {prompt_id}", anchor=False, width="content")
        inline([one_line(found.row["prompt"], 300)], muted=True, is_line=True)
        prompt_steps(ids, prompt_id)
        st.page_link(
            "prompt.py",
            label="All candidates",
            icon=":material/leaderboard:",
            query_params=links.carried(id=prompt_id),
        )
        add_to_report(
            open_now,
            "compare",
            found.row["prompt"],
            id=prompt_id,
            **{name: pane.choice for name, pane in panes.items()},
        )
        st.button(
            "Exit" if is_presenting else "Present",
            shortcut="V",
            key="present",
            type="tertiary",
            help="Larger type, and nothing but the distribution and the texts",
            on_click=links.go,
            kwargs={"present": None if is_presenting else 1},
        )
    complaints(unknown)
    if not panes:
        st.info("This prompt has no candidates and no pair, so there is nothing to compare.")
        st.stop()
    if is_presenting:
        presented_distribution(open_now, found, panes)
    with st.container(key="compare_tools", horizontal=True, vertical_alignment="center", gap="xsmall"):
        for name in PANES:
            if name == "b":
                swapped = {"a": panes["b"].choice, "b": panes["a"].choice} if {"a", "b"} <= panes.keys() else {}
                st.button(
                    "Swap",
                    icon=":material/swap_horiz:",
                    shortcut="S",
                    key="swap",
                    type="tertiary",
                    help="Swap A and B",
                    disabled=not swapped,
                    on_click=links.go,
                    kwargs=swapped,
                )
            st.selectbox(
                f"Pane {name.upper()}",
                [*([] if name == "a" else [NONE]), *options],
                key=links.seeded(f"pane_{name}", panes[name].choice if name in panes else NONE),
                format_func=partial(_label, name),
                label_visibility="collapsed",
                width=250 if name != "c" else 150,
                on_change=_choose,
                args=(name,),
            )
        st.space("stretch")
        reader(
            list(panes),
            differs=difference != "off",
            together=together,
            on_asked=lambda: links.go(diff=pairs[0] if pairs else None),
        )
        st.toggle(
            "Scroll together",
            key=links.seeded("together", together),
            on_change=links.on_change,
            args=("together", "apart", lambda on: None if on else "1"),
        )
        option_control(
            "Differences",
            "diff",
            [near, *(each for each in ("off", *pairs) if each != near)],
            difference,
            lambda value: value.replace("-", "–").upper() if value != "off" else "No diff",
            hidden=True,
        )
        if difference == "off":  # differences are those of the texts as they are
            option_control("View", "view", VIEWS, view, hidden=True)

    is_logit = open_now.scorer != ENSEMBLE
    with st.container(key="preference", horizontal=True, vertical_alignment="center", gap="xsmall"):
        named = {name.upper(): pane for name, pane in panes.items()}
        said = phrases.preferences(named, is_logit)
        inline(said, muted=True, is_line=True, limit=300)

    pieces = {}
    if difference != "off":
        first, second = difference.split("-")
        texts = panes[first].text[:RAW_LIMIT], panes[second].text[:RAW_LIMIT]
        pieces = dict(zip((first, second), differences(*texts), strict=True))

    scores = published_scores(open_now) if found.pair else None
    with st.container(key="texts", horizontal=True, gap="small", height="stretch"):
        columns = [st.container(key=f"pane_of_{name}", height="stretch", gap="xsmall") for name in panes]
    for column, (name, pane) in zip(columns, panes.items(), strict=True):
        with column:
            with st.container(
                key=f"header_{name}", horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False
            ):
                st.header(f"{name.upper()}: {phrases.short_label(pane.choice)}", anchor=False, width="content")
                published = published_score(scores, found, pane.choice, pane.candidate)
                told = [*phrases.standing(pane), published, things(len(pane.text), "character")]
                if len(panes) == 2:
                    inline(told, muted=True, is_line=True)
                else:  # a line of their own, as there is no room beside the buttons of three
                    st.space("stretch")
                if name == "a":
                    _walk(pane)
                copy_text(pane.text, key=f"copy_{name}", label="Copy")
            if len(panes) != 2:
                inline(told, muted=True, is_line=True)
            with st.container(key=f"text_{name}", height="stretch"):
                is_of_pair = pane.choice in ("chosen", "rejected")  # whose text may be another one than its candidate's
                place = pane.choice if is_of_pair or not pane.candidate else f"{pane.candidate}"
                people_say = judged.of(prompt_id, place)
                with st.container(key=f"said_{name}", horizontal=True, vertical_alignment="center", gap="small"):
                    if pane.text and text_of(found.row["prompt"]):
                        judge(
                            open_now, people_say, prompt_id, text_of(found.row["prompt"]), place, pane.text, f"{name}_"
                        )
                    judgement_line(people_say)
                if name in pieces:
                    show_pieces(pieces[name])
                else:
                    show_text(pane.text, view)

figures(open_now, panes, scores, is_logit=is_logit, differs=difference != "off")
