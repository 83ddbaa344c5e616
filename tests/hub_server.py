"""A hub on this machine: as much of the hub's API as its client uses to list and download datasets, and a blob store.

Large files are redirected to the blob store, which has an address of its own, as on the hub. What goes wrong is set on
a `LoopbackHub` while it runs.
"""

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = "hf_reader"
LARGE = 2_000  # bytes from which a file is in the blob store
QUESTIONS = (
    r"/blob/(?P<blob>.+)",
    r"/api/datasets/(?P<name>.+?)/(?:revision|tree)/(?P<branch>.+)",
    r"/api/datasets/(?P<name>.+?)(?P<branch>)",
    r"/datasets/(?P<name>.+?)/resolve/(?P<branch>refs/convert/parquet|[^/]+)/(?P<path>.+)",
)


@dataclass
class Commit:
    """A state of a dataset: its files, and what its README's YAML says."""

    sha: str
    files: dict[str, bytes]
    card: dict[str, Any]


@dataclass
class LoopbackHub:
    """Its datasets, by name and then by branch, what it refuses and breaks, and what it was asked for."""

    datasets: dict[str, dict[str, Commit]] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    gated: set[str] = field(default_factory=set)
    status: int | None = None  # what every question is answered with
    drop_after: int | None = None  # the blob store closes each connection after so many bytes
    extra: bytes = b""  # what the blob store sends in addition to a file
    no_parts: bool = False  # the blob store refuses to send the rest of a file
    chunk_s: float = 0.0  # pause between pieces of 64 kB
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    address: str = ""
    blob_address: str = ""

    def put(
        self, name: str, files: Mapping[str, bytes], branch: str = "main", card: dict[str, Any] | None = None
    ) -> str:
        """Commit files to a dataset's branch; returns the commit."""
        listed = sorted((path, sha1(data)) for path, data in files.items())
        sha = hashlib.sha1(f"{name}{branch}{listed}".encode()).hexdigest()
        commit = Commit(sha, dict(files), card or {})
        self.datasets.setdefault(name, {}).update({branch: commit, sha: commit})
        return sha

    def ranges(self) -> list[str]:
        """The Range headers that the blob store was sent, in order; '' for a whole file."""
        return [
            headers.get("range", "")
            for kind, path, headers in self.asked
            if kind == "GET" and path.startswith("/blob/")
        ]

    @contextmanager
    def running(self) -> Iterator["LoopbackHub"]:
        """Serve on two free ports of the loopback address."""
        servers = [ThreadingHTTPServer(("127.0.0.1", 0), _handler(self)) for _ in range(2)]
        self.address, self.blob_address = (f"http://127.0.0.1:{server.server_port}" for server in servers)
        threads = [Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}) for server in servers]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            for server in servers:
                server.shutdown()
                server.server_close()
            for thread in threads:
                thread.join()


def sha1(data: bytes) -> str:
    return hashlib.sha1(data).hexdigest()


def _handler(hub: LoopbackHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def do_HEAD(self) -> None:
            self.answer("HEAD")

        def do_GET(self) -> None:
            self.answer("GET")

        def answer(self, kind: str) -> None:
            path = unquote(urlsplit(self.path).path)
            hub.asked.append((kind, path, {name.lower(): value for name, value in self.headers.items()}))
            match = next(filter(None, (re.fullmatch(pattern, path) for pattern in QUESTIONS)), None)
            if hub.status or not match:
                self.refuse(hub.status or 404, "")
            elif "blob" in match.groupdict():
                self.send_blob(match["blob"])
            elif commit := self.commit(match["name"], match["branch"] or "main"):
                if "path" in match.groupdict():
                    self.send_file(match["name"], commit, match["path"])
                elif "/tree/" in path:
                    files = commit.files.items()
                    self.send_json(
                        [{"type": "file", "path": path, "size": len(data), "oid": sha1(data)} for path, data in files]
                    )
                else:
                    siblings = [{"rfilename": path, "size": len(data)} for path, data in commit.files.items()]
                    self.send_json(
                        {"id": match["name"], "sha": commit.sha, "siblings": siblings, "cardData": commit.card}
                    )

        @property
        def may_read(self) -> bool:
            return self.headers.get("Authorization") == f"Bearer {TOKEN}"

        def commit(self, name: str, branch: str) -> Commit | None:
            if name not in hub.datasets or (name in hub.private and not self.may_read):
                self.refuse(404 if self.may_read else 401, "RepoNotFound")
            elif branch not in hub.datasets[name]:
                self.refuse(404, "RevisionNotFound")
            else:
                return hub.datasets[name][branch]
            return None

        def send_file(self, name: str, commit: Commit, path: str) -> None:
            headers = {"X-Repo-Commit": commit.sha}
            if name in hub.gated and not self.may_read:
                self.refuse(403, "GatedRepo")
            elif path not in commit.files:
                self.refuse(404, "EntryNotFound")
            elif len(data := commit.files[path]) < LARGE:
                self.send(200, data, headers | {"ETag": f'"{sha1(data)}"'})
            else:
                digest = hashlib.sha256(data).hexdigest()
                headers |= {"X-Linked-Etag": f'"{digest}"', "X-Linked-Size": str(len(data))}
                self.send(302, b"", headers | {"Location": f"{hub.blob_address}/blob/{digest}"})

        def send_json(self, value: Any) -> None:
            self.send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

        def refuse(self, status: int, code: str) -> None:
            self.send(status, b'{"error": "no"}', {"X-Error-Code": code} if code else {})

        def send_blob(self, digest: str) -> None:
            commits = (commit for branches in hub.datasets.values() for commit in branches.values())
            files = (data for commit in commits for data in commit.files.values())
            data = next(data for data in files if hashlib.sha256(data).hexdigest() == digest) + hub.extra
            start = int(re.sub(r"\D", "", self.headers.get("Range", "")) or 0)
            headers = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if start else {}
            if start >= len(data) or (start and hub.no_parts):
                self.send(416, b"", {})
            else:
                self.send(206 if start else 200, data[start:], headers, hub.drop_after)

        def send(self, status: int, body: bytes, headers: dict[str, str], drop_after: int | None = None) -> None:
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "HEAD":
                return
            sent = body if drop_after is None else body[:drop_after]
            try:
                for place in range(0, len(sent), 65_536):
                    self.wfile.write(sent[place : place + 65_536])
                    time.sleep(hub.chunk_s if drop_after is not None or len(body) > 65_536 else 0)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            if len(sent) < len(body):
                self.close_connection = True

    return Handler
