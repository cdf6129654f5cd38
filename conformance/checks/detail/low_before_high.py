"""The same picture at low, and then at high."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.detail.fine_print import reads_fine_print
from conformance.drawing import codes, variants
from conformance.judging import ways
from conformance.model import Ability, Blocked, Claim, Dialogue, Failed, Lab, Level
from conformance.registry import check

READ = (Claim.DETAIL, Claim.READING)
#: Bytes of a chart that no other check sends, so that it comes at low before it comes at high.
CHART_BYTES = 120_000


@check(
    Level.SHOULD,
    spec=sources.IMAGE_DETAIL,
    needs=READ,
    abilities=(Ability.SMALL_PRINT,),
    guess=codes.GUESS,
    steps=2,
)
def high_after_low_is_legible(lab: Lab) -> Dialogue:
    """Fine print is legible at high also after the same picture was sent at low."""
    via = yield from ways.transport(lab)
    chart = lab.pictures["chart-1"]
    other = variants.heavier(chart, CHART_BYTES)
    yield questions.ask(questions.image(other, via, "low"), prompts.CHART)
    probe = questions.ask(questions.image(other, via, "high"), prompts.CHART)
    try:
        return (yield from reads_fine_print(lab, probe, "kept as it was seen at low"))
    except Failed as failed:
        alone = questions.ask(questions.image(chart, via, "high"), prompts.CHART)
        try:
            yield from reads_fine_print(lab, alone, "")
        except Failed:
            by = "detail/fine-print-is-legible-at-high"
            raise Blocked(by, f"nor is it without: {failed.actual}") from None
        raise
