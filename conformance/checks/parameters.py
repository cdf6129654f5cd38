"""Other members of the request, and headers, beside a picture."""

from __future__ import annotations

from dataclasses import replace

from conformance import answers, prompts
from conformance.codes import GUESS
from conformance.dialogue import (
    answered,
    ask,
    ask_code,
    image,
    judgeable,
    member,
    quote,
    reads,
    refuses_or,
    told,
    transport,
    until,
    until_reply,
)
from conformance.model import Claim, Dialogue, Exchange, Failed, Json, Lab, Level, Observed, Param
from conformance.registry import check
from conformance.sources import REQUEST
from conformance.wire.jsontext import NotJson, items_at, parse, text_at

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


@check(Level.SHOULD, spec=REQUEST, needs=READ, guess=GUESS)
def json_mode_reads(lab: Lab) -> Dialogue:
    """With response_format json_object a picture is read into a JSON object."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-07"]
    question = "What is the code in this picture? Reply in JSON, as an object with the member code."
    probe = ask(image(picture, via), question, response_format={"type": "json_object"})
    code = picture.facts.code
    expected = f"a JSON object with {code}"

    def accepts(words: str) -> bool:
        value = parse(words)
        is_object = not isinstance(value, NotJson) and isinstance(value, dict)
        return is_object and answers.reads(words, code)

    exchange = yield from until(probe, accepts, expected)
    return Observed(expected=expected, actual=told(exchange))


TOOL: Json = {
    "type": "function",
    "function": {
        "name": "note_code",
        "description": "Notes the code that is printed in a picture.",
        "parameters": {
            "type": "object",
            "properties": {"code": {"type": "string"}},
            "required": ["code"],
        },
    },
}


@check(Level.SHOULD, spec=REQUEST, needs=READ, guess=GUESS)
def forced_tool_reads(lab: Lab) -> Dialogue:
    """A tool that must be called is called with what the picture shows."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-07"]
    choice: Json = {"type": "function", "function": {"name": "note_code"}}
    probe = ask(
        image(picture, via), "Note the code in this picture.", tools=[TOOL], tool_choice=choice
    )
    code = picture.facts.code
    expected = f"a call of note_code with {code}"

    def accepts(exchange: Exchange) -> bool:
        answered(exchange, expected)
        return any(answers.reads(text, code) for text in _arguments(exchange))

    try:
        exchange = yield from until_reply(probe, accepts, expected)
    except Failed as failed:
        failed.hint = "the call is missing, or its arguments were made without the picture"
        raise
    return Observed(expected=expected, actual=quote(", ".join(_arguments(exchange))))


def _arguments(exchange: Exchange) -> list[str]:
    calls = items_at(member(exchange, "choices"), 0, "message", "tool_calls")
    return [text_at(call, "function", "arguments") for call in calls]
