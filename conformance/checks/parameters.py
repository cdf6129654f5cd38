"""Other members of the request, and headers, beside a picture."""

from __future__ import annotations

from dataclasses import replace

from conformance import answers, prompts
from conformance.codes import GUESS
from conformance.dialogue import (
    ask,
    ask_code,
    image,
    judgeable,
    member,
    quote,
    reads,
    reads_or_refuses,
    refuses_or,
    told,
    transport,
)
from conformance.model import Claim, Dialogue, Failed, Json, Lab, Level, Observed, Param
from conformance.registry import check
from conformance.sources import CONTENT_CODING, REQUEST
from conformance.wire.jsontext import items_at

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


@check(Level.SHOULD, spec=REQUEST, over=tuple(HARMLESS), needs=READ, guess=GUESS)
def accepted_beside_a_picture(lab: Lab, name: str) -> Dialogue:
    """A documented parameter at its default is accepted and the picture read."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-07"]
    probe = ask_code(picture, via, **{name: HARMLESS[name]})
    return (yield from reads(probe, picture.facts.code))


@check(
    Level.MUST,
    spec=REQUEST,
    over=(
        Param(id="accept-json", value=("accept", "application/json")),
        Param(id="charset", value=("content-type", "application/json; charset=utf-8")),
        Param(id="no-accept", value=("accept", "")),
    ),
    needs=READ,
    guess=GUESS,
)
def headers_are_accepted(lab: Lab, header: tuple[str, str]) -> Dialogue:
    """The headers that client libraries send are accepted and the picture read."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-08"]
    probe = replace(ask_code(picture, via), headers=(header,))
    return (yield from reads(probe, picture.facts.code))


@check(Level.MAY, spec=REQUEST, needs=READ, guess=GUESS)
def two_choices(lab: Lab) -> Dialogue:
    """With n of 2 the picture is read twice, or the request refused."""
    via = yield from transport(lab)
    code = lab.pictures["sheet-07"].facts.code
    probe = ask_code(lab.pictures["sheet-07"], via, n=2)
    seen = f"the code {code}"
    observed = yield from refuses_or(probe, lambda w: answers.reads(w, code), "n of 2", seen)
    exchange = yield probe
    count = len(items_at(member(exchange, "choices")))
    if exchange.status == 200 and count != 2:
        raise Failed(f"{count} choices", expected="two choices, or a refusal")
    return observed


@check(Level.SHOULD, spec=REQUEST)
def output_limit_cuts(lab: Lab) -> Dialogue:
    """The output limit cuts a long answer about a picture, with the finish_reason length."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-01"]
    limit: dict[str, Json] = {lab.target.output_limit: 16}
    exchange = judgeable((yield ask(image(picture, via), prompts.LONG, **limit)))
    expected = "the finish_reason length"
    found = exchange.reply.finish_reason
    if exchange.status != 200 or found != "length":
        raise Failed(
            f"{quote(found) if found else 'no finish_reason'}: {told(exchange)}", expected=expected
        )
    return Observed(expected=expected, actual=found)


# ---------------------------------------------------------------- how a body is sent


@check(
    Level.MAY,
    spec=CONTENT_CODING,
    over=(
        Param(id="compressed", value=("content-encoding", "gzip")),
        Param(id="in-chunks", value=("transfer-encoding", "chunked")),
    ),
    needs=READ,
    guess=GUESS,
)
def body_sent_otherwise(lab: Lab, header: tuple[str, str]) -> Dialogue:
    """A body that is compressed or sent in chunks is understood or refused; no picture is lost."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-08"]
    probe = replace(ask_code(picture, via), headers=(header,))
    what = f"a body with {': '.join(header)}"
    return (yield from reads_or_refuses(probe, picture.facts.code, what))
