"""Strangers send what they like: an answer that is right or a closed line, and nothing lingers."""

from __future__ import annotations

import select
import socket
import time
from contextlib import suppress

import httpx
import pytest

from conformance.host.server import HostServer
from tests.host.attacks import ATTACKS, CLOSED, Attack

#: Seconds for the answer, and until the line is closed where it must be.
PATIENCE = 2.0
#: Bytes of an endless attack after which it counts as swallowed.
SWALLOWED = 32 * 1024 * 1024


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_gets_its_answer_and_harms_nobody(attack: Attack, server, place, picture, web):
    placed = place(path="p.png")
    with connected(server) as sock:
        status, body, is_closed = met(sock, attack, httpx.URL(placed.url).raw_path)
    assert status in attack.statuses, body[:200]
    assert b"root:" not in body
    if status != 200:
        assert picture.data not in body
    assert is_closed or not attack.closes, "the line stays open"
    assert web.get(placed.url).content == picture.data


def connected(server: HostServer) -> socket.socket:
    url = httpx.URL(server.url)
    sock = socket.create_connection((url.host, url.port or 80))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def met(sock: socket.socket, attack: Attack, path: bytes) -> tuple[int, bytes, bool]:
    """The status, what came, and whether the host hung up by itself."""
    sent = attack.sent(path)
    pieces = [sent[i : i + 1] for i in range(len(sent))] if attack.split else [sent]
    is_closed = not all(_put(sock, piece) for piece in pieces)
    came = b""
    deadline = time.monotonic() + PATIENCE
    left = SWALLOWED
    while not is_closed and time.monotonic() < deadline and left > 0:
        ways = [sock] if attack.endless else []
        readable, writable, _ = select.select([sock], ways, [], 0.01)
        if readable:
            more = _got(sock)
            came += more
            is_closed = not more
        elif came and not attack.closes:
            break
        if writable and not is_closed:
            is_closed = not _put(sock, attack.endless)
            left -= len(attack.endless)
    with suppress(OSError):
        sock.settimeout(0.01)
        while more := sock.recv(65536):
            came += more
    first = came.split(b"\r\n", 1)[0].split(b" ")
    return (int(first[1]) if len(first) > 1 else CLOSED), came, is_closed


def _put(sock: socket.socket, data: bytes) -> bool:
    """Whether it could be sent; what does not fit in half a second is left."""
    sock.settimeout(0.5)
    try:
        sock.sendall(data)
    except TimeoutError:
        return True
    except OSError:
        return False
    return True


def _got(sock: socket.socket) -> bytes:
    try:
        return sock.recv(65536)
    except OSError:
        return b""


def test_there_are_attacks_enough():
    assert len({attack.id for attack in ATTACKS}) == len(ATTACKS) >= 40
