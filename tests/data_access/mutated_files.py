"""Files with damage somewhere: each is opened, or refused with a sentence that names it; nothing else, and no process dies.

`python -m tests.data_access.mutated_files --files 10000 [--seed 7]` says how many were opened and refused, and lists what
was neither. The files are opened in a process of their own: what a damaged file ends would be the server.
"""

import argparse
import csv
import gzip
import io
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data_access import failures
from data_access.dataset import open_dataset
from data_access.errors import DataError
from data_access.opening.addresses import configured_sources
from data_access.opening.local_files import to_local_files
from data_access.settings import Settings
from tests.conftest import wide_table

MEMORY = 3 * 10**9  # bytes, of a process that opens files
LONGEST_S = 60  # for one file
LONG_TEXT = " ".join(f'Number {n} – neither “one” nor, as some say, "the other".' for n in range(12))


def candidates(prompt: int) -> list[tuple[str | None, str | None, float | None]]:
    unscored = None if prompt % 2 else 0.5
    return [("ant", f"Two. {LONG_TEXT}", 3.25), ("bee", f"{LONG_TEXT}\nThree", -1.0 - prompt), ("cow", "", unscored)]


ROWS = [{"prompt": f"Name prime {n}.", "subset": "math-prm", "candidates": candidates(n)} for n in range(6)]
LONG = [
    {"prompt": row["prompt"], "response": text, "model": model, "reward": reward}
    for number, row in enumerate(ROWS)
    for model, text, reward in candidates(number)
]
NUMBERS = (0, 1, 127, 128, 255, 256, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1)


def _parquet(table: pa.Table, **options: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def _csv(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@cache
def whole_files() -> dict[str, tuple[str, bytes]]:
    """What is damaged: a name -> the file's ending and its bytes."""
    wide, long, lines = wide_table(ROWS), pa.Table.from_pylist(LONG), "".join(f"{json.dumps(row)}\n" for row in LONG)
    numbered = wide.to_pylist()
    return {
        "wide Parquet": ("parquet", _parquet(wide)),
        "wide Parquet, several row groups": ("parquet", _parquet(wide, row_group_size=2, compression="zstd")),
        "long Parquet, plain": ("parquet", _parquet(long, compression="none", use_dictionary=False)),
        "long Parquet, version 2": (
            "parquet",
            _parquet(long, data_page_version="2.0", version="2.6", write_page_index=True, compression="gzip"),
        ),
        "JSONL": ("jsonl", lines.encode()),
        "wide JSONL": ("jsonl", "".join(f"{json.dumps(row)}\n" for row in numbered).encode()),
        "JSON": ("json", json.dumps(LONG, ensure_ascii=False).encode()),
        "packed JSONL": ("jsonl.gz", gzip.compress(lines.encode(), mtime=0)),
        "CSV": ("csv", _csv(LONG)),
        "wide CSV": ("csv", _csv(numbered)),
    }


def _flipped(data: bytearray, draw: random.Random) -> None:
    for _ in range(draw.choice([1, 1, 2, 8, 64])):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def _overwritten(data: bytearray, draw: random.Random) -> None:
    size = draw.choice([1, 2, 4, 8])
    place = draw.randrange(max(len(data) - size, 1))
    number = draw.choice(NUMBERS) % 256**size
    data[place : place + size] = number.to_bytes(size, draw.choice(["little", "big"]))


def _span(data: bytearray, draw: random.Random) -> slice:
    start = draw.randrange(len(data))
    return slice(start, start + draw.choice([1, 3, 16, 200, 2000]))


def _cut_out(data: bytearray, draw: random.Random) -> None:
    del data[_span(data, draw)]


def _doubled(data: bytearray, draw: random.Random) -> None:
    taken, place = data[_span(data, draw)], draw.randrange(len(data))
    data[place:place] = taken


def _filled(data: bytearray, draw: random.Random) -> None:
    span = _span(data, draw)
    data[span] = bytes([draw.choice([0, 255, 32, 34, 10, draw.randrange(256)])]) * len(data[span])


def _cut_off(data: bytearray, draw: random.Random) -> None:
    del data[draw.randrange(len(data)) :]


def _inserted(data: bytearray, draw: random.Random) -> None:
    words = (
        b"\0",
        b'"',
        b",",
        b"{",
        b"[",
        b"]",
        b"}",
        b"\n",
        b"\r\n",
        b"null",
        b"NaN",
        b"1e999",
        b"\xff",
        b"\xed\xa0\x80",
    )
    words += (b"\xef\xbb\xbf", b"PAR1", b'{"a": {"b": ' * 50, b"9" * 400, b'""', b"\\", b"\\u0000", b"\\ud800")
    place = draw.randrange(len(data))
    data[place:place] = draw.choice(words) * draw.choice([1, 1, 3])


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flipped,
    _flipped,
    _overwritten,
    _overwritten,
    _cut_out,
    _doubled,
    _filled,
    _cut_off,
    _inserted,
)


def mutated(number: int, seed: int) -> tuple[str, bytes]:
    """The ending and the bytes of a damaged file: the same for the same number and seed."""
    draw = random.Random(f"{seed} {number}")
    ending, whole = draw.choice(list(whole_files().values()))
    data = bytearray(whole)
    for _ in range(draw.choice([1, 1, 1, 2, 4])):
        if data:
            draw.choice(DAMAGES)(data, draw)
    return ending, bytes(data)


def opened(file: Path, cache: Path) -> str:
    """Open a file as the app does, and read all of it: 'opened' or 'refused', or in a sentence what else came of it."""
    settings = Settings((str(file),), cache)
    try:
        source = to_local_files(configured_sources(settings)[0], settings, lambda done, doing: None)
        dataset = open_dataset(source, cache, lambda done, doing: None)
    except DataError as error:
        return "refused" if str(file) in str(error) else f"a sentence that does not name the file: {error}"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    for relation in ("prompts", "responses", "scores", "source"):
        try:
            with failures.answering(0):
                dataset.connection.cursor().execute(f"FROM {relation}").fetchall()
        except DataError as error:
            if relation != "source":
                return f"{relation} cannot be read: {error}"
        except BaseException as error:
            return f"{relation}: {type(error).__name__}: {error}"
    return "opened"


def _open_all(first: int, last: int, seed: int, folder: Path) -> None:
    """In a process of its own: one line for each file."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    for number in range(first, last):
        ending, data = mutated(number, seed)
        file, kept = folder / f"file-{number}.{ending}", folder / "cache"
        file.write_bytes(data)
        print(number, json.dumps(opened(file, kept)), flush=True)
        file.unlink()
        shutil.rmtree(kept, ignore_errors=True)


def told(count: int, seed: int) -> dict[int, str]:
    """What came of each file, by its number."""
    found: dict[int, str] = {}
    while len(found) < count:
        first = len(found)
        with tempfile.TemporaryDirectory() as folder:
            arguments = [str(first), str(count), str(seed), folder]
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.data_access.mutated_files", "--within", *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            assert process.stdout
            for line in process.stdout:
                number, _, said = line.partition(" ")
                found[int(number)] = json.loads(said)
                if _kind(found[int(number)]) == "neither":
                    print(number.strip(), found[int(number)], file=sys.stderr, flush=True)
                if len(found) % 1000 == 0:
                    print(len(found), dict(Counter(_kind(one) for one in found.values())), file=sys.stderr, flush=True)
            process.wait()
        if len(found) < count:
            found[len(found)] = f"the process ended by {process.returncode}"
    return found


def _kind(said: str) -> str:
    return said if said in ("opened", "refused") else "neither"


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--within"]:
        first, last, seed, folder = arguments[1:]
        _open_all(int(first), int(last), int(seed), Path(folder))
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        for name, (ending, whole) in whole_files().items():
            file = Path(folder, f"{name}.{ending}")
            file.write_bytes(whole)
            if opened(file, Path(folder, "cache")) != "opened":
                raise SystemExit(f"Without damage, too, this is not opened: {name}.")
    found = told(asked.files, asked.seed)
    kinds = Counter(_kind(said) for said in found.values())
    print(
        f"{asked.files:,} damaged files: {kinds['opened']:,} opened, {kinds['refused']:,} refused, {kinds['neither']} neither."
    )
    for number, said in found.items():
        if _kind(said) == "neither":
            print(f"  {number}: {said}")
    return 1 if kinds["neither"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
