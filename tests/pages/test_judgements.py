"""What people say, on the pages: the form beside a text, the lists, and the page of all judgements."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.errors import JudgementsError
from data_access.judgements.judgements import Judgement, Said, judgements, save
from data_access.judgements.people import Person
from data_access.judgements.store import Store, open_store
from pages.components.judgements import judge as judging
from pages.components.state import judgement_store
from tests.pages.conftest import chips, lines, ranked, said

Visit = Callable[..., AppTest]
ADA, BEN = Person("Ada"), Person("Ben")
HOSTILE = "![x](https://evil.example/x.png) <b>$x$</b>"


@pytest.fixture
def store(judgements_file: Path) -> Store:
    judgement_store._kept().clear()
    judgement_store._failures().clear()
    return open_store(str(judgements_file))


def say(
    store: Store, prompt: str, response: str | None, person: Person, *, version: int = 0, **what: object
) -> Judgement:
    return save(store, prompt, response, person, Said(**what), version, "tiny")  # type: ignore[arg-type]


def form(at: AppTest, key: str, name: str = "Ada") -> AppTest:
    """The page with the form of a text open, by somebody who has given their name."""
    at.session_state["viewer_name"] = name
    at.session_state[key] = True
    return at.run()


def labels(at: AppTest, kind: str) -> list[str]:
    return [element.label for element in at.get(kind)]


def test_who_has_no_name_is_asked_for_it_first(visit: Visit, store: Store) -> None:
    at = visit("prompt.py", id="1")
    at.session_state["judge_1_1"] = True
    at.run()
    assert labels(at, "text_area") == []
    at.text_input(key="judge_1_1_name").set_value("  Ada \u202e ")
    next(button for button in at.button if button.label == "This is me").click().run()
    assert not at.exception
    assert at.session_state["viewer_name"] == "Ada"


def test_what_is_saved_is_in_the_list_and_over_the_text(visit: Visit, store: Store) -> None:
    at = form(visit("prompt.py", id="1"), "judge_1_1")
    at.toggle(key="judge_1_1_star").set_value(True)
    at.multiselect(key="judge_1_1_tags").set_value([])
    at.text_area(key="judge_1_1_note").set_value(HOSTILE)
    next(button for button in at.button if button.label == "Save").click().run()
    assert not at.exception
    (kept,) = judgements(store)
    assert (kept.person, kept.said, kept.dataset) == (ADA, Said(True, (), HOSTILE), "tiny")
    # Candidates 1 and 3 have the same text.
    assert [row["flags"] for row in ranked(at)] == ["★1 · ✎1, ×2", "", ""]
    assert f"Ada: ★  {HOSTILE}" in lines(at)


def test_what_one_said_is_in_the_form_when_it_is_opened_again(visit: Visit, store: Store) -> None:
    say(store, "Name a prime.", "Two.", ADA, starred=True, tags=("even", "prime"), note="right")
    say(store, "Name a prime.", "Two.", BEN, note="dull")
    at = form(visit("prompt.py", id="1"), "judge_1_1")
    assert at.toggle(key="judge_1_1_star").value is True
    assert at.multiselect(key="judge_1_1_tags").value == ["even", "prime"]
    assert at.text_area(key="judge_1_1_note").value == "right"
    assert "dull" in said(at)  # what others say stands below


def test_who_saves_over_a_newer_version_is_told_and_may_do_so_then(visit: Visit, store: Store) -> None:
    at = form(visit("prompt.py", id="1"), "judge_1_1")
    at.text_area(key="judge_1_1_note").set_value("mine")
    say(store, "Name a prime.", "Two.", ADA, note="of another window")
    next(button for button in at.button if button.label == "Save").click().run()
    assert "“of another window”" in said(at)
    assert "What you typed is still here" in at.error[0].value
    assert at.text_area(key="judge_1_1_note").value == "mine"
    next(button for button in at.button if button.label == "Save").click().run()
    assert [(one.said.note, one.version) for one in judgements(store)] == [("mine", 2)]


def test_what_cannot_be_saved_stays_in_the_form(visit: Visit, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    at = form(visit("prompt.py", id="1"), "judge_1_1")
    at.text_area(key="judge_1_1_note").set_value("mine")

    def full(*given: object) -> None:
        raise JudgementsError("database or disk is full")

    monkeypatch.setattr(judging, "save", full)
    next(button for button in at.button if button.label == "Save").click().run()
    assert at.error[0].value == "Not saved; what you typed is still here."
    assert "database or disk is full" in said(at)
    assert at.text_area(key="judge_1_1_note").value == "mine"


def test_prompts_have_a_column_and_filters_of_what_people_say(visit: Visit, store: Store) -> None:
    assert "judged" not in visit("prompts.py").dataframe[0].value
    say(store, "Name a colour.", "Red.", ADA, starred=True, tags=("warm",))
    say(store, "Name a prime.", None, BEN, note="easy")
    at = visit("prompts.py")
    assert at.dataframe[0].value["judged"].tolist() == ["✎1", "★1 · warm", ""]
    at = visit("prompts.py", judged="star")
    assert at.dataframe[0].value["prompt_id"].tolist() == [2]
    assert chips(at) == ["has a star"]
    at = visit("prompts.py", tag="warm", judged="any")
    assert (at.dataframe[0].value["prompt_id"].tolist(), chips(at)) == ([2], ["has a judgement", "tag: warm"])
    # What is said anew is found at once.
    say(store, "Say nothing.", None, ADA, starred=True)
    assert visit("prompts.py", judged="star").dataframe[0].value["prompt_id"].tolist() == [2, 3]


def test_compare_says_it_over_each_text_also_over_one_of_the_pair(visit: Visit, store: Store) -> None:
    say(store, "Name a prime.", "Nine.", ADA, note="three times three")
    at = visit("compare.py", id="1", a="best", b="rejected")
    assert "Ada:  three times three" in lines(at)


def test_the_page_of_judgements_lists_narrows_and_shows_one_in_full(visit: Visit, store: Store) -> None:
    say(store, "Name a colour.", "Red.", ADA, starred=True, tags=("warm",))
    say(store, "Name a prime.", None, BEN, note="an easy one")
    say(store, "Name a sea.", "Red.", ADA, note="of other data")
    at = visit("judgements.py")
    assert at.dataframe[0].value[["author", "prompt_id", "response"]].to_dict("list") == {
        "author": ["Ben", "Ada"],
        "prompt_id": [1, 2],
        "response": ["(the prompt)", "Red."],
    }
    assert "an easy one" in said(at)
    assert visit("judgements.py", by="Ada").dataframe[0].value["response"].tolist() == ["Red."]
    assert visit("judgements.py", says="note").dataframe[0].value["author"].tolist() == ["Ben"]
    assert visit("judgements.py", has="warm").dataframe[0].value["author"].tolist() == ["Ada"]
    assert visit("judgements.py", find="PRIME").dataframe[0].value["author"].tolist() == ["Ben"]
    assert "No judgement is like this" in visit("judgements.py", find="PRIME", by="Ada").info[0].value
    # A filter on prompts is one on their judgements.
    assert visit("judgements.py", section="Chat").dataframe[0].value["author"].tolist() == ["Ada"]
    at = visit("judgements.py", of="elsewhere")
    assert at.dataframe[0].value["prompt_id"].isna().tolist() == [True]
    assert "not in this dataset; said in tiny" in lines(at)
    assert "of other data" in said(at)


def test_only_ones_own_can_be_edited(visit: Visit, store: Store) -> None:
    say(store, "Name a prime.", None, BEN, note="an easy one")
    for name, is_own in (("Ben", True), ("Ada", False), ("", False)):
        at = visit("judgements.py")
        at.session_state["viewer_name"] = name
        at.run()
        assert ("Edit" in [block.proto.popover.label for block in popovers(at)]) is is_own


def popovers(at: AppTest) -> list[object]:
    found = []

    def walk(node: object) -> None:
        for child in getattr(node, "children", {}).values():
            if getattr(child, "type", "") == "popover":
                found.append(child)
            walk(child)

    walk(at.main)
    return found


def test_without_any_the_page_says_how_to_begin(visit: Visit, store: Store) -> None:
    assert "Nobody has said anything of this dataset's texts yet." in visit("judgements.py").info[0].value


def test_off_there_is_nothing_to_write_with(visit: Visit) -> None:
    assert "REWARDSCOPE_JUDGEMENTS is off" in visit("judgements.py").info[0].value
    at = visit("prompt.py", id="1")
    assert [block for block in popovers(at) if "judge_" in str(block.proto.popover)] == []  # type: ignore[attr-defined]
    assert visit("prompts.py", judged="star").info[0].value.startswith("No prompt passes these filters.")


def test_a_database_that_cannot_be_read_is_a_sentence_and_no_page_stops(visit: Visit, judgements_file: Path) -> None:
    judgement_store._kept().clear()
    judgement_store._failures().clear()
    judgements_file.parent.mkdir()
    judgements_file.write_text("This is no database. " * 100)
    at = visit("prompts.py")
    assert not at.exception
    assert at.dataframe[0].value["prompt_id"].tolist() == [1, 2, 3]
    assert any("file is not a database" in line for line in lines(at))
    judgement_store._failures().clear()


def test_a_prompt_is_judged_as_a_response_is(visit: Visit, store: Store) -> None:
    at = form(visit("prompt.py", id="1"), "judge_1_prompt")
    at.text_area(key="judge_1_prompt_note").set_value("Too easy.")
    next(button for button in at.button if button.label == "Save").click().run()
    assert not at.exception
    assert [(one.response, one.said.note) for one in judgements(store)] == [("", "Too easy.")]
    assert "Ada:  Too easy." in lines(at)


def test_what_is_typed_and_not_saved_is_there_when_the_form_is_opened_again(visit: Visit, store: Store) -> None:
    at = form(visit("prompt.py", id="1"), "judge_1_1")
    at.text_area(key="judge_1_1_note").set_value("half a thought").run()
    at.session_state["judge_1_1"] = False
    at.run()
    assert "judge_1_1_note" not in [area.key for area in at.text_area]  # it was closed
    assert form(at, "judge_1_1").text_area(key="judge_1_1_note").value == "half a thought"
    assert judgements(store) == []


def test_what_is_taken_back_is_said_no_more_and_a_long_tag_is_refused(visit: Visit, store: Store) -> None:
    say(store, "Name a prime.", "Two.", ADA, note="right")
    at = form(visit("prompt.py", id="1"), "judge_1_1")
    next(button for button in at.button if button.label == "Take back").click().run()
    assert [one.said for one in judgements(store)] == [Said()]
    at = form(at, "judge_1_1")
    at.session_state["judge_1_1_tags"] = ["w" * 51]
    next(button for button in at.button if button.label == "Save").click().run()
    assert "A tag has at most 50 characters" in at.error[0].value
    assert [one.said for one in judgements(store)] == [Said()]


def test_nothing_that_somebody_wrote_is_read_as_markdown(visit: Visit, store: Store) -> None:
    say(store, "Name a prime.", "Two.", BEN, tags=("![x](https://evil.example/b.png)",), note=HOSTILE)
    at = form(visit("prompt.py", id="1"), "judge_1_1")
    read = [str(block.proto.popover) for block in popovers(at)]
    read += [str(element.value) for kind in ("markdown", "caption", "error", "info") for element in at.get(kind)]
    assert not [one for one in read if "evil.example" in one]
