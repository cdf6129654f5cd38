"""The pieces in which an answer arrives."""

from __future__ import annotations

from conformance.asking import prompts, questions, scripts, sources
from conformance.checks.streaming._stream import chunks_of
from conformance.drawing import codes, variants
from conformance.judging import answers, premises, reading, replies, ways
from conformance.model import Ability, Claim, Dialogue, Failed, Json, Lab, Level, Observed, Symptom
from conformance.registry import check
from conformance.wire import jsontext

STREAM = (Claim.STREAMING,)


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
        return answers.spells(words, word, scripts.SCRIPTS[script])

    by = f"history/other-scripts-are-kept[{script}]"
    yield from premises.or_blocked(
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
    pieces = [
        len(jsontext.text_at(v, "choices", 0, "delta", "content")) for v in chunks_of(exchange)
    ]
    largest, whole = max(pieces, default=0), sum(pieces)
    actual = f"{largest} of {whole} characters in one piece, after {exchange.elapsed:.1f} s"
    if whole >= LONG and largest > 0.9 * whole:
        hint = "the answer is collected somewhere on the way, and the stream is for show"
        raise Failed(actual, symptom=Symptom.MALFORMED, expected=expected, hint=hint)
    return Observed(expected=expected, actual=actual)
