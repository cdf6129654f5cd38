"""Other members of the request, and headers, beside a picture."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import answers, reading, refusals, replies, sampling, ways
from conformance.model import (
    Ability,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Json,
    Lab,
    Level,
    Observed,
    Param,
    Symptom,
    Unobserved,
)
from conformance.registry import check
from conformance.wire import jsontext

READ = (Claim.READING,)

#: Values that change nothing, so that a model which allows only the default accepts them too.
HARMLESS: dict[str, Json] = {
    "temperature": 1,
    "top_p": 1,
    "n": 1,
    "presence_penalty": 0,
    "frequency_penalty": 0,
    "logit_bias": {},
    "user": "conformance",
    "stream": False,
}


@check(Level.SHOULD, spec=sources.REQUEST, over=tuple(HARMLESS), needs=READ, guess=codes.GUESS)
def accepted_beside_a_picture(lab: Lab, name: str) -> Dialogue:
    """A documented parameter at its default is accepted and the picture read."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-07"]
    probe = questions.ask_code(picture, via, **{name: HARMLESS[name]})
    return (yield from reading.reads(probe, picture.facts.code))


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=(
        Param(id="accept-json", value=("accept", "application/json")),
        Param(id="charset", value=("content-type", "application/json; charset=utf-8")),
        Param(id="no-accept", value=("accept", "")),
    ),
    needs=READ,
    guess=codes.GUESS,
)
def headers_are_accepted(lab: Lab, header: tuple[str, str]) -> Dialogue:
    """The headers that client libraries send are accepted and the picture read."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-08"]
    probe = replace(questions.ask_code(picture, via), headers=(header,))
    return (yield from reading.reads(probe, picture.facts.code))


@check(Level.MAY, spec=sources.REQUEST, needs=READ, guess=codes.GUESS)
def two_choices(lab: Lab) -> Dialogue:
    """With n of 2 the picture is read twice, or the request refused."""
    via = yield from ways.transport(lab)
    code = lab.pictures["sheet-07"].facts.code
    probe = questions.ask_code(lab.pictures["sheet-07"], via, n=2)
    seen = f"the code {code}"
    observed = yield from refusals.refuses_or(
        probe, lambda w: answers.reads(w, code), "n of 2", seen
    )
    exchange = yield probe
    if exchange.status != 200:
        return observed
    expected = f"two choices with {seen}, or a refusal"
    count = len(_choices(exchange))
    if count != 2:
        raise Failed(f"{count} choices", symptom=Symptom.MALFORMED, expected=expected)

    def accepts(exchange: Exchange) -> bool:
        replies.answered(exchange, expected)
        return all(answers.reads(text, code) for text in _choices(exchange))

    exchange = yield from reading.until_reply(probe, accepts, expected)
    return Observed(expected=expected, actual=" and ".join(map(replies.quote, _choices(exchange))))


def _choices(exchange: Exchange) -> list[str]:
    """What each choice of a reply says."""
    return [
        jsontext.text_at(c, "message", "content")
        for c in jsontext.items_at(replies.member(exchange, "choices"))
    ]


#: An output limit in tokens, and characters of English that a token has at most, on the whole.
LIMIT, LONGEST = 16, 12


@check(Level.SHOULD, spec=sources.REQUEST)
def output_limit_cuts(lab: Lab) -> Dialogue:
    """The output limit cuts a long answer about a picture, with the finish_reason length."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-01"]
    limit: dict[str, Json] = {lab.target.output_limit: LIMIT}
    probe = questions.ask(questions.image(picture, via), prompts.LONG, **limit)
    expected = "the finish_reason length"
    for sample in range(sampling.MOST_SAMPLES):
        exchange = replies.judgeable((yield replace(probe, sample=sample)))
        found = exchange.reply.finish_reason
        if exchange.status != 200 or exchange.reply.is_error:
            symptom = replies.unanswered(exchange)
            raise Failed(replies.told(exchange), symptom=symptom, expected=expected, about=exchange)
        if found == "length":
            return Observed(expected=expected, actual=found, about=exchange)
        # A whole answer of a few words had not to be cut. No tokenizer makes 16 tokens of more.
        if len(exchange.reply.text) > LONGEST * LIMIT or found not in ("stop", ""):
            break
    else:
        whole = replies.answered(
            (yield questions.ask(questions.image(picture, via), prompts.LONG)), expected
        )
        if len(whole) <= 2 * len(exchange.reply.text):
            words = f"its answers are shorter than the limit: {replies.told(exchange)}"
            raise Unobserved(words, expected=expected, ability=Ability.LENGTH, about=exchange)
    actual = f"{replies.quote(found) if found else 'no finish_reason'}: {replies.told(exchange)}"
    raise Failed(actual, symptom=Symptom.CUT, expected=expected, about=exchange)


# ---------------------------------------------------------------- how a body is sent


@check(
    Level.MAY,
    spec=sources.CONTENT_CODING,
    over=(
        Param(id="compressed", value=("content-encoding", "gzip")),
        Param(id="in-chunks", value=("transfer-encoding", "chunked")),
    ),
    needs=READ,
    guess=codes.GUESS,
)
def body_sent_otherwise(lab: Lab, header: tuple[str, str]) -> Dialogue:
    """A body that is compressed or sent in chunks is understood or refused; no picture is lost."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-08"]
    probe = replace(questions.ask_code(picture, via), headers=(header,))
    what = f"a body with {': '.join(header)}"
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, what))
