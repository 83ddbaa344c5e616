"""Compare blind: what is asked and kept, what gives nothing away, and what the answers tell."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from data_access.judgements.answers import answers, save_answer
from data_access.judgements.people import Person
from data_access.judgements.store import open_store
from data_access.questions.blind_pairs import DRAWS
from pages.components.blind.compare_view import KEPT
from pages.components.report.draft import DRAFTS
from pages.components.state import judgement_store
from tests.pages.conftest import component, lines, said
from tests.pages.test_link_junk import JUNK

Visit = Callable[..., AppTest]
ANN = Person("Ann")


@pytest.fixture(autouse=True)
def as_ann(judgements_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of this test, whose viewer has given a name."""
    judgement_store._kept.clear()
    judgement_store._failures.clear()
    monkeypatch.setattr("pages.components.state.viewer.viewer", lambda: ANN)


def texts(at: AppTest) -> list[str]:
    """The texts on the left and on the right, as they are read."""
    shown = [one.proto.body for one in at.get("html") if 'class="rs-text"' in one.proto.body]
    return [re.sub("<[^>]*>", "", body) for body in shown][-2:]


def press(at: AppTest, name: str) -> AppTest:
    (button,) = (one for one in at.button if (one.key or "").startswith(f"say_{name}_"))
    return button.click().run()


def test_an_answer_is_kept_and_the_next_pair_comes_by_itself(visit: Visit, judgements_file: Path) -> None:
    at = visit("blind.py")
    assert not at.exception
    assert "Pair 1 of 2 · 0 answered" in lines(at)
    left, right = texts(at)
    assert left != right
    press(at, "a")
    assert at.query_params["at"] == "2"
    assert "Pair 2 of 2 · 1 answered" in lines(at)
    assert {left, right}.isdisjoint(texts(at))
    (kept,) = answers(open_store(str(judgements_file)))
    assert (kept.person, kept.drawn, kept.version) == (ANN, "random · seed 0", 1)
    assert kept.answer == kept.left
    press(at, "skip")
    assert "at" not in at.query_params
    assert "All 2 pairs answered" in said(at)
    assert (
        "You preferred one text in 1 (1 on the left, 0 on the right) · both good 0 · both bad 0 · skipped 1"
        in lines(at)
    )


def test_an_answer_can_be_changed_and_the_one_before_is_marked(visit: Visit, judgements_file: Path) -> None:
    at = press(visit("blind.py"), "good")
    press(at, "back")
    assert at.query_params["at"] == "1"
    marked = [one.label for one in at.button if one.proto.type == "primary"]
    assert marked == ["Both good"]
    press(at, "b")
    (kept,) = answers(open_store(str(judgements_file)))
    assert kept.version == 2
    assert kept.answer != kept.left
    assert kept.answer in ("first", "second")


def test_a_second_press_of_a_key_is_no_second_answer(visit: Visit, judgements_file: Path) -> None:
    at = visit("blind.py")
    # The first press was kept, and the browser is still there.
    at.session_state[KEPT] = ("random · seed 0", ANN, 1, 0)
    press(at, "b")
    assert at.query_params["at"] == "2"
    assert answers(open_store(str(judgements_file))) == []
    at.session_state[KEPT] = None
    at.query_params["at"] = "1"
    press(at.run(), "a")  # another answer
    assert len(answers(open_store(str(judgements_file)))) == 1


def test_nothing_tells_whose_a_text_is_or_what_a_scorer_thinks_of_it(visit: Visit) -> None:
    at = visit("blind.py", draw="train", seed="3")
    shown = [*said(at).split("\n"), *(str(one.key) for one in at.button), *(str(one.proto) for one in at.get("html"))]
    shown = [one for one in shown if "rs-text" not in one and one != DRAWS["train"].takes]
    for word in ("ant", "bee", "cow", "3.0", "4.0", "rank", "reward", "chosen"):
        assert not [one for one in shown if re.search(rf"\b{re.escape(word)}\b", one)], word


def test_who_has_no_name_is_asked_for_it_first(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.components.state.viewer.viewer", lambda: None)
    at = visit("blind.py")
    assert not at.exception
    assert "Who wrote them, and what a scorer thinks of them, is not shown." in said(at)
    assert texts(at) == []
    assert "Your name" in [one.label for one in at.text_input]


def test_without_a_store_the_page_says_so(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REWARDSCOPE_JUDGEMENTS", "off")
    at = visit("blind.py", show="results")
    assert not at.exception
    assert "Judgements are off on this server" in said(at)
    assert not at.error


def test_what_cannot_be_saved_keeps_the_pair_on_the_screen(
    visit: Visit, judgements_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = visit("blind.py")
    before = texts(at)
    with open_store(str(judgements_file)).writing() as connection:
        connection.execute(text("ALTER TABLE answers RENAME TO gone"))
    press(at, "a")
    assert texts(at) == before
    assert any(one.value.startswith("Not saved: answer again.") for one in at.error)
    with open_store(str(judgements_file)).writing() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO answers"))
    monkeypatch.setattr(judgement_store, "PAUSE_S", 0.0)
    press(at, "a")
    assert len(answers(open_store(str(judgements_file)))) == 1


def test_an_answer_from_another_window_is_not_written_over(visit: Visit, judgements_file: Path) -> None:
    at = visit("blind.py")
    left, right = texts(at)
    (prompt,) = {"Name a prime.", "Name a colour."} & set(said(at).replace("<", "\n").replace(">", "\n").split("\n"))
    store = open_store(str(judgements_file))
    save_answer(store, prompt, left, right, ANN, "random · seed 0", "both bad", 0, "tiny")
    press(at, "a")
    assert any("You answered this pair meanwhile" in one.value for one in at.error)
    assert [one.label for one in at.button if one.proto.type == "primary"] == ["Both bad"]
    assert texts(at) == [left, right]


def test_controls_of_the_set_change_the_link_and_a_filter_narrows_it(visit: Visit) -> None:
    at = visit("blind.py", at="2")
    at.selectbox(key="draw").select("train").run()
    assert (at.query_params["draw"], "at" in at.query_params) == ("train", False)
    at.number_input(key="seed").set_value(4).run()
    at.number_input(key="n").set_value(1).run()
    assert (at.query_params["seed"], at.query_params["n"]) == ("4", "1")
    assert component(at, "set_link")["text"].endswith("?draw=train&n=1&seed=4")
    assert "Pair 1 of 1 · 0 answered" in lines(at)
    assert "Pair 1 of 1 · 0 answered" in lines(visit("blind.py", subset="math-prm"))
    assert "No prompt has such a pair." in said(visit("blind.py", subset="house rules"))
    words = said(visit("blind.py", draw="nicest", n="0", seed="x", at="9"))
    for sentence in (
        "There is no kind of pairs 'nicest' here",
        "n must be a number from 1 to 200; 20 is used.",
        "seed must be",
    ):
        assert sentence in words
    assert "This set has no pair '9'; it has 2." in words


@pytest.mark.parametrize("show", ["compare", "results"])
def test_junk_in_the_parameters_leaves_the_page_whole(
    visit: Visit, judgements_file: Path, joined: str, show: str
) -> None:
    answered(judgements_file, "Name a prime.", "Three.", "Two.", {"Ann": "left"})
    for name in ("draw", "other", "n", "seed", "at", "set", "by"):
        at = visit("blind.py", data=joined, show=show)
        for junk in JUNK:
            at.query_params[name] = junk
            at.run()
            assert not at.exception, (name, junk[:40])
            assert at.title


def test_where_there_is_another_scorer_it_is_chosen(visit: Visit, joined: str) -> None:
    at = visit("blind.py", data=joined, draw="scorers")
    assert not at.exception
    assert len(at.selectbox(key="other").options) == 2


def answered(file: Path, dataset_prompt: str, left: str, right: str, said: dict[str, str]) -> None:
    for person, answer in said.items():
        save_answer(open_store(str(file)), dataset_prompt, left, right, Person(person), "set", answer, 0, "tiny")


def test_few_answers_are_told_as_few(visit: Visit, judgements_file: Path) -> None:
    at = visit("blind.py", show="results")
    assert "Nobody has answered a pair of this dataset yet." in said(at)
    answered(judgements_file, "Name a prime.", "Three.", "Two.", {"Ann": "left", "Bo": "left", "Cy": "right"})
    at = visit("blind.py", show="results")
    assert not at.exception
    shown = lines(at)
    assert "3 answers by 3 people · 3 prefer one text · 1 pair of 1 prompt" in shown
    assert "1 pair so far, figures from ten on" in shown
    assert "3 answers so far, figures from ten on" in shown
    assert not re.search(r"\d %", "\n".join(shown))
    table = next(one.value for one in at.dataframe if "said" in one.value)
    assert table[["prompt_id", "people", "scorer", "said"]].to_numpy().tolist() == [
        [1, "candidate 2", "candidate 1", "Ann, Bo: A; Cy: B"]
    ]


@pytest.mark.usefixtures("charts_are_checked")
def test_results_are_of_a_set_and_a_person_and_link_to_compare(visit: Visit, judgements_file: Path) -> None:
    people = {f"Person {number}": "left" if number < 9 else "right" for number in range(12)}
    answered(judgements_file, "Name a prime.", "Two.", "Three.", people)
    answered(judgements_file, "Name a colour.", "Red.", "Sky blue, like a clear morning.", people)
    at = visit("blind.py", show="results")
    assert not at.exception
    shown = "\n".join(lines(at))
    assert "24 answers by 12 people · 24 prefer one text · 2 pairs of 2 prompts" in shown
    assert "2 pairs so far, figures from ten on" in shown
    # 9 of 12 go with the scorer, and 3 of 12 on the other: no temperature above 0 fits.
    assert (
        "24 answers of 2 prompts: no temperature fits: weighed by the difference in reward, people prefer the lower one."
        in shown
    )
    assert "The left one was preferred in 18 of 24 answers: 75 % (55 to 88 %)." in shown
    at.selectbox(key="narrow_by").select("Person 1").run()
    assert at.query_params["by"] == "Person 1"
    assert "2 answers by 1 person · 2 prefer one text · 2 pairs of 2 prompts" in lines(at)
    at = visit("blind.py", show="results", by="Person 1")
    at.button(key="add_to_report").click().run()
    ((report, _),) = at.session_state[DRAFTS].values()
    assert [(one.page, one.value("by")) for one in report.parts] == [("blind", "Person 1")]
    words = said(visit("blind.py", show="results", set="none", by="nobody"))
    assert "There is no set 'none' with answers here; all sets is shown." in words
    assert "There is no person 'nobody' with answers here; everybody is shown." in words
