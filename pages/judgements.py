"""Judgements: what do people say of these texts?"""

from functools import partial

import streamlit as st

from data_access.errors import JudgementsError
from data_access.judgements.exchange import WRITTEN, table
from data_access.judgements.judgements import Judgement, tags_in_use, texts
from data_access.plurals import things
from data_access.questions import judgement_list
from data_access.questions.filters import described
from data_access.questions.judgement_list import SAYS, listed, narrowed
from pages.components.feedback.notices import complaints, problem
from pages.components.filter.widgets import passing_prompts
from pages.components.judgements.detail import detail
from pages.components.judgements.importing import importing
from pages.components.state import links
from pages.components.state.judgement_store import is_on, judged_here, store, unreadable, written
from pages.components.state.link_values import option_asked_for, option_control
from pages.components.state.results import cached
from pages.components.state.session import current
from pages.components.state.viewer import who
from pages.components.text.texts import one_line

MOST = 1000  # rows of the table
HERE, ELSEWHERE = "dataset", "elsewhere"
MIME = {"csv": "text/csv", "jsonl": "application/jsonl"}


def _choice(name: str, label: str, options: list[str], shown: str, labels: dict[str, str]) -> None:
    st.selectbox(
        label,
        ["", *options],
        key=links.seeded(f"judgements_{name}", shown),
        format_func=lambda value: labels.get(value, one_line(value, 40)),
        label_visibility="collapsed",
        width=150,
        on_change=links.on_change,
        args=(f"judgements_{name}", name),
    )


def _download(said: list[Judgement]) -> None:
    """Links for these judgements as files, each made when it is clicked."""
    for kind, file in WRITTEN.items():
        st.download_button(
            kind.upper() if kind != "parquet" else "Parquet",
            partial(_file, kind, said),
            file_name=f"judgements.{kind}",
            mime=MIME.get(kind),
            key=f"judgements_{kind}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            disabled=not said or file is None,
        )


def _file(kind: str, said: list[Judgement]) -> bytes:
    return WRITTEN[kind](table(store(), said))


def _texts() -> dict[str, str]:
    """Every text that somebody said something of, by its key."""
    return texts(store(), {key for one in everything.said for key in (one.prompt, one.response)})


def _open(names: list[str], key: str) -> None:
    links.go(pick=names[st.session_state[key].row])


open_now = current()
unknown: list[str] = []
with st.container(key="desk"):
    if not is_on():
        st.title("Judgements", anchor=False)
        st.info(
            "No judgements are kept on this server: its setting REWARDSCOPE_JUDGEMENTS is off.",
            icon=":material/block:",
        )
        st.stop()
    found = judged_here(open_now)
    ids = passing_prompts(open_now) if described(open_now.filter) else None
    of = option_asked_for("of", (HERE, ELSEWHERE), unknown)
    rows = {place: listed(found, here=place == HERE, ids=ids) for place in (HERE, ELSEWHERE)}
    everything = written()
    people = sorted({f"{one.person}" for one in everything.said}, key=str.casefold)
    tags = [*tags_in_use(everything.said)]
    by, says = links.parameter("by"), links.parameter("says")
    tag, find = links.parameter("has"), links.parameter("find")
    for name, value, options in (("person", by, people), ("kind", says, [*SAYS]), ("tag", tag, tags)):
        if value and value not in options:
            unknown.append(f"There is no {name} {value!r} among the judgements; all are shown.")
    by, says, tag = by if by in people else "", says if says in SAYS else "", tag if tag in tags else ""
    try:
        its_texts = cached(open_now.dataset, "judged_texts", everything.revision, compute=_texts) if rows[of] else {}
    except JudgementsError as error:
        problem("The judgements cannot be read.", str(error))
        st.stop()
    shown = narrowed(rows[of], by, says, [tag] if tag else [], find, its_texts)

    with st.container(key="page_title", horizontal=True, vertical_alignment="center", gap="small"):
        st.title("Judgements", anchor=False, width="content")
        st.text_input(
            "Find",
            key=links.seeded("judgements_find", find),
            placeholder="Find in notes and texts",
            label_visibility="collapsed",
            width=190,
            on_change=links.on_change,
            args=("judgements_find", "find"),
        )
        if len(people) > 1:
            _choice("by", "By", people, by, {"": "By anybody"})
        _choice("says", "With", [*SAYS], says, {"": "Any kind", "star": "★ Star", "note": "Note", "tag": "Tag"})
        if tags:
            _choice("has", "Tag", tags, tag, {"": "Any tag"})
        st.space("stretch")
        if rows[ELSEWHERE] or of == ELSEWHERE:
            option_control(
                "Of",
                "of",
                (HERE, ELSEWHERE),
                of,
                lambda one: f"{'This dataset' if one == HERE else 'Not in it'} ({len(rows[one]):,})",
                hidden=True,
                pick=None,
            )
        importing()
    complaints(unknown)
    if away := unreadable():
        problem("The judgements cannot be read just now.", away)
    elif not rows[of] and not shown:
        st.info(
            "Nobody has said anything of this dataset's texts yet. Open a prompt and choose the button beside a text: a star, "
            "tags, a note."
            if of == HERE
            else "Every judgement is of a text of this dataset.",
            icon=":material/rate_review:",
        )
    elif not shown:
        st.info("No judgement is like this. Take a choice out above.", icon=":material/filter_alt_off:")
    else:
        frame = judgement_list.table(shown[:MOST], its_texts)
        names = [row.name for row in shown[:MOST]]
        picked = next((row for row in shown if row.name == links.parameter("pick")), shown[0])
        with st.container(key="panes", horizontal=True, gap="medium"):
            with st.container(key="view_list", height="stretch"):
                st.dataframe(
                    frame.assign(
                        open=frame["note"].map(one_line).where(frame["note"] != "", "(no note)"),
                        at=frame["at"].str[:16].str.replace("T", " "),
                        author=frame["author"].map(one_line),
                        tags=frame["tags"].map(one_line),
                        starred=frame["starred"].map({True: "★", False: ""}),
                        response=frame["response"].map(one_line).where(frame["response"].notna(), "(the prompt)"),
                    ),
                    key="judgements",
                    hide_index=True,
                    height="stretch",
                    row_height=32,
                    alt="Judgements, the last change first",
                    column_order=["author", "open", "starred", "tags", "prompt_id", "response", "at"],
                    column_config={
                        "open": st.column_config.ButtonColumn(
                            "says",
                            key="open_judgement",
                            type="tertiary",
                            alignment="left",
                            width=160,
                            on_click=_open,
                            args=(names, "open_judgement"),
                        ),
                        "starred": st.column_config.TextColumn("★", width=30),
                        "tags": st.column_config.TextColumn("tags", width=80),
                        "response": st.column_config.TextColumn("response", width=105),
                        "author": st.column_config.TextColumn("who", width=65),
                        "prompt_id": st.column_config.NumberColumn("prompt", format="%d", width=62),
                        "at": st.column_config.TextColumn("when (UTC)", width=105),
                    },
                )
            with st.container(key="view_text", height="stretch", gap="xsmall"):
                detail(open_now, picked, its_texts)
    with st.container(key="judgements_foot", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{len(shown):,}** of {things(len(rows[of]), 'judgement')}", width="content")
        if len(shown) > MOST:
            st.caption(f"The table shows the last {MOST:,}.", width="content")
        _download([row.judgement for row in shown])
        st.space("stretch")
        who("judgements")
