"""A server of its own to measure: started, known by its address, and what it takes of memory and of the processor."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent


class Server(NamedTuple):
    """A running server; `process` is None where it is not ours."""

    url: str
    process: psutil.Process | None = None

    @property
    def memory(self) -> float:
        """Megabytes that are resident now."""
        return self.process.memory_info().rss / 1e6 if self.process else float("nan")

    @property
    def cpu(self) -> float:
        """Seconds of processor time since it was started."""
        return sum(self.process.cpu_times()[:2]) if self.process else float("nan")


@contextmanager
def served(script: str, environment: dict[str, str]) -> Iterator[Server]:
    """A server of this script, from when it answers."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.address", "127.0.0.1"]
    command += ["--server.port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url, process)
            yield Server(url, psutil.Process(process.pid))
        finally:
            process.terminate()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers."""
    while True:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health"):
                return
        except OSError:
            if process.poll() is not None:
                sys.exit("The server did not start.")
            time.sleep(0.02)


def until_idle(server: Server, most_s: float) -> None:
    """Wait until the server does nothing, or for so long."""
    until = time.perf_counter() + most_s
    while server.process and time.perf_counter() < until:
        before = server.cpu
        time.sleep(3)
        if server.cpu - before < 0.15:
            return
