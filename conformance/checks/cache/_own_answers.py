"""Each answer from its own picture: the code of another request's is never chance."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from conformance.judging import answers, reading, replies, sampling
from conformance.model import Exchange, Failed, Observed, Picture, Probe, Steps, Symptom, again

#: Samples are counted from here, so that none of these requests is shared with another check: a
#: shared reply may be older than what came before it here.
APART = 100
MIXED_UP = "replies or pictures are kept, or mixed up, between requests; users may see each other's"


def reads_own(
    probe: Probe, picture: Picture, others: Collection[Picture], first: int = APART
) -> Steps[Observed]:
    """The picture's own code must be named; the code of one of ``others`` fails at once.

    Such a code is no misreading: codes differ in four places of six.
    """
    expected = f"the code {picture.facts.code}"
    for times in range(sampling.MOST_SAMPLES):
        exchange = yield again(replace(probe, sample=first), times)
        words = replies.answered(exchange, expected)
        if answers.reads(words, picture.facts.code):
            return Observed(expected=expected, actual=replies.told(exchange), about=exchange)
        verify_no_other(exchange, others, expected)
    attempts = f"and no better in {sampling.MOST_SAMPLES} attempts"
    raise Failed(
        f"{replies.told(exchange)}, {attempts}", symptom=reading.unread(exchange), expected=expected
    )


def verify_no_other(exchange: Exchange, others: Collection[Picture], expected: str) -> None:
    words = replies.answered(exchange, expected)
    named = set(answers.codes_in(words))
    for other in others:
        if other.facts.code in named:
            actual = f"the code of another request's picture, {other.id}: {replies.quote(words)}"
            raise Failed(actual, symptom=Symptom.ANOTHERS, expected=expected, hint=MIXED_UP)


def names_none(probe: Probe, pictures: Sequence[Picture]) -> Steps[Observed]:
    exchange = yield probe
    expected = "an answer without the code of another request's picture"
    verify_no_other(exchange, pictures, expected)
    return Observed(expected=expected, actual=replies.told(exchange))


def without(pictures: Sequence[Picture], own: Picture) -> list[Picture]:
    return [p for p in pictures if p.facts.code and p != own]
