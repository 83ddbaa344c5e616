"""Uploads of two viewers at once."""

from pathlib import Path
from threading import Thread

from filelock import FileLock

from data_access.opening import uploads


def test_who_uploads_what_another_viewer_is_uploading_waits_for_them(tmp_path: Path) -> None:
    address = uploads.keep("a.csv", b"1234", tmp_path, 10)
    (folder,) = tmp_path.glob("upload-*/")
    kept: list[str] = []
    second = Thread(target=lambda: kept.append(uploads.keep("b.csv", b"1234", tmp_path, 10)))
    with FileLock(folder.with_suffix(".lock")):
        folder.with_suffix(".partial").mkdir()
        second.start()
        second.join(0.3)
        assert folder.with_suffix(".partial").is_dir()
    second.join(10)
    assert kept == [address.replace("a.csv", "b.csv")]
    assert sorted(file.name for file in folder.iterdir()) == ["a.csv", "b.csv"]
