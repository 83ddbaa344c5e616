"""The disk is full: at a random size, of each file or of the whole disk, nothing that is half written is taken for whole.

`python -m tests.data_access.disk_full DATA --times 20` lets no file grow beyond a size drawn at random; with `--disk FOLDER`,
as root, the cache folder lies on a disk of its own, mounted there, of a size drawn at random.
"""

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from data_access import cache_folder
from data_access.errors import DataError, StorageError
from data_access.training_data import export, export_files
from data_access.training_data.recipes import Recipe
from data_access.training_data.rows import selection
from tests.data_access.killed import kept, nothing_is_said, opened


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """While this lasts, no file of this process grows beyond so many bytes: writing more fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def disk_of(size: int, folder: Path) -> Iterator[None]:
    """While this lasts, a folder is a disk of so many bytes; only root may do that."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def worked(data: str, cache: Path) -> tuple[str, ...]:
    """Open a dataset and export from it: what became of each, in one word; what is wrong, in a sentence."""
    try:
        dataset = opened(data, cache)
    except StorageError:
        return ("not opened",)
    except DataError as error:
        return (f"{type(error).__name__}: {error}",)
    if not dataset.is_prepared and not dataset.notices[0].startswith("The cache folder cannot be written ("):
        return (f"not prepared, with the notices {dataset.notices}",)
    recipe = Recipe(dataset.name, dataset.contents.scorers[0])
    taken = selection(dataset, recipe, export.ids_of(dataset, recipe))
    target = export_files.folder(cache) / f"{export_files.key(dataset, recipe)}.zip"
    try:
        export.write(dataset, recipe, taken, target, nothing_is_said)
        with zipfile.ZipFile(target) as archive:
            exported = "exported" if archive.testzip() is None else f"{target.name} is damaged"
    except StorageError:
        exported = f"{target.name} is there" if target.exists() else "not exported"
    return ("prepared" if dataset.is_prepared else "read directly", exported)


def left_over(cache: Path, expected: dict[str, str]) -> list[str]:
    """What lies in the cache folder and is not as it would be on a disk with room; exports aside, which say how they came."""
    return [name for name, held in kept(cache).items() if "exports/" not in name and expected.get(name) != held]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--disk", type=Path)
    asked = parser.parse_args(arguments)
    draw, counts, wrong = random.Random(asked.seed), Counter[tuple[str, ...]](), list[str]()
    fine = {"prepared", "read directly", "not opened", "exported", "not exported"}
    with tempfile.TemporaryDirectory() as name:
        folder = asked.disk or Path(name, "cache")
        whole, cache = Path(name, "whole"), folder / "cache"
        worked(asked.data, whole)
        expected = kept(whole)
        largest = max(file.stat().st_size for file in whole.rglob("*"))
        for _ in range(asked.times):
            with ExitStack() as stack:
                size = round(10 ** draw.uniform(2, 7.5)) if asked.disk else draw.randrange(6 * largest)
                stack.enter_context(disk_of(max(size, 4096), folder) if asked.disk else no_file_larger_than(size))
                said = worked(asked.data, cache)
                cache_folder.sweep(cache)
                wrong += [f"at {size:,} bytes: {one}" for one in {*said} - fine]
                wrong += [f"at {size:,} bytes: {one} is left" for one in left_over(cache, expected)]
                counts[said] += 1
            shutil.rmtree(cache, ignore_errors=True)
    how_often = ", ".join(f"{n} {' and '.join(one)}" for one, n in counts.items())
    print(f"{asked.times} full disks, {len(wrong)} wrong: {how_often}.")
    for sentence in wrong:
        print(f"  {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
