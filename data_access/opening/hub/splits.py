"""Which files of a repository are one config and split: by the `configs:` of its README, else by how files are named."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from data_access.errors import SourceError

PARQUET = (".parquet",)
TEXT = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".jsonl.gz", ".ndjson.gz", ".json.gz", ".csv.gz", ".tsv.gz")
# Files that lie beside data and are none.
NO_DATA = {"dataset_infos.json", "dataset_dict.json", "dataset_info.json", "state.json", "config.json", "metadata.json"}
DEFAULT_CONFIG, DEFAULT_SPLIT = "default", "train"
# The words by which the hub's own loader tells splits apart in the names of folders and files.
SPLIT_WORDS = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
    "eval": "test",
    "evaluation": "test",
}
SHARDED = re.compile(r"([\w.-]+?)-\d{5}-of-\d{5}.*")
# How the hub lays out its own conversion to Parquet; of very large splits it converts only the beginning.
CONVERTED = re.compile(r"([^/]+)/(partial-)?([^/]+)/\d{4}\.parquet")


class Split(NamedTuple):
    """One split of one config: its files in shard order; `is_partial` if they are only its beginning."""

    config: str
    split: str
    files: tuple[str, ...]
    is_partial: bool = False


def splits(paths: Iterable[str], configs: Sequence[Mapping[str, Any]] = ()) -> list[Split]:
    """Every config and split of a repository, the default config first, in it `train` first.

    `paths` are its files; `configs` is the list of that name in its README's YAML, where there is one.
    """
    files = sorted(path for path in paths if _is_data(path))
    found = _of_readme(files, configs)
    if not found and files and all(CONVERTED.fullmatch(file) for file in files):
        found = _of_conversion(files)
    if not found:
        parquet = [file for file in files if file.lower().endswith(PARQUET)]
        found = _grouped((DEFAULT_CONFIG, _split_of(file), file) for file in parquet or files)
    defaults = [str(config.get("config_name")) for config in configs if config.get("default") is True]
    first = [*defaults, DEFAULT_CONFIG]
    order = {config: first.index(config) if config in first else len(first) for config in (f.config for f in found)}
    return sorted(found, key=lambda split: (order[split.config], split.split != DEFAULT_SPLIT))


def pick_split(all_splits: Sequence[Split], config: str | None, split: str | None, name: str) -> Split:
    """The split that is asked for, else the default one; raises SourceError with those that there are."""
    if not all_splits:
        raise SourceError(
            f"{name} holds no Parquet, JSONL, JSON or CSV file. Name another dataset, or a revision that has such files."
        )
    for found in all_splits:
        if config in (None, found.config) and split in (None, found.split):
            return found
    asked = " and ".join(f"{kind} {value!r}" for kind, value in (("config", config), ("split", split)) if value)
    there = ", ".join(f"{found.config}/{found.split}" for found in all_splits[:20])
    raise SourceError(f"{name} has no {asked}. Its configs and splits are: {there}.")


def _is_data(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return (
        path.lower().endswith(PARQUET + TEXT)
        and parts[-1] not in NO_DATA
        and not any(part.startswith((".", "__")) for part in parts)
    )


def _of_readme(files: Sequence[str], configs: Sequence[Mapping[str, Any]]) -> list[Split]:
    rows = []
    for config in configs:
        name = str(config.get("config_name", DEFAULT_CONFIG))
        folder = str(config.get("data_dir") or "").strip("/")
        below = [file for file in files if not folder or file.startswith(f"{folder}/")]
        if folder and "data_files" not in config:
            rows += [(name, _split_of(file.removeprefix(f"{folder}/")), file) for file in below]
        for split, pattern in _patterns(config.get("data_files")):
            whole = PurePosixPath(folder, pattern).parts
            rows += [(name, split, file) for file in below if _matches(file.split("/"), whole)]
    return _grouped(rows)


def _patterns(entries: Any, split: str = DEFAULT_SPLIT) -> Iterator[tuple[str, str]]:
    """Split and pattern of each entry of `data_files`: a pattern, a list, {split: pattern}, or {"split": …, "path": …}."""
    if isinstance(entries, str):
        yield split, entries
    elif isinstance(entries, list):
        for entry in entries:
            yield from _patterns(entry, split)
    elif isinstance(entries, Mapping) and "path" in entries:
        yield from _patterns(entries["path"], str(entries.get("split", split)))
    elif isinstance(entries, Mapping):
        for name, entry in entries.items():
            yield from _patterns(entry, str(name)) if name != "split" else ()


def _of_conversion(files: Sequence[str]) -> list[Split]:
    rows = [(match[1], match[3], file) for file in files if (match := CONVERTED.fullmatch(file))]
    return [split._replace(is_partial="/partial-" in split.files[0]) for split in _grouped(rows)]


def _grouped(rows: Iterable[tuple[str, str, str]]) -> list[Split]:
    groups: dict[tuple[str, str], dict[str, None]] = {}
    for config, split, file in rows:
        groups.setdefault((config, split), {})[file] = None
    return [Split(config, split, tuple(files)) for (config, split), files in groups.items()]


def _split_of(file: str) -> str:
    """By `data/<split>-00000-of-00001`, else by a word in the folders' names, else in the file's, else train."""
    folder, _, stem = file.rpartition("/")
    if folder == "data" and (match := SHARDED.fullmatch(stem)):
        return SPLIT_WORDS.get(match[1], match[1])
    for part in (folder, stem):
        for word in re.split(r"[^a-z]+", part.lower()):
            if word in SPLIT_WORDS:
                return SPLIT_WORDS[word]
    return DEFAULT_SPLIT


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a glob of the hub matches a path, part by part: `**` is any number of folders; a folder holds what is in it."""
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(_matches(parts[skipped:], pattern[1:]) for skipped in range(len(parts)))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
