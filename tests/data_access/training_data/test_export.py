"""What is written: read back by Hugging Face datasets, held against the trainers' own rules."""

import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import datasets
import pytest

from data_access.database import has_relation
from data_access.dataset import Dataset
from data_access.errors import StorageError
from data_access.training_data import export, export_files
from data_access.training_data.formats import FORMATS
from data_access.training_data.recipes import Recipe, to_json
from data_access.training_data.rows import selection
from data_access.training_data.sidecar import SIDECAR, warnings
from tests.conftest import open_path

Open = Callable[..., Dataset]

ROWS = [
    {
        "prompt": "Name a prime.",
        "subset": "math-prm",
        "rewardbench_chosen": "Two, of course.",
        "rewardbench_rejected": "Nine.",
        "rformatted_prompt_response_1": '<s>[INST] Name a prime. [/INST]It is “2”.\nYes, "2".</s>',
        "rformatted_prompt_response_2": "<s>[INST] Name a prime. [/INST]4</s>",
        "rformatted_prompt_response_3": "<s>[INST] Name a prime. [/INST]Three, I would say.</s>",
        "candidates": [("ant", 'It is “2”.\nYes, "2".', 3.0), ("bee", "4", -1.0), (None, "Three, I would say.", None)],
    },
    {
        "prompt": "Greet.",
        "rformatted_prompt_response_1": "<s>[INST] Greet. [/INST]Héllo, wörld</s>",
        "candidates": [("ant", "Héllo, wörld", 1.0), ("bee", "Hi 👋", 0.5)],
    },
]
USER, GOOD, BAD = (
    {"role": "user", "content": "Name a prime."},
    {"role": "assistant", "content": 'It is “2”.\nYes, "2".'},
    {"role": "assistant", "content": "4"},
)
FIRST: dict[str, tuple[str, dict[str, Any]]] = {
    "trl_dpo": ("max_min", {"prompt": USER["content"], "chosen": GOOD["content"], "rejected": BAD["content"]}),
    "trl_dpo_conversational": ("max_min", {"prompt": [USER], "chosen": [GOOD], "rejected": [BAD]}),
    "trl_reward": ("max_min", {"chosen": [USER, GOOD], "rejected": [USER, BAD], "margin": 4.0}),
    "messages_dpo": ("max_min", {"messages": [USER], "chosen": GOOD, "rejected": BAD}),
    "trl_sft": ("top", {"messages": [USER, GOOD]}),
    "trl_text": ("top", {"text": ROWS[0]["rformatted_prompt_response_1"]}),
    "trl_kto": ("labels", {"prompt": USER["content"], "completion": GOOD["content"], "label": True}),
    "messages_kto": ("labels", {"messages": [USER, GOOD], "label": True}),
}
# The sets of keys that TRL's apply_chat_template takes (trl/data_utils.py), and `text`, to which it applies none.
TRL_KEYS = ("text", "prompt", "chosen", "rejected", "completion", "messages", "label")
TRL_SETS = (
    {"text"},
    {"messages"},
    {"prompt", "chosen", "rejected"},
    {"chosen", "rejected"},
    {"prompt", "completion", "label"},
)


def written(dataset: Dataset, recipe: Recipe, target: Path) -> Path:
    ids = export.ids_of(dataset, recipe)
    export.write(dataset, recipe, selection(dataset, recipe, ids), target, lambda done, doing: None)
    return target


def loaded(folder: Path, tmp_path: Path) -> datasets.Dataset:
    (file,) = folder.glob("train.*")
    kind = "parquet" if file.suffix == ".parquet" else "json"
    return datasets.load_dataset(kind, data_files=str(file), split="train", cache_dir=str(tmp_path / "hf"))


@pytest.mark.parametrize("file", ["jsonl", "parquet"])
@pytest.mark.parametrize("name", FIRST)
def test_each_format_loads_with_its_trainers_fields(opened: Open, tmp_path: Path, name: str, file: str) -> None:
    strategy, first = FIRST[name]
    recipe = replace(
        Recipe("data", "reward").with_strategy(strategy),
        format=name,
        text_column="rformatted_prompt_response" if FORMATS[name].takes_column else "",
        file=file,
    )
    rows = loaded(written(opened(ROWS), recipe, tmp_path / "out"), tmp_path)
    assert rows[0] == first
    assert rows.column_names == list(first)
    if name.startswith("trl"):
        assert {key for key in rows.column_names if key in TRL_KEYS} in TRL_SETS


def test_every_format_of_training_rows_is_tested() -> None:
    assert set(FIRST) == {name for name, form in FORMATS.items() if form.fields}


@pytest.mark.parametrize("file", ["jsonl", "parquet"])
def test_tables_have_every_candidate_and_prompt(opened: Open, tmp_path: Path, file: str) -> None:
    dataset = opened(ROWS)
    recipe = replace(Recipe("data", "reward").with_strategy("candidates"), file=file)
    rows = loaded(written(dataset, recipe, tmp_path / "candidates"), tmp_path)
    assert rows["reward"] == [3.0, -1.0, None, 1.0, 0.5]
    assert rows["response"][4] == "Hi 👋"
    rows = loaded(written(dataset, replace(recipe.with_strategy("prompts"), file=file), tmp_path / "prompts"), tmp_path)
    assert rows["scored"] == [2, 2]
    assert rows["best_candidate"] == [1, 1]


@pytest.mark.parametrize("file", ["jsonl", "parquet"])
def test_a_table_of_candidates_can_have_attributes_as_columns(opened: Open, tmp_path: Path, file: str) -> None:
    dataset = opened(
        [{"prompt": f"Greet for {file}.", "candidates": [("ant", "**Hi** you! 👋", 1.0), ("bee", " ", 0.5)]}]
    )
    plain = replace(Recipe("data", "reward").with_strategy("candidates"), file=file)
    without = written(dataset, plain, tmp_path / "without")
    columns = loaded(without, tmp_path).column_names
    assert not [name for name in columns if name.startswith("attribute_")]
    assert "columns" not in json.loads((without / SIDECAR).read_text())
    assert not has_relation(dataset, "attributes")
    folder = written(dataset, replace(plain, columns=("emoji", "length", "bold")), tmp_path / "out")
    rows = loaded(folder, tmp_path)
    assert rows.column_names == [*columns, "attribute_emoji", "attribute_length", "attribute_bold"]
    assert rows["attribute_emoji"] == [True, None]
    assert rows["attribute_length"] == [13.0, None]
    assert rows["attribute_bold"] == [1.0, None]
    assert rows["chars"] == [13, 1]
    said = json.loads((folder / SIDECAR).read_text())
    assert said["recipe"]["columns"] == ["emoji", "length", "bold"]
    assert said["columns"]["attribute_bold"] == "bold spans"


def test_a_selection_is_written_also_when_the_dataset_was_opened_again(opened: Open, tmp_path: Path) -> None:
    rows = [{"prompt": "Greet again.", "candidates": [("ant", "Hi.", 1.0)]}]
    recipe = replace(Recipe("data", "reward").with_strategy("candidates"), columns=("bold",))
    chosen = selection(opened(rows), recipe, [1])
    (file,) = opened(rows).files
    again = open_path(file, tmp_path / "another cache")
    export.write(again, recipe, chosen, tmp_path / "out", lambda done, doing: None)
    assert loaded(tmp_path / "out", tmp_path)["attribute_bold"] == [0.0]


def test_texts_are_read_for_prompts_that_are_near_each_other(opened: Open, tmp_path: Path, monkeypatch: Any) -> None:
    """Prompts far apart, as the examples are, are not read with all that lies between them."""
    monkeypatch.setattr(export, "PROMPTS_AT_ONCE", 3)
    assert [*export._near_each_other([])] == []
    assert [*export._near_each_other([1, 3, 4, 6, 7, 9])] == [[1, 3], [4, 6], [7, 9]]
    shards = [
        [{"prompt": f"Say {n}.", "candidates": [("ant", f"It is {n}.", 1.0), ("bee", "No.", 0.5)]} for n in some]
        for some in ((1, 2, 3), (4,), (5, 6))
    ]
    dataset = opened(*shards)
    for strategy, column in (("top", "messages"), ("candidates", "response"), ("prompts", "prompt")):
        recipe = replace(Recipe("data", "reward").with_strategy(strategy), file="jsonl")
        chosen = selection(dataset, recipe, [1, 4, 6])
        export.write(dataset, recipe, chosen, tmp_path / strategy, lambda done, doing: None)
        values = str(list(loaded(tmp_path / strategy, tmp_path)[column]))
        assert [n for n in range(1, 7) if f"{n}." in values] == [1, 4, 6]
        assert len(export.examples(dataset, recipe, chosen)) == (5 if strategy == "candidates" else 3)


def test_text_only_pairs_have_no_margin(opened: Open, tmp_path: Path) -> None:
    recipe = replace(Recipe("data", "reward").with_strategy("best_rejected"), format="trl_reward")
    for file in ("jsonl", "parquet"):
        rows = loaded(written(opened(ROWS), replace(recipe, file=file), tmp_path / file), tmp_path)
        assert rows["rejected"][0][1]["content"] == "Nine."
        assert "margin" not in rows.column_names


def test_a_row_can_say_where_it_is_from(opened: Open, tmp_path: Path) -> None:
    recipe = replace(Recipe("data", "reward").with_strategy("max_min"), origin=True)
    row = loaded(written(opened(ROWS), recipe, tmp_path / "out"), tmp_path)[0]
    origin = ("prompt_id", "subset", "candidate", "model", "other_candidate", "other_model", "margin")
    assert [row[name] for name in origin] == [1, "math-prm", 1, "ant", 2, "bee", 4.0]


def test_the_sidecar_says_where_rows_are_from_how_many_and_what_to_beware_of(opened: Open, tmp_path: Path) -> None:
    dataset = replace(opened(ROWS), provenance="hf:owner/name@0123")
    recipe = replace(Recipe("data", "reward").with_strategy("max_min"), validation=0.5)
    folder = written(dataset, recipe, tmp_path / "out")
    said = json.loads((folder / SIDECAR).read_text())
    assert said["recipe"] == json.loads(to_json(recipe))
    assert said["fingerprint"] == dataset.fingerprint
    assert said["revision"] == "hf:owner/name@0123"
    counts = said["counts"]
    assert (counts["prompts"], counts["candidates"], counts["rows"]) == (2, 5, 2)
    assert counts["train"] + counts["validation"] == 2
    assert said["left_out"] == {"candidates without a reward": 1}
    assert (counts["texts_with_mean_reward"], said["rewards"].count("0 texts")) == (0, 1)
    assert said["warnings"][0].startswith("1 of 2 prompts is RewardBench's: evaluation data.")
    assert said["warnings"][1].startswith("Chosen is ")
    info = json.loads((folder / "dataset_info.json").read_text())
    assert info["train"]["columns"] == {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"}


def test_a_balance_that_loses_more_than_half_of_the_pairs_is_warned_of(opened: Open) -> None:
    def warned(texts: list[tuple[str, str]]) -> list[str]:
        rows = [
            {"prompt": f"{number}?", "candidates": [("ant", chosen, 1.0), ("bee", rejected, 0.0)]}
            for number, (chosen, rejected) in enumerate(texts)
        ]
        recipe = replace(Recipe("data", "reward").with_strategy("max_min"), balance="bold")
        found = warnings(recipe, selection(opened(rows), recipe, range(1, len(rows) + 1)))
        return [sentence for sentence in found if sentence.startswith("Balancing")]

    more, less, same = ("**a**", "b"), ("a", "**b**"), ("a", "b")
    assert warned([more, more, more, less]) == []  # two of four
    (sentence,) = warned([more, more, more, same])
    assert sentence.startswith("Balancing on bold drops 3 of 4 pairs, more than half: ")


def test_an_export_that_is_given_up_or_cannot_be_written_leaves_nothing(opened: Open, tmp_path: Path) -> None:
    class GivenUpError(Exception):
        pass

    def give_up(done: float, doing: str) -> None:
        raise GivenUpError

    dataset, recipe = opened(ROWS), Recipe("data", "reward")
    chosen = selection(dataset, recipe, [1, 2])
    before = sorted(tmp_path.iterdir())
    with pytest.raises(GivenUpError):
        export.write(dataset, recipe, chosen, tmp_path / "out.zip", give_up)
    assert sorted(tmp_path.iterdir()) == before
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be written"):
        export.write(dataset, recipe, chosen, tmp_path / "file" / "out", lambda done, doing: None)


def test_what_a_killed_export_left_is_removed_by_the_next_of_its_name_alone(opened: Open, tmp_path: Path) -> None:
    dataset, recipe = opened(ROWS), Recipe("data", "reward")
    for left in ("a[1].zip.partial-x", "other.zip.partial-x", "a[1].zip.partial-mine", "a1.zip.partial-x"):
        (tmp_path / left).mkdir()
        (tmp_path / left / "train.jsonl").write_text("half a li")
    mine = os.open(tmp_path / "a[1].zip.partial-mine", os.O_RDONLY)
    fcntl.flock(mine, fcntl.LOCK_SH)
    export.write(dataset, recipe, selection(dataset, recipe, [1, 2]), tmp_path / "a[1].zip", lambda done, doing: None)
    os.close(mine)
    assert sorted(path.name for path in tmp_path.glob("*.zip*")) == [
        "a1.zip.partial-x",
        "a[1].zip",
        "a[1].zip.partial-mine",
        "other.zip.partial-x",
    ]


def test_an_export_is_found_by_its_key_and_anything_else_leads_nowhere(tmp_path: Path) -> None:
    made = export_files.folder(tmp_path) / f"{'a' * 20}.zip"
    for file in (made, tmp_path / "secret.zip", made.with_name("b.zip")):
        file.touch()
    assert export_files.export_file(tmp_path, "a" * 20) == made
    for name in (
        "c" * 20,
        "b",
        "../secret",
        "..%2Fsecret",
        str(tmp_path / "secret"),
        f"{'a' * 20}/../b",
        "a" * 19 + "*",
    ):
        assert export_files.export_file(tmp_path, name) is None, name


def test_two_sessions_make_the_same_export_at_once(opened: Open, tmp_path: Path) -> None:
    dataset, recipe = opened(ROWS), Recipe("data", "reward")
    chosen = selection(dataset, recipe, [1, 2])
    other: list[Path] = []

    def meanwhile(done: float, doing: str) -> None:
        if not other:
            other.append(tmp_path / "out.zip")
            export.write(dataset, recipe, chosen, other[0], lambda done, doing: None)

    export.write(dataset, recipe, chosen, tmp_path / "out.zip", meanwhile)
    assert (tmp_path / "out.zip").stat().st_size > 0
    assert not list(tmp_path.glob("*partial*"))


def test_a_source_model_that_answers_all_prompts_alike_is_warned_of_where_it_is_taken(opened: Open) -> None:
    # The null model's text has the best reward in 10 of 12 prompts, the worst in the others.
    dataset = opened(
        [
            {
                "prompt": f"{number}?",
                "rewardbench_chosen": "It is.",
                "rewardbench_chosen_model": "null",
                "candidates": [
                    ("null", "Pick me.", 9.0 if number < 10 else -9.0),
                    ("ant", f"It is {number}.", 1.0),
                    ("bee", f"{number}, I think.", 0.0),
                ],
            }
            for number in range(12)
        ]
    )

    def said(strategy: str, ids: range = range(1, 13), **parameters: Any) -> list[str]:
        recipe = replace(Recipe("data", "reward").with_strategy(strategy), **parameters)
        return [one for one in warnings(recipe, selection(dataset, recipe, ids)) if one.startswith("null")]

    begins = "null, which gives one and the same text to 12 of 12 prompts, is "
    assert said("max_min")[0].startswith(f"{begins}chosen in 10 of 12 rows: ")
    assert said("top", ids=range(9, 13))[0].startswith(f"{begins}chosen in 2 of 4 rows: ")
    assert said("labels")[0].startswith(f"{begins}labelled good in 10 of 24 rows: ")
    assert said("top", per_model=4)[0].startswith(f"{begins}chosen in 4 of 6 rows: ")
    assert said("max_min", ids=range(11, 13)) == []
    assert said("chosen_worst") == []  # the benchmark's text is no candidate's
    assert said("candidates") == []


def test_the_sidecar_of_formatted_texts_says_what_they_carry(opened: Open, tmp_path: Path) -> None:
    recipe = replace(
        Recipe("data", "reward").with_strategy("top"),
        format="trl_text",
        text_column="rformatted_prompt_response",
        per_prompt=2,
    )
    folder = written(opened(ROWS), recipe, tmp_path / "out")
    said = json.loads((folder / SIDECAR).read_text())
    assert said["recipe"]["text_column"] == "rformatted_prompt_response"
    assert said["texts"].startswith("Texts as they are in the source's columns rformatted_prompt_response_ and ")
    assert said["warnings"][-1].startswith(
        "The texts carry a chat template already: the trainer must not apply one again"
    )
    left_out = "rows whose formatted texts do not contain the response: the reward is for another text"
    assert said["left_out"][left_out] == 1  # the second greeting has none
    assert {file.name for file in folder.iterdir()} == {"train.jsonl", SIDECAR}
    taken = selection(opened(ROWS), recipe, [1, 2])
    joined, other = (warnings(replace(recipe, text_column=name), taken)[-1] for name in ("prompt_response", "text"))
    assert "no marker is known of where the assistant begins" in joined
    assert other.startswith("The texts are as the dataset's own column has them. If they carry a chat template already")
