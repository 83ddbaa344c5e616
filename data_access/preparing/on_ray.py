"""Preparing on a Ray cluster: a task a shard, tried again by Ray where a worker dies, the same bytes as on one machine.

Ray is no requirement of the app: whoever prepares on a cluster installs it there (`pip install ray`). The workers read the
source where it is named, a shared folder or a store, and write to a shared folder, or to a store by way of their own disks.
"""

import os
import socket
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import data_access
from data_access import database, stores
from data_access.database import Connection
from data_access.errors import DataError, SettingError
from data_access.preparing import one_shard
from data_access.preparing.in_parallel import LOOK_EVERY_S
from data_access.preparing.one_shard import Common, Done
from data_access.preparing.shards import Shard
from data_access.stores import StoreFile

MEMORY = "400MB"
ANSWERS_WITHIN_S = 5.0
TRIES = 3  # again, after a worker was lost


def prepare_shards(
    connection: Connection,
    some: Sequence[Shard],
    common: Common,
    progress: Callable[[float, int, str], None],
    *,
    address: str,
    place: StoreFile | None = None,
) -> list[Done]:
    """As `preparation.here`, on the cluster at this address ('local' makes one of this machine's cores).

    The files go to the common folder, which all workers must have, or to a `place` in a store.
    """
    ray = _connected(address)
    try:
        task = ray.remote(num_cpus=1, max_retries=TRIES)(_task)
        started = {task.remote(shard, common, place, _for_stores()): at for at, shard in enumerate(some)}
        done: dict[int, Done] = {}
        left = list(started)
        while left:
            ready, left = ray.wait(left, timeout=LOOK_EVERY_S)
            for reference in ready:
                done[started[reference]] = _result(ray, reference)
            place_of_next = started[left[0]] if left else len(some) - 1
            progress(len(done) / len(some), place_of_next, "on the cluster")
        return [done[at] for at in range(len(some))]
    finally:
        ray.shutdown()


def _connected(address: str) -> ModuleType:
    try:
        import ray  # noqa: PLC0415
    except ImportError as error:
        raise SettingError("Ray is not installed here. Install it: pip install ray.") from error
    _check(address)
    modules = [str(Path(data_access.__file__).parent)]
    try:
        ray.init(
            address=None if address == "local" else address,
            include_dashboard=False if address == "local" else None,
            log_to_driver=False,
            runtime_env={"py_modules": modules},
        )
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise SettingError(f"There is no Ray cluster at {address}: {str(error).splitlines()[0]}") from error
    found: ModuleType = ray
    return found


def _check(address: str) -> None:
    """SettingError where nothing listens: Ray itself would ask for minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdecimal() and "://" not in address:
        try:
            socket.create_connection((host, int(port)), ANSWERS_WITHIN_S).close()
        except OSError as error:
            raise SettingError(f"There is no Ray cluster at {address}: {error.strerror or error}.") from error


def _result(ray: Any, reference: Any) -> Done:
    """What a task gives; its DataError as if it had been raised here."""
    try:
        done: Done = ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, DataError):
            raise error.cause from error
        raise
    except ray.exceptions.RayError as error:
        raise DataError(f"The cluster did not prepare a shard: {str(error).splitlines()[0]}") from error
    return done


def _for_stores() -> dict[str, str]:
    """How this machine asks stores, for workers that are not told."""
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}


def _task(shard: Shard, common: Common, place: StoreFile | None, settings: dict[str, str]) -> Done:
    """On a worker: prepare one shard, unless a worker that was lost had done so."""
    os.environ.update({name: value for name, value in settings.items() if name not in os.environ})
    with TemporaryDirectory() as own:
        if not place:
            return one_shard.done_before(shard, common.folder) or _prepare(shard, common, Path(own))
        if before := one_shard.done_before(shard, place):
            return before
        done = _prepare(shard, common._replace(folder=Path(own)), Path(own) / "spill")
        for name in done.files:
            stores.put(Path(own) / name, place / name)
        stores.put(one_shard.record(Path(own), shard), one_shard.record(place, shard))
        return done


def _prepare(shard: Shard, common: Common, spill: Path) -> Done:
    with closing(database.connect(MEMORY, spill, threads=1)) as connection:
        return one_shard.prepare_shard(connection, lambda done, doing: None, shard, common)
