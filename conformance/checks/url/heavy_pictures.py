"""Pictures of megabytes by URL, and those whose size stands late in the file."""

from __future__ import annotations

from conformance.asking import questions, sources
from conformance.checks.url._hosted import READ
from conformance.drawing import codes, variants
from conformance.judging import premises, reading, refusals, ways
from conformance.model import Claim, Dialogue, Hosted, Inline, Lab, Level
from conformance.registry import check

#: Weights of pictures by URL, in millions of bytes, and how they are sent.
HEAVY = {"2MB": (2, Hosted()), "5MB": (5, Hosted()), "5MB-chunked": (5, Hosted(chunked=True))}


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=tuple(HEAVY),
    needs=(*READ, Claim.DATA_URL),
    guess=codes.GUESS,
)
def heavy_picture_is_read_whole(lab: Lab, name: str) -> Dialogue:
    """A heavy picture is read by URL if it is read as a data URL, else read or refused."""
    yield from ways.through(lab, Hosted(), "url/plain")
    yield from ways.through(lab, Inline(), "base64/plain")
    megabytes, hosted = HEAVY[name]
    picture = variants.heavier(lab.pictures["sheet-16"], megabytes * 1_000_000)
    probe, code, what = (
        questions.ask_code(picture),
        picture.facts.code,
        f"a picture of {megabytes} MB",
    )
    by = f"limits/heavy-picture-is-read-or-refused[{megabytes}MB]"
    yield from premises.or_blocked(refusals.reads_or_refuses(probe, code, what), by)
    inline, by_url = (yield probe), questions.ask_code(picture, hosted)
    if 400 <= inline.status < 500:
        return (yield from refusals.reads_or_refuses(by_url, code, what))
    return (yield from reading.reads(by_url, code))


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=(*READ, Claim.JPEG), guess=codes.GUESS)
def long_metadata_before_the_picture(lab: Lab) -> Dialogue:
    """A JPEG is read from its URL although 200 kB of metadata stand before its size."""
    yield from ways.through(lab, Hosted(), "url/plain")
    picture = variants.late(lab.pictures["jpeg-baseline"], 200_000)
    probe = questions.ask_code(picture, Hosted(path="picture.jpeg"))
    return (yield from reading.reads(probe, picture.facts.code))
