"""The form of the stream and of its events."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.streaming._stream import streamed
from conformance.judging import replies
from conformance.model import Claim, Dialogue, Failed, Lab, Level, Observed, Symptom
from conformance.registry import check
from conformance.wire import jsontext, sse

STREAM = (Claim.STREAMING,)


@check(Level.MUST, spec=sources.EVENT_STREAM, needs=STREAM)
def content_type_is_event_stream(lab: Lab) -> Dialogue:
    """A streamed reply has the content type text/event-stream."""
    exchange = yield from streamed(lab)
    return replies.has_content_type(exchange, "text/event-stream")


@check(Level.MUST, spec=sources.EVENT_STREAM, needs=STREAM)
def every_event_is_json(lab: Lab) -> Dialogue:
    """Every event of the stream but the last holds a JSON object."""
    exchange = yield from streamed(lab)
    datas = [e.data for e in sse.events(exchange.body) if e.data.strip() != "[DONE]"]
    bad = [d for d in datas if not _is_object(d)]
    expected = "JSON objects only"
    if bad or not datas:
        raise Failed(
            f"{replies.quote(bad[0])}" if bad else "no events at all",
            symptom=Symptom.MALFORMED,
            expected=expected,
        )
    return Observed(expected=expected, actual=f"{len(datas)} events")


def _is_object(data: str) -> bool:
    value = jsontext.parse(data)
    return not isinstance(value, jsontext.NotJson) and isinstance(value, dict)
