"""What is tried again, how long it waits, and when it gives up."""

from __future__ import annotations

import asyncio
import email.utils
import time
from collections.abc import Callable

import httpx
import pytest
import respx
from conformance.statuses import BUSY
from hypothesis import given
from hypothesis import strategies as st

from conformance import client as module
from conformance.client import ATTEMPTS, Client, retry_after
from conformance.model import Exchange, Probe, TextPart, Turn
from conformance.redact import Redactor

Send = Callable[..., Exchange]
PLAIN = Probe(turns=(Turn(parts=(TextPart(text="hello"),)),))
GOOD = httpx.Response(200, json={"choices": [{"message": {"content": "hi"}}]})


def later(status: int, asked: str | None = None) -> httpx.Response:
    return httpx.Response(status, headers={"retry-after": asked} if asked is not None else {})


@pytest.mark.parametrize("status", sorted(BUSY))
def test_a_busy_endpoint_is_asked_again(chat: respx.Route, send: Send, status: int) -> None:
    chat.side_effect = [later(status), later(status, "0"), GOOD]
    exchange = send(PLAIN)
    assert (exchange.status, exchange.attempts, exchange.reply.text) == (200, 3, "hi")


@pytest.mark.parametrize("status", sorted(BUSY))
def test_it_gives_up_with_the_last_status(chat: respx.Route, send: Send, status: int) -> None:
    chat.side_effect = [*[later(503)] * (ATTEMPTS - 1), later(status), GOOD]
    exchange = send(PLAIN)
    assert (exchange.status, exchange.attempts, exchange.failure) == (status, ATTEMPTS, "")


@pytest.mark.parametrize("status", [200, 302, 400, 401, 404, 418, 500, 501])
def test_other_answers_are_final(chat: respx.Route, send: Send, status: int) -> None:
    chat.side_effect = [later(status, "0"), GOOD]
    exchange = send(PLAIN)
    assert (exchange.status, exchange.attempts) == (status, 1)


def test_redirects_are_answers(chat: respx.Route, send: Send) -> None:
    chat.side_effect = [httpx.Response(307, headers={"location": "http://127.0.0.1:9/other"})]
    assert send(PLAIN).header("Location") == "http://127.0.0.1:9/other"


@pytest.mark.parametrize(
    "error",
    [httpx.ConnectError("no"), httpx.ReadError(""), httpx.RemoteProtocolError("gone")],
    ids=lambda e: type(e).__name__,
)
def test_a_broken_connection_is_tried_again(
    chat: respx.Route, send: Send, error: httpx.HTTPError
) -> None:
    chat.side_effect = [error, GOOD]
    assert (send(PLAIN).status, chat.call_count) == (200, 2)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (httpx.ConnectError("All connection attempts failed"), "cannot connect: All connection"),
        (httpx.RemoteProtocolError("Server disconnected"), "the connection broke off: Server"),
        (httpx.ReadError(""), "the connection broke off: ReadError"),
        (httpx.ReadTimeout("slow"), "no whole reply within 120 s"),
        (httpx.ConnectTimeout(""), "no whole reply within 120 s"),
        (httpx.DecodingError("bad gzip"), "DecodingError: bad gzip"),
        (httpx.InvalidURL("bad"), "InvalidURL: bad"),
    ],
    ids=lambda e: type(e).__name__ if isinstance(e, Exception) else "",
)
def test_a_failure_is_one_sentence(
    chat: respx.Route, send: Send, error: Exception, sentence: str
) -> None:
    chat.side_effect = error
    exchange = send(PLAIN)
    assert exchange.failure.startswith(sentence)
    assert (exchange.status, exchange.body) == (0, b"")


@pytest.mark.parametrize("status", sorted(BUSY))
def test_a_wait_that_is_asked_for_is_kept(chat: respx.Route, send: Send, status: int) -> None:
    chat.side_effect = [later(status, "0.25"), GOOD]
    began = time.monotonic()
    assert send(PLAIN).status == 200
    assert 0.25 <= time.monotonic() - began < 2


def test_a_wait_until_a_date_is_kept_within_reason(
    chat: respx.Route, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.3)
    chat.side_effect = [later(503, email.utils.formatdate(time.time() + 3600, usegmt=True)), GOOD]
    began = time.monotonic()
    assert send(PLAIN).status == 200
    assert 0.3 <= time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("0", 0),
        ("7", 7),
        ("1.5", 1.5),
        ("-3", 0),
        ("nan", 0),
        ("", None),
        ("soon", None),
        ("Sun, 01 Mar 2026 00:00:30 GMT", 30),
        ("Sat, 28 Feb 2026 23:59:00 GMT", 0),
        ("Sun, 01 Mar 2026 25:00:00 GMT", None),
    ],
)
def test_retry_after(monkeypatch: pytest.MonkeyPatch, value: str, wanted: float | None) -> None:
    monkeypatch.setattr(module.time, "time", lambda: 1772323200.0)  # 2026-03-01T00:00:00Z
    assert retry_after(value) == wanted


@given(st.text() | st.from_regex(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"))
def test_any_text_may_stand_in_retry_after(value: str) -> None:
    found = retry_after(value)
    assert found is None or found >= 0


def test_one_429_holds_all_the_others_back(
    wire: respx.MockRouter, target: Callable[..., object], host: object
) -> None:
    times: list[float] = []

    def answer(request: httpx.Request) -> httpx.Response:
        times.append(time.monotonic())
        return later(429, "0.3") if len(times) == 1 else GOOD

    wire.post("/chat/completions").mock(side_effect=answer)

    async def two() -> None:
        async with Client(target(), "key", host, Redactor(())) as client:
            first = asyncio.create_task(client.send(PLAIN))
            await asyncio.sleep(0.1)
            await asyncio.gather(first, client.send(PLAIN))

    asyncio.run(two())
    assert len(times) == 3
    assert all(at - times[0] >= 0.29 for at in times[1:])
