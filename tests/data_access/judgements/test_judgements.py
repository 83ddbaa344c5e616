"""Stars, tags and notes: what is kept, what everybody says now, and every change."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.judgements.answers import Answer, answers, save_answer
from data_access.judgements.judgements import (
    LONGEST_NOTE,
    LONGEST_TAG,
    MOST_TAGS,
    Said,
    changes,
    clean,
    judgements,
    keys_of,
    save,
    texts,
)
from data_access.judgements.people import LONGEST_NAME, Person, clean_name
from data_access.judgements.store import Store
from data_access.judgements.text_keys import text_key

ADA, BEN = Person("Ada"), Person("Ben")
HOSTILE = "<img src=x onerror=alert(1)> ![x](http://y/z.png) \u202e \x00 '; DROP TABLE judgements; -- \ud800 $x$"


def test_a_texts_key_is_its_sha256() -> None:
    assert text_key("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert keys_of("abc", None) == (text_key("abc"), "")


def test_what_everybody_says_now_is_the_last_that_each_said_the_newest_first(store: Store) -> None:
    save(store, "p", "r", ADA, Said(note="first"), 0, "sample")
    save(store, "p", "r", BEN, Said(True, ("b", "a", "b")), 0, "seed")
    save(store, "p", "r", ADA, Said(note="second"), 1, "sample")
    save(store, "p", None, ADA, Said(True), 0, "sample")
    found = judgements(store)
    assert [(one.person, one.response == "", one.version, one.said, one.dataset) for one in found] == [
        (ADA, True, 1, Said(True), "sample"),
        (ADA, False, 2, Said(note="second"), "sample"),
        (BEN, False, 1, Said(True, ("a", "b")), "seed"),
    ]
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)


def test_every_change_is_kept_with_its_time_and_so_is_taking_back(store: Store) -> None:
    for version, said in enumerate((Said(note="one"), Said(True), Said())):
        save(store, "p", "r", ADA, said, version, "sample")
    found = changes(store, *keys_of("p", "r"))
    assert [one.said for one in found] == [Said(), Said(True), Said(note="one")]
    assert [one.version for one in found] == [3, 2, 1]
    assert [one.said for one in judgements(store)] == [Said()]


def test_a_name_that_was_typed_is_not_the_one_who_signed_in_by_it(store: Store) -> None:
    save(store, "p", "r", Person("ada@x.org", signed_in=True), Said(True), 0, "sample")
    save(store, "p", "r", Person("ada@x.org"), Said(note="me too"), 0, "sample")
    assert [(one.person.signed_in, one.said.note) for one in judgements(store)] == [(False, "me too"), (True, "")]


def test_the_texts_are_kept_so_that_they_can_be_read_without_the_data(store: Store) -> None:
    save(store, "Name a metal.", "Iron\x00", ADA, Said(True), 0, "sample")
    save(store, "Name a metal.", None, BEN, Said(True), 0, "sample")
    keys = [text_key("Name a metal."), text_key("Iron\x00"), text_key("never seen"), ""]
    assert texts(store, keys) == {keys[0]: "Name a metal.", keys[1]: "Iron\ufffd"}


def test_hostile_words_come_back_as_they_were_but_for_what_no_database_takes(store: Store) -> None:
    save(store, "p", HOSTILE, ADA, Said(True, (HOSTILE,), HOSTILE), 0, HOSTILE)
    (found,) = judgements(store)
    kept = HOSTILE.replace("\x00", "\ufffd").replace("\ud800", "?")
    assert (found.said.note, found.dataset) == (kept, kept)
    assert len(found.said.tags) == 1
    assert "\u202e" not in found.said.tags[0]
    assert texts(store, [found.response]) == {text_key(HOSTILE): kept}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada \n Lovelace\t", "Ada Lovelace"),
        ("A\u202eda\x00", "Ada"),
        ("\u200b \r\n", ""),
        ("e\u0301", "é"),
        ("x" * 100, "x" * LONGEST_NAME),
    ],
)
def test_a_name_is_one_line_of_visible_characters(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


def test_tags_are_short_lines_each_once_in_order() -> None:
    assert clean(Said(tags=(" b ", "a\nb", "", "B", "b", "x" * 90))).tags == ("a b", "B", "b", "x" * LONGEST_TAG)
    assert len(clean(Said(tags=tuple(f"{n}" for n in range(99)))).tags) == MOST_TAGS
    assert clean(Said(note=" x " * LONGEST_NOTE)).note == (" x " * LONGEST_NOTE)[:LONGEST_NOTE].strip()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=st.text(max_size=50), tag=st.text(max_size=20))
def test_any_text_can_be_said(store: Store, note: str, tag: str) -> None:
    typed = Said(True, (tag,), note)
    before = [one.version for one in changes(store, *keys_of("p", note))]
    kept = save(store, "p", note, ADA, typed, max(before, default=0), "d")
    assert kept.said == clean(typed)
    assert changes(store, *keys_of("p", note))[0] == kept


def test_an_answer_is_of_the_texts_whichever_side_they_stood_on(store: Store) -> None:
    first, second = sorted(("Iron", "Tin"), key=text_key)
    save_answer(store, "p", first, second, ADA, "set", "left", 0, "sample")
    save_answer(store, "p", second, first, BEN, "set", "left", 0, "sample")
    save_answer(store, "p", second, first, BEN, "set", "both bad", 1, "sample")
    found = answers(store)
    assert [(one.person, one.version, one.left, one.answer) for one in found] == [
        (ADA, 1, "first", "first"),
        (BEN, 2, "second", "both bad"),
    ]
    assert {(one.prompt, one.first, one.second) for one in found} == {
        (text_key("p"), text_key(first), text_key(second))
    }
    assert isinstance(found[0], Answer)
    with pytest.raises(ValueError, match="perhaps"):
        save_answer(store, "p", first, second, ADA, "set", "perhaps", 1, "sample")
