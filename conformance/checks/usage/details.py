"""What usage tells of the parts of a prompt: pictures, text, and what was cached."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import questions, sources
from conformance.judging import bills, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Failed,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Reason,
    Symptom,
)
from conformance.registry import check
from conformance.tokens.bill import FRAME
from conformance.wire import jsontext

PAID = (Claim.USAGE,)
#: Tokens of a chat template, which some count as nobody's text.
TEMPLATE = 20


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
