"""Every picture is seen, in the order in which they were sent."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.multi_image._several_answers import all_read, kept
from conformance.checks.multi_image._sheets import READ, codes_of, sheets
from conformance.drawing import codes
from conformance.judging import premises, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    ImagePart,
    Lab,
    Level,
    Observed,
    Via,
)
from conformance.registry import check

#: The numbers of pictures whose order is judged. One server permutes from three on.
COUNTS = (2, 3, 5, 10, 20)
#: From here on pictures are sent at low detail.
MANY = 20


def _shown(lab: Lab, count: int, via: Via) -> list[ImagePart]:
    """Many pictures are sent at low detail, where detail is claimed: they are large print."""
    few = count < MANY or Claim.DETAIL in lab.target.unclaimed
    return [questions.image(picture, via, ... if few else "low") for picture in sheets(lab, count)]


@check(Level.MUST, spec=sources.IMAGE_INPUT, over=COUNTS, needs=READ, guess=codes.GUESS)
def every_picture_is_seen(lab: Lab, count: int) -> Dialogue:
    """Every one of several pictures in a message is read."""
    via = yield from ways.transport(lab)
    probe = questions.ask(*_shown(lab, count, via), prompts.CODES)
    exchange = yield from all_read(probe, codes_of(sheets(lab, count)))
    return Observed(expected=f"{count} codes", actual=replies.told(exchange))


@check(Level.MUST, spec=sources.IMAGE_INPUT, over=COUNTS, needs=READ, guess=codes.GUESS)
def order_is_kept(lab: Lab, count: int) -> Dialogue:
    """Several pictures in a message are seen in the order in which they were sent."""
    via = yield from ways.transport(lab)
    probe = questions.ask(*_shown(lab, count, via), prompts.CODES)
    by = f"multi-image/every-picture-is-seen[{count}]"
    return (yield from kept(probe, codes_of(sheets(lab, count)), by))


@check(Level.MUST, spec=sources.REQUEST, over=COUNTS[1:], needs=READ, guess=codes.GUESS)
def order_is_kept_across_turns(lab: Lab, count: int) -> Dialogue:
    """Pictures sent one per turn are all seen, in the order of the turns."""
    via = yield from ways.transport(lab)
    yield from premises.earlier_turns_are_seen(lab, via)
    turns = [
        turn
        for shown in _shown(lab, count, via)
        for turn in questions.noted_turns(shown, prompts.LOOK)
    ]
    probe = questions.talk(*turns, questions.turn(prompts.CODES))
    return (yield from kept(probe, codes_of(sheets(lab, count))))
