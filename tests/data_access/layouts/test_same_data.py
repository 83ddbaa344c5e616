"""The same data in three layouts: numbered wide, parallel lists and one row a candidate open to the same relations."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from data_access.dataset import Dataset
from data_access.questions.overview import counts
from tests.conftest import open_path, wide_table
from tests.data_access.preparing.test_preparation import rows
from tests.data_access.test_properties import Pool, few, pools

COMPARED = {
    "prompts": "SELECT * EXCLUDE (source_key, summaries) FROM prompts ORDER BY prompt_id",
    "responses": "SELECT * FROM responses ORDER BY prompt_id, candidate",
    "scores": "SELECT * EXCLUDE (scorer) FROM scores ORDER BY prompt_id, candidate",
    "summaries": "SELECT prompt_id, map_values(summaries) FROM prompts ORDER BY prompt_id",
}


def in_each_layout(texts: list[str], drawn: list[Pool], folder: Path) -> dict[str, Dataset]:
    """The pools of these prompts as a dataset in each layout; the long table's rows stay together by prompt."""
    flat = [(text, one) for text, pool in zip(texts, drawn, strict=True) for one in pool]
    tables = {
        "wide": wide_table([{"prompt": text, "candidates": pool} for text, pool in zip(texts, drawn, strict=True)]),
        "lists": pa.table(
            {
                "prompt": texts,
                "responses": pa.array([[one[1] for one in pool] for pool in drawn], pa.list_(pa.string())),
                "rewards": pa.array([[one[2] for one in pool] for pool in drawn], pa.list_(pa.float64())),
                "models": pa.array([[one[0] for one in pool] for pool in drawn], pa.list_(pa.string())),
            }
        ),
        "long": pa.table(
            {
                "prompt": [text for text, _ in flat],
                "model": pa.array([one[0] for _, one in flat], pa.string()),
                "response": pa.array([one[1] for _, one in flat], pa.string()),
                "reward": pa.array([one[2] for _, one in flat], pa.float64()),
            }
        ),
    }
    opened = {}
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=50)
        opened[name] = open_path(folder / f"{name}.parquet", folder / "cache")
    return opened


def content(dataset: Dataset) -> dict[str, list[tuple[Any, ...]]]:
    return {name: [_rounded(row) for row in rows(dataset, select)] for name, select in COMPARED.items()}


def _rounded(value: Any) -> Any:
    """Sums of the same numbers in another order differ in their last digits."""
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_rounded(one) for one in value)
    return round(value, 9) if isinstance(value, float) else value


@settings(few, max_examples=2)  # each opens three datasets
@given(pools)
def test_any_data_prepares_to_the_same_relations(tmp_path_factory: pytest.TempPathFactory, drawn: list[Pool]) -> None:
    drawn = [[("ant", "a", 1.0)], *drawn]
    texts = [f"prompt {number}" for number in range(len(drawn))]
    opened = in_each_layout(texts, drawn, tmp_path_factory.mktemp("layouts"))
    wide = content(opened["wide"])
    assert content(opened["lists"]) == wide
    assert content(opened["long"]) == wide


def test_without_a_cache_folder_every_layout_is_read_directly_with_the_same_results(tmp_path: Path) -> None:
    drawn: list[Pool] = [
        [("ant", "a", 1.0), ("bee", "b", 2.0)],
        [("ant", None, 3.0)],
        [(None, "c", 4.0), ("bee", "", None)],
    ]
    prepared = in_each_layout(["p", "q", "r"], drawn, tmp_path)
    (tmp_path / "file").touch()
    for name in prepared:
        direct = open_path(tmp_path / f"{name}.parquet", tmp_path / "file" / "cache")
        assert (prepared[name].is_prepared, direct.is_prepared) == (True, False)
        assert content(direct) == content(prepared[name])


def test_the_figures_of_the_overview_are_the_same(tmp_path: Path) -> None:
    drawn: list[Pool] = [
        [("ant", "Two.", 1.5), ("bee", "Nine.", 0.5), (None, None, None), ("cow", "Two.", 1.5)],
        [("ant", "Red.", None), ("bee", "Sky.", -2.0)],
    ]
    opened = in_each_layout(["Name a prime.", "Name a colour."], drawn, tmp_path)
    wide = content(opened["wide"])
    assert [(row[1], row[2], row[4], row[7]) for row in wide["scores"]] == [
        (1, "ant", pytest.approx(1.5 - 3.5 / 3), 75.0),
        (2, "bee", pytest.approx(0.5 - 3.5 / 3), 0.0),
        (4, "cow", pytest.approx(1.5 - 3.5 / 3), 75.0),
        (1, "ant", None, None),
        (2, "bee", 0.0, None),
    ]
    figures = counts(opened["wide"], "reward")
    assert counts(opened["lists"], "rewards") == figures
    assert counts(opened["long"], "reward") == figures
