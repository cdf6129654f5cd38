"""Which values of detail are accepted."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import reading, refusals, ways
from conformance.model import Claim, Dialogue, Json, Lab, Level, Param
from conformance.registry import check

READ = (Claim.DETAIL, Claim.READING)


@check(
    Level.MUST,
    spec=sources.IMAGE_PART,
    over=(Param(id="absent", value=...), "auto", "low", "high"),
    needs=READ,
    guess=codes.GUESS,
)
def documented_value_is_accepted(lab: Lab, detail: Json) -> Dialogue:
    """Each documented value of detail is accepted and the picture read."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["size-512x512"]
    probe = questions.ask(questions.image(picture, via, detail), prompts.CODE)
    return (yield from reading.reads(probe, picture.facts.code))


@check(
    Level.MAY,
    spec=sources.IMAGE_PART,
    over=(
        Param(id="null", value=None),
        Param(id="empty", value=""),
        Param(id="upper-case", value="HIGH"),
        Param(id="original", value="original"),
        Param(id="unknown", value="ultra"),
        Param(id="number", value=5),
    ),
    needs=READ,
    guess=codes.GUESS,
)
def undocumented_value(lab: Lab, detail: Json) -> Dialogue:
    """A value of detail that is not documented is overlooked or refused; the picture not lost."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["size-512x512"]
    probe = questions.ask(questions.image(picture, via, detail), prompts.CODE)
    return (
        yield from refusals.reads_or_refuses(probe, picture.facts.code, f"the detail {detail!r}")
    )
