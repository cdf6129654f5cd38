"""After a request that an endpoint may not survive: whether it still answers, and still sees."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts
from conformance.asking.questions import READY, ask, image
from conformance.judging import answers
from conformance.judging.reading import until_reply
from conformance.judging.replies import answered, judgeable, told, unanswered
from conformance.model import (
    Exchange,
    Failed,
    Lab,
    Observed,
    Picture,
    Probe,
    Steps,
    Symptom,
    Unobserved,
    Via,
)

#: Numbers of the controls are counted from here, for each risky request its own.
CONTROL = 200


def still_reads(
    lab: Lab,
    via: Via,
    risky: Exchange,
    number: int,
    picture: Picture | None = None,
    *,
    may_end_it: bool = False,
) -> Steps[Observed]:
    """A control after a risky request; the sequential test decides, as for any reading.

    ``may_end_it``: the endpoint may die of it; such checks are asked one by one.
    """
    picture = picture or lab.pictures["sheet-01"]
    code = picture.facts.code
    expected = f"the code {code} as before"
    # Sent apart for every risky request: a shared reply may be older than the damage.
    question = f"{prompts.CODE} This is question {CONTROL + number}."
    after = risky.probe if may_end_it else None
    control = replace(ask(image(picture, via), question), after=after)

    def accepts(exchange: Exchange) -> bool:
        if 400 <= exchange.status < 500:
            actual = f"{told(exchange)}, after {told(risky)}"
            raise Failed(actual, symptom=Symptom.REFUSED, expected=expected, about=exchange)
        return answers.reads(answered(exchange, expected), code)

    exchange = yield from until_reply(control, accepts, expected)
    return Observed(expected=expected, actual=told(exchange), about=exchange)


def breaks_nothing(risky: Probe, number: int, observed: Observed) -> Steps[Observed]:
    """What was observed of a risky request, if a plain question is answered after it."""
    # Sent apart for every risky request: a shared reply may be older than the damage.
    control = yield replace(READY, sample=number, after=risky)
    if judgeable(control).status != 200:
        raise Failed(
            f"then a plain question failed: {told(control)}",
            symptom=unanswered(control),
            expected=observed.expected,
            about=control,
        )
    return observed


def verify_alive(expected: str, sample: int = 1) -> Steps[None]:
    """A plain question must be answered; raises Unobserved where it is not."""
    control = yield replace(READY, sample=sample)
    if not control.is_judgeable or control.status != 200:
        raise Unobserved(f"a plain question fails too: {told(control)}", expected=expected)
