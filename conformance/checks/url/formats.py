"""Each documented format by URL."""

from __future__ import annotations

from conformance.asking import sources
from conformance.checks.url._hosted import READ, reads_at
from conformance.drawing import codes
from conformance.model import Claim, Dialogue, Hosted, Lab, Level, Param
from conformance.registry import check

FORMATS = (
    Param(id="png", value="png-rgb", needs=frozenset({Claim.PNG})),
    Param(id="jpeg", value="jpeg-baseline", needs=frozenset({Claim.JPEG})),
    Param(id="webp", value="webp-lossy", needs=frozenset({Claim.WEBP})),
    Param(id="gif", value="gif-still", needs=frozenset({Claim.GIF})),
)


@check(Level.MUST, spec=sources.IMAGE_REQUIREMENTS, over=FORMATS, needs=READ, guess=codes.GUESS)
def format_is_read(lab: Lab, picture_id: str) -> Dialogue:
    """A picture of each documented format is read from its URL."""
    suffix = picture_id.split("-", maxsplit=1)[0]
    return (yield from reads_at(lab, Hosted(path=f"picture.{suffix}"), picture_id))
