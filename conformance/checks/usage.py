"""Token accounting of pictures: relations that need no secret constant, then the model's rule."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.judging import bills, replies, ways
from conformance.model import (
    Blocked,
    Claim,
    Dialogue,
    Failed,
    Json,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Reason,
    Symptom,
)
from conformance.registry import check
from conformance.tokens.bill import FRAME, LEEWAY
from conformance.tokens.rules import RULES, is_of_the_guide
from conformance.wire import jsontext

PAID = (Claim.USAGE,)
#: Output limits in tokens. The answer to the long question, some 900 tokens, fills both.
LIMITS = (16, 256)
#: Words that say nothing, some hundred tokens of them.
WORDS = "\n".join(f"Line {n} is a line that tells nothing of the picture." for n in range(1, 31))
#: No tokenizer makes fewer tokens than one of so many characters of English.
SPARSE = 12
#: Tokens of a chat template, which some count as nobody's text.
TEMPLATE = 20
#: Most tokens of a short question with its template. OpenAI counts three per message and three for
#: the reply (Cookbook, "How to count tokens"); open models bring system prompts of their own.
GUIDED_TEMPLATE, MOST_TEMPLATE = 100, 1000
#: Number of the sample that no other check shares, so that it is sent when its turn comes.
AFRESH = 100


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


@check(Level.MUST, spec=sources.IMAGE_COST, needs=PAID)
def bytes_do_not_count(lab: Lab) -> Dialogue:
    """The same pixels cost the same, however many bytes encode them."""
    via = yield from ways.transport(lab)
    light, heavy = lab.pictures["bytes-light"], lab.pictures["bytes-heavy"]
    less = yield from bills.cost(questions.ask_code(light, via))
    more = yield from bills.cost(questions.ask_code(heavy, via))
    expected = f"{less} prompt tokens for {len(heavy.data)} bytes as for {len(light.data)}"
    actual = f"{more} for {len(heavy.data)} bytes"
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


# ---------------------------------------------------------------- several pictures


@check(Level.SHOULD, spec=sources.IMAGE_COST, needs=(*PAID, Claim.SEVERAL))
def four_equal_pictures_cost_four_times(lab: Lab) -> Dialogue:
    """Four equal pictures in one message cost four times what one costs."""
    via = yield from ways.transport(lab)
    part = questions.image(lab.pictures["size-512x512"], via)
    try:
        yield from bills.costs_the_sum([part] * 2)
    except Failed as failed:
        by = "multi-image/same-picture-twice-costs-twice"
        raise Blocked(by, f"two do not cost twice as much: {failed.actual}") from None
    return (yield from bills.costs_the_sum([part] * 4))


@check(Level.SHOULD, spec=sources.IMAGE_COST, needs=(*PAID, Claim.SEVERAL))
def different_pictures_cost_their_sum(lab: Lab) -> Dialogue:
    """Two different pictures in one message cost the sum of what each costs alone."""
    via = yield from ways.transport(lab)
    names = ("sheet-01", "size-1024x1024")
    return (
        yield from bills.costs_the_sum([questions.image(lab.pictures[name], via) for name in names])
    )


# ---------------------------------------------------------------- details


@check(Level.SHOULD, spec=sources.USAGE, needs=PAID)
def details_add_up(lab: Lab) -> Dialogue:
    """The tokens of pictures and text, where usage tells them apart, add up to the prompt."""
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["size-512x512"], via)
    prompt, details = bills.prompt_tokens(exchange), bills.details_of(exchange)
    pictures, words = details["image_tokens"], details["text_tokens"]
    if not pictures:
        raise NotApplicable(
            "usage does not tell the tokens of pictures apart", why=Reason.NOT_OFFERED
        )
    told_apart = pictures + words + details["audio_tokens"]
    least = prompt - details["cached_tokens"] - details["cache_write_tokens"] - TEMPLATE
    expected = f"parts of {prompt} prompt tokens"
    actual = f"{pictures} of pictures and {words} of text"
    if told_apart > prompt + FRAME or (words and told_apart < least):
        raise Failed(actual, symptom=Symptom.BILL_INCONSISTENT, expected=expected)
    return Observed(expected=expected, actual=actual)


@check(Level.MAY, spec=sources.USAGE, needs=PAID)
def details_name_pictures(lab: Lab) -> Dialogue:
    """Where usage tells the tokens of the text, those of a picture are not left out."""
    via = yield from ways.transport(lab)
    exchange = yield questions.ask_code(lab.pictures["size-512x512"], via)
    prompt, details = bills.prompt_tokens(exchange), bills.details_of(exchange)
    words = details["text_tokens"]
    if not words:
        raise NotApplicable(
            "usage does not tell the tokens of the text apart", why=Reason.NOT_OFFERED
        )
    expected = f"image_tokens beside {words} text_tokens of {prompt} prompt tokens"
    actual = f"image_tokens of {details['image_tokens']}"
    others = sum(details.values()) - details["image_tokens"]
    if not details["image_tokens"] and others < prompt - TEMPLATE:
        raise Failed(actual, symptom=Symptom.BILL_MISSING, expected=expected)
    return Observed(expected=expected, actual=actual)


@check(Level.SHOULD, spec=sources.USAGE, needs=PAID)
def cached_tokens_are_in_the_prompt(lab: Lab) -> Dialogue:
    """Cached tokens are no more than the prompt tokens, whose part they are."""
    via = yield from ways.transport(lab)
    probe = questions.ask_code(lab.pictures["size-512x512"], via)
    found = []
    for sample in range(3):
        exchange = yield replace(probe, sample=sample)
        cached = jsontext.whole_at(
            replies.member(exchange, "usage", "prompt_tokens_details"), "cached_tokens"
        )
        found.append((cached, bills.prompt_tokens(exchange)))
    told_of = [(cached, prompt) for cached, prompt in found if cached is not None]
    if not told_of:
        raise NotApplicable(
            "usage does not tell how many tokens were cached", why=Reason.NOT_OFFERED
        )
    expected = "in three equal requests, no more cached tokens than prompt tokens"
    actual = ", ".join(f"{cached} of {prompt}" for cached, prompt in told_of)
    if any(cached > prompt for cached, prompt in told_of):
        raise Failed(actual, symptom=Symptom.BILL_INCONSISTENT, expected=expected)
    return Observed(expected=expected, actual=actual)


# ---------------------------------------------------------------- by the rule


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
