"""What must cost the same: the same pixels, requests and sizes, streamed or not."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.judging import bills, replies, ways
from conformance.model import Blocked, Claim, Dialogue, Failed, Lab, Level, Observed, Symptom
from conformance.registry import check

PAID = (Claim.USAGE,)


@check(Level.MUST, spec=sources.IMAGE_COST, needs=PAID)
def bytes_do_not_count(lab: Lab) -> Dialogue:
    """The same pixels cost the same, however many bytes encode them."""
    via = yield from ways.transport(lab)
    light, heavy = lab.pictures["bytes-light"], lab.pictures["bytes-heavy"]
    less = yield from bills.cost(questions.ask_code(light, via))
    more = yield from bills.cost(questions.ask_code(heavy, via))
    expected = f"{less} prompt tokens for {heavy.weight} bytes as for {light.weight}"
    actual = f"{more} for {heavy.weight} bytes"
    if abs(more - less) > max(4, less // 50):
        raise Failed(
            actual,
            symptom=bills.off(more, less),
            expected=expected,
            hint="base64 is counted as text",
        )
    return Observed(expected=expected, actual=actual)


@check(Level.MUST, spec=sources.USAGE, needs=(*PAID, Claim.STREAMING))
def stream_costs_the_same(lab: Lab) -> Dialogue:
    """A streamed reply counts as many prompt tokens as the plain one."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-02"]
    plain = yield from bills.cost(questions.ask_code(picture, via))
    options = {"include_usage": True}
    streamed = yield questions.ask_code(picture, via, stream=True, stream_options=options)
    replies.answered(streamed, "a stream with usage")
    usage = streamed.reply.usage
    if usage is None or usage.prompt is None:
        raise Blocked("streaming/usage-when-asked", "the stream carries no usage")
    expected = f"{plain} prompt tokens, as without streaming"
    if usage.prompt != plain:
        raise Failed(
            f"{usage.prompt} when streamed", symptom=Symptom.BILL_INCONSISTENT, expected=expected
        )
    return Observed(expected=expected, actual=f"{usage.prompt} when streamed")


@check(Level.SHOULD, spec=sources.USAGE, needs=PAID)
def equal_requests_cost_the_same(lab: Lab) -> Dialogue:
    """The same request costs the same prompt tokens each time."""
    via = yield from ways.transport(lab)
    probe = questions.ask_code(lab.pictures["size-512x512"], via)
    costs = []
    for sample in range(3):
        costs.append((yield from bills.cost(replace(probe, sample=sample))))
    expected = "one cost in three requests"
    actual = ", ".join(map(str, costs))
    if len(set(costs)) > 1:
        raise Failed(
            actual,
            symptom=Symptom.BILL_INCONSISTENT,
            expected=expected,
            hint="usage is estimated or made up",
        )
    return Observed(expected=expected, actual=actual)


@check(Level.MUST, spec=sources.IMAGE_COST, needs=PAID)
def equally_large_pictures_cost_the_same(lab: Lab) -> Dialogue:
    """Two pictures of one size cost the same, whatever they show."""
    via = yield from ways.transport(lab)
    first = yield from bills.cost(
        questions.ask(questions.image(lab.pictures["sheet-03"], via), prompts.CODE)
    )
    second = yield from bills.cost(
        questions.ask(questions.image(lab.pictures["sheet-04"], via), prompts.CODE)
    )
    expected = f"{first} prompt tokens for both"
    if abs(first - second) > 2:
        raise Failed(f"{first} and {second}", symptom=Symptom.BILL_INCONSISTENT, expected=expected)
    return Observed(expected=expected, actual=f"{first} and {second}")
