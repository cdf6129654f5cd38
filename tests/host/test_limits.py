"""Clients that take their time, and hosts whose patience is short."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from conformance.asgi.limits import Limits
from conformance.host.server import HostServer
from conformance.model import Hosted

SHORT = Limits(connections=10, head_seconds=0.4, idle_seconds=1, stall_seconds=0.6, body_bytes=1000)


@pytest.fixture(scope="module")
def hasty() -> Iterator[HostServer]:
    with HostServer(limits=SHORT) as server:
        yield server


def sent(url: str, text: bytes) -> socket.socket:
    parts = httpx.URL(url)
    sock = socket.create_connection((parts.host, parts.port or 80))
    sock.settimeout(5)
    sock.sendall(text.replace(b"PATH", parts.raw_path))
    return sock


def ends_after(sock: socket.socket) -> float:
    """Seconds until the host cuts the line, whatever it says before."""
    start = time.monotonic()
    try:
        while sock.recv(1 << 20):
            pass
    except ConnectionError:
        pass
    return time.monotonic() - start


GET = b"GET PATH HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        pytest.param(b"", 0.8, 2.5, marks=pytest.mark.slow),
        (b"GET PATH HT", 0.2, 2),
        pytest.param(GET, 0.8, 2.5, marks=pytest.mark.slow),
        (GET + b"GET", 0.2, 2),
    ],
    ids=["nothing", "half a request", "a whole one", "one and a half"],
)
def test_who_says_no_more_is_let_go(text, least, most, hasty, picture):
    url = hasty.host.place(picture, Hosted()).url
    with sent(url, text) as sock:
        assert least <= ends_after(sock) <= most


def test_who_sends_a_byte_now_and_then_is_let_go(hasty):
    with sent(hasty.url + "/", b"GET / HTTP/1.1\r\n") as sock:
        deadline = time.monotonic() + 2
        with suppress(ConnectionError):
            while time.monotonic() < deadline:
                sock.sendall(b"x")
                time.sleep(0.05)
        assert time.monotonic() < deadline


@pytest.mark.slow
def test_who_does_not_read_is_let_go(hasty, picture):
    placed = hasty.host.place(picture, Hosted(instead="huge"))
    with sent(placed.url, GET) as sock:
        time.sleep(1.5)
        start = time.monotonic()
        ends_after(sock)
    assert time.monotonic() - start < 1
    (fetch,) = hasty.host.fetches(placed.token)
    assert fetch.bytes_sent < 60_000_000


@pytest.mark.slow
@pytest.mark.parametrize("orders", [{"first_byte": 1.6}, {"drip": 1.6}], ids=str)
def test_a_host_that_is_slow_on_order_is_not_hurried(orders, hasty, picture):
    url = hasty.host.place(picture, Hosted(**orders)).url
    assert httpx.get(url, trust_env=False, verify=False).content == picture.data


@pytest.mark.slow
def test_the_newest_is_refused_where_all_are_being_answered(hasty, picture):
    url = hasty.host.place(picture, Hosted(first_byte=1)).url
    plain = hasty.host.place(picture, Hosted()).url
    waiting = [sent(url, GET) for _ in range(10)]
    time.sleep(0.1)
    with pytest.raises(httpx.TransportError):
        httpx.get(plain, trust_env=False, verify=False)
    assert all(sock.recv(12).endswith(b"200") for sock in waiting)
    for sock in waiting:
        sock.close()
    time.sleep(0.1)
    assert httpx.get(plain, trust_env=False, verify=False).status_code == 200


def test_those_that_wait_longest_go_first(hasty, picture):
    url = hasty.host.place(picture, Hosted()).url
    waiting = [sent(url, b"GET ") for _ in range(10)]
    assert httpx.get(url, trust_env=False, verify=False).status_code == 200
    waiting[1].settimeout(0.1)
    with pytest.raises(TimeoutError):
        waiting[1].recv(1)
    with suppress(ConnectionError):
        assert waiting[0].recv(1) == b""
    for sock in waiting:
        sock.close()
