"""The command that makes a report again from its JSON file, with what the data holds now.

`python -m data_access.report REPORT.json OUT` writes the new file OUT: HTML where its name ends in .html; Markdown with its
pictures beside it in .md, or together with them in .zip. The dataset is the one of the report's address among those that
REWARDSCOPE_DATA names.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from data_access.dataset import Dataset, open_dataset
from data_access.errors import DataError, SettingError, StorageError
from data_access.judgements.answers import answers
from data_access.judgements.judgements import judgements
from data_access.judgements.store import open_store
from data_access.opening.addresses import configured_sources, source_of_address
from data_access.opening.local_files import to_local_files
from data_access.report.asked import People
from data_access.report.content import Content, filled
from data_access.report.html import to_html
from data_access.report.markdown import to_markdown, zipped
from data_access.report.reports import Report, ReportError, from_json
from data_access.settings import Settings

KINDS = (".html", ".md", ".zip")


def main(arguments: Sequence[str], name: str = "python -m data_access.report") -> int:
    """Run the command, by the name under which it was called; returns 2, with a sentence, where it cannot be done."""
    parser = argparse.ArgumentParser(prog=name, description="Make a report again with what the data holds now.")
    parser.add_argument("report", type=Path, help="the report, as the page saves it (JSON)")
    parser.add_argument("out", type=Path, help="a new file: .html, .md with its pictures beside it, or .zip of both")
    parsed = parser.parse_args(arguments)
    try:
        dataset, report = _asked_for(parsed.report, parsed.out)
        content = filled(dataset, report, _said, people=_people())
        _said(1.0, "Drawing the pictures.")
        _write(content, parsed.out)
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    for sentence in content.changes:
        print(sentence)
    for number, part in enumerate(content.parts, start=1):
        for sentence in part.changes:
            print(f"Part {number}, {part.name}: {sentence}")
    return 0


def _asked_for(file: Path, out: Path) -> tuple[Dataset, Report]:
    if out.suffix not in KINDS:
        raise StorageError(f"{out} must end in {', '.join(KINDS)}: that says what is written.")
    for target in (out, *([_pictures(out)] if out.suffix == ".md" else [])):
        if target.exists():
            raise StorageError(f"{target} is there already. Remove it, or name another.")
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(f"{file} cannot be read: {error}.") from error
    report = from_json(text)
    settings = Settings.from_environment(os.environ)
    sources = configured_sources(settings)
    source = source_of_address(sources, report.dataset.address)
    if source is None:
        raise SettingError(
            f"The report is of the dataset {report.dataset.address!r}; REWARDSCOPE_DATA names "
            f"{', '.join(one.name for one in sources)}. Let it name that one."
        )
    return open_dataset(to_local_files(source, settings, _said), settings.cache, _said, settings.prepared), report


def _people() -> People:
    """What people wrote, by the operator's setting."""
    kept_in = Settings.from_environment(os.environ).judgements
    if not kept_in:
        return People()
    store = open_store(kept_in)
    return People(judgements(store), answers(store))


def _write(content: Content, out: Path) -> None:
    """Whole or not at all. StorageError where it cannot be written."""
    try:
        if out.suffix == ".html":
            _put(out, lambda file: file.write_text(to_html(content), encoding="utf-8"))
        elif out.suffix == ".zip":
            _put(out, lambda file: file.write_bytes(zipped(to_markdown(content))))
        else:
            written = to_markdown(content, _pictures(out).name)
            with tempfile.TemporaryDirectory(dir=out.parent, ignore_cleanup_errors=True) as made:
                for name, drawn in written.pictures.items():
                    (Path(made) / name).write_bytes(drawn)
                shutil.copytree(made, _pictures(out))
            _put(out, lambda file: file.write_text(written.text, encoding="utf-8"))
    except OSError as error:
        raise StorageError(f"{out} cannot be written: {error.strerror}. Free some space, or name another.") from error


def _put(out: Path, write: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory(dir=out.parent, ignore_cleanup_errors=True) as made:
        write(Path(made) / out.name)
        (Path(made) / out.name).replace(out)


def _pictures(out: Path) -> Path:
    """The folder of a Markdown file's pictures."""
    return out.with_name(f"{out.stem}-pictures")


def _said(done: float, doing: str) -> None:
    print(f"{done:4.0%} {doing}", file=sys.stderr)
