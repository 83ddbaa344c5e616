"""What people say, at the texts of a dataset: by content, wherever the text is."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from data_access.dataset import Dataset
from data_access.judgements.judgements import Judgement, Said, keys_of, tags_in_use
from data_access.judgements.people import Person
from data_access.questions.filters import PromptFilter
from data_access.questions.judged import judged, judged_prompts, short
from data_access.questions.prompts import matching_prompts

Opened = Callable[..., Dataset]

ADA, BEN = Person("Ada"), Person("Ben")
ROWS = [
    {"prompt": "Name a metal.", "candidates": [("ant", "Iron", 1.0), ("bee", "Tin", 2.0), ("cow", "Iron", 3.0)]},
    {"prompt": "Name a tree.", "candidates": [("ant", "Iron", 1.0), ("bee", "Oak\x00", 0.0), ("cow", None, 2.0)]},
    {"prompt": "Name a metal.", "candidates": [("ant", "Zinc", 0.0), ("bee", "Iron", 1.0)]},
]
PAIRED = [
    {
        "prompt": "Name a metal.",
        "subset": "hep-go",
        "rewardbench_chosen": "Lead",
        "rewardbench_rejected": "Iron",
        "candidates": [("ant", "Iron", 1.0), ("bee", "Tin", 2.0)],
    }
]


def said(prompt: str, response: str | None, person: Person = ADA, **what: Any) -> Judgement:
    return Judgement(*keys_of(prompt, response), person, 1, Said(**what), "data", "2026-11-25T09:30:00.000000Z")


def places(dataset: Dataset, *judgements: Judgement) -> dict[tuple[int, str], list[Judgement]]:
    return {place: [*found] for place, found in judged(dataset, judgements).at.items()}


def test_a_judgement_is_at_every_candidate_with_the_text_of_every_prompt_with_the_prompts_text(
    opened_once: Opened,
) -> None:
    iron = said("Name a metal.", "Iron", starred=True)
    assert places(opened_once(ROWS), iron) == {(1, "1"): [iron], (1, "3"): [iron], (3, "2"): [iron]}
    oak = said("Name a tree.", "Oak\x00", note="a tree")
    assert places(opened_once(ROWS), oak) == {(2, "2"): [oak]}


def test_one_of_a_prompt_is_at_the_prompt_and_one_of_the_pair_at_its_side_and_its_candidates(
    opened_once: Opened,
) -> None:
    prompt, lead = said("Name a metal.", None, starred=True), said("Name a metal.", "Lead", starred=True)
    iron = said("Name a metal.", "Iron", tags=("heavy",))
    found = judged(opened_once(PAIRED), [prompt, lead, iron])
    assert found.at == {(1, ""): [prompt], (1, "chosen"): [lead], (1, "rejected"): [iron], (1, "1"): [iron]}
    assert found.elsewhere == []
    assert found.prompts == {1: [iron, prompt, lead]}


def test_what_does_not_fit_is_kept_apart(opened_once: Opened) -> None:
    gold, sea = said("Name a metal.", "Gold", starred=True), said("Name a sea.", "Iron", starred=True)
    found = judged(opened_once(ROWS), [gold, sea])
    assert found.at == {}
    assert sorted(found.elsewhere) == sorted([gold, sea])


def test_the_same_dataset_in_another_layout_and_order_has_the_same_judgements(
    opened_once: Opened, opened: Opened
) -> None:
    iron, tree = said("Name a metal.", "Iron", starred=True), said("Name a tree.", None, note="easy")
    turned = [{**row, "candidates": row["candidates"][::-1]} for row in ROWS[::-1]]
    assert places(opened(turned[:1], turned[1:]), iron, tree) == {
        (1, "1"): [iron],
        (2, ""): [tree],
        (3, "1"): [iron],
        (3, "3"): [iron],
    }


def test_what_was_taken_back_is_nowhere(opened_once: Opened) -> None:
    found = judged(opened_once(ROWS), [said("Name a metal.", "Iron")])
    assert (found.at, found.elsewhere) == ({}, ())


@pytest.mark.parametrize(
    ("kind", "tags", "ids"),
    [
        ("any", (), [1, 2, 3]),
        ("star", (), [1, 3]),
        ("note", (), [2]),
        ("", ("soft",), [1]),
        ("", ("soft", "easy"), [1, 2]),
        ("star", ("soft",), []),
        ("note", ("easy",), [2]),
    ],
)
def test_a_filter_keeps_the_prompts_of_which_somebody_says_so(
    opened_once: Opened, kind: str, tags: Sequence[str], ids: list[int]
) -> None:
    everything = [
        said("Name a metal.", "Iron", starred=True),
        said("Name a metal.", "Tin", BEN, tags=("soft",)),
        said("Name a tree.", None, note="easy", tags=("easy",)),
    ]
    dataset = opened_once(ROWS)
    assert judged_prompts(judged(dataset, everything), kind, tags) == ids
    chosen = PromptFilter(judged=kind, tag=tuple(tags), sort="id", descending=True)
    assert matching_prompts(dataset, "reward", chosen, None, everything) == ids[::-1]
    assert matching_prompts(dataset, "reward", chosen, [2, 3], everything) == [i for i in (3, 2) if i in ids]


def test_what_several_say_in_short() -> None:
    assert short([]) == ""
    both = [said("p", "r", starred=True, tags=("b", "A")), said("p", "r", BEN, starred=True, note="x", tags=("b",))]
    assert short(both) == "★2 · A, b · ✎1"
    assert tags_in_use(both) == ("A", "b")
