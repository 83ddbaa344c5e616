"""What the settings offer to open: names, files in shard order, and why an entry cannot be opened."""

import os
import re
from pathlib import Path

import pytest

from data_access.errors import SourceError
from data_access.opening import uploads
from data_access.opening.addresses import configured_sources, source_from_address
from data_access.opening.sources import Source, check
from data_access.preparing.fingerprint import fingerprint
from data_access.settings import Settings


def found(folder: Path, *entries: str) -> dict[str, list[str]]:
    """What these entries, below a folder, offer: name -> files, relative to the folder."""
    sources = configured_sources(Settings(tuple(str(folder / entry) for entry in entries), folder / "cache"))
    assert len({source.name for source in sources}) == len(sources)
    return {source.name: [str(file.relative_to(folder)) for file in source.files] for source in sources}


def touched(folder: Path, *names: str) -> Path:
    """The folder, with these files in it."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_a_file_is_one_dataset_named_as_the_file_whatever_its_extension(tmp_path: Path) -> None:
    touched(tmp_path, "judged.parquet", "plain.pq")
    assert found(tmp_path, "judged.parquet", "plain.pq") == {"judged": ["judged.parquet"], "plain": ["plain.pq"]}


def test_a_folder_with_the_shards_of_one_dataset_is_named_as_the_folder(tmp_path: Path) -> None:
    touched(tmp_path, "seed/train-00001-of-00002.parquet", "seed/train-00000-of-00002.parquet", "seed/README.md")
    assert found(tmp_path, "seed") == {
        "seed": ["seed/train-00000-of-00002.parquet", "seed/train-00001-of-00002.parquet"]
    }


def test_a_folder_with_several_files_offers_each(tmp_path: Path) -> None:
    touched(tmp_path, "runs/b.parquet", "runs/a.parquet", "runs/a2.parquet")
    assert found(tmp_path, "runs") == {
        "a": ["runs/a.parquet"],
        "a2": ["runs/a2.parquet"],
        "b": ["runs/b.parquet"],
    }


def test_sub_folders_of_shards_are_named_as_the_sub_folders(tmp_path: Path) -> None:
    touched(tmp_path, "all/x/train-00000-of-00002.parquet", "all/x/train-00001-of-00002.parquet", "all/y/0000.parquet")
    assert found(tmp_path, "all") == {
        "x": ["all/x/train-00000-of-00002.parquet", "all/x/train-00001-of-00002.parquet"],
        "y": ["all/y/0000.parquet"],
    }


def test_two_splits_in_one_folder_are_two_datasets(tmp_path: Path) -> None:
    touched(
        tmp_path, "d/train-00000-of-00002.parquet", "d/train-00001-of-00002.parquet", "d/test-00000-of-00001.parquet"
    )
    assert found(tmp_path, "d") == {
        "test": ["d/test-00000-of-00001.parquet"],
        "train": ["d/train-00000-of-00002.parquet", "d/train-00001-of-00002.parquet"],
    }


def test_splits_in_a_sub_folder_are_named_with_it(tmp_path: Path) -> None:
    touched(tmp_path, "d/x/train-00000-of-00001.parquet", "d/x/test-00000-of-00001.parquet", "d/y.parquet")
    assert list(found(tmp_path, "d")) == ["x/test", "x/train", "y"]


@pytest.mark.parametrize(
    "shards",
    [
        ("data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet"),
        ("data/train-00000-of-00002-1a2b3c4d5e6f7a8b.parquet", "data/train-00001-of-00002-8b7a6f5e4d3c2b1a.parquet"),
        ("default/train/0000.parquet", "default/train/0001.parquet"),
        ("part-00000-5d1f.c000.snappy.parquet", "part-00001-5d1f.c000.snappy.parquet"),
        ("part-0.parquet", "part-1.parquet"),
    ],
    ids=["hub", "hub with hashes", "hub conversion", "Spark", "Arrow"],
)
def test_files_that_differ_only_in_their_shard_number_are_one_dataset(tmp_path: Path, shards: tuple[str, str]) -> None:
    touched(tmp_path / "mine", *shards)
    assert found(tmp_path, "mine") == {"mine": [f"mine/{shard}" for shard in shards]}


def test_hidden_folders_are_passed_over(tmp_path: Path) -> None:
    touched(tmp_path, "d/a.parquet", "d/.cache/b.parquet", "d/.c.parquet")
    assert found(tmp_path, "d") == {"d": ["d/a.parquet"]}


def test_a_glob_is_one_dataset_of_what_it_matches_named_as_its_last_fixed_part(tmp_path: Path) -> None:
    touched(tmp_path, "runs/1/b.parquet", "runs/2/a.parquet", "runs/2/a.txt")
    assert found(tmp_path, "runs/*/*.parquet") == {"runs": ["runs/1/b.parquet", "runs/2/a.parquet"]}
    assert found(tmp_path, "runs/**/a.parquet") == {"a.parquet": ["runs/2/a.parquet"]}


def test_a_file_with_the_signs_of_a_glob_in_its_name_is_that_file(tmp_path: Path) -> None:
    touched(tmp_path, "run[1].parquet", "run1.parquet")
    assert found(tmp_path, "run[1].parquet") == {"run[1]": ["run[1].parquet"]}


@pytest.mark.parametrize(
    ("entry", "name", "problem"),
    [
        ("no.parquet", "no.parquet", "{path} does not exist. Check the path."),
        (
            "empty",
            "empty",
            "The folder {path} holds no Parquet, JSONL, JSON or CSV file. Put one there, or name another folder.",
        ),
        ("empty/*.parquet", "empty", "No file matches {path}. Check the pattern."),
    ],
    ids=["missing", "empty folder", "glob without a match"],
)
def test_an_entry_without_files_is_offered_with_its_problem(
    tmp_path: Path, entry: str, name: str, problem: str
) -> None:
    (tmp_path / "empty").mkdir()
    (source,) = configured_sources(Settings((str(tmp_path / entry),), tmp_path))
    assert source == Source(name, (), problem.format(path=tmp_path / entry))
    with pytest.raises(SourceError) as raised:
        fingerprint(source, tmp_path)
    assert str(raised.value) == source.problem


def test_equal_names_are_numbered_and_the_order_of_the_settings_is_kept(tmp_path: Path) -> None:
    touched(tmp_path, "x/run.parquet", "y/run.parquet", "z/run.parquet", "run (2).parquet")
    assert found(tmp_path, "z/run.parquet", "run (2).parquet", "x/run.parquet", "y/run.parquet") == {
        "run": ["z/run.parquet"],
        "run (2)": ["run (2).parquet"],
        "run (3)": ["x/run.parquet"],
        "run (4)": ["y/run.parquet"],
    }


def test_the_sample_is_offered_beside_files_and_keeps_its_name(tmp_path: Path) -> None:
    touched(tmp_path, "sample.parquet")
    first, second = configured_sources(Settings(("sample", str(tmp_path / "sample.parquet")), tmp_path / "cache"))
    assert (first.name, first.is_sample) == ("sample", True)
    assert (second.name, second.is_sample) == ("sample (2)", False)


def test_a_fingerprint_changes_with_path_size_time_of_change_and_nothing_else(tmp_path: Path) -> None:
    file, other = tmp_path / "a.parquet", tmp_path / "b.parquet"
    for path in (file, other):
        path.write_bytes(b"1234")
        os.utime(path, ns=(5, 1_000))
    source = Source("a", (file,))
    first = fingerprint(source, tmp_path)

    os.utime(file, ns=(6, 1_000))
    assert fingerprint(Source("another name", (file,)), tmp_path) == first
    assert fingerprint(Source("a", (other,)), tmp_path) != first
    os.utime(file, ns=(5, 1_001))
    later = fingerprint(source, tmp_path)
    assert later != first
    file.write_bytes(b"12345")
    os.utime(file, ns=(5, 1_001))
    assert fingerprint(source, tmp_path) not in (first, later)


def test_a_file_that_went_away_has_no_fingerprint_and_cannot_be_read(tmp_path: Path) -> None:
    source = Source("gone", (tmp_path / "gone.parquet",))
    with pytest.raises(SourceError) as raised:
        fingerprint(source, tmp_path)
    file = source.files[0]
    assert str(raised.value) == (
        f"{file} is no longer there (No such file or directory). Put it back, or choose another dataset."
    )
    with pytest.raises(SourceError, match="No such file"):
        check(source)


def test_a_viewer_opens_nothing_that_the_operator_did_not_allow(tmp_path: Path) -> None:
    touched(tmp_path, "a.parquet")
    nothing = Settings(("sample",), tmp_path / "cache", opens=frozenset())
    digest = f"upload:{'0' * 32}/a.parquet"
    for address, setting in (
        (str(tmp_path / "a.parquet"), "paths"),
        ("/etc/passwd", "paths"),
        ("", "paths"),
        ("HF:o/n", "paths"),
        ("sample", "paths"),
        ("hf:o/n", "hub"),
        ("https://huggingface.co/datasets/o/n", "hub"),
        (digest, "upload"),
    ):
        with pytest.raises(SourceError, match=f"REWARDSCOPE_OPEN={setting}"):
            source_from_address(address, nothing)


def test_an_upload_is_found_by_its_address_only_and_never_leads_out_of_the_cache(tmp_path: Path) -> None:
    settings = Settings(("sample",), tmp_path / "cache", opens=frozenset({"upload"}))
    address = uploads.keep("my run(1).jsonl", b'{"prompt": "a"}', settings.cache, 100)
    assert re.fullmatch(r"upload:[0-9a-f]{32}/my_run_1_.jsonl", address)
    assert uploads.keep("my run(1).jsonl", b'{"prompt": "a"}', settings.cache, 100) == address
    source = source_from_address(address, settings)
    assert (source.name, source.provenance) == (address, "my_run_1_.jsonl")
    assert source.files[0].read_bytes() == b'{"prompt": "a"}'
    digest = address.partition("/")[0]
    for other in (f"{digest}/other.jsonl", f"{digest}/../a.parquet", "upload:../a", "upload:", f"{digest}/"):
        with pytest.raises(SourceError, match="is not on this server"):
            source_from_address(other, settings)
    for name in ("run.exe", "../../.parquet", ".jsonl", "x.parquet/"):
        with pytest.raises(SourceError, match="is not one of parquet, jsonl, csv, json"):
            uploads.keep(name, b"", settings.cache, 100)
    with pytest.raises(SourceError, match="this server takes"):
        uploads.keep("a.csv", b"1234", settings.cache, 3)
    assert uploads.keep("../../x.parquet", b"", settings.cache, 100).endswith("/x.parquet")


def test_a_path_is_opened_where_paths_are_allowed_and_a_folder_of_several_says_which(tmp_path: Path) -> None:
    touched(tmp_path, "a.parquet", "b/train-00000.parquet", "b/train-00001.parquet")
    settings = Settings(("sample",), tmp_path / "cache", opens=frozenset({"paths"}))
    assert source_from_address(f"{tmp_path}/a.parquet", settings) == Source(
        f"{tmp_path}/a.parquet", (tmp_path / "a.parquet",)
    )
    with pytest.raises(SourceError) as raised:
        source_from_address(str(tmp_path), settings)
    assert str(raised.value) == (
        f"{tmp_path} holds several datasets. Name one of them: {tmp_path}/a.parquet; {tmp_path}/b/train*.parquet."
    )
    assert len(source_from_address(f"{tmp_path}/b/train*.parquet", settings).files) == 2


def test_datasets_of_the_hub_are_offered_without_asking_the_hub(tmp_path: Path) -> None:
    first, second, third = configured_sources(Settings(("hf:o/n", "hf:o/n@v1?split=test", "hf:o//n"), tmp_path))
    assert (first.name, first.is_trusted, first.files) == ("o/n", True, ())
    assert (second.name, str(second.wanted)) == ("o/n@v1?split=test", "hf:o/n@v1?split=test")
    assert "is not the name of a dataset" in (third.problem or "")
