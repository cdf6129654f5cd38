"""Streamed replies about pictures: the same answer, in well-formed pieces."""

from __future__ import annotations

from collections.abc import Sequence

from conformance import answers, contract, prompts
from conformance.codes import GUESS
from conformance.dialogue import (
    Steps,
    answered,
    ask,
    ask_code,
    has_content_type,
    image,
    quote,
    reads,
    refuses,
    shown,
    told,
    transport,
    until,
)
from conformance.model import (
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Inline,
    Json,
    Lab,
    Level,
    Observed,
)
from conformance.registry import check
from conformance.sources import CHUNK, ERROR, EVENT_STREAM, REQUEST
from conformance.wire.chat import stream_values
from conformance.wire.jsontext import NotJson, at, items_at, parse, text_at
from conformance.wire.sse import events

STREAM = (Claim.STREAMING,)
USAGE = {"include_usage": True}


def _streamed(lab: Lab) -> Steps[Exchange]:
    """The one streamed reply that most of these checks look at."""
    via = yield from transport(lab)
    exchange = yield ask_code(lab.pictures["sheet-02"], via, stream=True)
    answered(exchange, "a streamed answer")
    return exchange


def _values(exchange: Exchange) -> list[Json]:
    return stream_values(exchange.body)


@check(Level.MUST, spec=REQUEST, needs=(*STREAM, Claim.READING), guess=GUESS)
def picture_is_read(lab: Lab) -> Dialogue:
    """A streamed answer reads the picture as the plain one does."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-02"]
    return (yield from reads(ask_code(picture, via, stream=True), picture.facts.code))


@check(Level.MUST, spec=REQUEST, needs=(*STREAM, Claim.READING, Claim.SEVERAL), guess=GUESS)
def several_pictures_are_read(lab: Lab) -> Dialogue:
    """A streamed answer reads several pictures in order."""
    via = yield from transport(lab)
    pictures = [lab.pictures[f"sheet-{n:02}"] for n in (3, 4, 5)]
    wanted = tuple(p.facts.code for p in pictures)
    probe = ask(*(image(p, via) for p in pictures), prompts.CODES, stream=True)
    expected = ", ".join(wanted)
    exchange = yield from until(probe, lambda w: answers.codes_in(w) == wanted, expected)
    return Observed(expected=expected, actual=told(exchange))


@check(Level.MUST, spec=EVENT_STREAM, needs=STREAM)
def content_type_is_event_stream(lab: Lab) -> Dialogue:
    """A streamed reply has the content type text/event-stream."""
    exchange = yield from _streamed(lab)
    return has_content_type(exchange, "text/event-stream")


@check(Level.MUST, spec=EVENT_STREAM, needs=STREAM)
def every_event_is_json(lab: Lab) -> Dialogue:
    """Every event of the stream but the last holds a JSON object."""
    exchange = yield from _streamed(lab)
    datas = [e.data for e in events(exchange.body) if e.data.strip() != "[DONE]"]
    bad = [d for d in datas if not _is_object(d)]
    expected = "JSON objects only"
    if bad or not datas:
        raise Failed(f"{quote(bad[0])}" if bad else "no events at all", expected=expected)
    return Observed(expected=expected, actual=f"{len(datas)} events")


def _is_object(data: str) -> bool:
    value = parse(data)
    return not isinstance(value, NotJson) and isinstance(value, dict)


@check(Level.MUST, spec=CHUNK, needs=STREAM)
def chunks_follow_the_schema(lab: Lab) -> Dialogue:
    """Every chunk of the stream has the documented members, of the documented types."""
    exchange = yield from _streamed(lab)
    values = _values(exchange)
    found = [p for v in values for p in contract.problems("chat_chunk", v)]
    expected = "chunks as documented"
    if found or not values:
        raise Failed("; ".join(found[:3]) or "no chunks", expected=expected)
    return Observed(expected=expected, actual=f"{len(values)} chunks")


@check(Level.SHOULD, spec=CHUNK, needs=STREAM)
def chunks_are_complete(lab: Lab) -> Dialogue:
    """Every chunk also has a finish_reason, null or not, which many servers leave out."""
    exchange = yield from _streamed(lab)
    values = _values(exchange)
    found = [p for v in values for p in contract.problems("chat_chunk_full", v)]
    expected = "a finish_reason in every choice"
    if found or not values:
        raise Failed("; ".join(found[:3]) or "no chunks", expected=expected)
    return Observed(expected=expected, actual=f"{len(values)} chunks")


@check(Level.SHOULD, spec=CHUNK, needs=STREAM)
def one_id_for_all_chunks(lab: Lab) -> Dialogue:
    """Every chunk of one stream carries the same id."""
    exchange = yield from _streamed(lab)
    ids = {text_at(v, "id") for v in _values(exchange) if items_at(v, "choices")}
    if len(ids) != 1:
        raise Failed(f"{len(ids)} ids", expected="one id")
    return Observed(expected="one id", actual=quote(next(iter(ids))))


@check(Level.SHOULD, spec=CHUNK, needs=STREAM)
def role_comes_first(lab: Lab) -> Dialogue:
    """The role comes in the first delta, before any content."""
    exchange = yield from _streamed(lab)
    deltas = [at(v, "choices", 0, "delta") for v in _values(exchange) if items_at(v, "choices")]
    roles = [i for i, d in enumerate(deltas) if at(d, "role") == "assistant"]
    words = [i for i, d in enumerate(deltas) if at(d, "content")]
    expected = "the role assistant no later than the first words"
    if not roles or (words and roles[0] > words[0]):
        raise Failed("the role comes " + ("late" if roles else "never"), expected=expected)
    return Observed(expected=expected, actual=f"in delta {roles[0] + 1}")


@check(Level.MUST, spec=CHUNK, needs=STREAM)
def one_finish_reason(lab: Lab) -> Dialogue:
    """Exactly one chunk carries a finish_reason, and no words follow it."""
    exchange = yield from _streamed(lab)
    choices = [at(v, "choices", 0) for v in _values(exchange) if items_at(v, "choices")]
    ends = [i for i, c in enumerate(choices) if at(c, "finish_reason") is not None]
    expected = "one finish_reason, after the last words"
    if len(ends) != 1:
        raise Failed(f"{len(ends)} chunks with a finish_reason", expected=expected)
    if any(at(c, "delta", "content") for c in choices[ends[0] + 1 :]):
        raise Failed("words after the finish_reason", expected=expected)
    return Observed(expected=expected, actual=shown(at(choices[ends[0]], "finish_reason")))


@check(Level.MUST, spec=REQUEST, needs=STREAM)
def done_ends_the_stream(lab: Lab) -> Dialogue:
    """The stream ends with data: [DONE]."""
    exchange = yield from _streamed(lab)
    datas = [e.data.strip() for e in events(exchange.body)]
    if datas[-1:] != ["[DONE]"] or datas.count("[DONE]") != 1:
        last = datas[-1] if datas else ""
        raise Failed(f"{datas.count('[DONE]')} times, last event {quote(last)}", expected="[DONE]")
    return Observed(expected="[DONE]", actual="[DONE]")


@check(Level.MUST, spec=REQUEST, needs=(*STREAM, Claim.USAGE))
def usage_when_asked(lab: Lab) -> Dialogue:
    """A stream carries usage when stream_options asks for it."""
    via = yield from transport(lab)
    exchange = yield ask_code(lab.pictures["sheet-02"], via, stream=True, stream_options=USAGE)
    expected = "a chunk with usage"
    answered(exchange, expected)
    counted = _counted(_values(exchange))
    if not counted:
        raise Failed("no chunk with prompt_tokens", expected=expected)
    return Observed(expected=expected, actual=shown(counted[-1]))


def _counted(values: Sequence[Json]) -> list[Json]:
    return [at(v, "usage") for v in values if at(v, "usage", "prompt_tokens") is not None]


@check(Level.MUST, spec=ERROR, needs=(*STREAM, Claim.DATA_URL))
def bad_picture_is_refused_before_the_stream(lab: Lab) -> Dialogue:
    """A picture that cannot be read is refused with a 4xx, not inside a stream of status 200."""
    yield from transport(lab)
    via = Inline(media_type="image/png")
    probe = ask_code(lab.pictures["text"], via, stream=True)
    return (yield from refuses(probe, "bytes that are no picture, with stream: true"))


@check(Level.MUST, spec=REQUEST, needs=STREAM)
def plain_reply_is_not_streamed(lab: Lab) -> Dialogue:
    """Without stream the reply is one JSON object, not a stream."""
    via = yield from transport(lab)
    exchange = yield ask_code(lab.pictures["sheet-01"], via)
    answered(exchange, "one JSON object")
    if "event-stream" in exchange.header("content-type") or exchange.body[:5] == b"data:":
        raise Failed("a stream", expected="one JSON object")
    return Observed(expected="one JSON object", actual=told(exchange))
