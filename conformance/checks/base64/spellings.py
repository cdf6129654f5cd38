"""How a data URL may be spelled, and what is none."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.base64._inline import DATA, READ, reads_or_refuses_inline, refuses_inline
from conformance.drawing import codes
from conformance.judging import refusals, ways
from conformance.model import Dialogue, ImagePart, Inline, Lab, Level, Payload, Verbatim, canonical
from conformance.registry import check

SPELLINGS = {
    "upper-case-scheme": Inline(scheme="DATA:"),
    "upper-case-type": Inline(media_type="image/PNG"),
    "charset-parameter": Inline(parameters=";charset=utf-8"),
    "name-parameter": Inline(parameters=";name=picture.png"),
    "no-padding": Inline(payload=Payload.UNPADDED),
    "line-breaks": Inline(payload=Payload.WRAPPED),
    "url-safe-alphabet": Inline(payload=Payload.URL_SAFE),
    "no-base64-marker": Inline(marker=""),
    "raw-base64": Inline(scheme="", media_type="", marker="", comma=""),
}


@check(Level.MAY, spec=sources.DATA_URL, over=tuple(SPELLINGS), needs=READ, guess=codes.GUESS)
def unusual_spelling(lab: Lab, spelling: str) -> Dialogue:
    """A data URL in an unusual spelling is read or refused, not ignored."""
    via = SPELLINGS[spelling]
    return (yield from reads_or_refuses_inline(lab, "sheet-06", spelling, via))


BROKEN = {
    "no-comma": Inline(comma=""),
    "empty-payload": Inline(payload=Payload.EMPTY),
    "not-base64": Inline(payload=Payload.GARBLED),
}


@check(Level.MUST, spec=sources.BASE64, over=tuple(BROKEN), needs=DATA)
def broken_data_url_is_refused(lab: Lab, spelling: str) -> Dialogue:
    """A data URL that holds no picture is refused with a 4xx and an error object."""
    return (yield from refuses_inline(lab, "sheet-07", spelling, BROKEN[spelling]))


@check(Level.MUST, spec=sources.IMAGE_PART, needs=DATA)
def missing_image_url_is_refused(lab: Lab) -> Dialogue:
    """A picture part without image_url is refused with a 4xx and an error object."""
    yield from ways.through(lab, Inline(), "base64/plain")
    part = ImagePart(
        picture=None, via=Verbatim(json=canonical({"type": "image_url"}), whole_part=True)
    )
    return (
        yield from refusals.refuses(
            questions.ask(part, prompts.CODE), "a picture part without image_url"
        )
    )
