"""One pair after the other, without a word on whose texts they are or what a scorer thinks of them."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from data_access.errors import ChangedMeanwhileError, JudgementsError
from data_access.judgements.answers import Answer, save_answer
from data_access.judgements.people import Person
from data_access.judgements.votes import SKIP, Pair
from data_access.plurals import things
from data_access.questions.blind_pairs import PairSet, PairTexts, is_first_left, pair_texts
from data_access.questions.differences import are_near, differences
from pages.components.blind.asked import Drawn
from pages.components.compare.reader import reader
from pages.components.feedback.notices import problem
from pages.components.state import links
from pages.components.state.judgement_store import answered, store
from pages.components.state.session import View
from pages.components.state.viewer import ask_who, who
from pages.components.text.texts import RAW_LIMIT, inline, one_line, show_folded, show_pieces, show_text

PANES = ("a", "b")
PROBLEM, KEPT = "blind_problem", "blind_kept"
# What is answered: the button's name and key, and the answer as `save_answer` takes it.
BUTTONS = (
    ("a", "A is better", "A", "left"),
    ("good", "Both good", "G", "both good"),
    ("bad", "Both bad", "H", "both bad"),
    ("b", "B is better", "B", "right"),
)
_KEYS = st.components.v2.component(
    "answer_keys",
    html="<span hidden></span>",
    js=Path(__file__).with_name("answer_keys.js").read_text(encoding="utf-8"),
)


class Asked(NamedTuple):
    """A pair as it is asked of a person: its place in the set, from 1; who stands on the left; what the person has said of it
    before; and the place of the next one that they have not answered, None after the last."""

    place: int
    texts: PairTexts
    is_first_left: bool
    before: Answer | None
    next_place: int | None

    @property
    def sides(self) -> tuple[str, str]:
        """The texts on the left and on the right."""
        first, second = self.texts.first, self.texts.second
        return (first, second) if self.is_first_left else (second, first)

    @property
    def said(self) -> str:
        """What was said before, as `save_answer` takes it; ''."""
        return _as_shown(self.before) if self.before else ""


def own_answers(which: PairSet, person: Person) -> dict[Pair, Answer]:
    """The person's answers to pairs of this set, skips too."""
    return {
        Pair(one.prompt, one.first, one.second): one
        for one in answered().answers
        if one.person == person and one.drawn == which.name
    }


def place_asked_for(drawn: Drawn, own: dict[Pair, Answer], unknown: list[str]) -> int | None:
    """The link's `at`, else the first pair that is not answered yet; None where all are."""
    n = len(drawn.pairs)
    asked = links.number("at")
    if links.parameter("at") and (asked is None or not 1 <= asked <= n):
        unknown.append(f"This set has no pair {links.parameter('at')[:20]!r}; it has {n}.")
        asked = None
    return asked or next_unanswered(drawn.keys, own, 0)


def next_unanswered(keys: Sequence[Pair], own: dict[Pair, Answer], after: int) -> int | None:
    """The place of the first pair behind this one that is not answered, else before it; None where there is none."""
    places = [*range(after + 1, len(keys) + 1), *range(1, after)]
    return next((place for place in places if keys[place - 1] not in own), None)


def ask_for_a_name() -> None:
    """What comes first, where it is not known who looks."""
    with st.container(key="blind_start", width=640):
        st.markdown(
            "You read two responses to a prompt, side by side, and say which is better. Who wrote them, and what a scorer "
            "thinks of them, is not shown."
        )
        ask_who("blind")


def pair_view(opened: View, which: PairSet, person: Person, drawn: Drawn, own: dict[Pair, Answer], place: int) -> None:
    """The prompt, both texts, and the buttons that answer."""
    asked = _asked(opened, which, person, drawn, own, place)
    show_folded(asked.texts.prompt)
    left, right = asked.sides
    pieces = None
    if are_near(left, right):  # what is to be compared is a word or a line
        pieces = differences(left[:RAW_LIMIT], right[:RAW_LIMIT])
    with st.container(key="texts", horizontal=True, gap="small", height="stretch"):
        panes = [st.container(key=f"pane_of_{name}", height="stretch", gap="xsmall") for name in PANES]
    for number, (name, pane) in enumerate(zip(PANES, panes, strict=True)):
        with pane:
            st.header(name.upper(), anchor=False, width="content")
            with st.container(key=f"text_{name}", height="stretch"):
                if pieces:
                    show_pieces(pieces[number])
                else:
                    show_text(asked.sides[number])
    if said := st.session_state.pop(PROBLEM, None):
        problem(*said)
    # Other buttons for each pair: a second press of a key does not answer a pair that nobody has read.
    with st.container(key="answers", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="answers_left"):
            st.button(
                "Back",
                key=f"say_back_{place}",
                shortcut="U",
                type="tertiary",
                disabled=place == 1,
                help="The pair before this one",
                on_click=links.go,
                kwargs={"at": place - 1},
            )
        with st.container(key="answers_middle", horizontal=True, gap="small", width="content", wrap=False):
            for name, label, key, said in BUTTONS:
                st.button(
                    label,
                    key=f"say_{name}_{place}",
                    shortcut=key,
                    type="primary" if asked.said == said else "secondary",
                    help={"a": "or key 1, ←", "b": "or key 2, →"}.get(name),
                    on_click=_say,
                    args=(which, person, asked, said, opened.dataset.name),
                )
        with st.container(
            key="answers_right", horizontal=True, vertical_alignment="center", horizontal_alignment="right"
        ):
            with st.container(key="near" if pieces else "not_near", width="content"):
                reader(PANES, differs=bool(pieces), together=True, on_asked=lambda: None)
            st.button(
                "Skip",
                key=f"say_skip_{place}",
                shortcut="S",
                type="primary" if asked.said == SKIP else "tertiary",
                help="It counts nowhere",
                on_click=_say,
                args=(which, person, asked, SKIP, opened.dataset.name),
            )
    _KEYS(key="answer_keys")


def end_view(which: PairSet, own: Sequence[Answer]) -> None:
    """What there is to do when all pairs of a set are answered."""
    counts = Counter(map(_as_shown, own))
    preferred = counts["left"] + counts["right"]
    with st.container(key="blind_end"):
        st.header(f"All {things(len(own), 'pair')} answered", anchor=False)
        inline(
            [
                f"You preferred one text in {preferred} ({counts['left']} on the left, {counts['right']} on the right)",
                f"both good {counts['both good']}",
                f"both bad {counts['both bad']}",
                f"skipped {counts[SKIP]}",
            ]
        )
        with st.container(horizontal=True, gap="small"):
            st.button(
                "See what it tells",
                type="primary",
                key="to_results",
                on_click=links.go,
                kwargs={"show": "results", "set": which.name if len(own) > counts[SKIP] else None},
            )
            st.button(
                "Another set",
                key="another_set",
                help="The same draw with another seed",
                on_click=links.go,
                kwargs={"seed": which.seed + 1, "at": None},
            )
            st.button("Look at my answers", key="look_again", type="tertiary", on_click=links.go, kwargs={"at": 1})


def progress_line(person: Person | None, place: int | None, n: int, done: int) -> None:
    """Where one is, and who."""
    with st.container(key="blind_progress", width="content"):
        inline([f"Pair {place} of {n}" if place else things(n, "pair"), f"{done} answered"])
    if person:
        who("blind")


def _as_shown(answer: Answer) -> str:
    """'left' or 'right' for the one that was preferred, else the answer as it is kept."""
    if answer.answer not in ("first", "second"):
        return answer.answer
    return "left" if answer.answer == answer.left else "right"


def _asked(opened: View, which: PairSet, person: Person, drawn: Drawn, own: dict[Pair, Answer], place: int) -> Asked:
    row = drawn.pairs.iloc[[place - 1]]
    (texts,) = pair_texts(opened.dataset, row)
    sides = is_first_left(which.name, person, *row.iloc[0].tolist())
    before = own.get(drawn.keys[place - 1])
    return Asked(place, texts, sides, before, next_unanswered(drawn.keys, own, place))


def _say(which: PairSet, person: Person, asked: Asked, said: str, dataset: str) -> None:
    """Callback: keep the answer, then go to the next pair; where it cannot be kept, this one stays."""
    based_on = asked.before.version if asked.before else 0
    this = (which.name, person, asked.place, based_on)
    if st.session_state.get(KEPT) == this:  # a key was pressed again, before the next pair was on the screen
        links.go(at=asked.next_place)
        return
    try:
        save_answer(store(), asked.texts.prompt, *asked.sides, person, which.name, said, based_on, dataset)
    except ChangedMeanwhileError:
        st.session_state[PROBLEM] = (
            "You answered this pair meanwhile, perhaps in another window: that answer is marked. Answer again to change it.",
            "",
        )
        links.go(at=asked.place)
    except JudgementsError as error:
        st.session_state[PROBLEM] = ("Not saved: answer again.", one_line(str(error), 300))
        links.go(at=asked.place)
    else:
        st.session_state[KEPT] = this
        links.go(at=asked.next_place)
