"""Streamed replies about pictures: the same answer, in well-formed pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes, variants
from conformance.judging import aftermath, answers, reading, refusals, replies, scripts, ways
from conformance.model import (
    Ability,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    Inline,
    Json,
    Lab,
    Level,
    Observed,
    Steps,
    Symptom,
)
from conformance.registry import check
from conformance.wire import chat, contract, jsontext, sse

STREAM = (Claim.STREAMING,)
USAGE = {"include_usage": True}


def _streamed(lab: Lab) -> Steps[Exchange]:
    """The one streamed reply that most of these checks look at."""
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-02"], via, stream=True)
    replies.answered(exchange, "a streamed answer")
    return exchange


def _values(exchange: Exchange) -> list[Json]:
    return chat.stream_values(exchange.body)


@check(Level.MUST, spec=sources.REQUEST, needs=(*STREAM, Claim.READING), guess=codes.GUESS)
def picture_is_read(lab: Lab) -> Dialogue:
    """A streamed answer reads the picture as the plain one does."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-02"]
    return (
        yield from reading.reads(questions.ask_code(picture, via, stream=True), picture.facts.code)
    )


@check(
    Level.MUST,
    spec=sources.REQUEST,
    needs=(*STREAM, Claim.READING, Claim.SEVERAL),
    guess=codes.GUESS,
)
def several_pictures_are_read(lab: Lab) -> Dialogue:
    """A streamed answer reads several pictures in order."""
    via = yield from ways.transport(lab)
    pictures = [lab.pictures[f"sheet-{n:02}"] for n in (3, 4, 5)]
    wanted = tuple(p.facts.code for p in pictures)
    probe = questions.ask(*(questions.image(p, via) for p in pictures), prompts.CODES, stream=True)
    expected = ", ".join(wanted)
    seen: set[str] = set()

    def accepts(words: str) -> bool:
        named = [code for code in answers.codes_in(words) if code in wanted]
        seen.update(named)
        in_order = [*dict.fromkeys(named)], [*dict.fromkeys(named[::-1])][::-1]
        return list(wanted) in in_order

    try:
        exchange = yield from reading.until(probe, accepts, expected)
    except Failed as failed:
        if failed.symptom is Symptom.NOT_READ and seen.issuperset(wanted):
            failed.symptom = Symptom.ORDER
        raise
    return Observed(expected=expected, actual=replies.told(exchange), about=exchange)


@check(Level.MUST, spec=sources.EVENT_STREAM, needs=STREAM)
def content_type_is_event_stream(lab: Lab) -> Dialogue:
    """A streamed reply has the content type text/event-stream."""
    exchange = yield from _streamed(lab)
    return replies.has_content_type(exchange, "text/event-stream")


@check(Level.MUST, spec=sources.EVENT_STREAM, needs=STREAM)
def every_event_is_json(lab: Lab) -> Dialogue:
    """Every event of the stream but the last holds a JSON object."""
    exchange = yield from _streamed(lab)
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


@check(Level.MUST, spec=sources.CHUNK, needs=STREAM)
def chunks_follow_the_schema(lab: Lab) -> Dialogue:
    """Every chunk of the stream has the documented members, of the documented types."""
    exchange = yield from _streamed(lab)
    values = _values(exchange)
    found = [p for v in values for p in contract.problems("chat_chunk", v)]
    expected = "chunks as documented"
    if found or not values:
        raise Failed(
            "; ".join(found[:3]) or "no chunks", symptom=Symptom.MALFORMED, expected=expected
        )
    return Observed(expected=expected, actual=f"{len(values)} chunks")


# No more than MAY, as for plain replies.
@check(Level.MAY, spec=sources.CHUNK, needs=STREAM)
def chunks_are_complete(lab: Lab) -> Dialogue:
    """Every chunk also has a finish_reason, null or not, which many servers leave out."""
    exchange = yield from _streamed(lab)
    values = _values(exchange)
    found = [p for v in values for p in contract.problems("chat_chunk_full", v)]
    expected = "a finish_reason in every choice"
    if found or not values:
        raise Failed(
            "; ".join(found[:3]) or "no chunks", symptom=Symptom.MALFORMED, expected=expected
        )
    return Observed(expected=expected, actual=f"{len(values)} chunks")


@check(Level.SHOULD, spec=sources.CHUNK, needs=STREAM)
def one_id_for_all_chunks(lab: Lab) -> Dialogue:
    """Every chunk of one stream carries the same id."""
    exchange = yield from _streamed(lab)
    ids = {jsontext.text_at(v, "id") for v in _values(exchange) if jsontext.items_at(v, "choices")}
    if len(ids) != 1:
        raise Failed(f"{len(ids)} ids", symptom=Symptom.MALFORMED, expected="one id")
    return Observed(expected="one id", actual=replies.quote(next(iter(ids))))


@check(Level.SHOULD, spec=sources.CHUNK, needs=STREAM)
def role_comes_first(lab: Lab) -> Dialogue:
    """The role comes in the first delta, before any content."""
    exchange = yield from _streamed(lab)
    deltas = [
        jsontext.at(v, "choices", 0, "delta")
        for v in _values(exchange)
        if jsontext.items_at(v, "choices")
    ]
    roles = [i for i, d in enumerate(deltas) if jsontext.at(d, "role") == "assistant"]
    words = [i for i, d in enumerate(deltas) if jsontext.at(d, "content")]
    expected = "the role assistant no later than the first words"
    if not roles or (words and roles[0] > words[0]):
        raise Failed(
            "the role comes " + ("late" if roles else "never"),
            symptom=Symptom.MALFORMED,
            expected=expected,
        )
    return Observed(expected=expected, actual=f"in delta {roles[0] + 1}")


@check(Level.MUST, spec=sources.CHUNK, needs=STREAM)
def one_finish_reason(lab: Lab) -> Dialogue:
    """Exactly one chunk carries a finish_reason, and no words follow it."""
    exchange = yield from _streamed(lab)
    choices = [
        jsontext.at(v, "choices", 0) for v in _values(exchange) if jsontext.items_at(v, "choices")
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
    exchange = yield from _streamed(lab)
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
    counted = _counted(_values(exchange))
    if not counted:
        raise Failed("no chunk with prompt_tokens", symptom=Symptom.BILL_MISSING, expected=expected)
    return Observed(expected=expected, actual=replies.shown(counted[-1]))


def _counted(values: Sequence[Json]) -> list[Json]:
    return [
        jsontext.at(v, "usage")
        for v in values
        if jsontext.at(v, "usage", "prompt_tokens") is not None
    ]


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
    aftermath.verify_refused((yield probe), "url/failed-download-is-refused[404]")
    what = "a picture that cannot be downloaded, with stream: true"
    return (yield from refusals.refuses(replace(probe, stream=True), what))


# ---------------------------------------------------------------- how it arrives


@check(
    Level.MUST,
    spec=sources.EVENT_STREAM,
    over=tuple(scripts.SCRIPTS),
    needs=(*STREAM, Claim.READING),
    abilities=(Ability.SCRIPTS,),
    guess=codes.GUESS,
)
def characters_arrive_whole(lab: Lab, script: str) -> Dialogue:
    """Characters of several bytes, Chinese or emoji, come out of a stream as they went in."""
    via = yield from ways.transport(lab)
    word = scripts.spelled(lab.pictures["sheet-22"].facts.code, script)
    picture = lab.pictures["sheet-23"]

    def accepts(words: str) -> bool:
        return scripts.names(words, word, script)

    by = f"history/other-scripts-are-kept[{script}]"
    yield from aftermath.or_blocked(
        reading.until(scripts.ask_word(word, picture, via), accepts, word), by
    )
    probe = scripts.ask_word(word, picture, via, stream=True)
    exchange = yield from reading.until(probe, accepts, word, Symptom.MALFORMED)
    return Observed(expected=word, actual=replies.told(exchange))


#: Bytes of a line that a reader takes at once by default (asyncio.StreamReader, Python 3: 64 KiB).
LONGEST_LINE = 64 * 1024


@check(Level.MAY, spec=sources.EVENT_STREAM, needs=STREAM)
def lines_stay_short(lab: Lab) -> Dialogue:
    """No line of a stream about a picture is longer than the 64 KiB that many readers take."""
    via = yield from ways.transport(lab)
    picture = variants.heavier(lab.pictures["sheet-02"], 100_000)
    exchange = yield questions.ask_code(picture, via, stream=True)
    expected = f"lines of at most {LONGEST_LINE} bytes"
    replies.answered(exchange, expected)
    longest = max(map(len, exchange.body.splitlines()), default=0)
    if longest > LONGEST_LINE:
        hint = "a whole picture may stand in one event"
        raise Failed(
            f"a line of {longest} bytes", symptom=Symptom.MALFORMED, expected=expected, hint=hint
        )
    return Observed(expected=expected, actual=f"the longest has {longest} bytes")


#: An answer of so many characters is more than one piece; tokens of output that are enough for it.
LONG, ENOUGH = 1200, 800


@check(Level.SHOULD, spec=sources.CHUNK, needs=STREAM)
def long_answer_comes_in_pieces(lab: Lab) -> Dialogue:
    """A long answer about a picture is streamed in pieces, not collected and sent as one."""
    via = yield from ways.transport(lab)
    limit: dict[str, Json] = {lab.target.output_limit: ENOUGH}
    picture = lab.pictures["sheet-01"]
    exchange = replies.judgeable(
        (yield questions.ask(questions.image(picture, via), prompts.LONG, stream=True, **limit))
    )
    expected = f"no piece that is nearly all of an answer of {LONG} characters or more"
    if exchange.status != 200 or exchange.reply.is_error:
        raise Failed(
            replies.told(exchange), symptom=replies.unanswered(exchange), expected=expected
        )
    pieces = [len(jsontext.text_at(v, "choices", 0, "delta", "content")) for v in _values(exchange)]
    largest, whole = max(pieces, default=0), sum(pieces)
    actual = f"{largest} of {whole} characters in one piece, after {exchange.elapsed:.1f} s"
    if whole >= LONG and largest > 0.9 * whole:
        hint = "the answer is collected somewhere on the way, and the stream is for show"
        raise Failed(actual, symptom=Symptom.MALFORMED, expected=expected, hint=hint)
    return Observed(expected=expected, actual=actual)
