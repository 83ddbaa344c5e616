"""The server's log: one line an event, as key=value, without texts of the data.

What an exception says may hold them, DuckDB's for one: of an exception the log has its kind and where it was raised.
"""

import json
import logging
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

LOG = logging.getLogger("rewardscope")
ROOT = Path(__file__).parents[1]
PLAIN = re.compile(r"[\w.,:/@%+*()-]+")
LONGEST = 300
OTHERS = ("streamlit", "uvicorn", "websockets")  # whose lines are brought into the same form
SAID_HERE = "Uncaught app execution"  # Streamlit's words for what app.py logs as page_failed


def event(name: str, **values: object) -> None:
    """Write a line: what happened, and a few words and figures. Never a text of the data, nor a secret."""
    LOG.info(name, extra={"values": values})


def failed(name: str, error: BaseException, **values: object) -> None:
    """Write a line on what went wrong: `values`, the exception's kind, and the place in our code that raised it."""
    LOG.error(name, extra={"values": values | _of(error, error.__traceback__)})


def seconds_since(started: float) -> str:
    """How long it is since `time.monotonic()` was `started`."""
    return f"{time.monotonic() - started:.2f}"


class OneLine(logging.Formatter):
    """A record as one line. The message of a library is quoted, up to its first line's end."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line = {"time": at.isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
        values = getattr(record, "values", None)
        if values is not None:
            line |= {"event": record.getMessage(), **values}
        else:
            line |= {"event": "said", "by": record.name, "message": _first_line(record.getMessage())}
        if record.exc_info and record.exc_info[1]:
            line |= _of(record.exc_info[1], record.exc_info[2])
        return " ".join(f"{name}={_quoted(value)}" for name, value in line.items())


def begin() -> None:
    """Have the log written in this form, on standard error: ours, and what the web server's libraries say."""
    form = OneLine()
    if not any(isinstance(handler.formatter, OneLine) for handler in LOG.handlers):
        own = logging.StreamHandler()
        own.setFormatter(form)
        LOG.addHandler(own)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    known = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in OTHERS]
    for logger in map(logging.getLogger, known):
        for handler in logger.handlers:
            if type(handler) is logging.StreamHandler:
                handler.setFormatter(form)
                handler.addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return record.msg != SAID_HERE


def _of(error: BaseException, trace: TracebackType | None) -> dict[str, str]:
    """The kind of an exception, that of what it came of, and the last place in our code that it went through."""
    frames = extract_tb(trace)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT) and ".venv" not in frame.filename]
    said = {"error": type(error).__name__}
    if error.__cause__:
        said["cause"] = type(error.__cause__).__name__
    if place := next(reversed(ours or list(frames)), None):
        file = Path(place.filename)
        named = file.relative_to(ROOT) if file.is_relative_to(ROOT) else Path(file.name)
        said["at"] = f"{named}:{place.lineno}"
    return said


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def _quoted(value: object) -> str:
    text = str(value)[:LONGEST]
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=True)
