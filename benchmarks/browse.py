"""Browsing a best-of-N dataset with this project and with what people use today.

`python benchmarks/browse.py DATA [WORD]` prints one Markdown table. DATA is a Parquet file with the seed's columns, or a
folder of its shards. Each tool runs in a fresh process and does the same things; the run fails where the answers of two
tools differ. A step's time is the median of REPETITIONS; the opening happens once.
"""

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from tools import TOOLS, Tool

REPETITIONS = 7
ROOT = Path(__file__).resolve().parent.parent
STEPS = {
    "table": "table of prompts, ms",
    "ranked": "one prompt ranked, ms",
    "search": "search for a word, ms",
    "models": "mean by source model, ms",
}


def measured(tool: Tool, files: list[str], cache: Path, word: str) -> dict[str, Any]:
    """To be run in a fresh process: the row of the table, and the answers as numbers."""
    start = time.perf_counter()
    for module in tool.imports:
        import_module(module)
    imported = time.perf_counter()
    steps = tool.opens(files, cache)
    row = {"import, s": imported - start, "open, s": time.perf_counter() - imported}
    prompts = len(steps.table())
    calls = {"ranked": [(prompts * i // REPETITIONS,) for i in range(REPETITIONS)], "search": [(word,)] * REPETITIONS}
    found: dict[str, list[Any]] = {step: [] for step in STEPS}
    for step, label in STEPS.items():
        times = []
        for call in calls.get(step, [()] * REPETITIONS):
            before = time.perf_counter()
            found[step].append(getattr(steps, step)(*call))
            times.append((time.perf_counter() - before) * 1000)
        row[label] = median(times)
    unit = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts in
    row["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    row["cache on disk, MB"] = sum(file.stat().st_size for file in cache.rglob("*") if file.is_file()) / 1e6

    table, models = columns(found["table"][0]), columns(found["models"][0])
    ranked = [columns(frame) for frame in found["ranked"]]
    named = [
        (name, value) for name, value in zip(models["model"], models["mean"], strict=True) if isinstance(name, str)
    ]
    answers = {
        "mean, sd and best of every prompt": [*table["mean"], *table["sd"], *table["best"]],
        "order of a prompt's candidates": [number for frame in ranked for number in frame["candidate"]],
        "texts of a prompt's candidates": [text or "" for frame in ranked for text in frame["response"]],
        "number of prompts with the word": found["search"][:1],
        "source models": [name for name, _ in sorted(named)],
        "mean by source model": [mean for _, mean in sorted(named)],
    }
    return {"row": row, "answers": answers}


def columns(frame: Any) -> dict[str, list[Any]]:
    """A frame of pandas or polars as lists."""
    found: dict[str, list[Any]] = frame.to_dict("list") if hasattr(frame, "iloc") else frame.to_dict(as_series=False)
    return found


def is_same(some: list[Any], others: list[Any]) -> bool:
    """Whether two answers agree, numbers to 1e-9."""
    return len(some) == len(others) and all(
        math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) if isinstance(one, float) else one == other
        for one, other in zip(some, others, strict=True)
    )


def in_fresh_process(name: str, data: str, word: str, cache: str) -> dict[str, Any]:
    """What `measured` returns. This process imports none of the tools, so that the new one's peak memory is its own."""
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": cache, "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    environment = os.environ | offline | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, __file__, data, word, name, cache]
    output = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(output)
    return found


def main(data: str, word: str = "sorry", name: str = "", cache: str = "") -> None:
    """Print the table; or, given a tool's name and a cache folder, be that tool's process."""
    path = Path(data).absolute()
    files = [str(file) for file in (sorted(path.rglob("*.parquet")) if path.is_dir() else [path])]
    if name:
        print(json.dumps(measured(TOOLS[name], files, Path(cache), word)))
        return
    for file in files:  # so that no tool pays for the disk
        with open(file, "rb") as opened:
            while opened.read(1 << 24):
                pass
    results: dict[str, dict[str, Any]] = {}
    for key, tool in TOOLS.items():
        with tempfile.TemporaryDirectory() as folder:
            for opening in (", first opening", ", second opening") if tool.has_cache else ("",):
                results[tool.label + opening] = in_fresh_process(key, data, word, folder)

    first = next(iter(results.values()))
    header = list(first["row"])
    print(f"||{'|'.join(header)}|\n|---|{'---:|' * len(header)}")
    for label, result in results.items():
        cells = (f"{value:.2f}" if at.endswith(", s") else f"{value:,.0f}" for at, value in result["row"].items())
        print(f"|{label}|{'|'.join(cells)}|")
    for question, answer in first["answers"].items():
        for label, result in results.items():
            if not is_same(answer, result["answers"][question]):
                sys.exit(f"{label} gives another answer than this project: {question}")
    n, matches = len(first["answers"]["source models"]), first["answers"]["number of prompts with the word"][0]
    print(
        f"\nAll tools gave the same answers: mean, sd and best of every prompt, the order and the texts of {REPETITIONS} "
        f"prompts' candidates, {matches:,} prompts with “{word}” in a response, and the means of {n} source models."
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
