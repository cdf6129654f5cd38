"""Pictures with thousands of words between them."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import reading, refusals, replies, ways
from conformance.model import Claim, Dialogue, Lab, Level
from conformance.registry import check

SEVERAL = (Claim.SEVERAL, Claim.READING)
#: Some 3,000 tokens: engines work through a prompt in batches of 512 to 2,048.
LINES = "\n".join(f"Line {n} is a line that tells nothing of the pictures." for n in range(1, 251))
#: Number of the sample of a request that is sent once more.
ONCE_MORE = 100


@check(
    Level.MUST,
    spec=sources.IMAGE_INPUT,
    over=("first", "again"),
    needs=SEVERAL,
    guess=codes.GUESS,
    steps=2,
)
def pictures_far_apart_are_read_or_refused(lab: Lab, when: str) -> Dialogue:
    """Pictures with thousands of words between them are read, or refused, also a second time."""
    via = yield from ways.transport(lab)
    pictures = [lab.pictures["sheet-17"], lab.pictures["sheet-19"]]
    first, second = (questions.image(picture, via) for picture in pictures)
    probe = questions.talk(
        *questions.noted_turns(first, prompts.LOOK),
        *questions.noted_turns(LINES),
        questions.turn(second, prompts.CODES),
    )
    if when == "again":
        yield probe
        replies.judgeable((yield replace(probe, sample=ONCE_MORE)))
    wanted = [picture.facts.code for picture in pictures]
    seen = f"every one of {', '.join(wanted)}"
    return (
        yield from refusals.refuses_or(
            probe, reading.gathers(wanted, set()), "pictures far apart", seen
        )
    )
