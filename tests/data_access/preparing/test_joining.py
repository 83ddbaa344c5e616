"""Datasets joined on their texts: whose reward goes to which candidate, what is left out, and the mean percentile of all."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.dataset import Dataset
from data_access.layouts import ColumnMapping, Layout
from data_access.opening.addresses import configured_sources
from data_access.preparing.fingerprint import fingerprint
from data_access.preparing.joining import ENSEMBLE, Join, names_after, percent, rename_scorers, with_ensemble
from data_access.settings import Settings
from tests.conftest import open_path, wide_table

NAN = float("nan")
FIRST: list[dict[str, Any]] = [
    {
        "prompt": "P1",
        "candidates": [
            ("ant", "x", 3.0),
            ("bee", "y", 2.0),
            ("cow", "z", 1.0),
            ("ant", "same", 0.5),
            ("bee", "same", 0.4),
            ("dog", "same", 0.3),
        ],
    },
    {"prompt": "P2", "candidates": [("ant", "x", 1.0), ("bee", "only here", 2.0)]},
]
# Other prompts first, candidates in another order, and some that are not there.
OTHER: list[dict[str, Any]] = [
    {"prompt": "P3", "candidates": [("ant", "x", 9.0)]},
    {"prompt": "P2", "candidates": [("bee", "not there", 5.0), ("zed", "x", 7.0), ("bee", "only here", NAN)]},
    {
        "prompt": "P1",
        "candidates": [
            ("bee", "same", 20.0),
            ("ant", "same", 10.0),
            ("cow", "z", 3.0),
            ("bee", "y", 1.0),
            ("ant", "x", 2.0),
        ],
    },
]
JOINED = {
    (1, 1): 2.0,
    (1, 2): 1.0,
    (1, 3): 3.0,
    (1, 4): 10.0,  # the same text three times: by the source model
    (1, 5): 20.0,
    (1, 6): 15.0,  # by no source model there: the mean
    (2, 1): 7.0,  # once, so its source model does not matter
}


def joined(folder: Path, *datasets: list[dict[str, Any]] | pa.Table, cache: Path | None = None) -> Dataset:
    """These as the datasets first, other and third, joined."""
    for name, rows in zip(("first", "other", "third"), datasets, strict=False):
        pq.write_table(rows if isinstance(rows, pa.Table) else wide_table(rows), folder / f"{name}.parquet")
    names = ("first", "other", "third")[: len(datasets)]
    return open_path(" + ".join(str(folder / f"{name}.parquet") for name in names), cache or folder / "cache")


def rewards(dataset: Dataset, scorer: str) -> dict[tuple[int, int], float]:
    """(prompt, candidate) -> reward."""
    query = "SELECT prompt_id, candidate, reward FROM scores WHERE scorer = ? AND reward IS NOT NULL ORDER BY ALL"
    return {(row[0], row[1]): row[2] for row in dataset.connection.execute(query, [scorer]).fetchall()}


def test_rewards_go_to_the_same_text_of_the_same_prompt_and_what_has_none_is_counted(tmp_path: Path) -> None:
    dataset = joined(tmp_path, FIRST, OTHER)
    assert dataset.name == "first + other"
    assert dataset.contents.scorers == ("first", "other", ENSEMBLE)
    assert rewards(dataset, "other") == JOINED
    assert rewards(dataset, "first")[1, 4] == 0.5
    assert dataset.contents.joins == (
        Join("other", candidates=8, found=6, prompts=3, prompts_found=2, scored=7, total=8, averaged=1),
    )
    assert dataset.notices[0] == (
        "other: 75 % of its 8 scored candidates (in 2 of its 3 prompts) were found by their text; left out: 2. Candidates "
        "here that it scores: 7 of 8. With the mean of several rewards, as their text occurs several times and the source "
        "model does not tell which is which: 1."
    )
    assert [file.name for file in dataset.files] == ["first.parquet", "other.parquet"]
    assert (dataset.contents.prompts, dataset.contents.candidates) == (2, 8)


def test_the_mean_percentile_is_over_the_candidates_that_all_have_scored_and_equal_standings_tie(
    tmp_path: Path,
) -> None:
    dataset = joined(tmp_path, FIRST, OTHER)
    # Ranks 1 2 3 4 5 6 and 5 6 4 3 1 2 of six; in the second prompt one candidate alone has both.
    assert rewards(dataset, ENSEMBLE) == {(1, 1): 60, (1, 2): 40, (1, 3): 50, (1, 4): 50, (1, 5): 60, (1, 6): 40}
    ranks = dataset.connection.execute("SELECT rank FROM scores WHERE scorer = ? AND prompt_id = 1", [ENSEMBLE])
    assert sorted(row[0] for row in ranks.fetchall()) == [1.5, 1.5, 3.5, 3.5, 5.5, 5.5]


def test_shards_on_both_sides_and_a_cache_that_cannot_be_written_give_the_same(tmp_path: Path) -> None:
    for name, rows in (("a", FIRST), ("b", OTHER)):
        (tmp_path / name).mkdir()
        for number, row in enumerate(rows):
            pq.write_table(wide_table([row]), tmp_path / name / f"train-{number:05d}-of-{len(rows):05d}.parquet")
    entry = f"{tmp_path / 'a'} + {tmp_path / 'b'}"
    prepared, direct = open_path(entry, tmp_path / "cache"), open_path(entry, Path("/proc/cache"))
    assert (prepared.is_prepared, direct.is_prepared) == (True, False)
    whole = joined(tmp_path, FIRST, OTHER)
    for dataset in (prepared, direct):
        assert dataset.contents.scorers == ("a", "b", ENSEMBLE)
        assert rewards(dataset, "b") == JOINED
        assert rewards(dataset, ENSEMBLE) == rewards(whole, ENSEMBLE)
        assert dataset.contents.joins == (replace(whole.contents.joins[0], dataset="b"),)


def test_a_text_that_one_source_model_gave_several_times_has_the_mean_and_a_tie_stays_a_tie(tmp_path: Path) -> None:
    first = [
        {
            "prompt": "P",
            "candidates": [("ant", "a", 1.0), ("ant", "a", 2.0), ("bee", "b", 3.0), (None, "c", 4.0), ("dog", "", 5.0)],
        }
    ]
    thrice = [("ant", "b", 0.1)] * 3
    other = [
        {
            "prompt": "P",
            "candidates": [("ant", "a", 1.0), ("ant", "a", 4.0), *thrice, ("cow", "c", 6.0), (None, "", 0.1)],
        }
    ]
    dataset = joined(tmp_path, first, other)
    assert rewards(dataset, "other") == {(1, 1): 2.5, (1, 2): 2.5, (1, 3): 0.1, (1, 4): 6.0, (1, 5): 0.1}
    assert dataset.contents.joins[0].averaged == 2


def test_texts_that_differ_by_a_blank_are_not_joined_and_a_dataset_without_any_match_says_so(tmp_path: Path) -> None:
    dataset = joined(tmp_path, FIRST, [{"prompt": "P1 ", "candidates": [("ant", "x", 1.0)]}])
    assert rewards(dataset, "other") == {}
    assert dataset.notices[0].startswith(
        "other: none of its scored candidates (1) was found, so it scores nothing here."
    )
    assert rewards(dataset, ENSEMBLE) == {}


def test_three_datasets_are_joined_and_named_after_their_files(tmp_path: Path) -> None:
    third = [{"prompt": "P1", "candidates": [("cow", "z", 1.0), ("bee", "y", 2.0)]}]
    dataset = joined(tmp_path, FIRST, OTHER, third)
    assert dataset.contents.scorers == ("first", "other", "third", ENSEMBLE)
    assert rewards(dataset, "third") == {(1, 2): 2.0, (1, 3): 1.0}
    # Scored by all are the second (ranks 1, 2, 1 of two) and the third (ranks 2, 1, 2).
    assert rewards(dataset, ENSEMBLE) == pytest.approx({(1, 2): 200 / 3, (1, 3): 100 / 3})


def test_texts_that_are_not_valid_unicode_are_read_and_joined_as_they_show(tmp_path: Path) -> None:
    table = wide_table([{"prompt": "P", "candidates": [("ant", "x", 1.0), ("bee", "y", 2.0)]}])
    broken = pa.array([b"\xff"]).cast(pa.binary()).view(pa.string())
    table = table.set_column(table.column_names.index("response_1"), "response_1", broken)
    dataset = joined(tmp_path, table, table)
    assert rewards(dataset, "other") == {(1, 1): 1.0, (1, 2): 2.0}
    assert sum("not valid Unicode" in notice for notice in dataset.notices) == 2


def test_a_part_that_is_missing_empty_or_several_is_the_problem_of_the_entry(tmp_path: Path) -> None:
    pq.write_table(wide_table(FIRST), tmp_path / "a.parquet")
    pq.write_table(wide_table(FIRST), tmp_path / "b.parquet")

    def problem(entry: str) -> str | None:
        (source,) = configured_sources(Settings((entry,), tmp_path / "cache"))
        return source.problem

    a = tmp_path / "a.parquet"
    assert problem(f"{a} + {a}") is None
    assert problem(f"{a} + {tmp_path / 'c'}") == f"{tmp_path / 'c'} does not exist. Check the path."
    assert problem(f"{a} + {tmp_path}") == (
        f"{a} + {tmp_path} joins datasets, but {tmp_path} holds several: a, b. Name one of them."
    )
    assert "a path is missing" in str(problem(f"{a} +  + {a}"))


def test_datasets_of_one_name_are_numbered_and_the_state_of_each_file_counts(tmp_path: Path) -> None:
    pq.write_table(wide_table(FIRST), tmp_path / "a.parquet")
    (tmp_path / "x").mkdir()
    pq.write_table(wide_table(OTHER), tmp_path / "x" / "a.parquet")
    settings = Settings(
        (f"{tmp_path / 'a.parquet'} + {tmp_path / 'x' / 'a.parquet'}", str(tmp_path / "a.parquet")), tmp_path
    )
    both, alone = configured_sources(settings)
    assert [part.name for part in both.joined] == ["a", "a (2)"]
    before = fingerprint(both, tmp_path)
    assert before != fingerprint(alone, tmp_path)
    pq.write_table(wide_table(FIRST), tmp_path / "x" / "a.parquet")
    assert fingerprint(both, tmp_path) != before


def test_several_scorers_of_a_joined_dataset_keep_their_names_behind_its_own() -> None:
    layout = Layout(ColumnMapping(), "", ("one", "it's"), "", (), "SELECT 1", ())
    names = names_after("data", [layout])
    assert names == {"one": "data: one", "it's": "data: it's"}
    assert rename_scorers(layout, names).scorers == ("data: one", "data: it's")
    assert "WHEN 'it''s' THEN 'data: it''s'" in rename_scorers(layout, names).rewards


def test_the_mean_percentile_comes_with_the_second_scorer_and_percent_is_never_rounded_to_all_or_none() -> None:
    assert with_ensemble(["one", "one"]) == ("one",)
    assert with_ensemble(["one", "two", "one"]) == ("one", "two", ENSEMBLE)
    assert [percent(*pair) for pair in ((987, 1000), (9999, 10000), (1, 10000), (3, 3), (0, 0))] == [
        "98.7 %", "99.9 %", "0.1 %", "100 %", "0 %"
    ]  # fmt: skip
