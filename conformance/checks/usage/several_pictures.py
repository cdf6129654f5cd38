"""Several pictures cost the sum of what each costs."""

from __future__ import annotations

from conformance.asking import questions, sources
from conformance.judging import bills, ways
from conformance.model import Blocked, Claim, Dialogue, Failed, Lab, Level
from conformance.registry import check

PAID = (Claim.USAGE,)


@check(Level.SHOULD, spec=sources.IMAGE_COST, needs=(*PAID, Claim.SEVERAL))
def four_equal_pictures_cost_four_times(lab: Lab) -> Dialogue:
    """Four equal pictures in one message cost four times what one costs."""
    via = yield from ways.transport(lab)
    part = questions.image(lab.pictures["size-512x512"], via)
    try:
        yield from bills.costs_the_sum([part] * 2)
    except Failed as failed:
        by = "multi-image/same-picture-twice-costs-twice"
        raise Blocked(by, f"two do not cost twice as much: {failed.actual}") from None
    return (yield from bills.costs_the_sum([part] * 4))


@check(Level.SHOULD, spec=sources.IMAGE_COST, needs=(*PAID, Claim.SEVERAL))
def different_pictures_cost_their_sum(lab: Lab) -> Dialogue:
    """Two different pictures in one message cost the sum of what each costs alone."""
    via = yield from ways.transport(lab)
    names = ("sheet-01", "size-1024x1024")
    return (
        yield from bills.costs_the_sum([questions.image(lab.pictures[name], via) for name in names])
    )
