"""`python -m data_access.prepare SOURCE…`: what opening a dataset would do first, ahead of time, here or on a Ray cluster."""

import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from data_access import database, stores
from data_access.errors import DataError, SettingError
from data_access.opening import sample
from data_access.opening.addresses import configured_sources
from data_access.opening.local_files import to_local_files
from data_access.opening.sources import Source, check
from data_access.preparing import contents, elsewhere, on_ray, preparation
from data_access.settings import Settings
from data_access.stores import StoreFile

SAID_EVERY_S = 5.0


def main(arguments: Sequence[str], name: str = "python -m data_access.prepare") -> int:
    """Run the command, by the name under which it was called; returns 2, with a sentence, where it cannot be done."""
    parser = ArgumentParser(name, description=__doc__)
    parser.add_argument(
        "source",
        nargs="+",
        help="as in REWARDSCOPE_DATA: a file, a folder, a glob, hf:owner/name or s3://bucket/prefix",
    )
    parser.add_argument(
        "--to",
        metavar="PLACE",
        help="put the prepared dataset there, for REWARDSCOPE_PREPARED: a folder, or s3://bucket/prefix",
    )
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="prepare on the Ray cluster at this address, or 'local'; PLACE, else the cache folder, is one that all workers "
        "have",
    )
    asked = parser.parse_args(arguments)
    try:
        settings = Settings.from_environment({**os.environ, "REWARDSCOPE_DATA": ",".join(asked.source)})
        for source in configured_sources(settings):
            said = _Said(source.name)
            began = time.monotonic()
            folder = _prepare(to_local_files(source, settings, said), settings, asked.to, asked.ray, said)
            print(f"{source.name}: {folder}, {time.monotonic() - began:.1f} s")
    except (DataError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _prepare(source: Source, settings: Settings, to: str | None, ray: str | None, said: "_Said") -> Path:
    """Where the prepared dataset lies."""
    place = stores.place(to) if to else None
    if source.is_sample:
        sample.write(source.files[0])
    if not ray:
        folder = preparation.prepare(source, settings.cache, said, settings.prepared)
        return elsewhere.put(folder, place, said) if place else folder
    if isinstance(place, StoreFile):
        return _into_store(source, settings.cache, place, ray, said)
    on_cluster = partial(on_ray.prepare_shards, address=ray)
    return preparation.prepare(source, place or settings.cache, said, settings.prepared, on_cluster)


def _into_store(source: Source, cache: Path, place: StoreFile, ray: str, said: "_Said") -> Path:
    """By workers who share no folder."""
    if len(source.joined) > 1:
        raise SettingError(
            f"{source.name} joins datasets: on a cluster they need a folder that all workers have, as PLACE."
        )
    check(source)
    theirs = place / preparation.prepared_folder(source, cache).name
    assert isinstance(theirs, StoreFile)
    on_cluster = partial(on_ray.prepare_shards, address=ray, place=theirs)
    with TemporaryDirectory() as own, closing(database.connect(preparation.MEMORY)) as connection:
        preparation.write_all(connection, source, cache, Path(own), said, on_cluster)
        stores.put(Path(own) / contents.NAME, theirs / contents.NAME)
    stores.remove(theirs, "done-")
    return theirs


class _Said:
    """Progress as lines, one every few seconds at most."""

    def __init__(self, name: str) -> None:
        self.name, self.last = name, 0.0

    def __call__(self, done: float, doing: str) -> None:
        if time.monotonic() - self.last >= SAID_EVERY_S:
            self.last = time.monotonic()
            print(f"{self.name}: {done:.0%} {doing}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
