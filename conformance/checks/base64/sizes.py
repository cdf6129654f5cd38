"""Pictures of ordinary, extreme and tiny size in pixels."""

from __future__ import annotations

from conformance.asking import questions, sources
from conformance.checks.base64._inline import DATA, READ, reads_inline, reads_or_refuses_inline
from conformance.drawing import codes
from conformance.judging import aftermath, reading, refusals, ways
from conformance.model import Ability, Dialogue, Failed, Inline, Lab, Level, Unobserved
from conformance.registry import check


@check(
    Level.MUST,
    spec=sources.IMAGE_INPUT,
    over=(
        "size-200x200",
        "size-512x512",
        "size-1024x1024",
        "size-2048x2048",
        "portrait-768x1366",
        "landscape-1366x768",
        "tall-200x2000",
        "wide-2000x200",
    ),
    needs=READ,
    guess=codes.GUESS,
)
def size_is_read(lab: Lab, picture_id: str) -> Dialogue:
    """A picture of an ordinary size or shape is read."""
    return (yield from reads_inline(lab, picture_id))


@check(
    Level.MAY,
    spec=sources.IMAGE_REQUIREMENTS,
    over=("size-4096x4096", "size-6000x6000", "tall-100x4000", "wide-4000x100"),
    needs=READ,
    guess=codes.GUESS,
)
def extreme_size(lab: Lab, picture_id: str) -> Dialogue:
    """A picture of an extreme size or shape is read or refused, not ignored."""
    try:
        return (yield from reads_or_refuses_inline(lab, picture_id, "an extreme size"))
    except Failed as failed:
        # Shrunk to what a model takes, its print is small.
        if failed.symptom not in reading.UNREAD or Ability.SMALL_PRINT in lab.target.vouched:
            raise
        words = f"its print may be too small for this model: {failed.actual}"
        raise Unobserved(words, ability=Ability.SMALL_PRINT, about=failed.about) from None


@check(
    Level.MAY,
    spec=sources.IMAGE_INPUT,
    over=("size-1x1", "size-8x8", "size-16x16"),
    needs=DATA,
    one_by_one=True,
)
def tiny_picture(lab: Lab, picture_id: str) -> Dialogue:
    """A tiny picture is answered or refused with an error object, and breaks nothing."""
    yield from ways.through(lab, Inline(), "base64/plain")
    probe = questions.ask(questions.image(lab.pictures[picture_id]), "What colour is this picture?")
    observed = yield from refusals.refuses_or(probe, bool, "a tiny picture", "an answer")
    width = lab.pictures[picture_id].width
    return (yield from aftermath.breaks_nothing(probe, 100 + width, observed))
