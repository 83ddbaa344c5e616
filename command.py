"""The command `rewardscope`: serves the app on somebody's own data, writes a recipe's training data, makes a report again, or
copies judgements, from any folder.

In the repository as in an installation, the folder of this file holds app.py, pages, charts, data_access and .streamlit.
"""

import argparse
import errno
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
USAGE = """rewardscope [DATA ...] [--port PORT] [--address ADDRESS]
       rewardscope prepare SOURCE ... [--to PLACE] [--ray ADDRESS]
       rewardscope export RECIPE OUT
       rewardscope report REPORT OUT
       rewardscope judgements backup|restore|export|import FILE"""
DATA = """DATA is 'sample', a file, a folder, a glob in quotes, or a dataset of the Hugging Face hub as hf:owner/name;
'A + B' adds B's rewards to A's candidates. Without DATA: what REWARDSCOPE_DATA names, else the sample. What is named
prepare, export, report or judgements is ./prepare, ./export and so on.

rewardscope prepare does ahead what opening a dataset would do first. rewardscope export writes a recipe's training data;
rewardscope report makes a report again from its JSON file, as .html, .md or .zip. Its dataset is one that REWARDSCOPE_DATA
names. rewardscope judgements copies what people wrote, in the place that REWARDSCOPE_JUDGEMENTS names; also while a server
runs."""


class CommandError(Exception):
    """The message is one or two sentences: what was wrong with the command, and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the app until it is stopped, or export or report. Returns 2, with a sentence, where that cannot be done."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.path.insert(0, str(HERE))
    # Before NumPy is loaded, as in app.py.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if given[:1] == ["prepare"]:
        from data_access.prepare import main as prepare

        return prepare(given[1:], "rewardscope prepare")
    if given[:1] == ["export"]:
        from data_access.training_data.command import main as export

        return export(given[1:], "rewardscope export")
    if given[:1] == ["judgements"]:
        from data_access.judgements.command import main as judgements

        return judgements(given[1:], "rewardscope judgements")
    if given[:1] == ["report"]:
        from data_access.report.command import main as report

        return report(given[1:], "rewardscope report")
    parsed = _parser().parse_args(given)
    try:
        _check_port(parsed.address, parsed.port)
        if parsed.data:
            os.environ["REWARDSCOPE_DATA"] = ",".join(map(_entry, parsed.data))
        _check_data()
    except CommandError as error:
        print(error, file=sys.stderr)
        return 2
    return _serve(parsed.address, parsed.port)


def _parser() -> argparse.ArgumentParser:
    from data_access.version import VERSION

    parser = argparse.ArgumentParser(
        prog="rewardscope",
        usage=USAGE,
        description="An interactive explorer of best-of-N reward datasets, in the browser.",
        epilog=DATA,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", nargs="*", metavar="DATA", help="what to offer; see below")
    parser.add_argument("--port", type=_port, default=8501, help="the server's port (8501)")
    parser.add_argument(
        "--address", default="127.0.0.1", help="who may come: 127.0.0.1, this machine only; 0.0.0.0, its whole network"
    )
    parser.add_argument("--version", action="version", version=f"rewardscope {VERSION}")
    return parser


def _port(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and 1 <= int(written) <= 65535):
        raise argparse.ArgumentTypeError(f"{written!r} is not a port. Give a number from 1 to 65535.")
    return int(written)


def _check_port(address: str, port: int) -> None:
    """Raise CommandError where the server could not listen."""
    try:
        socket.create_server((address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"Port {port} is in use. Name another: --port {port % 65535 + 1}.") from error
        if error.errno == errno.EACCES:
            raise CommandError(f"Port {port} is reserved for the system. Name another: --port 8501.") from error
        raise CommandError(f"{address} is not an address of this machine. Give 127.0.0.1 or 0.0.0.0.") from error


def _entry(data: str) -> str:
    """An entry for REWARDSCOPE_DATA, where a comma separates entries."""
    if "," in data and Path(data).expanduser().exists():
        raise CommandError(f"The path {data} has a comma, which separates datasets. Rename it.")
    return data


def _check_data() -> None:
    """Raise CommandError for a setting that cannot be used, and for data that is not there."""
    from data_access.errors import DataError
    from data_access.opening.addresses import configured_sources
    from data_access.settings import Settings

    try:
        sources = configured_sources(Settings.from_environment(os.environ))
    except DataError as error:
        raise CommandError(str(error)) from error
    for source in sources:
        if source.problem:
            raise CommandError(source.problem)


def _serve(address: str, port: int) -> int:
    """What `streamlit run app.py` does. Streamlit reads the .streamlit folder beside the script, wherever it is started."""
    from streamlit.web import cli

    cli.main(["run", str(HERE / "app.py"), "--server.address", address, "--server.port", str(port)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
