"""Writing training data from a best-of-N dataset, with this project and with the pandas script that people write today.

`python benchmarks/export.py DATA` prints one Markdown table. DATA is a Parquet file with the seed's columns. Each case runs in
a fresh process, on data that is prepared already; memory is the process's peak, libraries and all.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Name -> strategy, format, file, rows a prompt.
CASES = {
    "RAFT, every candidate, JSONL": ("top", "trl_sft", "jsonl", 1_000),
    "RAFT, every candidate, Parquet": ("top", "trl_sft", "parquet", 1_000),
    "all candidates as a table, JSONL": ("candidates", "candidates", "jsonl", 1),
    "pairs, best against near μ − 2σ, JSONL": ("max_near", "trl_dpo", "jsonl", 1),
    "pairs, 50 a prompt, Parquet": ("max_min", "trl_reward", "parquet", 50),
}
PANDAS = "pandas script: RAFT, every candidate, JSONL"


def rewardscope(case: str, data: str, cache: str, out: Path) -> int:
    """The page's way: choose, then write. Returns the number of rows."""
    from data_access.dataset import open_dataset
    from data_access.opening.sources import Source
    from data_access.training_data import export
    from data_access.training_data.recipes import Recipe
    from data_access.training_data.rows import selection

    dataset = open_dataset(Source("benchmark", (Path(data),)), Path(cache), lambda done, doing: None)
    strategy, form, file, per_prompt = CASES[case]
    recipe = Recipe("benchmark", dataset.contents.scorers[0]).with_strategy(strategy)
    recipe = replace(recipe, format=form, file=file, per_prompt=per_prompt)
    taken = selection(dataset, recipe, export.ids_of(dataset, recipe))
    export.write(dataset, recipe, taken, out, lambda done, doing: None)
    return len(taken.kept)


def script(data: str, out: Path) -> int:
    """What a notebook does: the same rows, without a word on what was dropped and why."""
    import pandas as pd
    import pyarrow.parquet as pq

    names = pq.read_schema(data).names
    numbers = [name.removeprefix("reward_") for name in names if name.startswith("reward_")]
    frame = pd.read_parquet(
        data, columns=["prompt", *(f"{kind}_{i}" for i in numbers for kind in ("response", "reward"))]
    )
    rows = 0
    with out.open("w", encoding="utf-8") as opened:
        for row in frame.to_dict("records"):
            texts: set[str] = set()
            ranked = sorted(
                (i for i in numbers if pd.notna(row[f"reward_{i}"])), key=lambda i: row[f"reward_{i}"], reverse=True
            )
            for i in ranked:
                text = row[f"response_{i}"]
                if not text or not text.strip() or text in texts:
                    continue
                texts.add(text)
                messages = [{"role": "user", "content": row["prompt"]}, {"role": "assistant", "content": text}]
                opened.write(json.dumps({"messages": messages}, ensure_ascii=False) + "\n")
                rows += 1
    return rows


def main(data: str, case: str = "", cache: str = "") -> None:
    """Print the table; or, given a case, be its process."""
    if case:
        start = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            rows = script(data, out) if case == PANDAS else rewardscope(case, data, cache, out)
            size = sum(file.stat().st_size for file in ([out] if out.is_file() else out.iterdir()))
        unit = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts in
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
        print(f"{rows:,}|{time.perf_counter() - start:.1f}|{peak / 1e6:,.0f}|{size / 1e6:,.0f}")
        return
    print("||rows|s, with opening and imports|peak memory, MB|written, MB|\n|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("", *CASES, PANDAS):  # the first prepares
            command = [sys.executable, __file__, data, name or next(iter(CASES)), folder]
            environment = os.environ | {"PYTHONPATH": str(ROOT)}
            line = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
            if name:
                print(f"|{name}|{line.strip()}|")


if __name__ == "__main__":
    main(*sys.argv[1:])
