"""Two pictures of different detail in one request."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.detail.costs import published_rules
from conformance.checks.detail.fine_print import reads_fine_print
from conformance.drawing import codes
from conformance.judging import bills, ways
from conformance.model import Ability, Claim, Dialogue, Lab, Level
from conformance.registry import check

READ = (Claim.DETAIL, Claim.READING)
PAID = (Claim.DETAIL, Claim.USAGE)


@check(
    Level.SHOULD,
    spec=sources.IMAGE_DETAIL,
    needs=(*READ, Claim.SEVERAL),
    abilities=(Ability.SMALL_PRINT, Ability.CHOOSE),
    guess=codes.GUESS,
)
def each_picture_keeps_its_detail(lab: Lab) -> Dialogue:
    """Two pictures in one request keep each its own detail."""
    via = yield from ways.transport(lab)
    chart, sheet = lab.pictures["chart-1"], lab.pictures["sheet-24"]
    probe = questions.ask(
        questions.image(sheet, via, "low"),
        questions.image(chart, via, "high"),
        "The second picture shows lines of print. " + prompts.CHART,
    )
    return (yield from reads_fine_print(lab, probe, "given the detail of the other picture"))


@check(Level.MUST, spec=sources.IMAGE_COST, needs=(*PAID, Claim.SEVERAL))
def each_picture_is_billed_by_its_detail(lab: Lab) -> Dialogue:
    """Two pictures of different detail cost the sum of what each costs alone."""
    published_rules(lab)
    via = yield from ways.transport(lab)
    picture = lab.pictures["size-1024x1024"]
    return (
        yield from bills.costs_the_sum(
            [questions.image(picture, via, detail) for detail in ("low", "high")]
        )
    )
