"""What comes back over a real socket: sizes, times, encodings, deadlines."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import pairwise

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from conformance.asgi.serving import serve_in_thread
from conformance.model import Exchange, Probe, Target, TextPart, Turn
from conformance.running.client import Bounds
from conformance.wire import trouble

Send = Callable[..., Exchange]
PIECES = [b'data: {"choices":[{"index":0,"delta":{"content":"%d"}}]}\n\n' % n for n in range(4)]
BODY = b'{"choices":[{"message":{"content":"squeezed"}}]}'

#: Content-encodings, and bodies that are or are not what they say.
CODED = {
    "gzip": ("gzip", gzip.compress(BODY)),
    "half-gzip": ("gzip", gzip.compress(BODY)[:-9]),
    "no-gzip": ("gzip", BODY),
    "brotli": ("br", BODY),
    "bomb": ("gzip", gzip.compress(bytes(50_000_000))),
}


async def _pieces(gap: float) -> AsyncIterator[bytes]:
    for piece in PIECES:
        yield piece
        await asyncio.sleep(gap)


async def _held() -> AsyncIterator[bytes]:
    yield b"x"
    await asyncio.sleep(30)


async def _endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 1_000
        await asyncio.sleep(0.001)


async def answer(request: Request) -> Response:
    what = request.path_params["what"]
    if what == "stream":
        return StreamingResponse(_pieces(0.1), media_type="text/event-stream")
    if what == "stream-held":
        return StreamingResponse(_held())
    if what == "endless":
        return StreamingResponse(_endless())
    if what == "drip":
        return StreamingResponse(_pieces(5))
    if what == "hang":
        await asyncio.sleep(30)
    if what in CODED:
        coding, body = CODED[what]
        return Response(body, headers={"content-encoding": coding})
    if what == "cut":
        return Response(BODY, headers={"content-length": "1000"})
    shown = {name: value for name, value in request.headers.items() if "auth" in name}
    return JSONResponse({"error": {"message": f"{shown}"}}, headers={"set-cookie": "session=1"})


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    app = Starlette(routes=[Route("/{what}/chat/completions", answer, methods=["POST"])])
    with serve_in_thread(app) as running:
        yield running


@pytest.fixture
def ask(url: str, send: Send) -> Callable[..., Exchange]:
    probe = Probe(turns=(Turn(parts=(TextPart(text="hello"),)),))
    return lambda what, **more: send(probe, base_url=f"{url}/{what}", **more)


def test_pieces_are_timed_as_they_come(ask: Callable[..., Exchange]) -> None:
    exchange = ask("stream")
    assert exchange.body == b"".join(PIECES)
    assert exchange.reply.text == "0123"
    assert [chunk.size for chunk in exchange.chunks] == [len(piece) for piece in PIECES]
    gaps = [b.at - a.at for a, b in pairwise(exchange.chunks)]
    assert all(0.05 < gap < 1 for gap in gaps)
    assert exchange.elapsed >= exchange.chunks[-1].at


def test_the_body_is_kept_decoded(ask: Callable[..., Exchange]) -> None:
    exchange = ask("gzip")
    assert exchange.body == BODY
    assert exchange.reply.text == "squeezed"
    assert not {"content-encoding", "content-length"} & {name for name, _ in exchange.headers}


@pytest.mark.parametrize("what", ["endless", "bomb"])
def test_a_reply_over_the_bound_is_a_failure(ask: Callable[..., Exchange], what: str) -> None:
    exchange = ask(what, bounds=Bounds(seconds=10, bytes=100_000))
    assert exchange.failure == "the reply was larger than 100000 bytes"
    assert (exchange.trouble, exchange.body) == (trouble.TOO_LARGE, b"")


@pytest.mark.parametrize("what", ["hang", "drip", "endless"])
def test_the_deadline_is_for_the_whole_reply(ask: Callable[..., Exchange], what: str) -> None:
    began = time.monotonic()
    exchange = ask(what, bounds=Bounds(seconds=0.3, bytes=1 << 40))
    assert exchange.failure == "no whole reply within 0.3 s"
    assert exchange.trouble == trouble.STALL
    assert time.monotonic() - began < 1.0


def test_a_body_that_stands_still_is_given_up(ask: Callable[..., Exchange]) -> None:
    began = time.monotonic()
    exchange = ask("stream-held", bounds=Bounds(seconds=10, silence=0.3))
    assert exchange.failure == "no more bytes for 0.3 s"
    assert exchange.trouble == trouble.STALL
    assert time.monotonic() - began < 2
    assert ask("drip", bounds=Bounds(seconds=0.4, silence=5)).failure.startswith("no whole reply")


def test_what_claims_to_be_gzip_and_is_not(ask: Callable[..., Exchange]) -> None:
    exchange = ask("no-gzip")
    assert exchange.failure.startswith("bytes that cannot be decoded: ")
    assert exchange.trouble == trouble.UNDECODABLE


def test_a_coding_that_nobody_asked_for(ask: Callable[..., Exchange]) -> None:
    exchange = ask("brotli")
    assert exchange.failure == "a content-encoding that nobody asked for: br"
    assert (exchange.trouble, exchange.status) == (trouble.UNDECODABLE, 0)


def test_a_coded_body_that_is_cut_off(ask: Callable[..., Exchange]) -> None:
    exchange = ask("half-gzip")
    assert exchange.failure == "the encoded body is cut off"
    assert exchange.trouble == trouble.UNDECODABLE


def test_a_stream_without_an_end_is_told_from_a_whole_one(ask: Callable[..., Exchange]) -> None:
    assert ask("stream").trouble == trouble.CUT
    assert ask("gzip").trouble == ""


def test_a_reply_that_is_cut_off(ask: Callable[..., Exchange]) -> None:
    exchange = ask("cut")
    assert exchange.failure.startswith("the connection broke off: ")
    assert exchange.trouble == trouble.RESET


def test_session_cookies_are_not_kept(ask: Callable[..., Exchange]) -> None:
    assert ask("echo").header("set-cookie") == "[redacted]"


def test_without_a_key_no_credential_is_sent(ask: Callable[..., Exchange]) -> None:
    """An empty one would make httpx refuse to send: our bug, told as the endpoint's."""
    for auth in ("bearer", "api-key", "none"):
        exchange = ask("echo", key="", auth=auth)
        assert exchange.failure == ""
        assert exchange.reply.error_message == "{}"


def test_nobody_listens(send: Send, target: Callable[..., Target]) -> None:
    exchange = send(Probe(), base_url="http://127.0.0.1:1/v1")
    assert exchange.failure.startswith("cannot connect: ")
    assert exchange.trouble == trouble.UNREACHABLE
