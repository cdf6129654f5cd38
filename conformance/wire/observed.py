"""What a reply says, read from its bytes, with every secret hidden."""

from __future__ import annotations

from dataclasses import replace

from conformance.model import Exchange, Reply
from conformance.redact import Redactor
from conformance.wire import chat


def observed(exchange: Exchange, redactor: Redactor) -> Exchange:
    """The exchange with its reply read from its bytes.

    A secret spelled out over several events of a stream, or over neighbouring members, is not in
    the bytes as such, so the whole body goes where its texts hold one, alone or joined.
    """
    kind, service = exchange.header("content-type"), exchange.probe.service
    reply = chat.read_reply(exchange.status, kind, exchange.body, service)
    told = redactor.spelled_out([*chat.texts(exchange.body), *chat.joined(exchange.body)])
    if not told:
        return replace(exchange, reply=reply)
    return replace(exchange, body=told.encode(), reply=_hidden(reply, redactor))


def _hidden(reply: Reply, redactor: Redactor) -> Reply:
    return replace(
        reply,
        text=redactor.text(reply.text),
        finish_reason=redactor.text(reply.finish_reason),
        refusal=redactor.text(reply.refusal),
        error_message=redactor.text(reply.error_message),
    )
