"""How a stream ends: the finish_reason, [DONE], and the usage."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.asking import questions, sources
from conformance.checks.streaming._stream import chunks_of, streamed
from conformance.judging import replies, ways
from conformance.model import Claim, Dialogue, Failed, Json, Lab, Level, Observed, Symptom
from conformance.registry import check
from conformance.wire import jsontext, sse

STREAM = (Claim.STREAMING,)
USAGE = {"include_usage": True}


@check(Level.MUST, spec=sources.CHUNK, needs=STREAM)
def one_finish_reason(lab: Lab) -> Dialogue:
    """Exactly one chunk carries a finish_reason, and no words follow it."""
    exchange = yield from streamed(lab)
    choices = [
        jsontext.at(v, "choices", 0) for v in chunks_of(exchange) if jsontext.items_at(v, "choices")
    ]
    ends = [i for i, c in enumerate(choices) if jsontext.at(c, "finish_reason") is not None]
    expected = "one finish_reason, after the last words"
    if len(ends) != 1:
        raise Failed(
            f"{len(ends)} chunks with a finish_reason", symptom=Symptom.MALFORMED, expected=expected
        )
    if any(jsontext.at(c, "delta", "content") for c in choices[ends[0] + 1 :]):
        raise Failed("words after the finish_reason", symptom=Symptom.MALFORMED, expected=expected)
    return Observed(
        expected=expected, actual=replies.shown(jsontext.at(choices[ends[0]], "finish_reason"))
    )


@check(Level.MUST, spec=sources.REQUEST, needs=STREAM)
def done_ends_the_stream(lab: Lab) -> Dialogue:
    """The stream ends with data: [DONE]."""
    exchange = yield from streamed(lab)
    datas = [e.data.strip() for e in sse.events(exchange.body)]
    if datas[-1:] != ["[DONE]"] or datas.count("[DONE]") != 1:
        last = datas[-1] if datas else ""
        raise Failed(
            f"{datas.count('[DONE]')} times, last event {replies.quote(last)}",
            symptom=Symptom.CUT,
            expected="[DONE]",
        )
    return Observed(expected="[DONE]", actual="[DONE]")


@check(Level.MUST, spec=sources.REQUEST, needs=(*STREAM, Claim.USAGE))
def usage_when_asked(lab: Lab) -> Dialogue:
    """A stream carries usage when stream_options asks for it."""
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(
        lab.pictures["sheet-02"], via, stream=True, stream_options=USAGE
    )
    expected = "a chunk with usage"
    replies.answered(exchange, expected)
    counted = _counted(chunks_of(exchange))
    if not counted:
        raise Failed("no chunk with prompt_tokens", symptom=Symptom.BILL_MISSING, expected=expected)
    return Observed(expected=expected, actual=replies.shown(counted[-1]))


def _counted(values: Sequence[Json]) -> list[Json]:
    return [
        jsontext.at(v, "usage")
        for v in values
        if jsontext.at(v, "usage", "prompt_tokens") is not None
    ]
