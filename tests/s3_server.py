"""An S3-style store on this machine: what pyarrow's client asks of one, and no more. Buckets are folders."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4
from xml.sax.saxutils import escape

KEY = "a key of the tests"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": KEY,
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def s3_server(root: Path) -> Iterator[tuple[str, list[str]]]:
    """The store's address, and what has been asked of it: 'GET /bucket/key bytes=0-9' and so on."""
    asked: list[str] = []
    parts: dict[str, dict[int, bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _asked(self) -> tuple[Path, str, dict[str, str]]:
            url = urlsplit(self.path)
            asked.append(f"{self.command} {unquote(url.path)} {self.headers.get('Range', '')}".strip())
            query = {name: values[0] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
            return root / unquote(url.path).strip("/"), unquote(url.path).strip("/"), query

        def _give(self, status: int, body: bytes = b"", **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            if "Content_Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def _refused(self, status: int, code: str) -> None:
            self._give(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())

        def _is_known(self) -> bool:
            if "Credential=tests/" in self.headers.get("Authorization", ""):
                return True
            self._refused(403, "AccessDenied")
            return False

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path, key, query = self._asked()
            if not self._is_known():
                return
            if "list-type" in query:
                self._list(key, query)
            elif path.is_dir() and "/" not in key:
                self._give(200)
            elif not path.is_file():
                self._refused(404, "NoSuchKey")
            else:
                state = path.stat()
                told = {"Last_Modified": self.date_time_string(int(state.st_mtime)), "ETag": f'"{state.st_mtime_ns}"'}
                first, _, last = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
                if self.command == "HEAD":
                    self._give(200, Content_Length=str(state.st_size), **told)
                    return
                with path.open("rb") as opened:
                    opened.seek(int(first or 0))
                    some = opened.read(int(last) + 1 - int(first) if last else -1)
                if first:
                    told["Content_Range"] = f"bytes {first}-{int(first) + len(some) - 1}/{state.st_size}"
                self._give(206 if first else 200, some, **told)

        def _list(self, bucket: str, query: dict[str, str]) -> None:
            prefix, is_flat = query.get("prefix", ""), query.get("delimiter") == "/"
            files = sorted(file for file in (root / bucket).rglob("*") if file.is_file())
            found, folders = [], set()
            for file in files:
                name = str(file.relative_to(root / bucket))
                if not name.startswith(prefix):
                    continue
                rest = name[len(prefix) :]
                if is_flat and "/" in rest:
                    folders.add(prefix + rest.split("/")[0] + "/")
                    continue
                state = file.stat()
                changed = f"{datetime.fromtimestamp(state.st_mtime, UTC):%Y-%m-%dT%H:%M:%S}.000Z"
                found.append(
                    f"<Contents><Key>{escape(name)}</Key><Size>{state.st_size}</Size>"
                    f"<LastModified>{changed}</LastModified></Contents>"
                )
            listed = "".join(found) + "".join(
                f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>" for name in sorted(folders)
            )
            count = len(found) + len(folders)
            self._give(
                200,
                f"<ListBucketResult><Name>{bucket}</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>{count}</KeyCount>"
                f"<MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>{listed}</ListBucketResult>".encode(),
            )

        def _body(self) -> bytes:
            whole = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Transfer-Encoding") == "chunked":
                while size := int(self.rfile.readline(), 16):
                    whole += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            if "aws-chunked" not in self.headers.get("Content-Encoding", ""):
                return whole
            body, rest = b"", whole  # "size in hex;signature", the bytes, and again, until a size of 0
            while rest:
                head, _, rest = rest.partition(b"\r\n")
                size = int(head.split(b";")[0], 16)
                if not size:
                    break
                body, rest = body + rest[:size], rest[size + 2 :]
            return body

        def do_PUT(self) -> None:
            path, key, query = self._asked()
            body = self._body()
            if not self._is_known():
                return
            if "partNumber" in query:
                parts[query["uploadId"]][int(query["partNumber"])] = body
            elif self.path.endswith("/"):  # a folder's mark
                path.mkdir(parents=True, exist_ok=True)
            elif "/" in key:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
            self._give(200, ETag=f'"{hashlib.md5(body).hexdigest()}"')

        def do_POST(self) -> None:
            path, key, query = self._asked()
            self._body()
            if not self._is_known():
                return
            if "uploads" in query:
                name = uuid4().hex
                parts[name] = {}
                self._give(
                    200,
                    f"<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>".encode(),
                )
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"".join(part for _, part in sorted(parts.pop(query["uploadId"]).items())))
                self._give(
                    200,
                    f"<CompleteMultipartUploadResult><Key>{escape(key)}</Key><ETag>x</ETag></CompleteMultipartUploadResult>".encode(),
                )

        def do_DELETE(self) -> None:
            path, _, _ = self._asked()
            path.unlink(missing_ok=True)
            self._give(204)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
