"""Fine print at high."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import bills, reading, ways
from conformance.model import (
    Ability,
    Claim,
    Dialogue,
    Failed,
    Lab,
    Level,
    Observed,
    Probe,
    Steps,
    Symptom,
    Unobserved,
)
from conformance.registry import check

READ = (Claim.DETAIL, Claim.READING)
#: Capitals of this height or more must be legible at high: the chart passes the tile rule whole,
#: and 24 px is twice what is common in screen print.
LEGIBLE = 24


@check(
    Level.SHOULD,
    spec=sources.IMAGE_DETAIL,
    needs=READ,
    abilities=(Ability.SMALL_PRINT,),
    guess=codes.GUESS,
)
def fine_print_is_legible_at_high(lab: Lab) -> Dialogue:
    """Fine print is legible at high."""
    via = yield from ways.transport(lab)
    chart = lab.pictures["chart-1"]
    probe = questions.ask(questions.image(chart, via, "high"), prompts.CHART)
    return (yield from reads_fine_print(lab, probe, "shrunk before the model sees it"))


def reads_fine_print(lab: Lab, probe: Probe, cause: str) -> Steps[Observed]:
    """Every line of the chart down to LEGIBLE must be read; what lies below is reported."""
    prints = lab.pictures["chart-1"].facts.prints
    needed = [line.code for line in prints if line.height >= LEGIBLE]
    expected = f"{len(needed)} lines of print, down to capitals of {LEGIBLE} px"
    seen: set[str] = set()
    try:
        exchange = yield from reading.until(
            probe, reading.gathers(needed, seen), expected, Symptom.DEGRADED
        )
    except Failed as failed:
        failed.hint = f"the picture may be {cause}"
        unknown = Ability.SMALL_PRINT not in lab.target.vouched and not bills.rules_of(lab)
        if unknown and failed.symptom is Symptom.DEGRADED:
            words = f"nothing says how large this model sees a picture: {failed.actual}"
            raise Unobserved(words, expected=expected, ability=Ability.SMALL_PRINT) from None
        raise
    read = [line.height for line in prints if line.code in seen]
    actual = f"read down to capitals of {min(read)} px"
    return Observed(expected=expected, actual=actual, about=exchange)
