"""One picture more than once in a message."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.multi_image._sheets import READ, names_only, sheets
from conformance.drawing import codes
from conformance.judging import bills, ways
from conformance.model import Ability, Claim, Dialogue, Lab, Level
from conformance.registry import check


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    needs=READ,
    abilities=(Ability.CHOOSE,),
    guess=3 * codes.GUESS,
)
def repeated_picture_keeps_its_place(lab: Lab) -> Dialogue:
    """Of four pictures, the third like the first, the third is seen in its place."""
    via = yield from ways.transport(lab)
    first, second, other = sheets(lab, 3)
    four = [questions.image(picture, via) for picture in (first, second, first, other)]
    return (
        yield from names_only(questions.ask(*four, prompts.NTH.format("third")), first.facts.code)
    )


@check(Level.MUST, spec=sources.IMAGE_COST, needs=(Claim.SEVERAL, Claim.USAGE))
def same_picture_twice_costs_twice(lab: Lab) -> Dialogue:
    """The same picture sent twice in a message costs twice what it costs once."""
    via = yield from ways.transport(lab)
    part = questions.image(lab.pictures["size-512x512"], via)
    return (yield from bills.costs_the_sum([part, part]))
