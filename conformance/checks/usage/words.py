"""The words of the answer, those beside a picture, and those after one."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.judging import bills, replies, ways
from conformance.model import Blocked, Claim, Dialogue, Failed, Json, Lab, Level, Observed, Symptom
from conformance.registry import check
from conformance.tokens.bill import FRAME

PAID = (Claim.USAGE,)
#: Output limits in tokens. The answer to the long question, some 900 tokens, fills both.
LIMITS = (16, 256)
#: Words that say nothing, some hundred tokens of them.
WORDS = "\n".join(f"Line {n} is a line that tells nothing of the picture." for n in range(1, 31))
#: No tokenizer makes fewer tokens than one of so many characters of English.
SPARSE = 12
#: Number of the sample that no other check shares, so that it is sent when its turn comes.
AFRESH = 100


@check(Level.MUST, spec=sources.USAGE, needs=PAID)
def answer_costs_something(lab: Lab) -> Dialogue:
    """An answer that is not empty costs at least one completion token."""
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["sheet-01"], via)
    expected = "at least one completion token"
    words = replies.answered(exchange, expected)
    spent = exchange.reply.usage.completion if exchange.reply.usage else None
    if spent is None:
        raise Blocked("usage/counts-are-whole", "the reply carries no completion_tokens")
    actual = f"{spent} for {replies.quote(words)}"
    if spent == 0 and words.strip():
        raise Failed(actual, symptom=Symptom.BILL_LOW, expected=expected, hint="usage is made up")
    return Observed(expected=expected, actual=actual)


@check(Level.MUST, spec=sources.USAGE, needs=PAID)
def answer_does_not_change_the_prompt(lab: Lab) -> Dialogue:
    """The prompt tokens of a request do not depend on the length of its answer."""
    via = yield from ways.transport(lab)
    costs = []
    for limit in LIMITS:
        wanted: dict[str, Json] = {lab.target.output_limit: limit}
        exchange = yield questions.ask(
            questions.image(lab.pictures["sheet-01"], via), prompts.LONG, **wanted
        )
        costs.append(bills.prompt_at(exchange))
    expected = f"{costs[0]} prompt tokens with an output limit of {LIMITS[1]} as of {LIMITS[0]}"
    actual = f"{costs[1]} with {LIMITS[1]}"
    if abs(costs[1] - costs[0]) > FRAME:
        hint = "the answer, or what is set aside for it, is counted among the prompt tokens"
        raise Failed(actual, symptom=Symptom.BILL_INCONSISTENT, expected=expected, hint=hint)
    return Observed(expected=expected, actual=actual)


@check(Level.MUST, spec=sources.USAGE, needs=PAID)
def words_cost_the_same_beside_a_picture(lab: Lab) -> Dialogue:
    """More words cost as much more beside a picture as alone."""
    via = yield from ways.transport(lab)
    picture = questions.image(lab.pictures["sheet-01"], via)
    longer = f"{WORDS}\n\n{prompts.CODE}"
    bare = yield from bills.cost(questions.ask(prompts.CODE))
    alone = (yield from bills.cost(questions.ask(longer))) - bare
    short = yield from bills.cost(questions.ask(picture, prompts.CODE))
    beside = (yield from bills.cost(questions.ask(picture, longer))) - short
    least = len(WORDS) // SPARSE
    expected = f"at least {least} tokens more for {len(WORDS)} more characters, and as many alone"
    actual = f"{beside} more beside a picture, {alone} more alone"
    if beside < least or abs(beside - alone) > max(FRAME, alone // 20):
        hint = "the words beside a picture are not all counted, or usage is a constant"
        raise Failed(actual, symptom=Symptom.BILL_INCONSISTENT, expected=expected, hint=hint)
    return Observed(expected=expected, actual=actual)


@check(Level.SHOULD, spec=sources.USAGE, needs=PAID, steps=6)
def text_costs_the_same_after_pictures(lab: Lab) -> Dialogue:
    """The same text without a picture costs the same before, between and after pictures."""
    via = yield from ways.transport(lab)
    costs = [(yield from bills.cost(questions.ask(prompts.CODE)))]
    # Of two sizes: what the first text may hold of an earlier picture is not what the last holds.
    for sample, name in enumerate(("sheet-05", "size-1024x1024"), 1):
        yield from bills.cost(replace(questions.ask_code(lab.pictures[name], via), sample=AFRESH))
        costs.append((yield from bills.cost(replace(questions.ask(prompts.CODE), sample=sample))))
    expected = f"{costs[0]} prompt tokens each time"
    actual = ", ".join(map(str, costs))
    if max(costs) - min(costs) > max(FRAME, costs[0] // 20):
        hint = "the bill of a text holds something of a picture sent before"
        raise Failed(actual, symptom=Symptom.BILL_INCONSISTENT, expected=expected, hint=hint)
    return Observed(expected=expected, actual=actual)
