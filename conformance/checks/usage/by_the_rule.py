"""What pictures cost by published rules: the least, the most, and the rate."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.judging import bills, replies, ways
from conformance.model import Blocked, Claim, Dialogue, Failed, Lab, Level, Observed, Symptom
from conformance.registry import check
from conformance.tokens.bill import FRAME, LEEWAY
from conformance.tokens.rules import RULES, is_of_the_guide

PAID = (Claim.USAGE,)
#: Most tokens of a short question with its template. OpenAI counts three per message and three for
#: the reply (Cookbook, "How to count tokens"); open models bring system prompts of their own.
GUIDED_TEMPLATE, MOST_TEMPLATE = 100, 1000


@check(Level.SHOULD, spec=sources.IMAGE_COST, needs=PAID)
def cost_is_one_that_some_model_bills(lab: Lab) -> Dialogue:
    """A picture of a megapixel costs no more than twice what the dearest known model bills."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["size-1024x1024"]
    own = (r.cost(picture.width, picture.height, "high") for r in RULES if not r.estimates)
    most = 2 * max(own)
    bare = yield from bills.cost(questions.ask(prompts.CODE))
    billed = (yield from bills.cost(questions.ask_code(picture, via))) - bare
    expected = f"at most {most} prompt tokens for 1024 by 1024 pixels"
    if billed > most:
        raise Failed(
            f"{billed} prompt tokens",
            symptom=Symptom.BILL_HIGH,
            expected=expected,
            hint="bytes are counted as text",
        )
    return Observed(expected=expected, actual=f"{billed} prompt tokens")


@check(Level.MUST, spec=sources.IMAGE_COST, needs=PAID)
def prompt_covers_its_picture(lab: Lab) -> Dialogue:
    """The prompt tokens are no fewer than the least that the picture costs by OpenAI's guide."""
    rules = bills.guided(lab)
    via = yield from ways.transport(lab)
    shot = bills.shots_of(lab)[0]
    least = shot.least(rules)
    exchange = yield bills.asked(shot, via)
    if bills.is_refused(exchange):
        raise Blocked(bills.BY_DETAIL, f"the picture is refused: {replies.told(exchange)}")
    found = bills.prompt_tokens(exchange)
    expected = f"at least {least} prompt tokens, by the rule of {rules[0].name}"
    if found < least - FRAME:
        raise Failed(
            f"{found} prompt tokens",
            symptom=Symptom.BILL_LOW,
            expected=expected,
            hint="usage is made up",
        )
    return Observed(expected=expected, actual=f"{found} prompt tokens")


@check(Level.SHOULD, spec=sources.IMAGE_COST, needs=PAID, steps=8)
def costs_follow_the_rule(lab: Lab) -> Dialogue:
    """What pictures of several sizes cost follows the published rule of the model."""
    measured = yield from bills.bill_of(lab)
    found = measured.bill
    expected = (
        f"within {found.allowed:.0f} tokens of the rule of {found.rule.name}, one constant apart"
    )
    actual = f"off by up to {found.off:.0f}: {found}"
    if found.off > found.allowed:
        hint = (
            "billed by another rule, or by a factor; `vision-conformance fingerprint` tells which"
        )
        raise measured.wrong(actual, expected=expected, hint=hint)
    return Observed(expected=expected, actual=actual)


@check(Level.MUST, spec=sources.IMAGE_COST, needs=PAID, steps=8)
def rate_is_that_of_the_guide(lab: Lab) -> Dialogue:
    """Pictures are billed at the rate of OpenAI's guide, neither more nor less."""
    bills.guided(lab)
    measured = yield from bills.bill_of(lab)
    found = measured.bill
    rate = found.line
    expected = f"100 % of the rule of {found.rule.name}"
    if rate is None:
        bound = found.at_least(LEEWAY)
        if bound:
            hint = "billed by another rule besides"
            share = f"{bound} of the price by the rule of {found.rule.name}"
            raise measured.wrong(f"{share}: {found}", expected=expected, hint=hint, measured=share)
        raise Blocked("usage/costs-follow-the-rule", f"no rate can be told: {found}")
    fixed = rate.fixed - found.bare
    actual = f"{rate.rate:.1%} ± {rate.error:.1%}, and {fixed:.0f} tokens whatever the picture"
    if rate.is_off(LEEWAY):
        much = "much" if rate.rate > 1 else "little"
        hint = f"pictures are billed {abs(rate.rate - 1):.1%} too {much}"
        share = f"{rate.rate * 100:.0f} % of the price by the rule of {found.rule.name}"
        raise measured.wrong(actual, expected=expected, hint=hint, measured=share)
    return Observed(expected=expected, actual=actual)


@check(Level.MAY, spec=sources.USAGE, needs=PAID, steps=8)
def no_hidden_prompt(lab: Lab) -> Dialogue:
    """Beside words and pictures, no more is billed than the template of a chat needs."""
    bare = yield from bills.cost(questions.ask(prompts.CODE))
    most, beside = MOST_TEMPLATE, 0.0
    if bills.rules_of(lab):
        found = (yield from bills.bill_of(lab)).bill
        most = GUIDED_TEMPLATE if is_of_the_guide(found.rule) else MOST_TEMPLATE
        beside = found.line.fixed - bare if found.line else 0.0
    expected = f"at most {most} tokens for a short question, and as many for having pictures"
    actual = f"{bare} for the question, and {beside:.0f} for having pictures"
    if max(bare, beside) > most:
        raise Failed(
            actual,
            symptom=Symptom.BILL_HIGH,
            expected=expected,
            hint="something else stands in the prompt",
        )
    return Observed(expected=expected, actual=actual)
