"""A question about a picture in a data URL, once the plainest one is read."""

from __future__ import annotations

from conformance.asking import questions
from conformance.judging import reading, refusals, ways
from conformance.model import Claim, Inline, Lab, Observed, Param, Steps

DATA = (Claim.DATA_URL,)
READ = (Claim.DATA_URL, Claim.READING)


def params_of(claim: Claim, *picture_ids: str) -> tuple[Param, ...]:
    return tuple(Param(id=i, value=i, needs=frozenset({claim})) for i in picture_ids)


def reads_inline(lab: Lab, picture_id: str, via: Inline | None = None) -> Steps[Observed]:
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures[picture_id]
    return (yield from reading.reads(questions.ask_code(picture, via), picture.facts.code))


def reads_or_refuses_inline(
    lab: Lab, picture_id: str, what: str, via: Inline | None = None
) -> Steps[Observed]:
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures[picture_id]
    return (
        yield from refusals.reads_or_refuses(
            questions.ask_code(picture, via), picture.facts.code, what
        )
    )


def refuses_inline(
    lab: Lab, picture_id: str, what: str, via: Inline | None = None
) -> Steps[Observed]:
    yield from ways.through(lab, Inline(), "base64/plain")
    return (yield from refusals.refuses(questions.ask_code(lab.pictures[picture_id], via), what))
