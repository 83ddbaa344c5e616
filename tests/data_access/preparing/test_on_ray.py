"""Preparing on a Ray cluster of this machine: the same bytes, also when a worker is killed."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

from data_access.preparing import preparation
from tests.conftest import wide_table
from tests.data_access.preparing.processes import source_of
from tests.s3_server import ENVIRONMENT, s3_server

ROOT = Path(__file__).parents[3]
SHARDS, PROMPTS, CANDIDATES, WORDS = 4, 150, 40, 400


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shards that take a second each."""
    pytest.importorskip("ray", reason="Ray is not for this Python yet")
    chance = random.Random(1)
    words = [f"word{number}" for number in range(500)]
    folder = tmp_path_factory.mktemp("ray") / "data"
    folder.mkdir()
    for shard in range(SHARDS):
        rows = [
            {
                "prompt": f"{shard} {prompt}",
                "candidates": [
                    (f"m{number}", " ".join(chance.choices(words, k=WORDS)), chance.gauss(0, 1))
                    for number in range(CANDIDATES)
                ],
            }
            for prompt in range(PROMPTS)
        ]
        pq.write_table(wide_table(rows), folder / f"train-{shard:05d}-of-{SHARDS:05d}.parquet")
    return folder


def prepare(cache: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """The command, on a cluster of two workers."""
    command = [sys.executable, "-m", "data_access.prepare", "--ray", "local", *arguments]
    told = (
        os.environ | {"REWARDSCOPE_CACHE": str(cache), "RAY_OVERRIDE_RESOURCES": json.dumps({"CPU": 2})} | environment
    )
    return subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def a_worker_at_work(driver: int) -> psutil.Process:
    """One that prepares a shard, of the cluster that this process has started."""
    for _ in range(1200):
        with suppress(psutil.NoSuchProcess):  # some come and go
            for process in psutil.Process(driver).children(recursive=True):
                if process.name().startswith("ray::_task"):
                    return process
        time.sleep(0.05)
    raise AssertionError("no worker has begun")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name != "opened.json"}


@pytest.mark.e2e
def test_a_killed_worker_s_shard_is_prepared_by_another_and_all_bytes_are_as_on_one_machine(
    data: Path, tmp_path: Path
) -> None:
    expected = preparation.prepare(source_of(data), tmp_path / "here", lambda done, doing: None)
    running = prepare(tmp_path / "cluster", str(data))
    a_worker_at_work(running.pid).kill()
    _, errors = running.communicate(timeout=300)
    assert running.returncode == 0, errors
    assert bytes_of(tmp_path / "cluster" / expected.name) == bytes_of(expected)


@pytest.mark.e2e
def test_workers_without_a_common_folder_read_from_a_store_and_write_to_it(data: Path, tmp_path: Path) -> None:
    bucket = tmp_path / "store" / "b"
    bucket.mkdir(parents=True)
    shutil.copytree(data, bucket / "data")
    with s3_server(tmp_path / "store") as (address, _):
        told = ENVIRONMENT | {"AWS_ENDPOINT_URL": address}
        running = prepare(tmp_path / "cluster", "s3://b/data", "--to", "s3://b/prepared", **told)
        _, errors = running.communicate(timeout=300)
        assert running.returncode == 0, errors
    (made,) = (bucket / "prepared").iterdir()
    here = preparation.prepare(source_of(data), tmp_path / "here", lambda done, doing: None)
    ours = bytes_of(here)
    assert {name: ours[name] for name in ours if name.endswith(".parquet")} == {
        file.name: file.read_bytes() for file in made.glob("*.parquet")
    }
    assert json.loads((made / "contents.json").read_text()) == json.loads(ours["contents.json"])
