"""Other doors of the same endpoint: /responses and /messages. Nobody has to offer them.

Where one answers a plain question it is held to what it does with pictures: a converter between
dialects that knows no pictures loses them without a word.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes, variants
from conformance.judging import answers, bills, refusals, replies, ways
from conformance.model import (
    Blocked,
    Claim,
    Credential,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    ImagePart,
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
    Service,
    Steps,
    Symptom,
    Turn,
    Verbatim,
    Via,
    Way,
    canonical,
)
from conformance.registry import check
from conformance.wire import messages

READ = (Claim.READING,)
PAID = (Claim.USAGE,)
BOTH = (Service.RESPONSES, Service.MESSAGES)
DOORS = tuple(Param(id=str(service), value=service) for service in BOTH)
#: Bytes of a picture that is heavy for its pixels: a hundred thousand tokens, if they were text.
HEAVY = 400_000


# ---------------------------------------------------------------- doors


def _door(service: Service) -> Steps[Probe]:
    """How this door is knocked at; NotApplicable where it answers no plain question."""
    headers = () if service is Service.RESPONSES else (messages.VERSION,)
    knock = replace(questions.READY, service=service, headers=headers)
    exchange = yield knock
    if exchange.status in (401, 403):
        knock = replace(knock, credential=Credential.X_API_KEY)
        exchange = yield knock
    replies.judgeable(exchange)
    usage = exchange.reply.usage
    counted = usage is not None and usage.prompt is not None
    opens = counted if service is Service.COUNT_TOKENS else bool(exchange.reply.text.strip())
    if exchange.status != 200 or exchange.reply.is_error or not opens:
        raise NotApplicable(
            f"no plain question is answered there: {exchange.status}", why=Reason.NOT_OFFERED
        )
    return knock


def _at(door: Probe, probe: Probe) -> Probe:
    """The same question at another door."""
    return replace(probe, service=door.service, headers=door.headers, credential=door.credential)


# ---------------------------------------------------------------- reading


def _ways() -> Iterator[Param]:
    open_ways: tuple[tuple[Claim, Way], ...] = ((Claim.DATA_URL, Inline()), (Claim.URL, Hosted()))
    for service in BOTH:
        for claim, via in open_ways:
            name = "base64" if claim is Claim.DATA_URL else "url"
            yield Param(id=f"{service}-{name}", value=(service, via), needs=frozenset({claim}))


@check(Level.MAY, spec=sources.RESPONSES, over=tuple(_ways()), needs=READ, guess=codes.GUESS)
def picture_is_read(lab: Lab, way: tuple[Service, Way]) -> Dialogue:
    """A picture in another dialect that is spoken here is read or refused, not ignored."""
    service, via = way
    yield from ways.through(lab, via, "base64/plain" if isinstance(via, Inline) else "url/plain")
    door = yield from _door(service)
    picture = lab.pictures["sheet-09"]
    probe = _at(door, questions.ask_code(picture, via))
    return (
        yield from refusals.reads_or_refuses(probe, picture.facts.code, f"a picture at {service}")
    )


@check(Level.SHOULD, spec=sources.MESSAGES, over=DOORS, needs=(*READ, Claim.DATA_URL))
def picture_is_accepted(lab: Lab, service: Service) -> Dialogue:
    """A picture in base64 is accepted in every dialect that is spoken here."""
    yield from ways.through(lab, Inline(), "base64/plain")
    door = yield from _door(service)
    exchange = yield _at(door, questions.ask_code(lab.pictures["sheet-09"], Inline()))
    expected = f"an answer to a picture at {service}"
    replies.answered(exchange, expected)
    return Observed(expected=expected, actual=replies.told(exchange))


@check(
    Level.MAY, spec=sources.MESSAGES, over=DOORS, needs=(*READ, Claim.SEVERAL), guess=codes.GUESS
)
def order_is_kept(lab: Lab, service: Service) -> Dialogue:
    """Three pictures in another dialect are named in the order in which they were given."""
    via = yield from ways.transport(lab)
    door = yield from _door(service)
    pictures = [lab.pictures[f"sheet-{n:02}"] for n in (9, 10, 11)]
    wanted = tuple(picture.facts.code for picture in pictures)
    probe = _at(
        door, questions.ask(*(questions.image(picture, via) for picture in pictures), prompts.CODES)
    )

    said: set[str] = set()

    def accepts(words: str) -> bool:
        named = [code for code in answers.codes_in(words) if code in wanted]
        said.update(named)
        return tuple(dict.fromkeys(named)) == wanted

    seen = f"{', '.join(wanted)} in this order"
    try:
        return (
            yield from refusals.refuses_or(probe, accepts, f"three pictures at {service}", seen)
        )
    except Failed as failed:
        if failed.symptom is Symptom.NOT_READ and said.issuperset(wanted):
            failed.symptom = Symptom.ORDER
        raise


LOOK: Json = {
    "type": "function",
    "function": {
        "name": "look",
        "description": "Shows the picture.",
        "parameters": {"type": "object", "properties": {}},
    },
}


def _shown_by_a_tool(*parts: Part) -> Probe:
    """A conversation in which a tool has been called, and these parts are its result."""
    call = [{"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]
    calls = Turn(parts=(), role="assistant", more=(("tool_calls", canonical(call)),))
    said = questions.turn("Here it is.", *parts, role="tool")
    result = replace(said, more=(("tool_call_id", canonical("call_1")),))
    return questions.talk(
        questions.turn(f"Call look, and then tell: {prompts.CODE}"), calls, result, tools=[LOOK]
    )


@check(Level.MAY, spec=sources.RESPONSES, over=DOORS, needs=READ, guess=codes.GUESS)
def picture_in_a_tool_result(lab: Lab, service: Service) -> Dialogue:
    """A picture in the result of a tool is read or refused in another dialect, not ignored."""
    via = yield from ways.transport(lab)
    door = yield from _door(service)
    picture = lab.pictures["sheet-09"]
    probe = _at(door, _shown_by_a_tool(questions.image(picture, via)))
    what = f"a picture in the result of a tool at {service}"
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, what))


@check(Level.MAY, spec=sources.MESSAGES, over=DOORS, needs=(*READ, Claim.DATA_URL))
def bytes_that_are_no_picture_are_refused(lab: Lab, service: Service) -> Dialogue:
    """Bytes that are no picture are refused in another dialect where they are in chat."""
    yield from ways.through(lab, Inline(), "base64/plain")
    probe = questions.ask_code(lab.pictures["text"], Inline(media_type="image/png"))
    try:
        yield from refusals.refuses(probe, "bytes that are no picture")
    except Failed as failed:
        raise Blocked("base64/bytes-that-are-no-picture-are-refused", failed.actual) from None
    door = yield from _door(service)
    return (
        yield from refusals.refuses(_at(door, probe), f"bytes that are no picture, at {service}")
    )


# ---------------------------------------------------------------- parts of another dialect


def _foreign(picture: Picture) -> dict[str, Json]:
    data = base64.b64encode(picture.data).decode()
    source = {"type": "base64", "media_type": picture.media_type, "data": data}
    return {
        "messages-block": {"type": "image", "source": source},
        "responses-part": {
            "type": "input_image",
            "image_url": f"data:{picture.media_type};base64,{data}",
        },
    }


@check(
    Level.MAY,
    spec=sources.IMAGE_PART,
    over=("messages-block", "responses-part"),
    needs=(*READ, Claim.DATA_URL),
    guess=codes.GUESS,
)
def part_of_another_dialect(lab: Lab, name: str) -> Dialogue:
    """A picture written in another dialect is read or refused in chat, not ignored."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["sheet-20"]
    written = Verbatim(json=canonical(_foreign(picture)[name]), whole_part=True)
    probe = questions.ask(ImagePart(picture=picture, via=written), prompts.CODE)
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, f"a {name} in chat"))


# ---------------------------------------------------------------- costs

#: What is asked where: in a message, in the result of a tool, or for a count alone.
PLACES = (
    *(Param(id=str(s), value=(s, "message")) for s in (*BOTH, Service.COUNT_TOKENS)),
    *(Param(id=f"{s}-tool-result", value=(s, "tool-result")) for s in BOTH),
)


def _question(place: str, picture: Picture | None, via: Via) -> Probe:
    parts = [questions.image(picture, via)] if picture else []
    return (
        _shown_by_a_tool(*parts) if place == "tool-result" else questions.ask(*parts, prompts.CODE)
    )


def _input_tokens(probe: Probe) -> Steps[int]:
    """What a request is counted as; NotApplicable where it is refused, or nothing counted."""
    exchange: Exchange = replies.judgeable((yield probe))
    usage = exchange.reply.usage
    if exchange.status != 200 or usage is None or usage.prompt is None:
        raise NotApplicable(
            f"no input_tokens to look at: {replies.told(exchange)}", why=Reason.NOT_OFFERED
        )
    return usage.prompt


@check(Level.MAY, spec=sources.COUNT_TOKENS, over=PLACES, needs=PAID)
def picture_costs_something(lab: Lab, at: tuple[Service, str]) -> Dialogue:
    """In another dialect, too, a request with a picture costs more than the same without."""
    service, place = at
    via = yield from ways.transport(lab)
    door = yield from _door(service)
    without = yield from _input_tokens(_at(door, _question(place, None, via)))
    picture = lab.pictures["size-512x512"]
    with_one = yield from _input_tokens(_at(door, _question(place, picture, via)))
    expected = f"more than the {without} input_tokens of the text alone"
    if with_one <= without:
        hint = "the picture is lost on the way, or never counted"
        raise Failed(
            f"{with_one} with a picture", symptom=Symptom.BILL_LOW, expected=expected, hint=hint
        )
    return Observed(expected=expected, actual=f"{with_one} with a picture")


@check(Level.MAY, spec=sources.COUNT_TOKENS, over=PLACES, needs=(*PAID, Claim.DATA_URL))
def bytes_do_not_count(lab: Lab, at: tuple[Service, str]) -> Dialogue:
    """In another dialect, too, the same pixels cost the same, however many bytes encode them."""
    service, place = at
    yield from ways.through(lab, Inline(), "base64/plain")
    door = yield from _door(service)
    light = lab.pictures["bytes-light"]
    heavy = variants.heavier(light, HEAVY)
    less = yield from _input_tokens(_at(door, _question(place, light, Inline())))
    more = yield from _input_tokens(_at(door, _question(place, heavy, Inline())))
    expected = f"{less} input_tokens for {len(heavy.data)} bytes as for {len(light.data)}"
    actual = f"{more} for {len(heavy.data)} bytes"
    if abs(more - less) > max(bills.FRAMING, less // 50):
        raise Failed(
            actual,
            symptom=bills.off(more, less),
            expected=expected,
            hint="base64 is counted as text",
        )
    return Observed(expected=expected, actual=actual)


@check(Level.MAY, spec=sources.RESPONSES, needs=(*PAID, Claim.DETAIL))
def detail_is_kept(lab: Lab) -> Dialogue:
    """Low and high differ in cost at /responses where they differ in chat."""
    via = yield from ways.transport(lab)
    door = yield from _door(Service.RESPONSES)
    picture = lab.pictures["size-1024x1024"]
    low, high = (
        questions.ask(questions.image(picture, via, d), prompts.CODE) for d in ("low", "high")
    )
    gap = (yield from bills.cost(high)) - (yield from bills.cost(low))
    here = (yield from _input_tokens(_at(door, high))) - (yield from _input_tokens(_at(door, low)))
    expected = f"a difference, as of {gap} in chat"
    if abs(here) <= bills.FRAMING < abs(gap):
        hint = "detail is lost between the dialects"
        raise Failed(
            f"a difference of {here}",
            symptom=Symptom.BILL_INCONSISTENT,
            expected=expected,
            hint=hint,
        )
    return Observed(expected=expected, actual=f"a difference of {here}")
