"""Several server processes behind the proxy of compose.yaml, without containers: with its own configuration file.

`python -m tests.deploy.behind_proxy --processes 4 --port 9300 DATA …` runs them until it is stopped, and says where they are.
What a container engine does is done here: each process has an address of its own (127.0.0.2, 127.0.0.3, …), and a name
server knows which ones there are.
"""

import argparse
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "deploy" / "haproxy.cfg"
COOKIE_SECRET = "the same secret for all processes of the tests"
START_S = 60


class Names:
    """A name server that gives the same addresses for every name."""

    def __init__(self) -> None:
        self.addresses: set[str] = set()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                asked, whom = self._socket.recvfrom(4096)
                self._socket.sendto(self._answer(asked), whom)

    def _answer(self, asked: bytes) -> bytes:
        end = asked.index(b"\0", 12) + 5  # the name, then its type and class
        (kind,) = struct.unpack(">H", asked[end - 4 : end - 2])
        found = sorted(self.addresses) if kind == 1 else []
        head = asked[:2] + struct.pack(">HHHHH", 0x8580, 1, len(found), 0, 0)
        records = (b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 1, 4) + socket.inet_aton(one) for one in found)
        return head + asked[12:end] + b"".join(records)

    def close(self) -> None:
        self._socket.close()


class Behind:
    """Running processes, by number from 0, and their proxy at `address`, which ends in the path prefix."""

    def __init__(self, folder: Path, prefix: str, settings: dict[str, str]) -> None:
        self.folder, self.prefix, self.settings = folder, prefix, settings
        self.names = Names()
        self.own_port, self.port = free_port(), free_port()
        self.processes: dict[int, subprocess.Popen[bytes]] = {}
        self.proxy: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.prefix}"

    def host(self, number: int) -> str:
        return f"127.0.0.{number + 2}"

    def number(self, host: str) -> int:
        return int(host.rpartition(".")[2]) - 2

    def start(self, number: int) -> None:
        """Start a process; `wait` says when it answers."""
        options = {"address": self.host(number), "port": str(self.own_port), "baseUrlPath": self.prefix}
        options["cookieSecret"] = COOKIE_SECRET
        given = {f"STREAMLIT_SERVER_{_upper(name)}": value for name, value in options.items()}
        kept = {"REWARDSCOPE_CACHE": str(self.folder / "cache")}
        kept["REWARDSCOPE_JUDGEMENTS"] = str(self.folder / "judgements.sqlite")
        with (self.folder / f"log-{number}").open("a") as log:
            self.processes[number] = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py"],
                cwd=ROOT,
                env=os.environ | kept | self.settings | given,
                stdout=log,
                stderr=log,
            )
        self.names.addresses.add(self.host(number))

    def kill(self, number: int) -> None:
        """At once, as when it runs out of memory; its name is known for a while yet."""
        process = self.processes.pop(number)
        process.kill()
        process.wait()

    def wait(self) -> None:
        """Until the proxy gives new viewers to each process."""
        named = set[str]()
        for _ in range(START_S * 10):
            with suppress(OSError), urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1) as answer:
                named.add(answer.headers["Set-Cookie"])
            if len(named) == len(self.processes):
                return
            ended = [name for name, process in self.running() if process.poll() is not None]
            assert not ended, (self.folder / f"log-{ended[0]}").read_text()
            time.sleep(0.1)
        raise AssertionError(f"{len(named)} of {len(self.processes)} processes answer; the logs are in {self.folder}")

    def running(self) -> list[tuple[str, subprocess.Popen[bytes]]]:
        """What was started, each with the end of its log's name."""
        processes = [(str(number), process) for number, process in self.processes.items()]
        return processes + ([("proxy", self.proxy)] if self.proxy else [])

    def start_proxy(self) -> None:
        """The proxy, which finds out by itself which processes there are."""
        given = {"LISTEN": f"127.0.0.1:{self.port}", "DNS": self.names.address, "PREFIX": self.prefix}
        given["PROCESSES"] = f"rewardscope:{self.own_port}"
        with (self.folder / "log-proxy").open("a") as log:
            self.proxy = subprocess.Popen(
                [proxy_program(), "-f", str(CONFIGURATION)], env=os.environ | given, stdout=log, stderr=log
            )

    def stop(self) -> None:
        for _, process in self.running():
            process.terminate()
        for _, process in self.running():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        self.names.close()


def proxy_program() -> str:
    """Where HAProxy is; '' where there is none."""
    return shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


@contextmanager
def behind_proxy(
    folder: Path, processes: int = 2, prefix: str = "", port: int | None = None, **settings: str
) -> Iterator[Behind]:
    """Processes with these settings, one cache and one store of judgements in this folder, and their proxy."""
    found = Behind(folder, prefix, settings)
    found.port = port or found.port
    try:
        for number in range(processes):  # at once, as an engine starts them: all find the same cache and store
            found.start(number)
        found.start_proxy()
        found.wait()
        yield found
    finally:
        found.stop()


def _upper(name: str) -> str:
    """'baseUrlPath' as 'BASE_URL_PATH'."""
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Several server processes behind the proxy, until it is stopped.")
    parser.add_argument("data", nargs="*", default=["sample"], help="what REWARDSCOPE_DATA names (sample)")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--port", type=int, default=8501, help="the proxy's (8501)")
    parser.add_argument("--prefix", default="", help="a path before all addresses, such as /rewardscope")
    parser.add_argument(
        "--folder", type=Path, help="for the cache, judgements and logs; else one that goes when this ends"
    )
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        data = ",".join(given.data)
        with behind_proxy(folder, given.processes, given.prefix, given.port, REWARDSCOPE_DATA=data) as found:
            own = [f"http://{found.host(number)}:{found.own_port}{found.prefix}" for number in found.processes]
            pids = [process.pid for process in found.processes.values()]
            print(f"{found.address} before {' '.join(own)}, processes {' '.join(map(str, pids))}", flush=True)
            with suppress(KeyboardInterrupt):
                signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
