"""What preparing takes: `python -P benchmarks/prepare.py DATA [DATA …]` prints a Markdown table, a row for each.

Each is prepared in a fresh process into an empty cache folder, after its files have been read once so that none pays for the
disk, and opened again. Not opened by a page: what a page shows first is in pages.py.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Thread

import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def measured(data: str, cache: str) -> dict[str, float]:
    """To be run in a fresh process."""
    from data_access.dataset import open_dataset
    from data_access.opening.addresses import configured_sources
    from data_access.settings import Settings

    (source,) = configured_sources(Settings((data,), Path(cache)))
    peak = [0]

    def watch() -> None:
        process = psutil.Process()
        while True:
            peak[0] = max(peak[0], process.memory_info().rss)
            time.sleep(0.02)

    Thread(target=watch, daemon=True).start()
    times, used = [], []
    for _ in range(2):
        began, before = time.perf_counter(), processor()
        dataset = open_dataset(source, Path(cache), lambda done, doing: None)
        times.append(time.perf_counter() - began)
        used.append(processor() - before)
    return {
        "files": len(source.files),
        "candidates": dataset.contents.candidates,
        "source, MB": sum(file.stat().st_size for file in source.files) / 1e6,
        "prepared, MB": sum(size for size, _ in dataset.contents.files.values()) / 1e6,
        "s": times[0],
        "CPU s": used[0],
        "peak memory, MB": peak[0] / 1e6,
        "opened again, s": times[1],
    }


def processor() -> float:
    """Seconds of the processor that this process has had."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(names: list[str]) -> None:
    """Print the table; or, given one name and a cache folder in the environment, be that name's process."""
    if cache := os.environ.get("BENCHMARK_CACHE"):
        print(json.dumps(measured(names[0], cache)))
        return
    rows = {}
    for name in names:
        path = Path(name).absolute()
        for file in sorted(path.rglob("*.parquet")) if path.is_dir() else [path]:
            with file.open("rb") as opened:
                while opened.read(1 << 24):
                    pass
        with tempfile.TemporaryDirectory() as folder:
            told = os.environ | {"BENCHMARK_CACHE": folder}
            command = [sys.executable, "-P", __file__, str(path)]
            rows[path.name] = json.loads(subprocess.run(command, env=told, check=True, capture_output=True).stdout)
    header = list(next(iter(rows.values())))
    print(f"||{'|'.join(header)}|\n|---|{'---:|' * len(header)}")
    for name, row in rows.items():
        cells = (f"{value:.1f}" if at.split()[-1] == "s" else f"{value:,.0f}" for at, value in row.items())
        print(f"|{name}|{'|'.join(cells)}|")


if __name__ == "__main__":
    main(sys.argv[1:])
