"""Of a key that is told in pieces, over every pair of places, no exchange keeps any."""

from __future__ import annotations

import asyncio
import json

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conformance.asgi.serving import serve_in_thread
from conformance.model import Exchange, Probe, Target, TextPart, Turn
from conformance.recording import line
from conformance.redact import Redactor
from conformance.running.client import Client
from tests.canary import KEYS, PAIRS, SPLITS, Canary, Telling
from tests.running.client.conftest import FakeHost
from tests.searching import found
from tests.spellings import SPELLINGS

STATUSES = (200, 400, 401, 429, 500)
MESSAGE = {"role": "assistant", "content": "a word"}
REPLY = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "usage": {"n": 1}}
FIRST = {"id": "c", "choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": None}]}


async def plain(scope, receive, send) -> None:
    """A stream to every second question, and an error where the canary says so."""
    asked = await Request(scope, receive).json()
    if asked["messages"][0]["content"].endswith("1"):
        body = f"data: {json.dumps(FIRST)}\n\ndata: [DONE]\n\n"
        reply: Response = Response(body, 200, {"content-type": "text/event-stream"})
    else:
        choice = {"index": 0, "message": dict(MESSAGE), "finish_reason": "stop"}
        reply = JSONResponse({**REPLY, "choices": [choice]})
    await reply(scope, receive, send)


def exchanges(url: str, key: str, first: int, count: int) -> list[Exchange]:
    async def sent() -> list[Exchange]:
        target = Target(name="t", base_url=f"{url}/v1", model="m")
        async with Client(target, key, FakeHost(), Redactor([key])) as client:
            return [await client.send(question(number)) for number in range(first, first + count)]

    return asyncio.run(sent())


def question(number: int) -> Probe:
    """Ends with 1 where a stream is wanted: as often of one spelling as of another."""
    is_stream = (number + number // 1500) % 2
    return Probe(turns=(Turn(parts=(TextPart(text=f"{number} {is_stream}"),)),))


def kept(exchange: Exchange) -> str:
    """Whatever of a reply may be told: its line in a cassette, and what was read of it."""
    target = Target(name="t", base_url="http://127.0.0.1:9/v1", model="m")
    return line.line_of(exchange, target, "").decode() + repr((exchange.reply, exchange.headers))


def leaks(key: str, first: int, count: int) -> list[tuple[int, Telling, list[str]]]:
    canary = Canary(plain, statuses=STATUSES, number=first)
    with serve_in_thread(canary) as url:
        answered = exchanges(url, key, first, count)
    assert len(canary.told) == count
    assert {e.status for e in answered} == {status for _, status, _ in canary.told}
    told = [
        (n, telling, found(kept(exchange), key))
        for n, (exchange, (telling, _, _)) in enumerate(zip(answered, canary.told, strict=True))
    ]
    return [(first + n, telling, what[:3]) for n, telling, what in told if what]


#: So many replies tell each spelling over each pair of places, and each spelling in each split,
#: with each status, in one piece and as a stream.
ALL = len(SPELLINGS) * len(PAIRS)
SLICES = 10


def test_a_sample_of_the_tellings() -> None:
    assert leaks(KEYS[0], 137, 60) == []


@pytest.mark.long
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("part", range(SLICES))
def test_every_telling(key: str, part: int) -> None:
    size = ALL // SLICES
    assert leaks(key, part * size, size) == []


def test_all_is_told() -> None:
    assert (ALL, len(SPLITS)) == (11_400, 5)


def test_the_search_finds_what_is_not_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing taken out nearly all is found; the rest is in pieces of words."""
    monkeypatch.setattr(Redactor, "__init__", _knows_nothing)
    assert len(leaks(KEYS[0], 137, 60)) >= 55


def _knows_nothing(self: Redactor, _: object) -> None:
    _init(self, ())


_init = Redactor.__init__
