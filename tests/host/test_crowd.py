"""Two thousand strangers at once, and one that wants its picture."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts in /proc")

CROWD = 2000
#: Seconds that a well-behaved fetch may take meanwhile, and bytes of memory of the host.
SOON, MEMORY = 1.0, 200 * 2**20


@dataclass(frozen=True, kw_only=True)
class Served:
    pid: int
    plain: httpx.URL
    huge: httpx.URL
    inflated: httpx.URL

    def files(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    def most_memory(self) -> int:
        text = Path(f"/proc/{self.pid}/status").read_text()
        (line,) = [line for line in text.splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) * 1024


@contextmanager
def served(kind: str, files: int) -> Iterator[Served]:
    command = [sys.executable, str(Path(__file__).with_name("crowded.py")), kind, str(files)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        plain, huge, inflated = (httpx.URL(child.stdout.readline().strip()) for _ in range(3))
        try:
            yield Served(pid=child.pid, plain=plain, huge=huge, inflated=inflated)
        finally:
            said = child.communicate(timeout=10)[1]
        assert said == "", said[-2000:]


def opened(url: httpx.URL, sent: bytes) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.settimeout(5)
    sock.connect((url.host, url.port or 80))
    if sent:
        sock.sendall(sent)
    return sock


def fetched(url: httpx.URL) -> float:
    """Seconds that one fetch takes on a connection of its own."""
    start = time.monotonic()
    with httpx.Client(trust_env=False, verify=False, timeout=10) as web:
        assert len(web.get(url).content) > 5000
    return time.monotonic() - start


def crowd(stack: ExitStack, at: Served, size: int, kinds: list[bytes]) -> list[float]:
    """Opens many connections, and says how long the fetches in between took."""
    took = []
    for number in range(size):
        stack.enter_context(opened(at.plain, kinds[number % len(kinds)]))
        if number % (size // 8) == size // 8 - 1:
            took.append(fetched(at.plain))
    return took


def kinds_of(at: Served) -> list[bytes]:
    half = b"GET %s HTTP/1.1\r\nHost: x\r\nX: " % at.plain.raw_path
    readers = [b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % url.raw_path for url in (at.huge, at.plain)]
    gzipped = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % at.inflated.raw_path
    post = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n"
    return [b"", half, *readers, half, gzipped, post]


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "files"), [("host", 4096), ("host", 256), ("host", 1024), ("witness", 4096)]
)
def test_a_picture_is_fetched_through_a_crowd(kind, files):
    with served(kind, files) as at, ExitStack() as stack:
        fetched(at.plain)
        time.sleep(0.2)
        before = at.files(), at.threads()
        took = crowd(stack, at, CROWD, kinds_of(at))
        took += [fetched(at.plain) for _ in range(5)]
        most = at.most_memory()
        stack.close()
        after = settled(at, before)
        print(
            *(f"{t:.2f}" for t in took),
            f"slowest {max(took):.2f} s, {most / 2**20:.0f} MB, {before} -> {after}",
        )
        assert max(took) < SOON
        assert most < MEMORY
        assert after == before


def settled(at: Served, wanted: tuple[int, int]) -> tuple[int, int]:
    deadline = time.monotonic() + 5
    while (now := (at.files(), at.threads())) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    return now


@pytest.mark.long
def test_a_host_that_may_open_no_more_files_is_there_again():
    with served("hoard", 200) as at, ExitStack() as stack:
        time.sleep(0.2)
        before = at.files(), at.threads()
        for _ in range(60):
            stack.enter_context(opened(at.plain, b"GET /"))
        assert fetched(at.plain) < 5
        stack.close()
        assert settled(at, before) == before
