"""A body is sent as the headers of its probe say: compressed, or in chunks."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable

import httpx
import pytest
import respx

from conformance.model import Exchange, Probe, TextPart, Turn
from conformance.running.client import Bounds

Send = Callable[..., Exchange]

TURNS = (Turn(parts=(TextPart(text="words " * 10_000),)),)


def sent_with(name: str, value: str, send: Send, chat: respx.Route) -> httpx.Request:
    exchange = send(Probe(turns=TURNS, headers=((name, value),)))
    assert exchange.failure == ""
    assert (name, value) in exchange.sent.headers
    assert json.loads(exchange.sent.body)["messages"], "what is recorded can be read"
    return chat.calls.last.request


def test_a_compressed_body(send: Send, chat: respx.Route) -> None:
    request = sent_with("content-encoding", "gzip", send, chat)
    body = request.content
    assert int(request.headers["content-length"]) == len(body) < 10_000
    assert json.loads(gzip.decompress(body))["messages"]


def test_a_body_in_chunks(send: Send, chat: respx.Route) -> None:
    request = sent_with("transfer-encoding", "chunked", send, chat)
    assert request.headers.get_list("transfer-encoding") == ["chunked"]
    assert "content-length" not in request.headers
    assert json.loads(request.content)["messages"]


def test_a_reply_that_never_comes_was_waited_for(send: Send, wire: respx.MockRouter) -> None:
    async def hang(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(5.0)
        return httpx.Response(200)

    wire.post("/chat/completions").mock(side_effect=hang)
    exchange = send(Probe(turns=TURNS), bounds=Bounds(seconds=0.2))
    assert "no whole reply" in exchange.failure
    assert exchange.elapsed == pytest.approx(0.2, abs=0.15)
