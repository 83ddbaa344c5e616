"""Why the sealed process ended without an answer: a sentence for the page, and a line for the server's log."""

import re
import signal
from typing import NamedTuple

OUT_OF_MEMORY = re.compile(r"std::bad_alloc|^MemoryError|cannot allocate memory", re.IGNORECASE | re.MULTILINE)
# What a dying process may write that is of the program alone. What else stands there, an exception's message for one,
# may hold text of the data.
HARMLESS = re.compile(
    r"Fatal Python error: (?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating-point exception)"
    r"|terminate called (?:after throwing an instance of '[\w:]{1,60}'|without an active exception)"
    r"|std::bad_alloc|cannot allocate memory|(?<=sandbox\.py\", )line \d{1,4}",
    re.IGNORECASE,
)
LONGEST_SHOWN = 500


class Ended(NamedTuple):
    """How the sealed process ended: its exit code, negative for a signal, and what it wrote to each of its outputs."""

    code: int
    output: bytes
    errors: bytes

    @property
    def has_started(self) -> bool:
        """Whether it came as far as to put up its walls, or to say that it cannot. Before that it reads no data."""
        return b"\n" in self.output


def why(ended: Ended, memory: str) -> str:
    """A sentence for whoever wrote the query, and what to do; `memory` is the one for a query that takes too much of it."""
    if not ended.has_started:
        return could_not("start")
    if OUT_OF_MEMORY.search(_text(ended)):
        return memory
    if ended.code == -signal.SIGKILL:
        return (
            "The server's system ended the query, most likely since memory ran short there. Try again later, or select "
            "less at once."
        )
    return crashed(name_of(ended.code))


def crashed(by: str) -> str:
    """The sentence for a process that broke by a fault of its own."""
    return (
        f"The query crashed the process that ran it ({by}); nothing else is harmed. Write it in another way: with less "
        "nesting, or without the function that you added last."
    )


def could_not(do: str) -> str:
    """The sentence for a server on which no query can run."""
    return (
        f"The query was not run, as its process could not {do} on this server. Tell whoever runs the server: its log says "
        "why."
    )


def for_the_log(ended: Ended) -> str:
    """One line: how it ended, and of its error output what cannot be text of the data."""
    errors = _text(ended)
    if ended.has_started:
        errors = "; ".join(dict.fromkeys(match[0] for match in HARMLESS.finditer(errors)))
    shown = " ".join(errors.split())[-LONGEST_SHOWN:]
    return f"The SQL console's process ended by {name_of(ended.code)}. It wrote: {shown or 'nothing that can be shown'}"


def name_of(code: int) -> str:
    """An exit code in words: 'SIGSEGV', 'exit code 1'."""
    names = {-one.value: one.name for one in signal.Signals}
    return names.get(code, f"exit code {code}")


def _text(ended: Ended) -> str:
    return ended.errors.decode(errors="replace")
