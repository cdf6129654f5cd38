"""What pictures cost in another dialect."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.dialects._doors import BOTH, at_door, open_door, shown_by_a_tool
from conformance.drawing import variants
from conformance.judging import bills, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Inline,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Param,
    Picture,
    Probe,
    Reason,
    Service,
    Steps,
    Symptom,
    Via,
)
from conformance.registry import check

PAID = (Claim.USAGE,)
#: Bytes of a picture that is heavy for its pixels: a hundred thousand tokens, if they were text.
HEAVY = 400_000
#: What is asked where: in a message, in the result of a tool, or for a count alone.
PLACES = (
    *(Param(id=str(s), value=(s, "message")) for s in (*BOTH, Service.COUNT_TOKENS)),
    *(Param(id=f"{s}-tool-result", value=(s, "tool-result")) for s in BOTH),
)


def _question(place: str, picture: Picture | None, via: Via) -> Probe:
    parts = [questions.image(picture, via)] if picture else []
    return (
        shown_by_a_tool(*parts) if place == "tool-result" else questions.ask(*parts, prompts.CODE)
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
    door = yield from open_door(service)
    without = yield from _input_tokens(at_door(door, _question(place, None, via)))
    picture = lab.pictures["size-512x512"]
    with_one = yield from _input_tokens(at_door(door, _question(place, picture, via)))
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
    door = yield from open_door(service)
    light = lab.pictures["bytes-light"]
    heavy = variants.heavier(light, HEAVY)
    less = yield from _input_tokens(at_door(door, _question(place, light, Inline())))
    more = yield from _input_tokens(at_door(door, _question(place, heavy, Inline())))
    expected = f"{less} input_tokens for {heavy.weight} bytes as for {light.weight}"
    actual = f"{more} for {heavy.weight} bytes"
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
    door = yield from open_door(Service.RESPONSES)
    picture = lab.pictures["size-1024x1024"]
    low, high = (
        questions.ask(questions.image(picture, via, d), prompts.CODE) for d in ("low", "high")
    )
    gap = (yield from bills.cost(high)) - (yield from bills.cost(low))
    here = (yield from _input_tokens(at_door(door, high))) - (
        yield from _input_tokens(at_door(door, low))
    )
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
