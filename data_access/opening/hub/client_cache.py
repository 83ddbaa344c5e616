"""What was downloaded here into the hub client's cache, which other programs use too: its size, holding and removing it.

Beside the client's own locks lies a note for each commit, `.locks/<repository>/<commit>.rewardscope`: under which name it
was last opened, and which files were downloaded here, with their blobs. An open dataset holds a shared lock on the note
of what it reads, whoever downloaded it. Only files that are noted are ever removed, and nothing while its note is locked.
"""

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock
from huggingface_hub import constants, scan_cache_dir
from huggingface_hub.file_download import repo_folder_name

from data_access.cache_folder import Kept, is_locked, size_of
from data_access.errors import StorageError

SUFFIX = ".rewardscope"
LOCKS = ".locks"


def folder() -> Path:
    """The client's cache."""
    return Path(constants.HF_HUB_CACHE).resolve()


def hold(repository: str, revision: str, name: str) -> tuple[BinaryIO, ...]:
    """Note that a commit of a dataset is in use under a name, and keep it from being removed until what is returned is
    dropped; nothing where the client's cache cannot be written."""
    notes = Path(constants.HF_HUB_CACHE, LOCKS, repo_folder_name(repo_id=repository, repo_type="dataset"))
    with suppress(OSError):
        notes.mkdir(parents=True, exist_ok=True)
        with _lock(notes):
            file = notes / f"{revision}{SUFFIX}"
            file.touch()
            opened = file.open("r+b")
            fcntl.flock(opened, fcntl.LOCK_SH)  # at once: whoever removes it has the lock above
            _write(opened, _said(opened) | {"name": name})
            return (opened,)
    return ()


def note(held: tuple[BinaryIO, ...], path: str, blob: str) -> None:
    """Note that a file of a commit that is held is downloaded here, into this blob."""
    for opened in held:
        with suppress(OSError), _lock(Path(str(opened.name)).parent):
            said = _said(opened)
            _write(opened, said | {"files": said.get("files", {}) | {path: blob}})


def kept() -> list[Kept]:
    """Every commit of which something was downloaded here."""
    found = []
    for file in _notes():
        with suppress(OSError):
            said = _said_in(file)
            if said.get("files"):
                size = sum(size_of(blob) for blob in _blobs(file, said))
                found.append(Kept(file, "download", str(said.get("name", "")), size, file.stat().st_mtime))
    return found


def taken() -> int:
    """The bytes of all that was downloaded here; what several commits share counts once."""
    return sum(size_of(blob) for blob in {blob for file in _notes() for blob in _blobs(file, _said_in(file))})


def is_open(file: Path) -> bool:
    """Whether somebody holds the commit of a note."""
    try:
        with _lock(file.parent), file.open("r+b") as opened:
            return is_locked(opened)
    except OSError:
        return False


def remove(file: Path) -> bool:
    """Remove what was downloaded here of the commit of a note, unless it is open somewhere; whether it is gone.

    StorageError if it may not be removed.
    """
    try:
        with _lock(file.parent), file.open("r+b") as opened:
            if is_locked(opened):
                return False
            files = _said(opened).get("files", {})
            _delete(file, files)
            if any(os.path.lexists(_snapshot(file) / path) for path in files):
                return False  # the client cannot make sense of what is there
            file.unlink()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise StorageError(f"{file} cannot be removed: {error.strerror}. Check its rights.") from error
    return True


def _delete(file: Path, files: dict[str, str]) -> None:
    """Have the client delete these files of a note's commit, and what was begun of them."""
    found = scan_cache_dir(constants.HF_HUB_CACHE)
    # Only in this dataset: another one, copied from it, may have the same commit.
    found = replace(found, repos=frozenset(repo for repo in found.repos if repo.repo_path.name == file.parent.name))
    commits = {commit for repo in found.repos for commit in repo.revisions}
    this = next((commit for commit in commits if commit.commit_hash == file.stem), None)
    ours = {one for one in this.files if str(one.file_path.relative_to(this.snapshot_path)) in files} if this else set()
    others = {other.stem for other in file.parent.glob(f"*{SUFFIX}")} - {file.stem}
    if this and len(ours) == len(this.files) and others <= {commit.commit_hash for commit in commits}:
        found.delete_revisions(file.stem).execute()
    elif ours:  # the rest is another program's, or the client would delete what is being downloaded of another commit
        found.delete_files(*ours).execute()
    for blob in files.values():
        with suppress(OSError), FileLock(file.parent / f"{blob}.lock").acquire(timeout=0):
            _begun(_blob(file, blob)).unlink(missing_ok=True)


def _notes() -> list[Path]:
    return list(Path(constants.HF_HUB_CACHE, LOCKS).glob(f"datasets--*/*{SUFFIX}"))


def _lock(folder: Path) -> FileLock:
    """Held while notes of a dataset are read and changed, and while a commit of it is removed."""
    return FileLock(folder / "rewardscope.lock")


def _said_in(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            return _said(opened)
    except OSError:
        return {}


def _said(opened: BinaryIO) -> dict[str, Any]:
    opened.seek(0)
    try:
        said = json.loads(opened.read())
    except ValueError:  # new, or of a process that was killed
        return {}
    return said if isinstance(said, dict) else {}


def _write(opened: BinaryIO, said: dict[str, Any]) -> None:
    """In place: the lock is the file's."""
    opened.seek(0)
    opened.write(json.dumps(said).encode())
    opened.truncate()
    opened.flush()


def _snapshot(file: Path) -> Path:
    """The folder of a note's commit."""
    return Path(constants.HF_HUB_CACHE, file.parent.name, "snapshots", file.stem)


def _blob(file: Path, blob: str) -> Path:
    return Path(constants.HF_HUB_CACHE, file.parent.name, "blobs", blob)


def _begun(blob: Path) -> Path:
    """What there is of a blob that is not whole yet."""
    return blob.with_name(f"{blob.name}.incomplete")


def _blobs(file: Path, said: dict[str, Any]) -> list[Path]:
    """The files of a note's blobs, whole or begun."""
    blobs = [_blob(file, blob) for blob in dict.fromkeys(said.get("files", {}).values())]
    return [one for blob in blobs for one in (blob, _begun(blob))]
