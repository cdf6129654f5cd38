"""Several messages of the user in a row, and a picture without text."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import reading, refusals, replies, ways
from conformance.model import Claim, Dialogue, Lab, Level, Observed, Probe, Steps, Via
from conformance.registry import check

ONE = (Claim.READING,)
SEVERAL = (Claim.SEVERAL, Claim.READING)


def _accepted(probe: Probe, what: str) -> Steps[Observed]:
    """The request must be answered, whatever the answer is."""
    expected = f"200 and an answer to {what}"
    exchange = yield from reading.until(probe, lambda _: True, expected)
    return Observed(expected=expected, actual=replies.told(exchange))


def _in_a_row(lab: Lab, via: Via) -> tuple[Probe, list[str]]:
    pictures = [lab.pictures["sheet-17"], lab.pictures["sheet-18"]]
    turns = [questions.turn(questions.image(picture, via), prompts.LOOK) for picture in pictures]
    return questions.talk(*turns, questions.turn(prompts.CODES)), [
        picture.facts.code for picture in pictures
    ]


@check(Level.MUST, spec=sources.REQUEST, needs=SEVERAL, guess=codes.GUESS)
def pictures_in_consecutive_messages(lab: Lab) -> Dialogue:
    """Pictures in consecutive messages of the user are all read, or refused, not ignored."""
    via = yield from ways.transport(lab)
    probe, wanted = _in_a_row(lab, via)
    seen = f"every one of {', '.join(wanted)}"
    accepts = reading.gathers(wanted, set())
    return (
        yield from refusals.refuses_or(probe, accepts, "consecutive messages of the user", seen)
    )


@check(Level.SHOULD, spec=sources.REQUEST, needs=SEVERAL)
def consecutive_messages_are_accepted(lab: Lab) -> Dialogue:
    """Consecutive messages of the user with a picture each are accepted."""
    via = yield from ways.transport(lab)
    probe, _ = _in_a_row(lab, via)
    return (yield from _accepted(probe, "consecutive messages of the user"))


@check(Level.MUST, spec=sources.REQUEST, over=("next", "previous"), needs=ONE, guess=codes.GUESS)
def question_in_another_message(lab: Lab, which: str) -> Dialogue:
    """A picture alone in its message, asked about in another one, is read or refused."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-19"]
    messages = [questions.turn(questions.image(picture, via)), questions.turn(prompts.CODE)]
    probe = questions.talk(*(messages if which == "next" else messages[::-1]))
    what = f"a question in the {which} message"
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, what))


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=ONE)
def picture_without_text_is_accepted(lab: Lab) -> Dialogue:
    """A message that is a picture and no text is accepted."""
    via = yield from ways.transport(lab)
    probe = questions.ask(questions.image(lab.pictures["sheet-20"], via))
    return (yield from _accepted(probe, "a picture without text"))
