"""Bytes and their declared type: unlike each other, damaged, undocumented, no picture."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.base64._inline import (
    DATA,
    READ,
    reads_inline,
    reads_or_refuses_inline,
    refuses_inline,
)
from conformance.drawing import codes
from conformance.model import Claim, Dialogue, Inline, Lab, Level
from conformance.registry import check

DECLARED = {
    "png-as-jpeg": ("sheet-08", "image/jpeg"),
    "jpeg-as-png": ("jpeg-baseline", "image/png"),
    "webp-as-png": ("webp-lossless", "image/png"),
    "jpeg-as-image-jpg": ("jpeg-baseline", "image/jpg"),
    "octet-stream": ("sheet-08", "application/octet-stream"),
    "text-plain": ("sheet-08", "text/plain"),
    "none": ("sheet-08", ""),
}


@check(Level.MAY, spec=sources.DATA_URL, over=tuple(DECLARED), needs=READ, guess=codes.GUESS)
def declared_type_unlike_the_bytes(lab: Lab, name: str) -> Dialogue:
    """A declared media type unlike the bytes is overlooked or refused; the picture not ignored."""
    picture_id, declared = DECLARED[name]
    via = Inline(media_type=declared)
    return (yield from reads_or_refuses_inline(lab, picture_id, f"the type {declared!r}", via))


@check(
    Level.SHOULD,
    spec=sources.IMAGE_REQUIREMENTS,
    over=("truncated-png", "truncated-jpeg", "corrupt-png", "corrupt-jpeg"),
    needs=DATA,
)
def damaged_picture_is_refused(lab: Lab, picture_id: str) -> Dialogue:
    """A truncated or corrupt picture is refused with a 4xx and an error object."""
    return (yield from refuses_inline(lab, picture_id, "a damaged picture"))


@check(Level.MUST, spec=sources.IMAGE_REQUIREMENTS, over=("text", "html", "empty"), needs=DATA)
def bytes_that_are_no_picture_are_refused(lab: Lab, picture_id: str) -> Dialogue:
    """Bytes that are no picture, declared as one, are refused with a 4xx and an error object."""
    via = Inline(media_type="image/png")
    return (yield from refuses_inline(lab, picture_id, "bytes that are no picture", via))


@check(
    Level.MAY,
    spec=sources.IMAGE_REQUIREMENTS,
    over=("svg", "bmp", "tiff", "ico", "pdf"),
    needs=READ,
    guess=codes.GUESS,
)
def undocumented_format(lab: Lab, picture_id: str) -> Dialogue:
    """A format that is not documented is read or refused, not ignored."""
    return (yield from reads_or_refuses_inline(lab, picture_id, f"the format {picture_id}"))


@check(Level.SHOULD, spec=sources.DATA_URL, needs=(*READ, Claim.JPEG), guess=codes.GUESS)
def image_jpg_is_a_jpeg(lab: Lab) -> Dialogue:
    """A JPEG that is declared as image/jpg, as many programs write it, is read."""
    return (yield from reads_inline(lab, "jpeg-baseline", Inline(media_type="image/jpg")))
