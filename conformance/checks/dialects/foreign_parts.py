"""A part of another dialect in a chat request."""

from __future__ import annotations

import base64

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import refusals, ways
from conformance.model import (
    Claim,
    Dialogue,
    ImagePart,
    Inline,
    Json,
    Lab,
    Level,
    Picture,
    Verbatim,
    canonical,
)
from conformance.registry import check

READ = (Claim.READING,)


def _foreign(picture: Picture) -> dict[str, Json]:
    data = base64.b64encode(picture.data).decode()
    source = {"type": "base64", "media_type": picture.media_type, "data": data}
    return {
        "messages-block": {"type": "image", "source": source},
        "responses-part": {
            "type": "input_image",
            "image_url": f"data:{picture.media_type};base64,{data}",
        },
    }


@check(
    Level.MAY,
    spec=sources.IMAGE_PART,
    over=("messages-block", "responses-part"),
    needs=(*READ, Claim.DATA_URL),
    guess=codes.GUESS,
)
def part_of_another_dialect(lab: Lab, name: str) -> Dialogue:
    """A picture written in another dialect is read or refused in chat, not ignored."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture = lab.pictures["sheet-20"]
    written = Verbatim(json=canonical(_foreign(picture)[name]), whole_part=True)
    probe = questions.ask(ImagePart(picture=picture, via=written), prompts.CODE)
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, f"a {name} in chat"))
