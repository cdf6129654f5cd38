"""One send is one try, and what goes wrong with it has a kind and a sentence."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
import respx

from conformance.model import Exchange, Probe, TextPart, Turn

Send = Callable[..., Exchange]
PLAIN = Probe(turns=(Turn(parts=(TextPart(text="hello"),)),))
GOOD = httpx.Response(200, json={"choices": [{"message": {"content": "hi"}}]})


@pytest.mark.parametrize("status", [400, 402, 408, 425, 429, 500, 502, 503, 504, 529])
def test_it_is_tried_once(chat: respx.Route, send: Send, status: int) -> None:
    """Asking again is for whoever knows what else is under way."""
    chat.side_effect = [httpx.Response(status, headers={"retry-after": "0"}), GOOD]
    exchange = send(PLAIN)
    assert (exchange.status, exchange.attempts, chat.call_count) == (status, 1, 1)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (GOOD, ""),
        (httpx.Response(200, text="<html>"), "malformed"),
        (httpx.Response(200, text="data: {}\n\n"), "cut"),
        (httpx.Response(302), ""),
        (httpx.Response(404), ""),
        (httpx.Response(402), "402"),
        (httpx.Response(429), "429"),
        (httpx.Response(501), "501"),
    ],
)
def test_a_reply_in_trouble_says_so(
    chat: respx.Route, send: Send, reply: httpx.Response, kind: str
) -> None:
    chat.side_effect = [reply]
    exchange = send(PLAIN)
    assert (exchange.trouble, exchange.failure) == (kind, "")
    assert exchange.status == reply.status_code
    assert exchange.is_judgeable is not bool(kind)


def test_redirects_are_answers(chat: respx.Route, send: Send) -> None:
    chat.side_effect = [httpx.Response(307, headers={"location": "http://127.0.0.1:9/other"})]
    assert send(PLAIN).header("Location") == "http://127.0.0.1:9/other"


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (httpx.ConnectError("All tries failed"), "unreachable", "cannot connect: All tries"),
        (
            httpx.RemoteProtocolError("Server disconnected"),
            "reset",
            "the connection broke off: Server",
        ),
        (httpx.ReadError(""), "reset", "the connection broke off: ReadError"),
        (httpx.WriteError("gone"), "reset", "the connection broke off: gone"),
        (httpx.ReadTimeout("slow"), "stall", "no whole reply within 120 s"),
        (httpx.ConnectTimeout(""), "stall", "no whole reply within 120 s"),
        (httpx.InvalidURL("bad"), "reset", "InvalidURL: bad"),
    ],
    ids=lambda e: type(e).__name__ if isinstance(e, Exception) else "",
)
def test_a_failure_is_one_kind_and_one_sentence(
    chat: respx.Route, send: Send, error: Exception, kind: str, sentence: str
) -> None:
    chat.side_effect = error
    exchange = send(PLAIN)
    assert exchange.trouble == kind
    assert exchange.failure.startswith(sentence)
    assert (exchange.status, exchange.body, chat.call_count) == (0, b"", 1)
    assert not exchange.is_judgeable
