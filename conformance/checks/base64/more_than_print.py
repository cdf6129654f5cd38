"""What takes more than to read clear print: noise, colours, shapes and places."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.base64._inline import READ, reads_inline
from conformance.controls import looking
from conformance.drawing import codes
from conformance.judging import answers, reading, replies, ways
from conformance.model import Ability, Dialogue, Inline, Lab, Level, Observed, Param, Symptom
from conformance.registry import check

#: Six colours in nine cells, at least four of them different: no better than 1 in 6 ** 9.
GUESS_COLOURS = 6.0**-9
#: Six rows of one to six discs.
GUESS_TALLY = 6.0**-6


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    needs=READ,
    abilities=(Ability.FAINT_PRINT,),
    guess=codes.GUESS,
)
def noisy_photograph(lab: Lab) -> Dialogue:
    """A code on a noisy background, heavy as a photograph, is read."""
    return (yield from reads_inline(lab, "noise-heavy"))


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=("grid-1", "grid-2"),
    needs=READ,
    abilities=(Ability.COLOURS,),
    guess=GUESS_COLOURS,
)
def colours_are_seen(lab: Lab, picture_id: str) -> Dialogue:
    """Colours are seen where they are, not only print."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures[picture_id]
    wanted = picture.facts.colours
    expected = ", ".join(wanted)
    probe = questions.ask(questions.image(picture), prompts.COLOURS)
    return (
        yield from reading.accepted(
            probe, lambda w: answers.colours_in(w) == wanted, expected, Symptom.DEGRADED
        )
    )


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=("tally-1", "tally-2"),
    needs=READ,
    abilities=(Ability.COUNT,),
    guess=GUESS_TALLY,
)
def shapes_are_counted(lab: Lab, picture_id: str) -> Dialogue:
    """Shapes are seen, not only print: rows of discs are counted."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures[picture_id]
    wanted = picture.facts.tally
    expected = ", ".join(map(str, wanted))
    probe = questions.ask(questions.image(picture), prompts.TALLY)
    return (
        yield from reading.accepted(
            probe, lambda w: answers.numbers_in(w) == wanted, expected, Symptom.DEGRADED
        )
    )


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=tuple(Param(id=c.replace(" ", "-"), value=c) for c in looking.CORNERS),
    needs=READ,
    abilities=(Ability.PLACE,),
    guess=4 * codes.GUESS,
)
def corner_is_found(lab: Lab, corner: str) -> Dialogue:
    """What is in a corner is seen in that corner: nothing is mirrored, turned or cut off."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["corners-1"]
    wanted = picture.facts.corners[looking.CORNERS.index(corner)]

    probe = questions.ask(questions.image(picture), prompts.CORNER.format(corner))
    expected = f"the code {wanted} from the {corner} corner"
    # One that names other corners' codes as well does not obey, but it has seen this one.
    seen = reading.until(
        probe, lambda words: answers.reads(words, wanted), expected, Symptom.DEGRADED
    )
    exchange = yield from seen
    return Observed(expected=f"the code {wanted}", actual=replies.told(exchange), about=exchange)
