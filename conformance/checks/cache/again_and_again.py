"""The same request again and again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from conformance.asking import prompts, questions, sources
from conformance.checks.cache._own_answers import APART
from conformance.drawing import codes
from conformance.judging import lottery, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Lab,
    Level,
    Observed,
    Symptom,
    Unobserved,
)
from conformance.registry import check

ONE = (Claim.READING,)
#: Each case sends all of the equal requests and judges all answers, but begins with another one.
#: Equal questions are sent once, so all are under way a third of the way on.
ROUNDS: Final = (1, 2, 3)


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=ROUNDS,
    needs=ONE,
    guess=codes.GUESS,
    steps=lottery.REPEATS,
)
def equal_requests_are_answered_alike(lab: Lab, number: int) -> Dialogue:
    """The same request is answered from its picture every time: no back end is blind."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-15"]
    expected = f"the code {picture.facts.code} each time, of {lottery.REPEATS}"
    bare = lottery.billed((yield replace(questions.ask(prompts.SAME), sample=APART)))
    paid, worst, tally = 0, "", Counter[lottery.Outcome]()
    for n in range(lottery.REPEATS):
        sample = APART + (n + lottery.REPEATS // len(ROUNDS) * (number - 1)) % lottery.REPEATS
        probe = replace(questions.ask(questions.image(picture, via), prompts.SAME), sample=sample)
        exchange = replies.judgeable((yield probe))
        found = lottery.outcome(exchange, picture.facts.code, bare, paid)
        tally[found] += 1
        if found is lottery.Outcome.SEEN:
            paid = max(paid, lottery.billed(exchange))
            continue
        worst = replies.told(exchange)
        if lottery.convicts(tally):
            raise _unsteady(lottery.counted(tally), exchange, expected)
    if tally[lottery.Outcome.SEEN] == 0 or lottery.missed(tally) >= lottery.MANY_MISSES:
        words = (
            f"{lottery.counted(tally)}: a model that often misreads, or a back end that is blind"
        )
        raise Unobserved(words, expected=expected, hint=f"for example {worst}")
    return Observed(expected=expected, actual=lottery.counted(tally))


def _unsteady(counted: str, last: Exchange, expected: str) -> Failed:
    """What is raised for a lottery: some requests get to one who sees, and some do not."""
    return Failed(
        f"{counted}: {replies.told(last)}",
        symptom=Symptom.UNSTEADY,
        expected=expected,
        hint="some of the servers or channels behind this endpoint do not get pictures",
        about=last,
        measured=counted,
    )
