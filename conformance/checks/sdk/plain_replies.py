"""What the library makes of a plain reply, and of JSON in it."""

from __future__ import annotations

from typing import Any

from conformance.asking import questions, sources
from conformance.checks.sdk._playable import answered_by, is_stream, verify_answered
from conformance.judging import replies, sdk, ways
from conformance.model import Blocked, Dialogue, Exchange, Inline, Lab, Level, Observed
from conformance.registry import check


def _not_streamed(exchange: Exchange) -> None:
    if is_stream(exchange):
        raise Blocked("streaming/plain-reply-is-not-streamed", "the plain reply is a stream")


def _choice(exchange: Exchange, expected: str) -> Any:
    """The first choice of a completion, its text and finish_reason the same as we read."""
    completion = sdk.complete(exchange)
    sdk.is_a("ChatCompletion", completion, expected)
    choice = completion.choices[0]
    content = choice.message.content
    sdk.same("content", "" if content is None else content, exchange.reply.text, expected)
    if exchange.reply.finish_reason:
        sdk.same("finish_reason", choice.finish_reason, exchange.reply.finish_reason, expected)
    sdk.same_usage(completion.usage, exchange, expected)
    return choice


@check(Level.MUST, spec=sources.RESPONSE)
def plain_reply_is_a_completion(lab: Lab) -> Dialogue:
    """The library makes a completion of a plain reply, with its text, finish_reason and usage."""
    sdk.verify_installed()
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-01"], via)
    answered_by("base64/plain" if isinstance(via, Inline) else "url/plain", exchange)
    _not_streamed(exchange)
    expected = "a ChatCompletion with the text, the finish_reason and the usage of the reply"
    sdk.heard(lambda: _choice(exchange, expected), expected)
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.SHOULD, spec=sources.REQUEST)
def json_mode_is_text(lab: Lab) -> Dialogue:
    """The library finds the JSON of json_object mode as text, which its users parse."""
    sdk.verify_installed()
    via = yield from ways.transport(lab)
    question = "What is the code in this picture? Reply in JSON, as an object with the member code."
    kind = {"type": "json_object"}
    exchange = yield questions.ask(
        questions.image(lab.pictures["sheet-07"], via), question, response_format=kind
    )
    verify_answered(exchange)
    expected = "message.content is text"

    def play() -> None:
        content = sdk.complete(exchange).choices[0].message.content
        sdk.same("content", content, exchange.reply.text, expected)

    sdk.heard(play, expected)
    return Observed(expected=expected, actual=replies.told(exchange))
