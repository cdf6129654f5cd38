"""A picture among other turns: examples, text alone, the same picture, parts."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import reading, ways
from conformance.model import Claim, Dialogue, Lab, Level, Turn
from conformance.registry import check

ONE = (Claim.READING,)
SEVERAL = (Claim.SEVERAL, Claim.READING)
READY = (questions.turn(prompts.READY), questions.turn("Ready.", role="assistant"))


@check(Level.MUST, spec=sources.REQUEST, over=(1, 3), needs=SEVERAL, guess=codes.GUESS)
def picture_after_examples_is_read(lab: Lab, count: int) -> Dialogue:
    """After examples, each a picture and its right answer, the new picture is read."""
    via = yield from ways.transport(lab)
    *examples, new = [lab.pictures[f"sheet-{n:02}"] for n in range(10, 11 + count)]
    turns: list[Turn] = []
    for picture in examples:
        turns.append(questions.turn(questions.image(picture, via), prompts.CODE))
        turns.append(questions.turn(picture.facts.code, role="assistant"))
    probe = questions.talk(*turns, questions.turn(questions.image(new, via), prompts.CODE))
    code = new.facts.code
    # An earlier picture of the conversation is the wrong one.
    return (yield from reading.picks(probe, code, [p.facts.code for p in (*examples, new)]))


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=("before", "after", "around"),
    needs=ONE,
    guess=codes.GUESS,
)
def picture_among_text_turns_is_read(lab: Lab, place: str) -> Dialogue:
    """A picture is read although turns of text alone stand before or after it."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-14"]
    before = READY if place != "after" else ()
    after = READY * 2 if place != "before" else ()
    probe = questions.talk(
        *before,
        *questions.noted_turns(questions.image(picture, via), prompts.LOOK),
        *after,
        questions.turn(prompts.CODE),
    )
    return (yield from reading.reads(probe, picture.facts.code))


@check(Level.MUST, spec=sources.REQUEST, needs=SEVERAL, guess=codes.GUESS)
def same_picture_in_two_turns(lab: Lab) -> Dialogue:
    """A picture that is sent again in a later turn is read."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-15"]
    again = questions.turn(questions.image(picture, via), prompts.CODE)
    return (
        yield from reading.reads(
            questions.talk(
                *questions.noted_turns(questions.image(picture, via), prompts.LOOK), again
            ),
            picture.facts.code,
        )
    )


@check(Level.SHOULD, spec=sources.REQUEST, needs=ONE, guess=codes.GUESS)
def assistant_message_in_parts(lab: Lab) -> Dialogue:
    """A picture is read although an earlier message of the assistant is written in parts."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-16"]
    noted = questions.turn(prompts.NOTED, "What is your question?", role="assistant")
    probe = questions.talk(
        questions.turn(questions.image(picture, via), prompts.LOOK),
        noted,
        questions.turn(prompts.CODE),
    )
    return (yield from reading.reads(probe, picture.facts.code))
