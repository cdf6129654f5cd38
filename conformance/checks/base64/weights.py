"""Pictures of many bytes, and of much metadata."""

from __future__ import annotations

from conformance.asking import questions, sources
from conformance.checks.base64._inline import READ, params_of
from conformance.drawing import codes, variants
from conformance.judging import reading, refusals, replies, ways
from conformance.model import Claim, Dialogue, Inline, Lab, Level, NotApplicable, Reason
from conformance.registry import check

#: Bytes of metadata: thumbnails, profiles and maker notes of a telephone take as much.
LATE = 200_000


@check(Level.SHOULD, spec=sources.IMAGE_REQUIREMENTS, needs=READ, guess=codes.GUESS)
def several_megabytes(lab: Lab) -> Dialogue:
    """A picture of several megabytes is read, if no limit that is refused openly lies below."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["bytes-heavy"]
    promised = lab.target.most_bytes
    if promised is None or picture.weight > promised:
        exchange = yield questions.ask_code(picture)
        if refusals.is_refusal(exchange):
            raise NotApplicable(f"refused openly: {replies.told(exchange)}", why=Reason.LIMIT)
    return (yield from reading.reads(questions.ask_code(picture), picture.facts.code))


@check(
    Level.SHOULD,
    spec=sources.IMAGE_REQUIREMENTS,
    over=(*params_of(Claim.JPEG, "jpeg-baseline"), *params_of(Claim.PNG, "png-rgb")),
    needs=READ,
    guess=codes.GUESS,
)
def long_metadata_before_the_picture(lab: Lab, picture_id: str) -> Dialogue:
    """A picture is read although 200 kB of metadata stand before it, as in photographs."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = variants.late(lab.pictures[picture_id], LATE)
    return (yield from reading.reads(questions.ask_code(picture), picture.facts.code))
