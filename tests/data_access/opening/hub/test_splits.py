"""Which files of a repository are one config and split, in the layouts that are found on the hub."""

from typing import Any

import pytest

from data_access.errors import SourceError
from data_access.opening.hub.names import HubName, parse_hub_name
from data_access.opening.hub.splits import Split, pick_split, splits

SHARDS = ("data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet")


def found(*paths: str, configs: list[dict[str, Any]] | None = None) -> list[tuple[str, str, tuple[str, ...]]]:
    return [split[:3] for split in splits(paths, configs or [])]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([*SHARDS, "README.md", ".gitattributes"], [("train", SHARDS)]),
        (
            ["data/test-00000-of-00001.parquet", "data/train_prefs-00000-of-00001-1a2b.parquet"],
            [
                ("test", ("data/test-00000-of-00001.parquet",)),
                ("train_prefs", ("data/train_prefs-00000-of-00001-1a2b.parquet",)),
            ],
        ),
        (["test/a.parquet", "train/a.parquet"], [("train", ("train/a.parquet",)), ("test", ("test/a.parquet",))]),
        (["my-dev.jsonl", "my_training.jsonl"], [("train", ("my_training.jsonl",)), ("validation", ("my-dev.jsonl",))]),
        (["a.jsonl", "trained.jsonl", "dataset_infos.json"], [("train", ("a.jsonl", "trained.jsonl"))]),
        (["a.parquet", "a.csv"], [("train", ("a.parquet",))]),
        (["README.md", "model.bin", ".cache/a.parquet"], []),
    ],
    ids=["the seed", "any split in data/", "folders", "words in names", "no words", "Parquet first", "no data"],
)
def test_splits_are_told_apart_by_the_names_of_folders_and_files(
    paths: list[str], expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert found(*paths) == [("default", *split) for split in expected]


def test_the_hubs_own_conversion_has_a_folder_a_config_and_split() -> None:
    paths = [
        "b/train/0000.parquet",
        "b/train/0001.parquet",
        "default/test/0000.parquet",
        "default/partial-train/0000.parquet",
    ]
    assert splits(paths) == [
        Split("default", "train", ("default/partial-train/0000.parquet",), is_partial=True),
        Split("default", "test", ("default/test/0000.parquet",)),
        Split("b", "train", ("b/train/0000.parquet", "b/train/0001.parquet")),
    ]


@pytest.mark.parametrize(
    ("entries", "files"),
    [
        ("data/*.parquet", ("data/1.parquet", "data/2.parquet")),
        ("**", ("data/1.parquet", "data/2.parquet", "data/old/3.parquet", "x.parquet")),
        ("**/3.*", ("data/old/3.parquet",)),
        (["x.parquet", "data/1.parquet"], ("x.parquet", "data/1.parquet")),
        ("data", ("data/1.parquet", "data/2.parquet", "data/old/3.parquet")),
        ([{"split": "train", "path": ["data/[1]*", "x*"]}], ("data/1.parquet", "x.parquet")),
        ({"train": "./x.parquet"}, ("x.parquet",)),
    ],
)
def test_the_readmes_patterns_say_which_files_a_config_has(entries: Any, files: tuple[str, ...]) -> None:
    there = ("data/1.parquet", "data/2.parquet", "data/old/3.parquet", "x.parquet")
    assert found(*there, configs=[{"config_name": "c", "data_files": entries}]) == [("c", "train", files)]


def test_the_default_config_is_the_one_marked_so_else_the_one_called_so_else_the_first() -> None:
    def first(*configs: dict[str, Any]) -> str:
        return splits(["a.parquet"], [config | {"data_files": "a.parquet"} for config in configs])[0].config

    assert first({"config_name": "b"}, {"config_name": "a"}) == "b"
    assert first({"config_name": "b"}, {"config_name": "default"}) == "default"
    assert first({"config_name": "default"}, {"config_name": "a", "default": True}) == "a"
    assert found("b/train.parquet", "b/test.parquet", configs=[{"config_name": "b", "data_dir": "b"}]) == [
        ("b", "train", ("b/train.parquet",)),
        ("b", "test", ("b/test.parquet",)),
    ]


@pytest.mark.parametrize("entries", [7, [None], [{"split": "train"}], {"train": None}, "../../etc/passwd"])
def test_a_readme_that_makes_no_sense_is_passed_over(entries: Any) -> None:
    assert found("a.parquet", configs=[{"data_files": entries}]) == [("default", "train", ("a.parquet",))]


def test_what_is_not_there_is_said_with_what_is() -> None:
    there = splits(["train.csv", "test.csv"])
    assert pick_split(there, None, None, "x/y").split == "train"
    assert pick_split(there, "default", "test", "x/y").split == "test"
    with pytest.raises(SourceError) as raised:
        pick_split(there, None, "dev", "x/y")
    assert str(raised.value) == "x/y has no split 'dev'. Its configs and splits are: default/train, default/test."


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("hf:o/n", HubName("o/n")),
        ("hf:o/n@", HubName("o/n")),
        ("hf:squad", HubName("squad")),
        ("hf://datasets/o/n@main", HubName("o/n", "main")),
        ("hf:o/n@refs/convert/parquet", HubName("o/n", "refs/convert/parquet")),
        ("hf:o/n@v1?split=test&config=a%20b", HubName("o/n", "v1", "a b", "test")),
        ("https://huggingface.co/datasets/o/n", HubName("o/n")),
        ("https://huggingface.co/datasets/o/n/", HubName("o/n")),
        ("https://huggingface.co/datasets/squad", HubName("squad")),
        ("https://huggingface.co/datasets/o/n/tree/v1", HubName("o/n", "v1")),
        ("https://huggingface.co/datasets/o/n/tree/refs%2Fpr%2F1", HubName("o/n", "refs/pr/1")),
        ("https://huggingface.co/datasets/o/n/viewer/a/test?row=3", HubName("o/n", None, "a", "test")),
        ("https://huggingface.co/datasets/o/n/viewer", HubName("o/n")),
    ],
)
def test_a_dataset_is_named_by_hf_or_by_its_web_address(entry: str, expected: HubName) -> None:
    assert parse_hub_name(entry) == expected
    assert parse_hub_name(str(expected)) == expected


@pytest.mark.parametrize(
    "entry",
    [
        "https://huggingface.co/o/n",
        "https://example.com/datasets/o/n",
        "https://huggingface.co/datasets/o/n/blob/main/x.parquet",
        "http://169.254.169.254/latest",
    ],
)
def test_other_addresses_are_refused(entry: str) -> None:
    with pytest.raises(SourceError, match="Write hf:owner/name"):
        parse_hub_name(entry)
