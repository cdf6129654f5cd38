"""A picture beside tools or a form, held against the same request in words alone.

An endpoint that knows no tools, or no schema, is not accused: where the same request without a
picture fails as well, the check does not apply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from conformance.asking import questions
from conformance.checks.tools._functions import NOTE, by_name
from conformance.judging import answers, reading, refusals, replies, sampling
from conformance.model import (
    Ability,
    Exchange,
    Failed,
    Json,
    Lab,
    NotApplicable,
    Probe,
    Reason,
    Steps,
    Symptom,
    Unobserved,
    pictures_of,
)

#: What is said in the place of a picture.
SPOKEN = "KX74MP"
Accepts = Callable[[Exchange], bool]


def beside(
    lab: Lab,
    probe: Probe,
    accepts: Accepts,
    expected: str,
    control: tuple[Probe, Accepts],
    ability: Ability = Ability.TOOL,
) -> Steps[Exchange]:
    """Asks until a reply is accepted; nothing is judged where words alone fare no better.

    One that takes tools in one documented form and refuses them in another is judged all the same.
    """
    try:
        return (yield from reading.until_reply(probe, accepts, expected))
    except Failed as failed:
        if failed.symptom is Symptom.NOT_READ and failed.about and _names_all(failed.about):
            failed.symptom = Symptom.MALFORMED
        works, exchange = yield from _works_alone(*control)
        if works:
            raise
        reason = f"without a picture it does not work either: {replies.told(exchange)}"
        if 400 <= exchange.status < 500 and (yield from _takes_tools(probe)):
            raise
        if refusals.is_refusal(exchange):
            raise NotApplicable(reason, why=Reason.NOT_OFFERED, expected=expected) from None
        if ability in lab.target.vouched:
            raise
        raise Unobserved(reason, expected=expected, ability=ability) from None


def _works_alone(words_alone: Probe, accepts: Accepts) -> Steps[tuple[bool, Exchange]]:
    """Whether a request of words alone fares as it should, and the last reply to it."""
    for sample in range(sampling.MOST_SAMPLES):
        exchange = yield replace(words_alone, sample=sample)
        if exchange.is_judgeable and exchange.status == 200 and accepts(exchange):
            return True, exchange
        if exchange.status != 200 or exchange.reply.is_error:
            break
    return False, exchange


def _takes_tools(probe: Probe) -> Steps[bool]:
    """Whether a plain question with a tool that is named is answered here."""
    if "tools" not in dict(probe.params):
        return False
    members: dict[str, Json] = {"tools": [NOTE], "tool_choice": by_name(NOTE)}
    exchange = yield questions.ask(f"Note the code {SPOKEN}.", **members)
    return exchange.is_judgeable and exchange.status == 200 and not exchange.reply.is_error


def _names_all(exchange: Exchange) -> bool:
    """True where the pictures were read: what is wrong is the form of the answer."""
    wanted = {picture.facts.code for picture in pictures_of(exchange.probe)}
    return wanted <= set(answers.codes_in(exchange.reply.text))


def has_words(exchange: Exchange) -> bool:
    return bool(exchange.reply.text.strip())
