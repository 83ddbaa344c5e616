"""The first prompt under a mapping, before anything is prepared."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.errors import LayoutError
from data_access.layouts import ColumnMapping
from data_access.opening.sources import Source
from data_access.preparing import preview
from tests.conftest import wide_table


@pytest.fixture
def source(tmp_path: Path) -> Callable[[pa.Table], Source]:
    def write(table: pa.Table) -> Source:
        pq.write_table(table, tmp_path / "data.parquet")
        return Source("data", (tmp_path / "data.parquet",))

    return write


def test_the_first_prompts_candidates_with_a_column_a_scorer(source: Callable[[pa.Table], Source]) -> None:
    table = {"prompt": ["p", "q", "p"], "response": ["a", "b", "c"], "score": [1, 2, 3], "rank": [2, None, 1]}
    found = preview.first_prompt(source(pa.table(table)), ColumnMapping())
    assert found.prompt == "p"
    assert found.candidates.columns.tolist() == ["candidate", "model", "response", "score", "−rank"]
    assert found.candidates[["candidate", "response", "score", "−rank"]].to_numpy().tolist() == [
        [1, "a", 1.0, -2.0],
        [2, "c", 3.0, -1.0],
    ]
    assert found.notices == ("rank: lower is better, shown as −rank.",)
    assert found.layout.startswith("one row a candidate: ")


def test_a_prompt_without_candidates_or_rewards_is_shown_as_such(source: Callable[[pa.Table], Source]) -> None:
    empty = preview.first_prompt(
        source(wide_table([{"prompt": "p", "candidates": [(None, None, None)]}])), ColumnMapping()
    )
    assert (empty.prompt, len(empty.candidates)) == ("p", 0)
    unscored = preview.first_prompt(
        source(wide_table([{"prompt": None, "candidates": [("ant", "a", None)]}])), ColumnMapping()
    )
    assert (unscored.prompt, unscored.candidates["response"].tolist()) == ("", ["a"])
    assert unscored.candidates["reward"].isna().all()


def test_columns_that_are_not_understood_are_said(source: Callable[[pa.Table], Source]) -> None:
    table = source(pa.table({"task": ["t"], "reply": ["r"], "elo": [1.0]}))
    with pytest.raises(LayoutError, match="has no column that could be a response"):
        preview.first_prompt(table, ColumnMapping())
    said = ColumnMapping(layout="one row a candidate", prompt="task", response="reply", rewards=("elo",))
    assert preview.first_prompt(table, said).candidates["elo"].tolist() == [1.0]
    assert preview.columns(table, said) == {"task": "VARCHAR", "reply": "VARCHAR", "elo": "DOUBLE"}
