"""What servers do on the wire without being wrong is held against nobody: over real sockets."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from conformance.asgi.serving import serve_in_thread
from conformance.cli import main
from conformance.reference.account import KEY
from conformance.reference.app import make_app
from conformance.reference.endpoint import Endpoint
from conformance.report.jsonfile import read

AREAS = ("url", "base64", "usage", "streaming", "shape", "errors")


class Relay(BaseHTTPRequestHandler):
    """Hands requests on to the reference endpoint and closes: a server of 1996."""

    protocol_version = "HTTP/1.0"
    upstream = ""

    def do_POST(self) -> None:
        self._relay(self.rfile.read(int(self.headers["content-length"])))

    def do_GET(self) -> None:
        self._relay(None)

    def _relay(self, body: bytes | None) -> None:
        line = http.client.HTTPConnection(urlsplit(self.upstream).netloc, timeout=60)
        kept = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        line.request(self.command, self.path, body, kept)
        reply = line.getresponse()
        self.answer(reply.status, dict(reply.getheaders()), reply.read())
        line.close()

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", headers["content-type"])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


class Shouts(Relay):
    """Header names in capitals, values padded with blanks, lengths given."""

    protocol_version = "HTTP/1.1"

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status, "Whatever")
        self.send_header("CONTENT-TYPE", f"   {headers['content-type']}   ")
        self.send_header("CONTENT-LENGTH", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class DripsInChunks(Relay):
    """Chunks of the transfer that begin and end in the middle of a character."""

    protocol_version = "HTTP/1.1"

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", headers["content-type"])
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for start in range(0, len(body), 101):
            piece = body[start : start + 101]
            self.wfile.write(b"%x;extension=1\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\nx-trailer: late\r\n\r\n")


@contextmanager
def served(kind: type[Relay], upstream: str) -> Iterator[str]:
    handler = type(kind.__name__, (kind,), {"upstream": upstream})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        Relay,
        Shouts,
        DripsInChunks,
    ],
    ids=lambda kind: kind.__name__,
)
def test_nothing_is_held_against(
    kind: type[Relay], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFORMANCE_TEST_KEY", KEY)
    with serve_in_thread(make_app(Endpoint())) as upstream, served(kind, upstream) as url:
        arguments = [f"--base-url={url}/v1", "--model=gpt-4o", "--seed=committed"]
        arguments += [f"--area={area}" for area in AREAS]
        arguments += ["--api-key-env=CONFORMANCE_TEST_KEY", f"--out={tmp_path}"]
        result = CliRunner().invoke(main, ["run", *arguments])
    assert (tmp_path / "report.json").is_file(), result.output
    findings = read(tmp_path / "report.json")["findings"]
    unlike = [f"{f['case']}: {f['actual']}" for f in findings if f["verdict"] != "passed"]
    assert not unlike, "\n".join(unlike)
    assert result.exit_code == 0, result.output
    assert len(findings) > 100
