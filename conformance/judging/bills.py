"""What pictures are billed: measured with a few questions, and held against the model's rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conformance.asking import prompts
from conformance.asking.questions import ask, image
from conformance.judging.reading import until
from conformance.judging.replies import answered, judgeable, member, told
from conformance.judging.ways import transport
from conformance.model import (
    Blocked,
    Claim,
    Exchange,
    Failed,
    ImagePart,
    Lab,
    NotApplicable,
    Observed,
    Probe,
    Reason,
    Steps,
    Symptom,
    Via,
)
from conformance.tokens.bill import FRAME, Bill, Shot, bill
from conformance.tokens.rules import Rule, is_of_the_guide, versions
from conformance.wire.jsontext import whole_at

#: Parts of the prompt tokens by their names in usage.
PARTS = ("image_tokens", "text_tokens", "audio_tokens", "cached_tokens", "cache_write_tokens")
#: Most tokens that a provider may add once where a message has pictures at all, such as a
#: sentence that tells the model of them.
MOST_SHARED = 150
#: What is measured: small and large, wide and tall, one tile and several. All at high, since what
#: low costs is the area detail's affair.
SHOTS = (
    "size-200x200",
    "size-512x512",
    "size-1024x1024",
    "portrait-768x1366",
    "landscape-1366x768",
)
#: The check to look at where they are refused.
BY_DETAIL = "detail/documented-value-is-accepted"
#: With fewer, a line through them proves nothing.
FEWEST = 3

#: Several gateways add a token or two around a picture.
FRAMING = 4


def prompt_tokens(exchange: Exchange) -> int:
    """The prompt tokens of a good reply. Raises Blocked where no usage can be read."""
    answered(exchange, "a reply with usage")
    usage = exchange.reply.usage
    if usage is None or usage.prompt is None:
        raise Blocked("usage/counts-are-whole", "the reply carries no prompt_tokens")
    return usage.prompt


def cost(probe: Probe) -> Steps[int]:
    """Asks, and returns the prompt tokens."""
    exchange = yield from until(probe, lambda _: True, "a reply with usage")
    return prompt_tokens(exchange)


def off(found: float, wanted: float) -> Symptom:
    """In which direction a bill is wrong."""
    return Symptom.BILL_HIGH if found > wanted else Symptom.BILL_LOW


def prompt_at(exchange: Exchange) -> int:
    """The prompt tokens of a reply that the limit may have cut off before its first word."""
    judgeable(exchange)
    usage = exchange.reply.usage
    if exchange.status != 200 or exchange.reply.is_error:
        raise Blocked("parameters/output-limit-cuts", f"a limit is refused: {told(exchange)}")
    if usage is None or usage.prompt is None:
        raise Blocked("usage/counts-are-whole", "the reply carries no prompt_tokens")
    return usage.prompt


def details_of(exchange: Exchange) -> dict[str, int]:
    """Every part of the prompt tokens by name; 0 where it is not told."""
    told_of = member(exchange, "usage", "prompt_tokens_details")
    return {name: whole_at(told_of, name) or 0 for name in PARTS}


def costs_the_sum(parts: Sequence[ImagePart]) -> Steps[Observed]:
    """What is added once for all pictures of a message may be missing from the sum."""
    bare = yield from cost(ask(prompts.CODE))
    alone: dict[ImagePart, int] = {}
    for part in dict.fromkeys(parts):
        alone[part] = (yield from cost(ask(part, prompts.CODE))) - bare
    exchange = yield ask(*parts, prompts.CODE)
    if is_refused(exchange):
        raise Blocked("multi-image/every-picture-is-seen", f"they are refused: {told(exchange)}")
    together = prompt_tokens(exchange) - bare
    total = sum(alone[part] for part in parts)
    shared = (len(parts) - 1) * max(0, min(MOST_SHARED, min(alone.values()) // 3))
    around = max(FRAME * len(parts), total // 50)
    expected = f"{total} tokens for {len(parts)} pictures"
    actual = f"{together} tokens; alone they cost {', '.join(map(str, alone.values()))}"
    if not total - shared - around <= together <= total + around:
        raise Failed(
            actual,
            symptom=off(together, total),
            expected=expected,
            hint="some picture is not billed, or billed twice",
        )
    return Observed(expected=expected, actual=actual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A bill, and the replies it was read from, in its order."""

    bill: Bill
    replies: tuple[Exchange, ...]

    def wrong(self, actual: str, *, expected: str, hint: str, measured: str = "") -> Failed:
        """The failure that says which pictures are billed wrongly, and in which direction."""
        due = [self.bill.bare + expected for expected in self.bill.expected]
        gaps = [paid - wanted for paid, wanted in zip(self.bill.billed, due, strict=True)]
        red = [abs(gap) > self.bill.allowed for gap in gaps]
        signs = {gap > 0 for gap, is_red in zip(gaps, red, strict=True) if is_red}
        symptom = off(int(signs == {True}), 0.5) if len(signs) == 1 else Symptom.BILL_INCONSISTENT
        told = list(zip(self.replies, red, strict=True))
        return Failed(
            actual,
            symptom=symptom,
            expected=expected,
            hint=hint,
            measured=measured,
            shown_by=[exchange for exchange, is_red in told if is_red],
            spared=[exchange for exchange, is_red in told if not is_red],
        )


def bill_of(lab: Lab) -> Steps[Measured]:
    """Measures the shots that are not refused. Raises NotApplicable where no rule is known."""
    rules = rules_of(lab)
    if not rules:
        raise NotApplicable(
            f"no published token rule is known for {lab.target.model}", why=Reason.NO_RULE
        )
    via = yield from transport(lab)
    bare = yield from cost(ask(prompts.CODE))
    billed: dict[Shot, int] = {}
    replies: list[Exchange] = []
    for shot in shots_of(lab):
        exchange = yield asked(shot, via)
        if not is_refused(exchange):
            billed[shot] = prompt_tokens(exchange)
            replies.append(exchange)
    if len(billed) < FEWEST:
        raise Blocked(BY_DETAIL, "hardly any size is taken at any detail")
    found = bill(rules, tuple(billed), tuple(billed.values()), bare)
    return Measured(bill=found, replies=tuple(replies))


def is_refused(exchange: Exchange) -> bool:
    """True for a 4xx that can be judged. Others say whether it is right; here nothing is billed."""
    return 400 <= judgeable(exchange).status < 500


def shots_of(lab: Lab) -> list[Shot]:
    detail = None if Claim.DETAIL in lab.target.unclaimed else "high"
    return [Shot(picture=lab.pictures[name], detail=detail) for name in SHOTS]


def asked(shot: Shot, via: Via) -> Probe:
    return ask(image(shot.picture, via, shot.detail or ...), prompts.CODE)


def rules_of(lab: Lab) -> tuple[Rule, ...]:
    """The rule of the target, and other versions of it."""
    return versions(lab.target.rule, lab.target.model)


def guided(lab: Lab) -> tuple[Rule, ...]:
    """The same where OpenAI's guide gives it. Raises NotApplicable where it does not."""
    rules = rules_of(lab)
    if not rules or not is_of_the_guide(rules[0]):
        raise NotApplicable(
            f"OpenAI's guide has no token rule for {lab.target.model}", why=Reason.NO_RULE
        )
    return rules
