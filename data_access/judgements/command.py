"""What an operator does with the judgements of a server, by REWARDSCOPE_JUDGEMENTS, also while it runs."""

import os
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from data_access.errors import DataError, JudgementsError
from data_access.judgements.exchange import WRITTEN, import_judgements, table
from data_access.judgements.judgements import judgements
from data_access.judgements.store import Store, backup, fill, is_store, open_store
from data_access.settings import Settings

DOES = {
    "backup": "write everything to a new SQLite file",
    "restore": "put everything of such a file into an empty database",
    "export": "write what people say now to a CSV, Parquet or JSONL file",
    "import": "add the judgements of such a file; nothing is written over",
}


def main(arguments: Sequence[str], name: str = "python -m data_access.judgements") -> int:
    """Run the command, by the name under which it was called; returns 2, with a sentence, where it cannot be done."""
    parser = ArgumentParser(name, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command, does in DOES.items():
        commands.add_parser(command, help=does, description=does).add_argument("file", type=Path)
    asked = parser.parse_args(arguments)
    try:
        setting = Settings.from_environment(os.environ).judgements
        if not setting:
            raise JudgementsError("REWARDSCOPE_JUDGEMENTS is off: there are no judgements.")
        print(_done(asked.command, open_store(setting), asked.file))
    except (DataError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _done(command: str, store: Store, file: Path) -> str:
    if command == "backup":
        backup(store, file)
        return f"{file} holds everything of {store.place}."
    if command == "restore":
        if not file.is_file():
            raise JudgementsError(f"{file} is not a file. Give one that backup has written.")
        with TemporaryDirectory() as folder:  # opening may bring it up to date: the backup stays as it is
            copy = Path(folder) / "backup.sqlite"
            shutil.copy(file, copy)
            if not is_store(copy):
                raise JudgementsError(f"{file} was not written by backup. Nothing was restored.")
            return f"{fill(store, open_store(str(copy))):,} rows of {file} are in {store.place}."
    if command == "import":
        done = import_judgements(store, file.name, file.read_bytes(), keeps_signed_in=True)
        return f"{done.added:,} added; {done.same:,} were there; {done.older:,} are older than what is there."
    kind = file.suffix.removeprefix(".").lower()
    if kind not in WRITTEN:
        raise JudgementsError(f"{file} must end in .csv, .parquet or .jsonl.")
    said = [one for one in judgements(store) if any(one.said)]
    partial = file.with_name(f".{file.name}.partial")
    partial.write_bytes(WRITTEN[kind](table(store, said)))
    partial.replace(file)
    return f"{file} has {len(said):,} judgements."
