"""Replies over a bound, over a raw socket: told in one sentence, final, and nothing is kept."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from conformance.model import Exchange, Probe, Target, TextPart, Turn
from conformance.redact import Redactor
from conformance.running.client import Client, Host
from conformance.wire import bounds, trouble

Send = Callable[..., Exchange]
PROBE = Probe(turns=(Turn(parts=(TextPart(text="hello"),)),))
_TWICE = gzip.compress(gzip.compress(bytes(1 << 26)))


@contextmanager
def raw(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that says these bytes to every request; its address and what it was sent."""
    heard: list[bytes] = []
    loop = asyncio.new_event_loop()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heard.append(head)
        # What is left unread when the connection is closed would reset it.
        await reader.readexactly(int(head.lower().split(b"content-length:")[1].split()[0]))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(handle, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", heard
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def reply(body: bytes, lines: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nconnection: close\r\n" + lines + b"\r\n" + body


#: What is said, and what is told of it.
OVER = {
    "many headers": (reply(b"{}", b"x: y\r\n" * 300), "the reply has more than 256 headers"),
    "large headers": (reply(b"{}", b"x: " + b"y" * 70_000 + b"\r\n"), "larger than 65,536 bytes"),
    "a long header": (reply(b"{}", b"x: " + b"y" * 300_000 + b"\r\n"), "are longer than 100 kB"),
    "deep": (reply(b"[" * 101 + b"]" * 101), "nests JSON more than 100 levels deep"),
    "wide": (reply(b"[" + b"1," * 100_001), "holds more than 100,000 JSON values"),
    "large": (reply(b"x" * (3 << 20)), "the reply was larger than 2097152 bytes"),
}
#: Codings that stand one on the other.
STACKED = {
    "one header": b"content-encoding: gzip, gzip\r\n",
    "two headers": b"content-encoding: gzip\r\ncontent-encoding: gzip\r\n",
    "three": b"content-encoding: gzip, deflate, gzip\r\n",
}


@pytest.mark.parametrize("name", OVER)
def test_what_is_over_a_bound_is_named_and_final(send: Send, name: str) -> None:
    answer, why = OVER[name]
    with raw(answer) as (url, _):
        found = send(PROBE, base_url=url)
    assert why in found.failure
    assert (found.trouble, found.body) == (trouble.TOO_LARGE, b"")
    assert found.trouble in trouble.FINAL


def test_just_below_the_bounds_all_is_read(send: Send) -> None:
    body = b"[" * 90 + b"]" * 90
    with raw(reply(body, b"x: y\r\n" * 250)) as (url, _):
        found = send(PROBE, base_url=url)
    assert (found.failure, found.trouble, found.body) == ("", "", body)


def test_pieces_are_counted(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "PIECES", 50)
    with raw(reply(b"1\r\n \r\n" * 5000, b"transfer-encoding: chunked\r\n")) as (url, _):
        found = send(PROBE, base_url=url)
    assert (found.trouble, found.failure) == ("too-large", "the reply came in more than 50 pieces")


@pytest.mark.parametrize("name", STACKED)
def test_stacked_codings_are_refused_undecoded(send: Send, name: str) -> None:
    with raw(reply(_TWICE, STACKED[name])) as (url, _):
        found = send(PROBE, base_url=url)
    assert found.trouble == trouble.UNDECODABLE
    assert found.failure.startswith("a content-encoding that nobody asked for: gzip")


def test_bytes_after_the_end_of_gzip_are_bounded(send: Send) -> None:
    body = gzip.compress(b"{}") + b"x" * (9 << 20)
    with raw(reply(body, b"content-encoding: gzip\r\n")) as (url, _):
        assert send(PROBE, base_url=url).trouble == trouble.TOO_LARGE


def test_no_cookie_is_kept(host: Host, target: Callable[..., Target], key: str) -> None:
    """Two requests through one client, and so through one pool."""
    lines = b"".join(b"set-cookie: c%d=%s\r\n" % (n, b"v" * 1000) for n in range(26))

    async def twice(url: str) -> None:
        async with Client(target(base_url=url), key, host, Redactor([key])) as client:
            await client.send(PROBE)
            await client.send(PROBE)

    with raw(reply(b"{}", lines)) as (url, heard):
        asyncio.run(twice(url))
    assert len(heard) == 2
    assert not any(b"cookie" in head.lower() for head in heard)
