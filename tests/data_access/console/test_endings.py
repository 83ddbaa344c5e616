"""What is said and logged of a process that ended without an answer."""

import signal

import pytest

from data_access.console.endings import Ended, for_the_log, why

SEALED = b'{"sealed": true}\n'
TERMINATED = (
    b"terminate called after throwing an instance of 'duckdb::InternalException'\n"
    b"  what():  Could not convert 'a text of the data, line 3'\nMemoryError of the data\nFatal Python error: Aborted\n\n"
    b'Current thread 0x1 (most recent call first):\n  File "/a/sandbox.py", line 99 in answered\n'
)


@pytest.mark.parametrize(
    ("code", "errors"),
    [
        (
            -signal.SIGABRT,
            b"terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n",
        ),
        (127, b"cannot allocate memory for thread-local data: ABORT\n"),
        (1, b'Traceback (most recent call last):\n  File "/a/sandbox.py", line 99, in answered\nMemoryError\n'),
    ],
)
def test_memory_that_ran_out_is_seen_in_what_the_process_wrote(code: int, errors: bytes) -> None:
    assert why(Ended(code, SEALED, errors), "Too much.") == "Too much."


def test_the_systems_own_shortage_is_no_fault_of_the_query() -> None:
    assert why(Ended(-signal.SIGKILL, SEALED, b""), "Too much.") == (
        "The server's system ended the query, most likely since memory ran short there. Try again later, or select less "
        "at once."
    )


@pytest.mark.parametrize(
    ("code", "name"), [(-11, "SIGSEGV"), (-6, "SIGABRT"), (-50, "exit code -50"), (3, "exit code 3")]
)
def test_any_other_end_is_a_crash_with_its_name(code: int, name: str) -> None:
    assert why(Ended(code, SEALED, b""), "Too much.").startswith(f"The query crashed the process that ran it ({name});")
    assert for_the_log(Ended(code, SEALED, b"")) == (
        f"The SQL console's process ended by {name}. It wrote: nothing that can be shown"
    )


def test_the_log_has_one_line_of_the_program_and_no_text_of_the_data() -> None:
    assert for_the_log(Ended(-6, SEALED, TERMINATED)) == (
        "The SQL console's process ended by SIGABRT. It wrote: terminate called after throwing an instance of "
        "'duckdb::InternalException'; Fatal Python error: Aborted; line 99"
    )
    assert for_the_log(Ended(1, b"", b"No module\nnamed duckdb\n")) == (
        "The SQL console's process ended by exit code 1. It wrote: No module named duckdb"
    )
