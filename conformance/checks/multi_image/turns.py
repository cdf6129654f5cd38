"""Pictures in earlier turns."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.multi_image._sheets import READ, names_only, sheets
from conformance.drawing import codes
from conformance.judging import reading, ways
from conformance.model import Ability, Claim, Dialogue, Lab, Level, Turn
from conformance.registry import check


@check(Level.MUST, spec=sources.REQUEST, needs=(Claim.READING,), guess=codes.GUESS)
def earlier_turn_is_seen(lab: Lab) -> Dialogue:
    """A picture in an earlier turn is still seen."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-19"]
    probe = questions.in_an_earlier_turn(picture, via)
    return (yield from reading.reads(probe, picture.facts.code))


ORDINALS = ("first", "second", "third")


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=ORDINALS,
    needs=READ,
    abilities=(Ability.CHOOSE,),
    guess=3 * codes.GUESS,
)
def each_turn_keeps_its_picture(lab: Lab, ordinal: str) -> Dialogue:
    """With one picture per turn, each is seen in the turn in which it was sent."""
    via = yield from ways.transport(lab)
    pictures = sheets(lab, 3)
    turns: list[Turn] = []
    for name, picture in zip(ORDINALS, pictures, strict=True):
        shown = questions.image(picture, via)
        turns += questions.noted_turns(shown, f"This is the {name} picture.")
    probe = questions.talk(*turns, questions.turn(prompts.NTH.format(ordinal)))
    return (yield from names_only(probe, pictures[ORDINALS.index(ordinal)].facts.code))
