"""Pairs that people chose: which text is chosen, what is left out, whose answers they are, and that trainers can read them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import datasets
import pytest

from data_access.dataset import Dataset
from data_access.judgements.answers import Answer, answers, save_answer
from data_access.judgements.judgements import Said, save
from data_access.judgements.people import Person
from data_access.judgements.store import open_store
from data_access.judgements.text_keys import text_key
from data_access.training_data import export, export_files
from data_access.training_data.command import main
from data_access.training_data.recipes import Recipe, to_json
from data_access.training_data.rows import Selection, selection
from data_access.training_data.sidecar import SIDECAR, sidecar, warnings

Open = Callable[..., Dataset]
RECIPE = Recipe("data", "reward").with_strategy("people")
ROWS: list[dict[str, Any]] = [
    {
        "prompt": "Name a prime.",
        "subset": "math-prm",
        "rewardbench_chosen": "Seven.",
        "rewardbench_chosen_model": "owl",
        "rewardbench_rejected": "Nine.",
        "candidates": [
            ("ant", "Two.", 3.0), ("bee", "Three.", 1.0), ("cow", "Two.", 2.0), ("dog", "Not scored.", None),
            ("ant", "Sorry, I cannot.", 1.0),
        ],
    },
    {"prompt": "Greet.", "candidates": [("ant", "Hi.", 1.0), ("bee", "Hello to you.", 0.5)]},
    {"prompt": "Greet.", "candidates": [("ant", "Hi.", 1.0), ("bee", "Hello to you.", 0.5)]},
]  # fmt: skip


def said(
    person: str, prompt: str, better: str, other: str, answer: str = "", at: str = "2026-11-25T09:30:00.000000Z"
) -> Answer:
    first, second = sorted((text_key(better), text_key(other)))
    preferred = "first" if text_key(better) == first else "second"
    return Answer(text_key(prompt), first, second, Person(person), "set", 1, "first", answer or preferred, "data", at)


SAID = [
    said("Ann", "Name a prime.", "Three.", "Two."),
    said("Bo", "Name a prime.", "Three.", "Two.", at="2026-11-25T10:00:00.000000Z"),
    said("Cy", "Name a prime.", "Two.", "Three."),
    said("Ann", "Name a prime.", "Seven.", "Not scored."),
    said("Ann", "Name a prime.", "Nine.", "Seven."),
    said("Ann", "Name a prime.", "Sorry, I cannot.", "Two."),
    said("Ann", "Greet.", "Hi.", "Hello to you.", "both good"),
    said("Ann", "Elsewhere.", "Hi.", "Hello to you."),
]


def rows(taken: Selection, *columns: str) -> list[list[Any]]:
    return taken.kept[list(columns)].to_numpy().tolist()


def test_the_text_that_most_people_prefer_is_chosen_scored_or_not_and_ties_are_left_out(opened: Open) -> None:
    taken = selection(opened(ROWS), RECIPE, [1, 2, 3], answers=SAID)
    two = next(first for first, second in rows(taken, "second", "first") if second == 2)  # a lot among 1 and 3
    assert two in (1, 3)
    assert sorted(rows(taken, "prompt_id", "first", "second")) == [[1, -1, 0], [1, 0, 4], [1, 2, two], [1, 5, two]]
    assert taken.dropped == {"people_tied": 1}
    assert taken.left_out == {"repeat": 1}
    assert taken.kept["margin"].isna().all()
    chosen = taken.kept[taken.kept["first"] == 0].iloc[0]
    assert (chosen["chars"], chosen["model"], chosen["chars_second"], chosen["model_second"]) == (6, "owl", 11, "dog")
    assert taken.averaged == 0


def test_a_pair_with_a_text_that_the_recipe_leaves_out_is_left_out_and_counted(opened: Open) -> None:
    taken = selection(opened(ROWS), replace(RECIPE, without=("refusal",)), [1, 2, 3], answers=SAID)
    assert taken.dropped == {"left_out": 1, "people_tied": 1}
    short = selection(opened(ROWS), replace(RECIPE, ratio=1.0), [1], answers=SAID)
    assert short.dropped == {"ratio": 2}  # Three. against Two., and the refusal
    assert rows(selection(opened(ROWS), RECIPE, [2], answers=SAID), "first") == []
    assert selection(opened(ROWS), RECIPE, [1, 2, 3]).rows.empty


def test_what_is_written_is_read_by_datasets_and_has_no_margin(opened: Open, tmp_path: Path) -> None:
    dataset = opened(ROWS)
    for name, form in (("trl_dpo", "jsonl"), ("trl_reward", "parquet")):
        recipe = replace(RECIPE, format=name, file=form)
        taken = selection(dataset, recipe, [1, 2, 3], answers=SAID)
        export.write(dataset, recipe, taken, tmp_path / name, lambda done, doing: None)
        kind = {"jsonl": "json"}.get(form, form)
        read = datasets.load_dataset(
            kind, data_files=str(tmp_path / name / f"train.{form}"), split="train", cache_dir=str(tmp_path / "c")
        )
        found = {(_last(row["chosen"]), _last(row["rejected"])) for row in read}
        assert found == {
            ("Three.", "Two."), ("Seven.", "Not scored."), ("Nine.", "Seven."), ("Sorry, I cannot.", "Two."),
        }  # fmt: skip
        assert "margin" not in read.column_names


def _last(text: Any) -> str:
    return str(text if isinstance(text, str) else text[-1]["content"])


def test_the_sidecar_says_whose_answers_they_are_how_many_and_from_when_to_when(opened: Open) -> None:
    dataset = opened(ROWS)
    taken = selection(dataset, RECIPE, [1, 2, 3], answers=SAID)
    beside = sidecar(dataset, RECIPE, taken)
    assert beside["judged_by"] == {
        "people": [{"name": name, "signed_in": False} for name in ("Ann", "Bo", "Cy")],
        "answers": 7,
        "from": "2026-11-25T09:30:00.000000Z",
        "to": "2026-11-25T10:00:00.000000Z",
    }
    assert beside["left_out"] == {
        "candidates that repeat a text of their prompt": 1,
        "pairs on which people tie": 1,
    }
    assert beside["rewards"] == "None is used: people chose."
    assert any("RewardBench's: evaluation data" in one for one in warnings(RECIPE, taken))
    assert "judged_by" not in sidecar(
        dataset, Recipe("data", "reward"), selection(dataset, Recipe("data", "reward"), [1])
    )


def test_an_export_is_another_one_after_another_answer(opened: Open) -> None:
    dataset = opened(ROWS)
    states = [selection(dataset, RECIPE, [1], answers=some).judged_by for some in (SAID[:2], SAID[:3], SAID[2::-1])]
    keys = [export_files.key(dataset, RECIPE, state.state) for state in states if state]
    assert keys[0] != keys[1]
    assert keys[1] == keys[2]


def test_the_command_takes_the_answers_of_the_operators_store(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = opened(ROWS)
    store = open_store(str(tmp_path / "judgements.sqlite"))
    save_answer(store, "Greet.", "Hi.", "Hello to you.", Person("Ann", True), "set", "right", 0, "data")
    (tmp_path / "recipe.json").write_text(to_json(RECIPE))
    monkeypatch.setenv("REWARDSCOPE_DATA", str(dataset.files[0].parent))
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    assert main([str(tmp_path / "recipe.json"), str(tmp_path / "out")]) == 2
    assert "REWARDSCOPE_JUDGEMENTS is off" in capsys.readouterr().err
    monkeypatch.setenv("REWARDSCOPE_JUDGEMENTS", str(tmp_path / "judgements.sqlite"))
    assert main([str(tmp_path / "recipe.json"), str(tmp_path / "out")]) == 0
    (row,) = map(json.loads, (tmp_path / "out" / "train.jsonl").read_text().splitlines())
    assert (row["chosen"], row["rejected"]) == ("Hello to you.", "Hi.")
    (kept,) = answers(store)
    beside = json.loads((tmp_path / "out" / SIDECAR).read_text())["judged_by"]
    assert beside == {"people": [{"name": "Ann", "signed_in": True}], "answers": 1, "from": kept.at, "to": kept.at}


def test_the_command_takes_a_filter_by_what_people_say_from_the_operators_store(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"prompt": f"Count to {n}.", "candidates": [("ant", f"{n}", 1.0), ("bee", f"-{n}", 0.0)]} for n in range(1, 4)
    ]
    dataset = opened(rows)
    store = open_store(str(tmp_path / "judgements.sqlite"))
    save(store, "Count to 2.", "2", Person("Ann"), Said(tags=("right",)), 0, "data")
    recipe = {"dataset": "data", "scorer": "reward", "strategy": "top", "filter": {"tag": ["right"]}}
    (tmp_path / "recipe.json").write_text(json.dumps(recipe))
    monkeypatch.setenv("REWARDSCOPE_DATA", str(dataset.files[0].parent))
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "cache"))
    assert main([str(tmp_path / "recipe.json"), str(tmp_path / "out")]) == 2
    assert "The recipe is of prompts that people judged, and REWARDSCOPE_JUDGEMENTS is off" in capsys.readouterr().err
    monkeypatch.setenv("REWARDSCOPE_JUDGEMENTS", str(tmp_path / "judgements.sqlite"))
    assert main([str(tmp_path / "recipe.json"), str(tmp_path / "out")]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 1
