"""The command gives what the page gives, or a sentence; and it is run as the package."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data_access.dataset import Dataset
from data_access.training_data.command import main
from data_access.training_data.recipes import Recipe, to_json
from data_access.training_data.sidecar import SIDECAR
from tests.data_access.training_data.test_export import ROWS, written

Open = Callable[..., Dataset]
ROOT = Path(__file__).parents[3]


RECIPE = Recipe("data", "reward")
TEXTS = replace(RECIPE.with_strategy("top"), format="trl_text", text_column="rformatted_prompt_response")


@pytest.mark.parametrize(
    ("recipe", "besides"),
    [
        (replace(RECIPE.with_strategy("max_random"), seed=7), {"dataset_info.json"}),
        (replace(RECIPE.with_strategy("max_random"), seed=7, file="parquet"), {"dataset_info.json"}),
        (TEXTS, set()),
        (replace(RECIPE, without=("offer",), balance="questions"), {"dataset_info.json"}),
    ],
)
def test_the_command_gives_the_bytes_of_the_page(
    opened: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    recipe: Recipe,
    besides: set[str],
) -> None:
    dataset = opened(ROWS)
    page = written(dataset, recipe, tmp_path / "page.zip")
    (tmp_path / "recipe.json").write_text(to_json(recipe))
    monkeypatch.setenv("REWARDSCOPE_DATA", str(dataset.files[0].parent))
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(tmp_path / "other cache"))
    assert main([str(tmp_path / "recipe.json"), str(tmp_path / "command.zip")]) == 0
    assert (tmp_path / "command.zip").read_bytes() == page.read_bytes()
    assert json.loads(capsys.readouterr().out)["rows"] == 2
    assert main([str(tmp_path / "recipe.json"), str(tmp_path / "folder")]) == 0
    assert {path.name for path in (tmp_path / "folder").iterdir()} == {f"train.{recipe.file}", SIDECAR} | besides


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"dataset": "other"}, "The recipe is for the dataset 'other'; REWARDSCOPE_DATA names data."),
        ({"scorer": "judge"}, "The dataset has no scorer 'judge'; it has reward."),
        ({"filter": {"subset": ["poetry"]}}, "The recipe's filter does not fit this dataset."),
        (
            {"strategy": "top", "format": "trl_text", "text_column": "x"},
            "text_column cannot be 'x' (choose from rformatted_prompt_response).",
        ),
    ],
)
def test_the_command_says_what_is_wrong(
    opened: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    sentence: str,
) -> None:
    (file,) = opened(ROWS).files
    (tmp_path / "recipe.json").write_text(json.dumps(json.loads(to_json(Recipe("data", "reward"))) | change))
    monkeypatch.setenv("REWARDSCOPE_DATA", str(file.parent))
    monkeypatch.setenv("REWARDSCOPE_CACHE", str(file.parent.with_name("cache")))
    assert main([str(tmp_path / "recipe.json"), str(tmp_path / "out")]) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_command_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    assert main([str(tmp_path / "recipe.json"), str(tmp_path / "out")]) == 2
    assert "is there already" in capsys.readouterr().err


def test_the_package_is_the_command(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    run = subprocess.run(
        [sys.executable, "-m", "data_access.training_data", "recipe.json", str(tmp_path / "out")],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (2, f"{tmp_path / 'out'} is there already. Remove it, or name another.\n")
