"""What a reply says, read from its bytes, with every secret hidden."""

from __future__ import annotations

from dataclasses import replace

from conformance.model import Exchange, Reply
from conformance.redact import Redactor
from conformance.wire import chat
from conformance.wire.asides import in_fields, in_headers


def observed(exchange: Exchange, redactor: Redactor) -> Exchange:
    """The exchange with its reply read from its bytes.

    A secret spelled out over several events of a stream, or over neighbouring members, is not in
    the bytes as such, so the whole body goes where its texts hold one, alone or joined; and so do
    all headers but the type of the body.
    """
    if told := redactor.spelled_out(in_headers(exchange.headers)):
        kept = [pair for pair in exchange.headers if pair[0].lower() == "content-type"]
        exchange = replace(exchange, headers=(*kept, ("x-redacted", told)))
    kind, service = exchange.header("content-type"), exchange.probe.service
    reply = chat.read_reply(exchange.status, kind, exchange.body, service)
    body = exchange.body
    told = redactor.spelled_out([*chat.texts(body), *chat.joined(body), *in_fields(body)])
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
