"""What an address names: 'sample', a file, a folder, a glob, a dataset of the hub, an upload, or several joined."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from glob import glob, has_magic
from pathlib import Path

from data_access import stores
from data_access.errors import SourceError
from data_access.opening import sample, uploads
from data_access.opening.hub.names import PREFIX, is_hub_name, parse_hub_name
from data_access.opening.hub.splits import NO_DATA
from data_access.opening.sources import Source
from data_access.opening.text_files import is_text
from data_access.settings import Settings

# The ways in which writers number the shards of one dataset: `train-00000-of-00004`, `part-00000-c000`, `0000`,
# and the hub's older ones with a hash behind the number.
SHARD_NUMBER = re.compile(r"[-_.]?(\d{4,}(-of-\d+)?(-[0-9a-f]{16})?|part-\d+.*)$")
JOIN = " + "  # between the parts of an entry that are to be joined


def configured_sources(settings: Settings) -> list[Source]:
    """Every source that the settings name, in their order; one that cannot be opened is there with its problem."""
    found: list[Source] = []
    for entry in settings.data:
        if JOIN in entry and not Path(entry).expanduser().exists():
            found.append(_joined(entry, settings))
        else:
            found += _sources_of(entry, settings)
    return _uniquely_named(found)


def source_from_address(address: str, settings: Settings) -> Source:
    """What a viewer names in a link or in the picker: a dataset of the hub, an upload, or a path on the server.

    Its name is the address. Raises SourceError for what the operator does not allow, before it is looked for.
    """
    if is_hub_name(address):
        if settings.hub and "hub" not in settings.opens:
            raise SourceError(
                f"Viewers may not open datasets of the Hub on this server, such as {address}. Its operator can allow it: "
                "REWARDSCOPE_OPEN=hub."
            )
        found = _on_hub(address, settings, is_trusted="private" in settings.opens)
        return replace(found, name=str(found.wanted or address))
    if address.startswith(uploads.PREFIX):
        if "upload" not in settings.opens:
            raise SourceError(
                "Viewers may not upload files to this server. Its operator can allow it: REWARDSCOPE_OPEN=upload."
            )
        return Source(address, (uploads.path(address, settings.cache),), origin=uploads.file_name(address))
    if "paths" not in settings.opens:
        raise SourceError(
            f"Viewers may not open paths on this server, such as {address}. Its operator can allow it: "
            "REWARDSCOPE_OPEN=paths, or offer the file in REWARDSCOPE_DATA."
        )
    there = [*_sources_of(address, settings)]
    if len(there) > 1:
        listed = "; ".join(_pattern(source) for source in there[:20])
        raise SourceError(f"{address} holds several datasets. Name one of them: {listed}.")
    return replace(there[0], name=address)


def source_of_address(sources: Sequence[Source], address: str) -> Source | None:
    """The one of these sources that a link names: by its name, or a dataset of the hub at whatever revision it is offered."""
    name = address.removeprefix(PREFIX)
    named = next((source for source in sources if source.name in (address, name)), None)
    repository = re.split("[@?]", name)[0]
    return named or next((one for one in sources if one.wanted and one.wanted.repository == repository), None)


def _joined(entry: str, settings: Settings) -> Source:
    """The parts of an entry as one dataset; one of them that is not one dataset is its problem."""
    paths = [part.strip() for part in entry.split(JOIN)]
    if not all(paths):
        return Source(
            entry, (), f"{entry} joins datasets, but a path is missing. Give one on each side of every plus sign."
        )
    parts = [_sources_of(path, settings) for path in paths]
    firsts = tuple(_uniquely_named([part[0] for part in parts]))
    name = JOIN.join(part.name for part in firsts)
    for path, part in zip(paths, parts, strict=True):
        names = ", ".join(source.name for source in part)
        several = f"{entry} joins datasets, but {path} holds several: {names}. Name one of them."
        if problem := several if len(part) > 1 else part[0].problem:
            return Source(name, (), problem)
    return replace(firsts[0], name=name, joined=firsts)


def _on_hub(entry: str, settings: Settings, is_trusted: bool) -> Source:
    """Nothing is asked of the hub yet. What the operator offers is named shortly, what a viewer names as they name it."""
    if not settings.hub:
        problem = (
            f"{entry} is on the Hub, which this server never contacts: REWARDSCOPE_HUB is off. Choose another dataset."
        )
        return Source(entry, (), problem)
    try:
        found = parse_hub_name(entry)
    except SourceError as error:
        return Source(entry, (), str(error))
    return Source(str(found).removeprefix(PREFIX), (), wanted=found, is_trusted=is_trusted)


def _pattern(source: Source) -> str:
    """A path or glob that names the files of a source."""
    first = source.files[0]
    return str(first if len(source.files) == 1 else first.with_name(SHARD_NUMBER.sub("*", first.stem) + first.suffix))


def _sources_of(entry: str, settings: Settings) -> Sequence[Source]:
    if entry == "sample":
        return [Source("sample", (sample.path(settings.cache),), is_sample=True)]
    if is_hub_name(entry):
        return [_on_hub(entry, settings, is_trusted=True)]
    if stores.is_in_store(entry):
        return _in_store(entry)
    return _at_path(entry)


def _at_path(entry: str) -> Sequence[Source]:
    path = Path(entry).expanduser().absolute()
    if path.is_file():
        return [Source(path.stem, (path,))]
    if path.is_dir():
        return _in_folder(path)
    if has_magic(entry):
        files = sorted(Path(match) for match in glob(str(path), recursive=True) if Path(match).is_file())
        name = next(part for part in reversed(path.parts) if not has_magic(part)).strip(os.sep) or entry
        if files:
            return [Source(name, tuple(files))]
        return [Source(name, (), f"No file matches {path}. Check the pattern.")]
    return [Source(path.name, (), f"{path} does not exist. Check the path.")]


def _in_store(entry: str) -> Sequence[Source]:
    """A file of a store, or what lies below a prefix there."""
    folder = stores.StoreFile(entry)
    try:
        files = stores.listed(entry)
    except SourceError as error:
        return [Source(folder.stem, (), str(error))]
    if files == [folder] and folder.suffix == ".parquet":
        return [Source(folder.stem, (folder,))]
    if not any(file.suffix == ".parquet" for file in files):
        problem = (
            f"{entry} holds no Parquet file, and in a store no other is read. Put one there, or check the address."
        )
        return [Source(folder.name, (), problem)]
    return _together(folder, [file for file in files if file.suffix == ".parquet"])


def _in_folder(folder: Path) -> Sequence[Source]:
    files = sorted(file for file in folder.rglob("*") if file.suffix == ".parquet" or is_text(file))
    return _together(folder, [file for file in files if file.is_file()])


def _together(folder: Path, files: Sequence[Path]) -> Sequence[Source]:
    """One source a dataset: files that differ only in their shard number, in the same sub-folder, belong together."""
    groups: dict[Path, list[Path]] = {}
    has_parquet = any(file.suffix == ".parquet" for file in files)
    for file in files:
        inner = Path(*file.parts[len(folder.parts) :])
        is_data = file.suffix == ".parquet" if has_parquet else file.name not in NO_DATA
        if is_data and not any(part.startswith(".") for part in inner.parts):
            groups.setdefault(inner.parent / SHARD_NUMBER.sub("", file.stem), []).append(file)
    if not groups:
        problem = (
            f"The folder {folder} holds no Parquet, JSONL, JSON or CSV file. Put one there, or name another folder."
        )
        return [Source(folder.name, (), problem)]
    if len(groups) == 1:
        return [Source(folder.name, tuple(files)) for files in groups.values()]
    alone = {parent for parent in (group.parent for group in groups) if sum(g.parent == parent for g in groups) == 1}
    return [
        Source(str(group.parent if group.parent in alone and group.parent != Path() else group), tuple(files))
        for group, files in groups.items()
    ]


def _uniquely_named(sources: Sequence[Source]) -> list[Source]:
    """Number the later ones of equal names, so that a link's `data=` means one source."""
    taken: set[str] = set()
    unique = []
    for source in sources:
        name, number = source.name, 2
        while name in taken:
            name, number = f"{source.name} ({number})", number + 1
        taken.add(name)
        unique.append(replace(source, name=name))
    return unique
