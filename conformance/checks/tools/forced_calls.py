"""A tool that must be called, and the arguments it is called with."""

from __future__ import annotations

from collections import defaultdict

from conformance.asking import prompts, questions, sources
from conformance.checks.tools._beside import SPOKEN, beside
from conformance.checks.tools._functions import NOTE, NOTE_ALL, by_name
from conformance.drawing import codes
from conformance.judging import answers, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    Json,
    Lab,
    Level,
    Observed,
    Param,
    Picture,
    Probe,
    Steps,
    Via,
)
from conformance.registry import check
from conformance.wire import chat, jsontext

READ = (Claim.READING,)
#: The choice of the tool that notes a code.
BY_NAME = by_name(NOTE)


def arguments(exchange: Exchange) -> list[str]:
    """The arguments of every tool call, those of a stream put together."""
    calls = jsontext.items_at(replies.member(exchange, "choices"), 0, "message", "tool_calls")
    found = [jsontext.text_at(call, "function", "arguments") for call in calls]
    pieces: dict[int | None, list[str]] = defaultdict(list)
    for value in chat.stream_values(exchange.body) if exchange.probe.stream else ():
        for call in jsontext.items_at(value, "choices", 0, "delta", "tool_calls"):
            pieces[jsontext.whole_at(call, "index")].append(
                jsontext.text_at(call, "function", "arguments")
            )
    return found + ["".join(texts) for texts in pieces.values()]


def _calls(lab: Lab, probe: Probe, wanted: list[str], control: Probe) -> Steps[Observed]:
    """A call must be made whose arguments name the wanted."""
    expected = f"a call with {' and '.join(wanted)}"

    def accepts(exchange: Exchange) -> bool:
        replies.answered(exchange, expected)
        named = {code for text in arguments(exchange) for code in answers.codes_in(text)}
        return named.issuperset(wanted)

    try:
        exchange = yield from beside(
            lab,
            probe,
            accepts,
            expected,
            (control, lambda e: any(SPOKEN in a for a in arguments(e))),
        )
    except Failed as failed:
        failed.hint = "the call is missing, or its arguments were made without the picture"
        raise
    return Observed(expected=expected, actual=replies.quote(", ".join(arguments(exchange))))


def forced(
    picture: Picture, via: Via, choice: Json, *, stream: bool = False
) -> tuple[Probe, Probe]:
    """The request for a call, and the same without a picture."""
    members: dict[str, Json] = {"tools": [NOTE], "tool_choice": choice}
    asked = questions.ask(
        questions.image(picture, via), "Note the code in this picture.", stream=stream, **members
    )
    return asked, questions.ask(f"Note the code {SPOKEN}.", stream=stream, **members)


@check(
    Level.SHOULD,
    spec=sources.TOOLS,
    over=(Param(id="named", value=BY_NAME), Param(id="required", value="required")),
    needs=READ,
    guess=codes.GUESS,
)
def forced_tool_reads(lab: Lab, choice: Json) -> Dialogue:
    """A tool that must be called is called with what the picture shows."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-07"]
    probe, control = forced(picture, via, choice)
    return (yield from _calls(lab, probe, [picture.facts.code], control))


@check(Level.SHOULD, spec=sources.TOOLS, needs=(*READ, Claim.STREAMING), guess=codes.GUESS)
def streamed_tool_call_reads(lab: Lab) -> Dialogue:
    """A tool call that is streamed is made with what the picture shows."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-07"]
    probe, control = forced(picture, via, BY_NAME, stream=True)
    return (yield from _calls(lab, probe, [picture.facts.code], control))


@check(Level.SHOULD, spec=sources.TOOLS, needs=(*READ, Claim.URL), guess=codes.GUESS)
def forced_tool_reads_a_url(lab: Lab) -> Dialogue:
    """A tool that must be called is called with what the picture at a URL shows."""
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = lab.pictures["sheet-08"]
    probe, control = forced(picture, Hosted(), BY_NAME)
    return (yield from _calls(lab, probe, [picture.facts.code], control))


@check(Level.SHOULD, spec=sources.TOOLS, needs=(*READ, Claim.SEVERAL), guess=codes.GUESS)
def forced_tool_reads_two_pictures(lab: Lab) -> Dialogue:
    """A tool that takes a list is called with what both of two pictures show."""
    via = yield from ways.transport(lab)
    pictures = [lab.pictures["sheet-07"], lab.pictures["sheet-08"]]
    members: dict[str, Json] = {"tools": [NOTE_ALL], "tool_choice": by_name(NOTE_ALL)}
    probe = questions.ask(
        *(questions.image(picture, via) for picture in pictures),
        prompts.CODES,
        **members,
    )
    control = questions.ask(f"Note the codes {SPOKEN} and 3HWT9K.", **members)
    return (yield from _calls(lab, probe, [picture.facts.code for picture in pictures], control))
