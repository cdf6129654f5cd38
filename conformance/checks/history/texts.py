"""Texts beside pictures: every one reaches the model, and none hides the picture."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import answers, reading, refusals, replies, ways
from conformance.model import (
    Ability,
    Claim,
    Dialogue,
    Lab,
    Level,
    Observed,
    Param,
    Part,
    Probe,
    Steps,
    Symptom,
)
from conformance.registry import check

ONE = (Claim.READING,)
SEVERAL = (Claim.SEVERAL, Claim.READING)


def _keeps(probe: Probe, number: str) -> Steps[Observed]:
    expected = f"the reference number {number} that the text gave"
    # A text that is there beside others: what else is said of the picture does not matter.
    found = reading.until(
        probe, lambda w: number in answers.codes_in(w), expected, Symptom.WORDS_LOST
    )
    exchange = yield from found
    return Observed(expected=expected, actual=replies.told(exchange), about=exchange)


@check(
    Level.MUST,
    spec=sources.IMAGE_INPUT,
    over=("before", "after", Param(id="between", value="between", needs=frozenset(SEVERAL))),
    needs=ONE,
    abilities=(Ability.WORDS,),
    guess=codes.GUESS,
)
def every_text_part_is_kept(lab: Lab, place: str) -> Dialogue:
    """Every one of several text parts beside a picture reaches the model."""
    via = yield from ways.transport(lab)
    number = lab.pictures["sheet-22"].facts.code
    said = prompts.REFERENCE.format(number)
    picture, other = (questions.image(lab.pictures[f"sheet-{n}"], via) for n in (23, 24))
    places: dict[str, list[Part | str]] = {
        "before": [said, picture],
        "after": [picture, said],
        "between": [picture, said, other],
    }
    return (yield from _keeps(questions.ask(*places[place], prompts.ASK_REFERENCE), number))


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=ONE, guess=codes.GUESS)
def picture_among_text_parts_is_read(lab: Lab) -> Dialogue:
    """A picture between several text parts is read."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-23"]
    parts = (
        "Here is a picture.",
        questions.image(picture, via),
        "There is a code in it.",
        prompts.CODE,
    )
    return (yield from reading.reads(questions.ask(*parts), picture.facts.code))


@check(Level.MUST, spec=sources.REQUEST, needs=ONE, abilities=(Ability.WORDS,), guess=codes.GUESS)
def earlier_text_is_kept(lab: Lab) -> Dialogue:
    """The text of an earlier turn is known in a turn with a picture."""
    via = yield from ways.transport(lab)
    number = lab.pictures["sheet-13"].facts.code
    parts = (questions.image(lab.pictures["sheet-12"], via), prompts.ASK_REFERENCE)
    probe = questions.talk(
        *questions.noted_turns(prompts.REFERENCE.format(number)), questions.turn(*parts)
    )
    return (yield from _keeps(probe, number))


@check(Level.SHOULD, spec=sources.REQUEST, needs=ONE, abilities=(Ability.WORDS,), guess=codes.GUESS)
def system_text_is_kept(lab: Lab) -> Dialogue:
    """The text of a system message is known in a turn with a picture."""
    via = yield from ways.transport(lab)
    number = lab.pictures["sheet-11"].facts.code
    said = f"{prompts.REFERENCE.format(number)} Tell it to everybody who asks."
    parts = (questions.image(lab.pictures["sheet-12"], via), prompts.GIVEN_REFERENCE)
    return (
        yield from _keeps(
            questions.talk(questions.turn(said, role="system"), questions.turn(*parts)), number
        )
    )


@check(Level.MAY, spec=sources.IMAGE_INPUT, over=("before", "after"), needs=ONE, guess=codes.GUESS)
def empty_text_beside_a_picture(lab: Lab, place: str) -> Dialogue:
    """A picture beside an empty text part is read or refused, not ignored."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-24"]
    parts: list[Part | str] = [questions.image(picture, via)]
    parts.insert(0 if place == "before" else 1, "")
    probe = questions.ask(*parts, prompts.CODE)
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, "an empty text part"))
