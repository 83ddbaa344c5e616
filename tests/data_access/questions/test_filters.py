"""A filter in a link: what is written is read back, and what is not understood is said."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.derived.attributes import BY_KEY
from data_access.questions.filters import (
    EVERY,
    FLAGS,
    JUDGED,
    RANGES,
    SORTS,
    WHERE,
    Choices,
    PromptFilter,
    Range,
    described,
    from_parameters,
    subsets_offered,
    to_parameters,
    without,
)

OFFERED = Choices(
    section=("Chat", "Chat Hard"),
    subset=("math-prm", "a&b=c#d", "1..2"),
    model=("ant/7B", "Ünï “cow”", " bee "),
    tag=("wrong sum", "*&é"),
)


def several(values: Any) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(list(values)), unique=True).map(tuple)


ends = st.none() | st.floats(allow_nan=False, allow_infinity=False)
ranges = st.tuples(ends, ends).map(lambda two: Range(*(sorted(two) if None not in two else two)))
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: bool(text.strip()))
searches = st.just({}) | st.fixed_dictionaries(
    {"text": words, "where": st.sampled_from([*WHERE]), "regex": st.booleans()}
)


def without_order(chosen: PromptFilter) -> PromptFilter:
    """An order by an attribute needs one."""
    return replace(chosen, sort="id") if chosen.sort == "attribute" and not chosen.attribute else chosen


filters = st.builds(
    lambda search, fields: without_order(PromptFilter(**search, **fields)),
    searches,
    st.fixed_dictionaries(
        {
            **{name: several(getattr(OFFERED, name)) for name in Choices._fields},
            **dict.fromkeys(RANGES, ranges),
            "judged": st.sampled_from(["", *JUDGED]),
            "flag": several(FLAGS),
            **dict.fromkeys(("won", "lost"), st.just("") | st.sampled_from(OFFERED.model)),
            "attribute": st.just("") | st.sampled_from([*BY_KEY]),
            "beat": st.none() | st.tuples(st.sampled_from(OFFERED.model), st.sampled_from(OFFERED.model)),
            "sort": st.sampled_from([*SORTS]),
            "descending": st.booleans(),
        }
    ),
)


@given(filters)
def test_a_filter_comes_back_from_its_link_as_it_was_without_a_complaint(chosen: PromptFilter) -> None:
    assert from_parameters(to_parameters(chosen), OFFERED) == (chosen, [])


@given(filters)
def test_taking_a_field_out_takes_out_its_phrase_and_no_other(chosen: PromptFilter) -> None:
    said = described(chosen)
    for field in said:
        assert described(without(chosen, field)) == {name: phrase for name, phrase in said.items() if name != field}


def test_the_link_of_a_filter_names_only_what_narrows_or_sorts() -> None:
    assert to_parameters(PromptFilter()) == {}
    assert to_parameters(PromptFilter(text="  ", where="prompt", regex=True)) == {}
    assert to_parameters(
        PromptFilter(
            text="two",
            where="prompt",
            regex=True,
            model=("a", "b"),
            spread=Range(0.5, 2),
            best=Range(None, -1),
            sort="gap",
            descending=True,
        )
    ) == {
        "q": ["two"],
        "in": ["prompt"],
        "as": ["regex"],
        "model": ["a", "b"],
        "spread": ["0.5..2"],
        "best": ["..-1"],
        "sort": ["-gap"],
    }


def test_a_link_without_parameters_asks_for_every_prompt_in_the_order_of_the_source() -> None:
    assert from_parameters({}, OFFERED) == (PromptFilter(), [])
    assert from_parameters({"id": ["17"], "data": ["seed"]}, OFFERED) == (PromptFilter(), [])


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("section", "chat", "There is no section 'chat' here; it was left out."),
        ("subset", "prm", "There is no subset 'prm' here; it was left out."),
        ("model", "<b>cow</b>", "There is no model '<b>cow</b>' here; it was left out."),
        ("flag", "best", "There is no flag 'best' here; it was left out."),
        ("won", "dog", "There is no won 'dog' here; it was left out."),
        ("lost", "ANT/7B", "There is no lost 'ANT/7B' here; it was left out."),
        ("beat", "ant/7B", "A link with 'beat' names two source models, 'beat' and 'over'; it was left out."),
        ("over", "ant/7B", "A link with 'beat' names two source models, 'beat' and 'over'; it was left out."),
        ("sort", "--gap", "There is no sort '--gap' here; it was left out."),
        ("in", "everywhere", "There is no in 'everywhere' here; it was left out."),
        ("as", "glob", "There is no as 'glob' here; it was left out."),
        ("spread", "wide", "'wide' is not a range for spread (sd) (such as 0.5..2); it was left out."),
        ("best", "high", "'high' is not a range for best reward (such as 0.5..2); it was left out."),
        ("texts", "few", "'few' is not a range for different texts (such as 0.5..2); it was left out."),
    ],
)
def test_a_value_that_is_not_understood_is_left_out_and_said(name: str, value: str, complaint: str) -> None:
    assert from_parameters({"q": ["two"], name: [value]}, OFFERED) == (PromptFilter(text="two"), [complaint])


def test_of_several_values_the_known_ones_are_kept_once() -> None:
    chosen, complaints = from_parameters({"section": ["Chat Hard", "Rhyme", "Chat", "Chat Hard"]}, OFFERED)
    assert chosen == PromptFilter(section=("Chat Hard", "Chat"))
    assert complaints == ["There is no section 'Rhyme' here; it was left out."]


def test_a_link_can_ask_for_the_prompts_that_a_source_model_won_or_lost_or_where_it_beat_another() -> None:
    link = {"won": ["ant/7B"], "lost": [" bee "], "beat": ["ant/7B"], "over": ["Ünï “cow”"]}
    chosen = PromptFilter(won="ant/7B", lost=" bee ", beat=("ant/7B", "Ünï “cow”"))
    assert from_parameters(link, OFFERED) == (chosen, [])
    assert to_parameters(chosen) == link
    assert from_parameters({"beat": ["ant/7B"], "over": ["dog"]}, OFFERED) == (
        PromptFilter(),
        [
            "There is no over 'dog' here; it was left out.",
            "A link with 'beat' names two source models, 'beat' and 'over'; it was left out.",
        ],
    )


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("0.5..2", 0.5, 2.0),
        ("0.5..", 0.5, None),
        ("..2", None, 2.0),
        ("-2..-1.5", -2.0, -1.5),
        (" 1 .. 1 ", 1.0, 1.0),
        ("1e3..2E3", 1000.0, 2000.0),
    ],
)
def test_a_range_is_two_numbers_with_two_dots_between_them(text: str, low: float | None, high: float | None) -> None:
    assert Range.parsed(text) == Range(low, high)


@pytest.mark.parametrize(
    "text", ["..", " .. ", "1", "1.2", "a..b", "2..1", "nan..", "1..nan", "..inf", "1e999..", "1..2..3", "1-2"]
)
def test_anything_else_is_no_range(text: str) -> None:
    complaint = f"{text!r} is not a range for gap to second (such as 0.5..2); it was left out."
    assert from_parameters({"gap": [text]}, OFFERED) == (PromptFilter(), [complaint])


@pytest.mark.parametrize("number", [0.1, 0.1234567, -1234567.0, 2.0, 1 / 3, 1e-9, 123456.789])
def test_a_range_is_written_with_every_digit_that_it_has(number: float) -> None:
    assert Range.parsed(str(Range(number))) == Range(number, None)


@pytest.mark.parametrize(
    ("drawn", "kept", "text"),
    [
        ((0.123456, 1.323456), (0.12, 1.32), "0.12..1.32"),  # 1.2 wide: two decimals
        ((0.00045678, 0.00165678), (0.00046, 0.00166), "0.00046..0.00166"),  # 0.0012 wide: five
        ((12.3, 2345.6), (12.0, 2346.0), "12..2346"),  # 2333.3 wide: none
        ((-0.001, 5.0), (0.0, 5.0), "0..5"),  # no minus before a zero
        ((1.5, 1.5), (1.5, 1.5), "1.5..1.5"),
    ],
)
def test_a_brushed_range_has_as_many_decimals_as_its_width_needs(
    drawn: tuple[float, float], kept: tuple[float, float], text: str
) -> None:
    assert Range.brushed(*drawn) == kept
    assert str(Range.brushed(*drawn)) == text


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4))
def test_a_brushed_range_is_about_the_range_that_was_drawn(low: float, width: float) -> None:
    assert Range.brushed(low, low + width).is_about(Range(low, low + width))


@pytest.mark.parametrize(
    ("one", "other", "is_about"),
    [
        (Range(0, 1), Range(0, 1), True),
        (Range(0, 1), Range(-0.005, 1.009), True),
        (Range(0, 1), Range(0, 1.02), False),
        (Range(0.02, 1), Range(0, 1), False),
        (Range(0, 100), Range(0.9, 100.9), True),  # a hundredth of the width, not of one
        (Range(None, 1), Range(None, 1), True),
        (Range(None, 1), Range(None, 1.001), False),
        (Range(0, 1), Range(None, 1), False),
        (EVERY, EVERY, True),
    ],
)
def test_ranges_are_about_the_same_up_to_a_hundredth_of_the_width(one: Range, other: Range, is_about: bool) -> None:
    assert one.is_about(other) is is_about


def test_a_filter_is_told_in_words() -> None:
    assert described(PromptFilter(sort="gap", descending=True, where="prompt", regex=True)) == {}
    assert described(
        PromptFilter(
            text=" two words ",
            where="responses",
            section=("Chat", "Safety"),
            model=("ant",),
            flag=("empty", "pair"),
            spread=Range(0.5, 2),
            gap=Range(0, None),
            texts=Range(None, 3),
            won="ant",
            lost="bee",
            beat=("ant", "cow"),
        )
    ) == {
        "text": "responses contains “two words”",
        "section": "section: Chat or Safety",
        "model": "source model: ant",
        "flag": "has an empty response and chosen and rejected are among the candidates",
        "spread": "spread (sd) at least 0.5 and at most 2",
        "gap": "gap to second at least 0",
        "texts": "different texts at most 3",
        "won": "ant has the best reward",
        "lost": "bee has the worst reward",
        "beat": "ant did better than cow",
    }
    assert described(PromptFilter(text="^x", regex=True))["text"] == "prompt or responses matches “^x”"


def test_subsets_are_offered_for_the_sections_chosen_and_those_chosen_stay() -> None:
    choices = Choices(("Chat", "Reasoning"), ("mt-bench-easy", "house rules", "hep-go", "math-prm"), ())
    assert subsets_offered(choices, PromptFilter()) == choices.subset
    assert subsets_offered(choices, PromptFilter(section=("Reasoning",))) == ("hep-go", "math-prm")
    assert subsets_offered(choices, PromptFilter(section=("Reasoning",), subset=("house rules",))) == (
        "house rules",
        "hep-go",
        "math-prm",
    )
