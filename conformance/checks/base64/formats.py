"""Documented formats, their less common encodings, animation and orientation."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.base64._inline import READ, params_of, reads_inline, reads_or_refuses_inline
from conformance.controls import looking
from conformance.drawing import codes
from conformance.judging import answers, reading, refusals, ways
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
    Steps,
    Symptom,
    Unobserved,
)
from conformance.registry import check


@check(
    Level.MUST,
    spec=sources.IMAGE_REQUIREMENTS,
    over=(
        *params_of(Claim.PNG, "png-rgb"),
        *params_of(Claim.JPEG, "jpeg-baseline"),
        *params_of(Claim.WEBP, "webp-lossy"),
        *params_of(Claim.GIF, "gif-still"),
    ),
    needs=READ,
    guess=codes.GUESS,
)
def format_is_read(lab: Lab, picture_id: str) -> Dialogue:
    """A picture of each documented format is read."""
    return (yield from reads_inline(lab, picture_id))


@check(
    Level.SHOULD,
    spec=sources.PNG,
    over=[Param(id=i, value=i, needs=frozenset({claim})) for i, claim in looking.ENCODINGS.items()],
    needs=READ,
    guess=codes.GUESS,
)
def encoding_is_read(lab: Lab, picture_id: str) -> Dialogue:
    """Less common encodings of the documented formats stay legible."""
    try:
        return (yield from reads_inline(lab, picture_id))
    except Failed as failed:
        is_able = Ability.ENCODINGS in lab.target.vouched or failed.symptom not in reading.UNREAD
        if is_able or (yield from _is_read_by_url(lab, picture_id)):
            raise
        words = f"it is read in no way that works here: {failed.actual}"
        raise Unobserved(words, ability=Ability.ENCODINGS, about=failed.about) from None


def _is_read_by_url(lab: Lab, picture_id: str) -> Steps[bool]:
    if Claim.URL in lab.target.unclaimed or not (yield from ways.working(lab, Hosted())):
        return False
    picture = lab.pictures[picture_id]
    try:
        yield from reading.reads(questions.ask_code(picture, Hosted()), picture.facts.code)
    except Failed:
        return False
    return True


@check(Level.MAY, spec=sources.IMAGE_REQUIREMENTS, needs=(*READ, Claim.GIF), guess=codes.GUESS)
def animated_gif(lab: Lab) -> Dialogue:
    """An animated GIF is read from its first frame or refused, not ignored."""
    return (yield from reads_or_refuses_inline(lab, "gif-animated", "an animated GIF"))


@check(
    Level.MAY,
    spec=sources.IMAGE_INPUT,
    over=("jpeg-exif-1", "jpeg-exif-3", "jpeg-exif-6", "jpeg-exif-8"),
    needs=(*READ, Claim.JPEG),
    guess=4 * codes.GUESS,
)
def exif_orientation(lab: Lab, picture_id: str) -> Dialogue:
    """A JPEG with an EXIF orientation is read or refused; which corner comes first is reported."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures[picture_id]
    corners = picture.facts.corners
    probe = questions.ask(questions.image(picture), prompts.CORNER.format("top left"))

    def accepts(words: str) -> bool:
        return bool(set(answers.codes_in(words)) & set(corners))

    seen = "a code of one of the corners"
    try:
        observed = yield from refusals.refuses_or(
            probe, accepts, "a JPEG with EXIF orientation", seen
        )
    except Failed as failed:
        if failed.symptom in (Symptom.NOT_READ, Symptom.MADE_UP) and picture_id != "jpeg-exif-1":
            words = f"what lies on its side is not read: {failed.actual}"
            raise Unobserved(words, ability=Ability.PLACE) from None
        raise
    applied = answers.reads(observed.actual, corners[0])
    note = "the orientation is applied" if applied else "the orientation is not applied"
    return Observed(expected=observed.expected, actual=f"{observed.actual}; {note}")
