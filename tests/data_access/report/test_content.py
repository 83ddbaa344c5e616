"""A part is what its page shows, with its n and caveats; and what no longer fits is there with a sentence."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data_access.dataset import Dataset
from data_access.judgements.answers import Answer
from data_access.judgements.judgements import Judgement, Said, keys_of
from data_access.judgements.people import Person
from data_access.judgements.text_keys import text_key
from data_access.report.asked import People
from data_access.report.blocks import Block, Picture, Sentence, Table, Text
from data_access.report.content import filled, part_content
from data_access.report.parts import PAGES
from data_access.report.reports import Report, State, key_of
from tests.conftest import open_path
from tests.data_access.report.conftest import BARE, NOW, ROWS, part, report

Open = Callable[..., Dataset]
ROOT = Path(__file__).parents[3]
VIEWS = (
    part("overview"),
    part("overview", by="section"),
    part("prompt", id="1"),
    part("prompt", id="1", candidate="2"),
    part("compare", id="1"),
    part("compare", id="1", a="best", b="worst", c="rejected", diff="a-b"),
    part("models"),
    part("models", show="head to head", of="section:Reasoning"),
    part("best_of_n"),
    part("best_of_n", n="2", scale="linear"),
    part("rewards"),
    part("rewards", by="section"),
    part("rewards", within="models"),
    part("rewards", show="words", phrases="openings", asked="out", length="any"),
    part("rewards", show="twins"),
    part("rewards", show="twins", change="words", each="pair"),
    part("rewards", show="scorers"),
    part("rewards", show="form"),
    part("scorers"),
    part("blind", show="results"),
    part("checks"),
    part("checks", show="data quality", formatted="1"),
)


def blocks(dataset: Dataset, page: str, **parameters: str) -> tuple[Block, ...]:
    return part_content(dataset, report(dataset), part(page, **parameters)).blocks


def of_kind(found: tuple[Block, ...], kind: type[Any]) -> list[Any]:
    return [block for block in found if isinstance(block, kind)]


def words(found: tuple[Block, ...]) -> str:
    return "\n".join(block.text for block in found if isinstance(block, Sentence))


def drawn(content: Any) -> None:
    """Every chart has a specification, and every row of a table as many cells as columns."""
    for block in content.blocks:
        if isinstance(block, Picture):
            assert block.chart.to_dict()
            assert block.alt
        if isinstance(block, Table):
            assert {len(row) for row in block.rows} <= {len(block.columns)}


@pytest.mark.usefixtures("charts_are_checked")
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view.page} {view.value('show')}")
def test_every_view_is_a_part_of_the_sample_and_of_what_has_little(view: Any, sample: Dataset, opened: Open) -> None:
    for dataset in (sample, opened(ROWS), opened(BARE)):
        content = part_content(dataset, report(dataset), view)
        assert content.blocks
        drawn(content)


@pytest.mark.usefixtures("charts_are_checked")
@pytest.mark.parametrize("page", ["rewards", "scorers", "prompt", "compare", "models"])
def test_parts_of_two_scorers_and_of_their_mean_percentile(page: str, tmp_path: Any) -> None:
    import pyarrow.parquet as pq

    from tests.conftest import wide_table
    from tests.pages.conftest import OTHER

    for name, rows in (("first", ROWS), ("other", OTHER)):
        pq.write_table(wide_table(rows), tmp_path / f"{name}.parquet")
    joined = open_path(f"{tmp_path}/first.parquet + {tmp_path}/other.parquet", tmp_path / "cache")
    for scorer in joined.contents.scorers:
        shown = {"show": "scorers"} if page == "rewards" else {}
        content = part_content(joined, report(joined), part(page, id="1", scorer=scorer, **shown))
        assert dict(content.of)["Scorer"] == scorer
        assert content.blocks
        drawn(content)


def test_titles_and_questions_are_those_of_the_menu() -> None:
    frame = ast.parse((ROOT / "pages" / "frame.py").read_text(encoding="utf-8"))  # importing it would draw it
    (written,) = (
        node.value for node in frame.body if isinstance(node, ast.Assign) and "MENU" in ast.unparse(node.targets[0])
    )
    menu = {file.removesuffix(".py"): (title, question) for _, file, title, question in ast.literal_eval(written)}
    assert {name: (page.title, page.question) for name, page in PAGES.items()} == {name: menu[name] for name in PAGES}


def test_a_prompts_part_has_its_texts_in_full_and_its_figures_with_their_n(tiny: Dataset) -> None:
    found = blocks(tiny, "prompt", id="1")
    texts = of_kind(found, Text)
    assert [(text.label, text.text) for text in texts] == [
        ("Prompt 1", "Name a prime."),
        ("Candidate 1", "Two."),
        ("RewardBench chosen", "Two."),
        ("RewardBench rejected", "Nine."),
    ]
    assert texts[0].facts == ("math-prm", "Reasoning")
    assert texts[3].facts == ("RewardBench rejected: not scored, as no candidate has this text",)
    (table,) = of_kind(found, Table)
    assert [row[:6] for row in table.rows] == [
        ("1", "3.00", "0.00", "100", "ant", "1"),
        ("3", "1.00", "2.00", "0", "bee", "2"),
    ]
    assert table.rows[0][-1] == "×2: the same text got 2.00 to 3.00"
    (picture,) = of_kind(found, Picture)
    assert picture.alt.startswith("Distribution of rewards: 3 of 4 candidates scored · 3 different texts · best 3.00")


def test_a_comparison_says_the_difference_and_what_it_does_not_say(tiny: Dataset) -> None:
    found = blocks(tiny, "compare", id="1", a="1", b="2", diff="a-b")
    assert "A − B: reward +2.00, rank 1 against 3, RM-implied preference for A 88 %" in words(found)
    assert "not calibrated" in words(found)
    _, first, second = of_kind(found, Text)
    assert [(piece.text, piece.is_common) for piece in first.pieces] == [("Two", False), (".", True)]
    assert second.facts[:3] == ("rank 3", "1.00", "bee")


def test_best_of_n_has_the_gain_with_its_interval_and_the_prompts(tiny: Dataset) -> None:
    found = blocks(tiny, "best_of_n", n="2")
    assert "Best of 2: gain 1.21 (95 % interval 0.67 to 1.75) · 2 prompts" in words(found)  # 2/3 and 7/4
    assert of_kind(found, Table)[0].rows == (("1", "0.00", "0.00 to 0.00"), ("2", "1.21", "0.67 to 1.75"))


def test_a_part_says_its_scorer_its_scope_and_its_filter_with_how_many_pass(tiny: Dataset) -> None:
    filtered = {"section": "Reasoning", "q": "prime"}
    prompt = part_content(tiny, report(tiny), part("prompt", id="1", scorer="reward", **filtered))
    assert dict(prompt.of) == {
        "Scorer": "reward",
        "Filter": "prompt or responses contains “prime”; section: Reasoning (1 of 2 prompts)",
        "Added": "2026-11-25 10:00Z",
    }
    models = part_content(tiny, report(tiny), part("models", of="subset:math-prm", **filtered))
    assert dict(models.of)["Of"] == "subset math-prm"
    assert dict(models.of)["Filter"].endswith("(1 of 2 prompts): not used on this page")


def test_what_is_not_known_falls_back_with_a_word(tiny: Dataset) -> None:
    asked = part("models", show="upside", of="section:Poetry", scorer="judge", section="Poetry", colour="red")
    assert part_content(tiny, report(tiny), asked).changes == (
        "There is no scorer 'judge' here; reward is shown.",
        "This page knows no 'colour'; it was left out.",
        "There is no section 'Poetry' here; it was left out.",
        "There is no 'section:Poetry' here; all prompts are shown.",
        "There is no view 'upside' here; scores is shown.",
    )
    gone = part_content(tiny, report(tiny), part("poetry", "Mine."))
    assert (gone.blocks, gone.sentence) == ((), "Mine.")
    assert gone.changes == ("This version of Rewardscope has no page 'poetry' that can be in a report.",)


def test_a_prompt_is_found_by_its_text_where_the_numbers_have_changed(opened: Open) -> None:
    key = key_of("Name a prime.")
    turned = opened(ROWS[::-1])
    moved = part_content(turned, report(turned), part("prompt", text_key=key, id="1"))
    assert of_kind(moved.blocks, Text)[0].text == "Name a prime."
    assert moved.changes == ("The prompt was number 1 when it was added, and is number 2 now.",)
    without = opened(ROWS[1:])
    gone = part_content(without, report(without), part("prompt", "Mine.", key, id="1"))
    assert (gone.blocks, gone.sentence) == ((), "Mine.")
    assert gone.changes == ("Prompt 1 is not in the dataset any more, so this part has nothing to show.",)


def test_the_head_says_of_which_state_of_which_dataset_it_is(tiny: Dataset) -> None:
    done: list[str] = []
    content = filled(tiny, report(tiny, part("checks")), lambda _, doing: done.append(doing), NOW)
    assert dict(content.of) == {
        "Dataset": "data",
        "Files": "train-00000-of-00001.parquet",
        "Scorers": "reward",
        "In it": "2 prompts and 6 candidates",
        "Fingerprint": tiny.fingerprint,
        "Made": "2026-11-26 08:30 UTC, with Rewardscope 0.1.0",
    }
    assert content.changes == ()
    assert done[0] == "Part 1 of 1: Checks."
    then = Report(State("data", fingerprint="0ld", prompts=7, candidates=9))
    assert filled(tiny, then).changes == (
        "The dataset is another state of its files than when parts were added (fingerprint 0ld then): figures and texts are "
        "those of now. It had 7 prompts and 9 candidates.",
    )


def test_what_people_prefer_is_a_part_with_its_n_and_its_intervals(opened: Open) -> None:
    rows = [
        {"prompt": f"Count to {n}.", "candidates": [("ant", f"{n}", 1.0), ("bee", f"{n} at last", 0.0)]}
        for n in range(12)
    ]
    dataset, answers = opened(rows), []
    for n in range(12):
        first, second = sorted((f"{n}", f"{n} at last"), key=text_key)
        short = "first" if first == f"{n}" else "second"
        long = "second" if short == "first" else "first"
        # Ada prefers the short text, which has the higher reward, in nine of twelve.
        keys = (text_key(f"Count to {n}."), text_key(first), text_key(second))
        chosen = short if n < 9 else long
        answers.append(
            Answer(*keys, Person("Ada"), "a set", 1, "first", chosen, "data", f"2026-11-25T10:00:{n:02}.000000Z")
        )
    people = People(answers=answers)
    content = part_content(dataset, report(dataset), part("blind", show="results"), people=people)
    said = words(content.blocks)
    assert "all sets · by everybody · 12 answers by 1 person · 12 prefer one text · 12 pairs of 12 prompts" in said
    assert "In 9 of 12 pairs that both decide: 75 % (47 to 91 %). The longer text: 3 of 12, 25 % (9 to 53 %)." in said
    (apart, models) = of_kind(content.blocks, Table)
    assert len(apart.rows) == 3
    assert apart.rows[0][1:] == ("candidate 2", "candidate 1", "+1.00", "73 %", "Ada: A")
    assert models.rows[0] == ("ant", "12", "75 %", "47 % to 91 %", "12", "100 %")
    assert len(of_kind(content.blocks, Picture)) == 2
    drawn(content)
    nobody = part_content(dataset, report(dataset), part("blind", by="Eve"), people=people)
    assert nobody.changes == ("There is no by 'Eve' here; everything is shown.",)


def test_a_filter_by_what_people_say_is_told_with_its_count(tiny: Dataset) -> None:
    red = Judgement(*keys_of("Name a colour.", "Red."), Person("Ada"), 1, Said(tags=("warm",)), "data", "2026")
    found = part_content(tiny, report(tiny), part("prompt", id="2", tag="warm"), people=People([red]))
    assert ("Filter", "tag: warm (1 of 2 prompts)") in found.of
    assert found.changes == ()
