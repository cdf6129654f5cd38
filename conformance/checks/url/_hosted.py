"""A question about a picture at a URL, once the plainest one there is read."""

from __future__ import annotations

from conformance.asking import questions
from conformance.judging import reading, refusals, ways
from conformance.model import Claim, Hosted, Lab, Observed, Steps

URL = (Claim.URL,)
READ = (Claim.URL, Claim.READING)


def reads_at(lab: Lab, hosted: Hosted, picture_id: str = "sheet-02") -> Steps[Observed]:
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = lab.pictures[picture_id]
    return (yield from reading.reads(questions.ask_code(picture, hosted), picture.facts.code))


def reads_or_refuses_at(lab: Lab, hosted: Hosted, what: str) -> Steps[Observed]:
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = lab.pictures["sheet-03"]
    return (
        yield from refusals.reads_or_refuses(
            questions.ask_code(picture, hosted), picture.facts.code, what
        )
    )
