"""Tools and structured output beside a picture.

An endpoint that knows no tools, or no schema, is not accused: where the same request without a
picture fails as well, the check does not apply.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes, variants
from conformance.judging import aftermath, answers, reading, refusals, replies, sampling, ways
from conformance.model import (
    Ability,
    Blocked,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    Inline,
    Json,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Param,
    Part,
    Picture,
    Probe,
    Reason,
    Steps,
    Symptom,
    Turn,
    Unobserved,
    Via,
    canonical,
    pictures_of,
)
from conformance.registry import check
from conformance.wire import chat, contract, jsontext

READ = (Claim.READING,)
#: Numbers the controls after a request with tools, so that they are asked by nobody else.
CONTROL = 301
#: Bytes of the picture that is sent with tools to choose from, and nowhere else.
OWN = 40_000

#: What is said in the place of a picture.
SPOKEN = "KX74MP"

Accepts = Callable[[Exchange], bool]


def _function(name: str, description: str, **properties: Json) -> Json:
    parameters = {"type": "object", "properties": properties, "required": sorted(properties)}
    described = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": described}


NOTE = _function(
    "note_code", "Notes the code that is printed in a picture.", code={"type": "string"}
)
NOTE_ALL = _function(
    "note_codes",
    "Notes the codes that are printed in several pictures.",
    codes={"type": "array", "items": {"type": "string"}},
)
CLOCK = _function("read_clock", "Tells the time of day.")


def _named(tool: Json) -> Json:
    return {"type": "function", "function": {"name": tool["function"]["name"]}}


def _beside(
    lab: Lab,
    probe: Probe,
    accepts: Accepts,
    expected: str,
    control: tuple[Probe, Accepts],
    ability: Ability = Ability.TOOL,
) -> Steps[Exchange]:
    """Asks until a reply is accepted; nothing is judged where words alone fare no better.

    One that takes tools in one documented form and refuses them in another is judged all the same.
    """
    try:
        return (yield from reading.until_reply(probe, accepts, expected))
    except Failed as failed:
        if failed.symptom is Symptom.NOT_READ and failed.about and _names_all(failed.about):
            failed.symptom = Symptom.MALFORMED
        words_alone, works = control
        for sample in range(sampling.MOST_SAMPLES):
            exchange = yield replace(words_alone, sample=sample)
            if exchange.is_judgeable and exchange.status == 200 and works(exchange):
                raise
            if exchange.status != 200 or exchange.reply.is_error:
                break
        reason = f"without a picture it does not work either: {replies.told(exchange)}"
        if 400 <= exchange.status < 500 and (yield from _takes_tools(probe)):
            raise
        if refusals.is_refusal(exchange):
            raise NotApplicable(reason, why=Reason.NOT_OFFERED, expected=expected) from None
        if ability in lab.target.vouched:
            raise
        raise Unobserved(reason, expected=expected, ability=ability) from None


def _takes_tools(probe: Probe) -> Steps[bool]:
    """Whether a plain question with a tool that is named is answered here."""
    if "tools" not in dict(probe.params):
        return False
    members: dict[str, Json] = {"tools": [NOTE], "tool_choice": _named(NOTE)}
    exchange = yield questions.ask(f"Note the code {SPOKEN}.", **members)
    return exchange.is_judgeable and exchange.status == 200 and not exchange.reply.is_error


def _names_all(exchange: Exchange) -> bool:
    """True where the pictures were read: what is wrong is the form of the answer."""
    wanted = {picture.facts.code for picture in pictures_of(exchange.probe)}
    return wanted <= set(answers.codes_in(exchange.reply.text))


def _own(lab: Lab) -> Picture:
    """A picture whose bytes no other area sends: what tools do to it is seen here alone."""
    return variants.heavier(lab.pictures["sheet-07"], OWN)


def _has_words(exchange: Exchange) -> bool:
    return bool(exchange.reply.text.strip())


# ---------------------------------------------------------------- tools


def _arguments(exchange: Exchange) -> list[str]:
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
        named = {code for text in _arguments(exchange) for code in answers.codes_in(text)}
        return named.issuperset(wanted)

    try:
        exchange = yield from _beside(
            lab,
            probe,
            accepts,
            expected,
            (control, lambda e: any(SPOKEN in a for a in _arguments(e))),
        )
    except Failed as failed:
        failed.hint = "the call is missing, or its arguments were made without the picture"
        raise
    return Observed(expected=expected, actual=replies.quote(", ".join(_arguments(exchange))))


def _forced(
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
    over=(Param(id="named", value=_named(NOTE)), Param(id="required", value="required")),
    needs=READ,
    guess=codes.GUESS,
)
def forced_tool_reads(lab: Lab, choice: Json) -> Dialogue:
    """A tool that must be called is called with what the picture shows."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-07"]
    probe, control = _forced(picture, via, choice)
    return (yield from _calls(lab, probe, [picture.facts.code], control))


@check(Level.SHOULD, spec=sources.TOOLS, needs=(*READ, Claim.STREAMING), guess=codes.GUESS)
def streamed_tool_call_reads(lab: Lab) -> Dialogue:
    """A tool call that is streamed is made with what the picture shows."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-07"]
    probe, control = _forced(picture, via, _named(NOTE), stream=True)
    return (yield from _calls(lab, probe, [picture.facts.code], control))


@check(Level.SHOULD, spec=sources.TOOLS, needs=(*READ, Claim.URL), guess=codes.GUESS)
def forced_tool_reads_a_url(lab: Lab) -> Dialogue:
    """A tool that must be called is called with what the picture at a URL shows."""
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = lab.pictures["sheet-08"]
    probe, control = _forced(picture, Hosted(), _named(NOTE))
    return (yield from _calls(lab, probe, [picture.facts.code], control))


@check(Level.SHOULD, spec=sources.TOOLS, needs=(*READ, Claim.SEVERAL), guess=codes.GUESS)
def forced_tool_reads_two_pictures(lab: Lab) -> Dialogue:
    """A tool that takes a list is called with what both of two pictures show."""
    via = yield from ways.transport(lab)
    pictures = [lab.pictures["sheet-07"], lab.pictures["sheet-08"]]
    members: dict[str, Json] = {"tools": [NOTE_ALL], "tool_choice": _named(NOTE_ALL)}
    probe = questions.ask(
        *(questions.image(picture, via) for picture in pictures),
        prompts.CODES,
        **members,
    )
    control = questions.ask(f"Note the codes {SPOKEN} and 3HWT9K.", **members)
    return (yield from _calls(lab, probe, [picture.facts.code for picture in pictures], control))


@check(
    Level.SHOULD,
    spec=sources.TOOLS,
    over=(Param(id="unsaid", value=...), "auto", "none"),
    needs=READ,
    guess=codes.GUESS,
)
def picture_beside_an_offered_tool(lab: Lab, choice: Json) -> Dialogue:
    """A picture is read although tools are offered, in words or in the call of one."""
    via = yield from ways.transport(lab)
    picture = _own(lab)
    code = picture.facts.code
    members: dict[str, Json] = {"tools": [NOTE]}
    members |= {} if choice is ... else {"tool_choice": choice}
    expected = f"the code {code}" + ("" if choice == "none" else ", or a call with it")

    def accepts(exchange: Exchange) -> bool:
        said = [replies.answered(exchange, expected)]
        said += [] if choice == "none" else _arguments(exchange)
        return any(answers.reads(text, code) for text in said)

    exchange = yield from _beside(
        lab,
        questions.ask_code(picture, via, **members),
        accepts,
        expected,
        (questions.ask(prompts.READY, **members), _has_words),
    )
    called = ", ".join(_arguments(exchange))
    return Observed(
        expected=expected,
        actual=f"a call: {replies.quote(called)}" if called else replies.told(exchange),
    )


def _called(tool: Json, result: str) -> tuple[Turn, Turn]:
    """A call of the assistant, and what the tool said."""
    function = {"name": tool["function"]["name"], "arguments": "{}"}
    call = [{"id": "call_1", "type": "function", "function": function}]
    asked = Turn(
        parts=(), role="assistant", more=(("content", "null"), ("tool_calls", canonical(call)))
    )
    said = questions.turn(result, role="tool")
    return asked, replace(said, more=(("tool_call_id", canonical("call_1")),))


@check(Level.SHOULD, spec=sources.TOOLS, needs=READ, guess=codes.GUESS)
def picture_before_a_tool_result(lab: Lab) -> Dialogue:
    """A picture is read where the result of a tool stands between the question and the answer."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-14"]
    code = picture.facts.code
    expected = f"the code {code} after the result of a tool"

    def probe(question: str, *parts: Part) -> Probe:
        first = questions.turn(*parts, f"Read the clock, and then tell: {question}")
        return questions.talk(first, *_called(CLOCK, "It is noon."), tools=[CLOCK])

    exchange = yield from _beside(
        lab,
        probe(prompts.CODE, questions.image(picture, via)),
        lambda e: answers.reads(replies.answered(e, expected), code),
        expected,
        (probe(prompts.READY), _has_words),
    )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.MUST, spec=sources.REQUEST, needs=READ, guess=codes.GUESS)
def tools_break_nothing(lab: Lab) -> Dialogue:
    """After a picture beside a tool, read or refused, the same is read without one."""
    via = yield from ways.transport(lab)
    picture = _own(lab)
    risky = yield questions.ask_code(picture, via, tools=[NOTE], tool_choice="auto")
    observed = yield from aftermath.still_reads(lab, via, risky, CONTROL, picture)
    words = questions.ask(f"{prompts.READY} This is question {CONTROL}.")
    yield from reading.until(
        words, lambda text: bool(text.strip()), "an answer to a plain question"
    )
    return observed


# ---------------------------------------------------------------- formats


def _object_in(words: str) -> Json:
    """The JSON object that an answer is; None where it is none."""
    value = jsontext.parse(words)
    return value if not isinstance(value, jsontext.NotJson) and isinstance(value, dict) else None


@check(Level.SHOULD, spec=sources.STRUCTURED, needs=READ, guess=codes.GUESS)
def json_mode_reads(lab: Lab) -> Dialogue:
    """With response_format json_object a picture is read into a JSON object."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-07"]
    members: dict[str, Json] = {"response_format": {"type": "json_object"}}
    question = "What is the code in this picture? Reply in JSON, as an object with the member code."
    words_alone = "The code is KX74MP. Reply in JSON, as an object with the member code."
    code = picture.facts.code
    expected = f"a JSON object with {code}"

    def accepts(exchange: Exchange) -> bool:
        words = replies.answered(exchange, expected)
        return _object_in(words) is not None and answers.reads(words, code)

    exchange = yield from _beside(
        lab,
        questions.ask(questions.image(picture, via), question, **members),
        accepts,
        expected,
        (questions.ask(words_alone, **members), lambda e: _object_in(e.reply.text) is not None),
        Ability.FORM,
    )
    return Observed(expected=expected, actual=replies.told(exchange))


def _schema() -> Json:
    """The schema as ``strict`` wants it: nothing but the rules, and no other members."""
    rules = ("type", "required", "properties")
    ours = contract.schema("code_answer")
    return {name: ours[name] for name in rules} | {"additionalProperties": False}


def _follows(exchange: Exchange) -> bool:
    value = jsontext.parse(exchange.reply.text)
    return not isinstance(value, jsontext.NotJson) and not contract.problems("code_answer", value)


def _fills(lab: Lab, picture: Picture, via: Via, *, stream: bool = False) -> Steps[Observed]:
    """The picture must be read into the schema."""
    named = {"name": "code_answer", "strict": True, "schema": _schema()}
    members: dict[str, Json] = {"response_format": {"type": "json_schema", "json_schema": named}}
    code = picture.facts.code
    expected = f"an object that follows the schema, with {code} as printed_code"

    def accepts(exchange: Exchange) -> bool:
        words = replies.answered(exchange, expected)
        printed = jsontext.text_at(_object_in(words), "printed_code")
        return _follows(exchange) and answers.reads(printed, code)

    question = "What is the code in this picture? Reply in JSON, as the schema says."
    words_alone = "The code KX74MP is printed here. Reply in JSON, as the schema says."
    exchange = yield from _beside(
        lab,
        questions.ask(questions.image(picture, via), question, stream=stream, **members),
        accepts,
        expected,
        (questions.ask(words_alone, stream=stream, **members), _follows),
        Ability.FORM,
    )
    return Observed(expected=expected, actual=replies.told(exchange))


@check(
    Level.SHOULD,
    spec=sources.STRUCTURED,
    over=(
        Param(id="plain", value=False),
        Param(id="streamed", value=True, needs=frozenset({Claim.STREAMING})),
    ),
    needs=READ,
    guess=codes.GUESS,
)
def schema_is_filled(lab: Lab, stream: bool) -> Dialogue:
    """With response_format json_schema a picture is read into an object that follows the schema."""
    via = yield from ways.transport(lab)
    return (yield from _fills(lab, lab.pictures["sheet-07"], via, stream=stream))


@check(
    Level.SHOULD,
    spec=sources.STRUCTURED,
    needs=(*READ, Claim.DATA_URL, Claim.GIF),
    guess=codes.GUESS,
)
def gif_fills_a_schema(lab: Lab) -> Dialogue:
    """A GIF is read into a schema where a GIF is read and a PNG is read into a schema."""
    yield from ways.through(lab, Inline(), "base64/plain")
    gif = lab.pictures["gif-still"]
    for by, alone in (
        ("base64/format-is-read", reading.reads(questions.ask_code(gif), gif.facts.code)),
        ("tools/schema-is-filled", _fills(lab, lab.pictures["sheet-07"], Inline())),
    ):
        try:
            yield from alone
        except Failed as failed:
            raise Blocked(by, f"one of the two fails by itself: {failed.actual}") from None
    return (yield from _fills(lab, gif, Inline()))
