"""What is wrong with a reply as such, before anybody asks what it says."""

from __future__ import annotations

from typing import Final

from conformance.model import Exchange, Service
from conformance.wire.chat import is_stream
from conformance.wire.jsontext import NotJson, parse

#: No reply within the time allowed; the connection broke off; nobody listens.
STALL, RESET, UNREACHABLE = "stall", "reset", "unreachable"
#: Bytes that cannot be decoded as their headers say; a reply over one of the ``bounds``.
UNDECODABLE, TOO_LARGE = "undecodable", "too-large"
#: Of status 200: a stream without any end, or bytes that are no JSON.
CUT, MALFORMED = "cut", "malformed"

#: Statuses that say "not now" or "not for you" rather than anything of the request.
LATER: Final = frozenset({402, 408, 429})
#: What asking again cannot mend.
FINAL: Final = frozenset({"402", UNDECODABLE, TOO_LARGE})
#: A reply came, whole as far as HTTP goes. Come again and again, it is what the endpoint says.
SAID: Final = frozenset({CUT, MALFORMED})


def trouble_of(exchange: Exchange) -> str:
    """The kind of trouble with a reply; "" where it can be judged. Statuses stand as digits."""
    if exchange.trouble:
        return exchange.trouble
    if exchange.status >= 500 or exchange.status in LATER:
        return str(exchange.status)
    return _unsound(exchange) if exchange.status == 200 else ""


def _unsound(exchange: Exchange) -> str:
    body = exchange.body
    if is_stream(exchange.header("content-type"), body):
        is_chat = exchange.probe.service is Service.CHAT
        finished = exchange.reply.finish_reason and not _lacks_usage(exchange)
        ended = finished or exchange.reply.is_error or b"[DONE]" in body
        return CUT if is_chat and not ended else ""
    return MALFORMED if isinstance(parse(body), NotJson) else ""


def _lacks_usage(exchange: Exchange) -> bool:
    """True for a stream without the usage that was asked for, which comes after the last words."""
    asked = any(name == "stream_options" for name, _ in exchange.probe.params)
    return asked and b'"prompt_tokens"' not in exchange.body


def is_of_the_server(kind: str) -> bool:
    """True for a status of 500 or more."""
    return kind.isdecimal() and int(kind) >= 500


def convicts(kind: str) -> bool:
    """True for trouble which, if it is always the same, is a defect of the endpoint."""
    return is_of_the_server(kind) or kind in (STALL, RESET)
