"""Many requests at the same time."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.checks.cache._own_answers import APART, reads_own, without
from conformance.drawing import codes
from conformance.judging import ways
from conformance.model import Claim, Dialogue, Lab, Level, Param, Probe
from conformance.registry import check

ONE = (Claim.READING,)
CROWD = (
    *(f"sheet-{n:02}" for n in range(2, 10)),
    "size-200x200", "size-512x512", "size-1024x1024", "size-2048x2048",
    "portrait-768x1366", "landscape-1366x768", "tall-200x2000", "wide-2000x200",
)  # fmt: skip
STREAMED = CROWD[::4]


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=(
        *(Param(id=name, value=(name, False)) for name in CROWD),
        *(
            Param(id=f"{name}-streamed", value=(name, True), needs=frozenset({Claim.STREAMING}))
            for name in STREAMED
        ),
    ),
    needs=ONE,
    guess=codes.GUESS,
)
def requests_at_once_stay_apart(lab: Lab, one: tuple[str, bool]) -> Dialogue:
    """Of many requests at once, equal but for their pictures, each is answered from its own."""
    # Every case is one of the requests, and all are begun with each: as many are under way at once
    # as --concurrency allows. One that must be asked again is asked again in such a crowd.
    via = yield from ways.transport(lab)
    name, stream = one

    def asked(other: str, streamed: bool) -> Probe:
        # Another first sample than in the checks of other files: it is sent here and nowhere else.
        shown = questions.image(lab.pictures[other], via)
        return replace(questions.ask(shown, prompts.SAME, stream=streamed), sample=2 * APART)

    streams = () if Claim.STREAMING in lab.target.unclaimed else STREAMED
    crowd = (*(asked(n, False) for n in CROWD), *(asked(n, True) for n in streams))
    probe = replace(asked(name, stream), crowd=crowd)
    own = lab.pictures[name]
    others = without([lab.pictures[other] for other in CROWD], own)
    return (yield from reads_own(probe, own, others, 2 * APART))
