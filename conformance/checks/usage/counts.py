"""The counts are there, add up, and count the picture."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.judging import bills, replies, ways
from conformance.model import Blocked, Claim, Dialogue, Failed, Lab, Level, Observed, Symptom
from conformance.registry import check

PAID = (Claim.USAGE,)


@check(Level.MUST, spec=sources.USAGE, needs=PAID)
def counts_are_whole(lab: Lab) -> Dialogue:
    """The reply to a picture carries three token counts, each a whole number."""
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-01"], via)
    expected = "usage with prompt_tokens, completion_tokens and total_tokens"
    replies.answered(exchange, expected)
    usage = exchange.reply.usage
    if usage is None or None in (usage.prompt, usage.completion, usage.total):
        raise Failed(
            f"usage {replies.shown(replies.member(exchange, 'usage'))}",
            symptom=Symptom.BILL_MISSING,
            expected=expected,
        )
    return Observed(expected=expected, actual=f"{usage.prompt}, {usage.completion}, {usage.total}")


@check(Level.MUST, spec=sources.USAGE, needs=PAID)
def total_is_the_sum(lab: Lab) -> Dialogue:
    """The total is the sum of prompt and completion tokens."""
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-01"], via)
    prompt = bills.prompt_tokens(exchange)
    usage = exchange.reply.usage
    if usage is None or usage.completion is None or usage.total is None:
        raise Blocked("usage/counts-are-whole", "a count is missing")
    expected = f"{prompt} + {usage.completion} = {prompt + usage.completion}"
    if usage.total != prompt + usage.completion:
        raise Failed(
            f"a total of {usage.total}", symptom=Symptom.BILL_INCONSISTENT, expected=expected
        )
    return Observed(expected=expected, actual=f"a total of {usage.total}")


@check(Level.MUST, spec=sources.IMAGE_COST, needs=PAID)
def picture_costs_something(lab: Lab) -> Dialogue:
    """A request with a picture costs more than the same request without."""
    via = yield from ways.transport(lab)
    without = yield from bills.cost(questions.ask(prompts.CODE))
    with_one = yield from bills.cost(questions.ask_code(lab.pictures["size-512x512"], via))
    expected = f"more than the {without} prompt tokens of the text alone"
    actual = f"{with_one} with a picture"
    if with_one <= without:
        hint = "usage does not count pictures: made up, or counted before the picture was added"
        raise Failed(actual, symptom=Symptom.BILL_LOW, expected=expected, hint=hint)
    return Observed(expected=expected, actual=actual)
