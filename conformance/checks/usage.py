"""Token accounting of pictures, as far as no model's secret constants are needed."""

from __future__ import annotations

from dataclasses import replace

from conformance import prompts
from conformance.dialogue import (
    answered,
    ask,
    ask_code,
    cost,
    image,
    member,
    prompt_tokens,
    shown,
    transport,
)
from conformance.model import Blocked, Claim, Dialogue, Failed, Lab, Level, Observed
from conformance.registry import check
from conformance.sources import IMAGE_COST, USAGE

PAID = (Claim.USAGE,)
COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")


@check(Level.MUST, spec=USAGE, needs=PAID)
def counts_are_whole(lab: Lab) -> Dialogue:
    """The reply to a picture carries three token counts, each a whole number."""
    via = yield from transport(lab)
    exchange = yield ask_code(lab.pictures["sheet-01"], via)
    expected = "usage with prompt_tokens, completion_tokens and total_tokens"
    answered(exchange, expected)
    usage = exchange.reply.usage
    if usage is None or None in (usage.prompt, usage.completion, usage.total):
        raise Failed(f"usage {shown(member(exchange, 'usage'))}", expected=expected)
    return Observed(expected=expected, actual=f"{usage.prompt}, {usage.completion}, {usage.total}")


@check(Level.MUST, spec=USAGE, needs=PAID)
def total_is_the_sum(lab: Lab) -> Dialogue:
    """The total is the sum of prompt and completion tokens."""
    via = yield from transport(lab)
    exchange = yield ask_code(lab.pictures["sheet-01"], via)
    prompt = prompt_tokens(exchange)
    usage = exchange.reply.usage
    if usage is None or usage.completion is None or usage.total is None:
        raise Blocked("usage/counts-are-whole", "a count is missing")
    expected = f"{prompt} + {usage.completion} = {prompt + usage.completion}"
    if usage.total != prompt + usage.completion:
        raise Failed(f"a total of {usage.total}", expected=expected)
    return Observed(expected=expected, actual=f"a total of {usage.total}")


@check(Level.MUST, spec=IMAGE_COST, needs=PAID)
def picture_costs_something(lab: Lab) -> Dialogue:
    """A request with a picture costs more than the same request without."""
    via = yield from transport(lab)
    without = yield from cost(ask(prompts.CODE))
    with_one = yield from cost(ask_code(lab.pictures["size-512x512"], via))
    expected = f"more than the {without} prompt tokens of the text alone"
    actual = f"{with_one} with a picture"
    if with_one <= without:
        hint = "usage does not count pictures: made up, or counted before the picture was added"
        raise Failed(actual, expected=expected, hint=hint)
    return Observed(expected=expected, actual=actual)


@check(Level.MUST, spec=IMAGE_COST, needs=PAID)
def bytes_do_not_count(lab: Lab) -> Dialogue:
    """The same pixels cost the same, however many bytes encode them."""
    via = yield from transport(lab)
    light, heavy = lab.pictures["bytes-light"], lab.pictures["bytes-heavy"]
    less = yield from cost(ask_code(light, via))
    more = yield from cost(ask_code(heavy, via))
    expected = f"{less} prompt tokens for {len(heavy.data)} bytes as for {len(light.data)}"
    actual = f"{more} for {len(heavy.data)} bytes"
    if abs(more - less) > max(4, less // 50):
        raise Failed(actual, expected=expected, hint="base64 is counted as text")
    return Observed(expected=expected, actual=actual)


@check(Level.MUST, spec=USAGE, needs=(*PAID, Claim.STREAMING))
def stream_costs_the_same(lab: Lab) -> Dialogue:
    """A streamed reply counts as many prompt tokens as the plain one."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-02"]
    plain = yield from cost(ask_code(picture, via))
    options = {"include_usage": True}
    streamed = yield ask_code(picture, via, stream=True, stream_options=options)
    answered(streamed, "a stream with usage")
    usage = streamed.reply.usage
    if usage is None or usage.prompt is None:
        raise Blocked("streaming/usage-when-asked", "the stream carries no usage")
    expected = f"{plain} prompt tokens, as without streaming"
    if usage.prompt != plain:
        raise Failed(f"{usage.prompt} when streamed", expected=expected)
    return Observed(expected=expected, actual=f"{usage.prompt} when streamed")


@check(Level.SHOULD, spec=USAGE, needs=PAID)
def equal_requests_cost_the_same(lab: Lab) -> Dialogue:
    """The same request costs the same prompt tokens each time."""
    via = yield from transport(lab)
    probe = ask_code(lab.pictures["size-512x512"], via)
    costs = []
    for sample in range(3):
        costs.append((yield from cost(replace(probe, sample=sample))))
    expected = "one cost in three requests"
    actual = ", ".join(map(str, costs))
    if len(set(costs)) > 1:
        raise Failed(actual, expected=expected, hint="usage is estimated or made up")
    return Observed(expected=expected, actual=actual)


@check(Level.MUST, spec=IMAGE_COST, needs=PAID)
def equally_large_pictures_cost_the_same(lab: Lab) -> Dialogue:
    """Two pictures of one size cost the same, whatever they show."""
    via = yield from transport(lab)
    first = yield from cost(ask(image(lab.pictures["sheet-03"], via), prompts.CODE))
    second = yield from cost(ask(image(lab.pictures["sheet-04"], via), prompts.CODE))
    expected = f"{first} prompt tokens for both"
    if abs(first - second) > 2:
        raise Failed(f"{first} and {second}", expected=expected)
    return Observed(expected=expected, actual=f"{first} and {second}")
