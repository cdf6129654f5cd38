"""What the library makes of a stream: its chunks, its framing, its usage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.asking import questions, sources
from conformance.checks.sdk._playable import answered_by, is_stream, plainly_framed
from conformance.judging import replies, sdk, ways
from conformance.model import (
    Blocked,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Json,
    Lab,
    Level,
    Observed,
    Steps,
    Symptom,
)
from conformance.registry import check

STREAM = (Claim.STREAMING,)


def _stream(lab: Lab, by: str, **params: Json) -> Steps[Exchange]:
    """A streamed answer; Blocked by the check which judges that there is one."""
    sdk.verify_installed()
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-02"], via, stream=True, **params)
    answered_by(by, exchange)
    if not is_stream(exchange):
        raise Blocked("streaming/content-type-is-event-stream", "the streamed reply is no stream")
    return exchange


@check(Level.MUST, spec=sources.CHUNK, needs=STREAM)
def stream_is_made_of_chunks(lab: Lab) -> Dialogue:
    """The library makes chunks of a stream, which join to its text and finish_reason."""
    exchange = yield from _stream(lab, "streaming/picture-is-read")
    expected = "chunks that join to the text and the finish_reason of the stream"
    found = sdk.heard(lambda: _joined(sdk.chunks(plainly_framed(exchange)), expected), expected)
    sdk.same("the joined text", found[0], exchange.reply.text, expected)
    sdk.same("finish_reason", found[1], exchange.reply.finish_reason, expected)
    return Observed(expected=expected, actual=replies.told(exchange))


def _joined(chunks: Sequence[Any], expected: str) -> tuple[str, str]:
    """Text and finish_reason of the first choice, as users join them."""
    words: list[str] = []
    finish = ""
    for chunk in chunks:
        sdk.is_a("ChatCompletionChunk", chunk, expected)
        for choice in chunk.choices:
            if choice.index in (0, None):
                words.append(choice.delta.content or "")
                finish = choice.finish_reason or finish
    return "".join(words), finish


@check(Level.MAY, spec=sources.SDK, needs=STREAM)
def framing_is_understood(lab: Lab) -> Dialogue:
    """The library finds the same chunks in a stream as it is framed as in its bare events."""
    exchange = yield from _stream(lab, "streaming/picture-is-read")
    expected = "the same chunks as in the plainest framing"
    plainly = plainly_framed(exchange)
    try:
        wanted = sdk.chunks(plainly)
    except Exception:
        said = "the library takes the stream in no framing"
        raise Blocked("sdk/stream-is-made-of-chunks", said) from None
    found = sdk.heard(lambda: sdk.chunks(exchange), expected)
    if len(found) != len(wanted) or not sdk.heard(lambda: found == wanted, expected):
        said = f"{len(found)} chunks of {len(wanted)}, or others"
        raise Failed(said, symptom=Symptom.MALFORMED, expected=expected)
    return Observed(expected=expected, actual=f"{len(found)} chunks")


@check(Level.MUST, spec=sources.REQUEST, needs=(*STREAM, Claim.USAGE))
def usage_is_in_the_stream(lab: Lab) -> Dialogue:
    """The library finds the usage of a stream that was asked to carry it."""
    by = "streaming/usage-when-asked"
    exchange = yield from _stream(lab, by, stream_options={"include_usage": True})
    expected = "a chunk with the usage of the stream"
    usage = exchange.reply.usage
    if usage is None or usage.prompt is None:
        at_fault = "usage/counts-are-whole" if usage else by
        raise Blocked(at_fault, "the stream carries no prompt_tokens")

    def play() -> str:
        chunks = sdk.chunks(plainly_framed(exchange))
        counted = [chunk.usage for chunk in chunks if chunk.usage is not None]
        if not counted:
            raise Failed("no chunk has usage", symptom=Symptom.MALFORMED, expected=expected)
        sdk.same_usage(counted[-1], exchange, expected)
        return f"{counted[-1].prompt_tokens} prompt tokens"

    return Observed(expected=expected, actual=sdk.heard(play, expected))
