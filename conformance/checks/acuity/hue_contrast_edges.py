"""What is lost first: print in hue alone, in weak contrast, and at the edges."""

from __future__ import annotations

from typing import Final

from conformance.asking import prompts, questions, sources
from conformance.checks.acuity._charts import (
    ANY_LINE,
    NONE,
    READ,
    finest_line,
    high_detail,
    judged,
    measure,
    verify_own,
)
from conformance.drawing import codes
from conformance.judging import reading, replies, ways
from conformance.model import (
    Ability,
    Claim,
    Dialogue,
    Failed,
    Hosted,
    Inline,
    Lab,
    Level,
    Observed,
    Param,
    Symptom,
    Way,
)
from conformance.registry import check

FAINT = (Ability.FAINT_PRINT,)
#: How many times as high as on the chart in black on white the finest legible line may be, where
#: print is harder to make out by itself, in hue or in contrast: four steps of the ladder, each of
#: 1.3. Chroma is stored at half the size by JPEG, WebP and their like, which is three of them.
HARDER: Final = 3.0
WAYS = (
    Param(id="data-url", value=(Inline(), "base64/plain"), needs=frozenset({Claim.DATA_URL})),
    Param(id="url", value=(Hosted(), "url/plain"), needs=frozenset({Claim.URL})),
)


@check(
    Level.SHOULD, spec=sources.IMAGE_INPUT, over=WAYS, needs=READ, guess=ANY_LINE, abilities=FAINT
)
def colour_alone_is_read(lab: Lab, way: tuple[Way, str]) -> Dialogue:
    """Print that differs from its ground in hue alone is legible."""
    via, by = way
    yield from ways.through(lab, via, by)
    black = yield from measure(lab, "acuity-png", via, high_detail(lab))
    coloured = yield from finest_line(
        lab, "acuity-hue", via, high_detail(lab), HARDER * black.height
    )
    lost = "the trace of greyscale: {} is not there, black on white is"
    coarse = "the trace of recompression: {} is coarse, black on white is not"
    points = [("black on white", black), ("orange on teal", coloured)]
    expected = f"lines of orange on teal, equally bright, down to {int(HARDER * black.height)} px"
    return judged(points, HARDER, expected, lost if coloured.height == NONE else coarse)


@check(
    Level.SHOULD, spec=sources.IMAGE_INPUT, over=WAYS, needs=READ, guess=ANY_LINE, abilities=FAINT
)
def faint_print_is_read(lab: Lab, way: tuple[Way, str]) -> Dialogue:
    """Large print in weak contrast is legible."""
    via, by = way
    yield from ways.through(lab, via, by)
    black = yield from measure(lab, "acuity-png", via, high_detail(lab))
    faint = yield from finest_line(
        lab, "acuity-faint", via, high_detail(lab), HARDER * black.height
    )
    points = [("black on white", black), ("grey on grey", faint)]
    expected = f"lines in an eighth of the contrast, down to {int(HARDER * black.height)} px"
    trace = "the trace of recompression: {} is washed out, black on white is not"
    return judged(points, HARDER, expected, trace)


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=WAYS,
    needs=READ,
    guess=codes.GUESS,
    abilities=(Ability.EDGES,),
)
def edges_are_read(lab: Lab, way: tuple[Way, str]) -> Dialogue:
    """What stands at the very edges of a picture is read."""
    via, by = way
    yield from ways.through(lab, via, by)
    picture = lab.pictures["edges-1"]
    wanted, seen = picture.facts.corners, set[str]()
    expected = f"the codes at the edges, {', '.join(wanted)}"
    probe = questions.ask(questions.image(picture, via, high_detail(lab)), prompts.EDGES)
    try:
        exchange = yield from reading.until(probe, reading.gathers(wanted, seen), expected)
    except Failed as failed:
        verify_own(lab, picture, seen)
        count = len(seen & set(wanted))
        trace = f"the trace of cropping: {count} of {len(wanted)} codes at the edges are read"
        raise Failed(
            f"{trace}; {failed.actual}", symptom=Symptom.DEGRADED, expected=expected
        ) from None
    return Observed(expected=expected, actual=replies.told(exchange))
