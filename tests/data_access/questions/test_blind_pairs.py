"""Which pairs are asked: each draw worked by hand, and the same set for the same link wherever it is opened."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data_access.dataset import Dataset
from data_access.judgements.people import Person
from data_access.preparing.joining import ENSEMBLE
from data_access.questions.blind_pairs import DRAWS, PairSet, blind_pairs, is_first_left
from data_access.questions.filters import PromptFilter, Range

Open = Callable[..., Dataset]
ROOT = Path(__file__).parents[3]


def row(*candidates: tuple[str | None, float | None], **columns: Any) -> dict[str, Any]:
    """Each with a prompt of its own, by which candidates it has."""
    listed = [("ant", *candidate) for candidate in candidates]
    return {"prompt": f"{listed} {columns}", "candidates": listed} | columns


def asked(draw: str, n: int = 20, seed: int = 0, other: str = "") -> PairSet:
    return PairSet(draw, "reward", other, n, seed)


def pairs(dataset: Dataset, which: PairSet, ids: list[int] | None = None) -> list[tuple[int, frozenset[str]]]:
    found = blind_pairs(dataset, which, range(1, dataset.contents.prompts + 1) if ids is None else ids)
    assert list(found) == ["prompt_id", "first", "second"]
    return sorted(
        (prompt_id, frozenset([first, second])) for prompt_id, first, second in found.itertuples(index=False, name=None)
    )


def test_two_at_random_are_different_texts_that_are_there_scored_or_not(opened: Open) -> None:
    dataset = opened(
        [
            row(("One", 1.0), ("One", 2.0), (None, 3.0), (" \n", 4.0), ("Two", None)),
            row(("Same", 1.0), ("Same", 5.0)),
            row(("Alone", 1.0)),
            row(("A", 1.0), ("B", 1.0), prompt=None),
        ]
    )
    assert pairs(dataset, asked("random")) == [(1, frozenset("15"))]


def test_at_random_every_pair_of_texts_comes_about_equally_often(opened: Open) -> None:
    dataset = opened([row(("One", 1.0), ("Two", 2.0), ("Three", 3.0))])
    drawn = [pairs(dataset, asked("random", seed=seed))[0][1] for seed in range(300)]
    for pair in ("12", "13", "23"):
        assert 70 < drawn.count(frozenset(pair)) < 130


def test_unsure_is_a_small_difference_but_no_tie(opened: Open) -> None:
    dataset = opened(
        [
            row(("One", 1.0), ("Two", 1.0), ("Three", 1.375), ("Four", 3.0)),  # ln(0.6 / 0.4) is 0.405
            row(("One", 1.0), ("Two", 1.0), ("Three", 1.5)),
            row(("One", 1.0), ("Two", None), ("Three", 9.0)),
        ]
    )
    assert {pairs(dataset, asked("unsure", seed=seed))[0] for seed in range(20)} == {
        (1, frozenset("13")),
        (1, frozenset("23")),
    }
    assert all(len(pairs(dataset, asked("unsure", seed=seed))) == 1 for seed in range(20))


def test_train_is_the_best_and_the_nearest_to_two_standard_deviations_below_the_mean(opened: Open) -> None:
    dataset = opened(
        [
            # mean 0, sd √(42 / 5) = 2.9: the nearest to −5.8 is −4
            row(
                ("One", 4.0),
                ("Two", -4.0),
                ("Three", 1.0),
                ("Four", -2.0),
                ("Five", 1.0),
                ("Six", None),
                ("Seven", 0.0),
            ),
            row(("One", 2.0), ("Two", 2.0)),
            row(("One", 2.0), ("One", 4.0), ("Two", 3.5)),  # One has 3
        ]
    )
    assert pairs(dataset, asked("train")) == [(1, frozenset("12")), (3, frozenset("13"))]


def test_equal_rewards_are_told_apart_by_lot_and_not_by_place(opened: Open) -> None:
    dataset = opened([row(("One", 4.0), ("Two", 4.0), ("Three", -4.0), ("Four", -4.0))])
    drawn = [pairs(dataset, asked("train", seed=seed))[0][1] for seed in range(80)]
    for pair in ("13", "14", "23", "24"):
        assert 8 < drawn.count(frozenset(pair)) < 35


def test_chosen_is_the_best_against_the_benchmarks_text_where_these_are_two(opened: Open) -> None:
    dataset = opened(
        [
            row(("One", 4.0), ("Two", 1.0), rewardbench_chosen="Else"),
            row(("One", 4.0), ("Two", 1.0), rewardbench_chosen="Two"),
            row(("One", 4.0), ("Two", 1.0), rewardbench_chosen="One"),
            row(("One", 4.0), ("Two", 1.0), rewardbench_chosen=" One \n"),  # a match but for white space
            row(("One", 4.0), ("Two", 1.0)),
            row(("One", None), rewardbench_chosen="Else"),
        ]
    )
    assert pairs(dataset, asked("chosen")) == [(1, frozenset(["1", "chosen"])), (2, frozenset(["1", "chosen"]))]


def two_scorers(*rewards: tuple[tuple[float | None, float | None], ...]) -> Any:
    import pyarrow as pa

    most = max(map(len, rewards))
    columns: dict[str, Any] = {"prompt": [f"Prompt {number}" for number in range(len(rewards))]}
    for at in range(most):
        columns[f"response_{at + 1}"] = [f"Text {at + 1}" if at < len(some) else None for some in rewards]
        for place, name in enumerate(("one", "two")):
            columns[f"response_{at + 1}_{name}"] = [some[at][place] if at < len(some) else None for some in rewards]
    return pa.table(columns)


def test_scorers_disagree_where_each_puts_its_own_best_above_the_others(opened: Open) -> None:
    dataset = opened(
        two_scorers(
            ((3.0, 1.0), (1.0, 3.0), (2.0, 2.0)),
            ((3.0, 3.0), (1.0, 1.0), (2.0, 2.0)),
            ((3.0, 3.0), (3.0, 4.0), (1.0, 1.0)),  # the first ties its own and the other's
            ((9.0, None), (3.0, 1.0), (1.0, 3.0)),
        )
    )
    assert dataset.contents.scorers[:2] == ("one", "two")
    which = PairSet("scorers", "one", "two", 20, 0)
    assert pairs(dataset, which) == [(1, frozenset("12")), (4, frozenset("23"))]
    assert blind_pairs(dataset, which._replace(other="none such"), [1]).empty
    assert pairs(dataset, PairSet("unsure", ENSEMBLE, "", 20, 0)) == []  # 50 and more percentiles, or none


def test_twins_are_scored_and_one_pair_a_prompt(opened: Open) -> None:
    text = "A kettle boils water, and tea is made of leaves that are left in it for some minutes."
    headed, more = f"## Answer\n{text}", f"{text} Enjoy!"
    dataset = opened([row((text, 1.0), (headed, 2.0), (more, 3.0)), row((text, 1.0), (more, None))])
    drawn = {pairs(dataset, asked("twins", seed=seed))[0] for seed in range(20)}
    assert {prompt_id for prompt_id, _ in drawn} == {1}
    assert len(drawn) > 1
    assert pairs(dataset, asked("twins"), [2]) == []


def many() -> list[dict[str, Any]]:
    return [
        row(*((f"Text {number} {at}", (number * 7 + at * 5) % 11 / 4) for at in range(6)), rewardbench_chosen="Else")
        for number in range(300)
    ]


def test_a_set_has_as_many_pairs_as_asked_for_of_the_prompts_that_pass_and_a_smaller_one_is_its_beginning(
    opened: Open,
) -> None:
    dataset = opened(many())
    for draw in ("random", "unsure", "train", "chosen"):
        whole = blind_pairs(dataset, asked(draw, n=60), range(1, 301))
        assert len(whole) == whole["prompt_id"].nunique() == 60
        assert blind_pairs(dataset, asked(draw, n=7), range(300, 0, -1)).equals(whole.head(7))
        some = blind_pairs(dataset, asked(draw, n=60), range(1, 31))
        assert set(some["prompt_id"]) <= set(range(1, 31))
        assert not blind_pairs(dataset, asked(draw, n=60, seed=1), range(1, 301)).equals(whole)
    assert blind_pairs(dataset, asked("random"), []).empty


IN_ANOTHER_PROCESS = """
from pathlib import Path
from data_access.questions.blind_pairs import PairSet, blind_pairs
from tests.conftest import open_path
dataset = open_path("sample", Path({cache!r}))
with Path({file!r}).open("w") as told:  # on a busy machine DuckDB draws a progress bar on the screen
    for draw in ("random", "unsure", "train", "chosen", "twins"):
        found = blind_pairs(dataset, PairSet(draw, "reward", "", 5, 3), range(1, 1 + dataset.contents.prompts))
        print(draw, found.to_numpy().tolist(), file=told)
"""


def test_the_same_link_gives_the_same_set_in_another_process(
    sample: Dataset, shared_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "told"
    code = IN_ANOTHER_PROCESS.format(cache=str(shared_folder / "sample"), file=str(file))
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)
    ids = range(1, 1 + sample.contents.prompts)
    here = [
        f"{draw} {blind_pairs(sample, PairSet(draw, 'reward', '', 5, 3), ids).to_numpy().tolist()}"
        for draw in ("random", "unsure", "train", "chosen", "twins")
    ]
    assert file.read_text().splitlines() == here


def test_a_set_is_named_by_what_it_depends_on_and_briefly() -> None:
    plain = PairSet("train", "reward", "other", 20, 4)
    assert plain.name == "train · reward · seed 4"
    assert plain._replace(draw="scorers").name == "scorers · reward · other · seed 4"
    assert plain._replace(draw="random").name == plain._replace(draw="random", scorer="x").name
    narrowed = plain._replace(filter=PromptFilter(subset=("hep-go",)))
    assert narrowed.name.startswith(f"{plain.name} · filter ")
    assert narrowed.name == plain._replace(filter=PromptFilter(subset=("hep-go",), sort="gap", descending=True)).name
    by_reward = PairSet("random", "reward", "", 20, 4, PromptFilter(best=Range(1.0, None)))
    assert by_reward.name != by_reward._replace(scorer="other").name  # it keeps other prompts
    long = PairSet("scorers", "x" * 400, "x" * 399, 200, 10**6, PromptFilter(text="y" * 5000))
    assert len(long.name) <= 300
    assert long.name != long._replace(other="x" * 398).name


def test_sides_are_drawn_for_each_person_and_pair_and_stay() -> None:
    ann, bo = Person("Ann"), Person("Bo")
    of_ann, of_bo = ([is_first_left("set", one, number, "1", "2") for number in range(400)] for one in (ann, bo))
    assert of_ann == [is_first_left("set", ann, number, "1", "2") for number in range(400)]
    assert 160 < sum(of_ann) < 240
    assert 160 < sum(a == b for a, b in zip(of_ann, of_bo, strict=True)) < 240
    assert [is_first_left("set", Person("Ann", True), number, "1", "2") for number in range(400)] != of_ann


def test_every_draw_says_what_it_takes() -> None:
    assert [*DRAWS] == ["random", "unsure", "train", "chosen", "scorers", "twins"]
    assert all(draw.takes.endswith(".") for draw in DRAWS.values())


def test_a_prompt_that_is_there_twice_is_asked_once_and_a_larger_set_begins_with_the_smaller(opened: Open) -> None:
    twice = [row(("One", 1.0), ("Two", 2.0), prompt="Twice") for _ in range(3)]
    rows = twice + [row(("One", 1.0), ("Two", 2.0), prompt=f"{number}") for number in range(20)]
    dataset = opened(rows)
    everything = range(1, 24)
    small, large = (blind_pairs(dataset, asked("random", n=n), everything) for n in (5, 30))
    assert len(large) == 21
    assert large[:5].equals(small)
    assert asked("random", n=5).name == asked("random", n=30).name


def test_twins_of_a_prompt_without_a_text_are_no_pair(opened: Open) -> None:
    long = "A sentence that is long enough to have a twin which differs by little, "
    assert pairs(opened([row((f"{long}one", 1.0), (f"{long}two", 2.0), prompt=None)]), asked("twins")) == []
