"""What is no stream: refusals, and a reply that was not to be one."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import questions, sources
from conformance.judging import premises, refusals, replies, ways
from conformance.model import Claim, Dialogue, Failed, Hosted, Inline, Lab, Level, Observed, Symptom
from conformance.registry import check

STREAM = (Claim.STREAMING,)


# No MUST: some providers send status 200 and a comment at once, and document errors in the stream.
@check(Level.SHOULD, spec=sources.ERROR, needs=(*STREAM, Claim.DATA_URL))
def bad_picture_is_refused_before_the_stream(lab: Lab) -> Dialogue:
    """A picture that cannot be read is refused with a 4xx, not inside a stream of status 200."""
    yield from ways.transport(lab)
    via = Inline(media_type="image/png")
    probe = questions.ask_code(lab.pictures["text"], via, stream=True)
    return (yield from refusals.refuses(probe, "bytes that are no picture, with stream: true"))


@check(Level.MUST, spec=sources.REQUEST, needs=STREAM)
def plain_reply_is_not_streamed(lab: Lab) -> Dialogue:
    """Without stream the reply is one JSON object, not a stream."""
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-01"], via)
    replies.answered(exchange, "one JSON object")
    if "event-stream" in exchange.header("content-type") or exchange.body[:5] == b"data:":
        raise Failed("a stream", symptom=Symptom.MALFORMED, expected="one JSON object")
    return Observed(expected="one JSON object", actual=replies.told(exchange))


@check(Level.SHOULD, spec=sources.ERROR, needs=(*STREAM, Claim.URL))
def failed_download_is_refused_before_the_stream(lab: Lab) -> Dialogue:
    """A picture that cannot be downloaded is refused with a 4xx, not inside a stream."""
    yield from ways.through(lab, Hosted(), "url/plain")
    probe = questions.ask_code(lab.pictures["sheet-04"], Hosted(status=404))
    premises.verify_refused((yield probe), "url/failed-download-is-refused[404]")
    what = "a picture that cannot be downloaded, with stream: true"
    return (yield from refusals.refuses(replace(probe, stream=True), what))
