"""Pictures in another dialect: read, accepted, in order, from tools, or refused."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.asking import prompts, questions, sources
from conformance.checks.dialects._doors import BOTH, at_door, open_door, shown_by_a_tool
from conformance.drawing import codes
from conformance.judging import answers, premises, refusals, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Failed,
    Hosted,
    Inline,
    Lab,
    Level,
    Observed,
    Param,
    Service,
    Symptom,
    Way,
)
from conformance.registry import check

READ = (Claim.READING,)
DOORS = tuple(Param(id=str(service), value=service) for service in BOTH)


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
    door = yield from open_door(service)
    picture = lab.pictures["sheet-09"]
    probe = at_door(door, questions.ask_code(picture, via))
    return (
        yield from refusals.reads_or_refuses(probe, picture.facts.code, f"a picture at {service}")
    )


@check(Level.SHOULD, spec=sources.MESSAGES, over=DOORS, needs=(*READ, Claim.DATA_URL))
def picture_is_accepted(lab: Lab, service: Service) -> Dialogue:
    """A picture in base64 is accepted in every dialect that is spoken here."""
    yield from ways.through(lab, Inline(), "base64/plain")
    door = yield from open_door(service)
    exchange = yield at_door(door, questions.ask_code(lab.pictures["sheet-09"], Inline()))
    expected = f"an answer to a picture at {service}"
    replies.answered(exchange, expected)
    return Observed(expected=expected, actual=replies.told(exchange))


@check(
    Level.MAY, spec=sources.MESSAGES, over=DOORS, needs=(*READ, Claim.SEVERAL), guess=codes.GUESS
)
def order_is_kept(lab: Lab, service: Service) -> Dialogue:
    """Three pictures in another dialect are named in the order in which they were given."""
    via = yield from ways.transport(lab)
    door = yield from open_door(service)
    pictures = [lab.pictures[f"sheet-{n:02}"] for n in (9, 10, 11)]
    wanted = tuple(picture.facts.code for picture in pictures)
    probe = at_door(
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


@check(Level.MAY, spec=sources.RESPONSES, over=DOORS, needs=READ, guess=codes.GUESS)
def picture_in_a_tool_result(lab: Lab, service: Service) -> Dialogue:
    """A picture in the result of a tool is read or refused in another dialect, not ignored."""
    via = yield from ways.transport(lab)
    door = yield from open_door(service)
    picture = lab.pictures["sheet-09"]
    probe = at_door(door, shown_by_a_tool(questions.image(picture, via)))
    what = f"a picture in the result of a tool at {service}"
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, what))


@check(Level.MAY, spec=sources.MESSAGES, over=DOORS, needs=(*READ, Claim.DATA_URL))
def bytes_that_are_no_picture_are_refused(lab: Lab, service: Service) -> Dialogue:
    """Bytes that are no picture are refused in another dialect where they are in chat."""
    yield from ways.through(lab, Inline(), "base64/plain")
    probe = questions.ask_code(lab.pictures["text"], Inline(media_type="image/png"))
    refused = refusals.refuses(probe, "bytes that are no picture")
    yield from premises.or_blocked(refused, "base64/bytes-that-are-no-picture-are-refused")
    door = yield from open_door(service)
    return (
        yield from refusals.refuses(
            at_door(door, probe), f"bytes that are no picture, at {service}"
        )
    )
