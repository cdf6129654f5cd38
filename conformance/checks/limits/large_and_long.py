"""Pictures of very many pixels, and those as narrow as a line."""

from __future__ import annotations

from conformance.asking import questions, sources
from conformance.drawing import codes, variants
from conformance.judging import aftermath, premises, refusals, ways
from conformance.model import Claim, Dialogue, Inline, Lab, Level, Picture, Probe
from conformance.registry import check

DATA = (Claim.DATA_URL, Claim.READING)
#: How often a pixel of a picture is repeated: beyond 26,214,400 pixels in all, and beyond 16,000
#: a side, which are the limits of one engine and near those of the largest provider.
LARGE = {
    "8192x5120": ("sheet-17", 16),
    "16000x400": ("wide-4000x100", 4),
    "400x16000": ("tall-100x4000", 4),
}
#: What must not fail already.
SMALLER = {
    "8192x5120": "size-6000x6000",
    "16000x400": "wide-4000x100",
    "400x16000": "tall-100x4000",
}


def _large(lab: Lab, name: str) -> tuple[Picture, Probe]:
    picture_id, factor = LARGE[name]
    picture = variants.magnified(lab.pictures[picture_id], factor)
    return picture, questions.ask_code(picture)


@check(
    Level.MAY,
    spec=sources.IMAGE_REQUIREMENTS,
    over=tuple(LARGE),
    needs=DATA,
    guess=codes.GUESS,
    may_end_it=True,
)
def large_picture_is_read_or_refused(lab: Lab, name: str) -> Dialogue:
    """A picture of very many pixels is read, or refused with a 4xx and an error object."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture, probe = _large(lab, name)
    what = f"a picture of {name} pixels"
    smaller = lab.pictures[SMALLER[name]]
    less = refusals.reads_or_refuses(
        questions.ask_code(smaller), smaller.facts.code, "an extreme size"
    )
    yield from premises.or_blocked(less, f"base64/extreme-size[{smaller.id}]")
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, what))


@check(
    Level.MUST,
    spec=sources.ERROR_CODES,
    over=tuple(LARGE),
    needs=DATA,
    guess=codes.GUESS,
    one_by_one=True,
)
def large_picture_breaks_nothing(lab: Lab, name: str) -> Dialogue:
    """After a picture of very many pixels, read or refused, a plain one is read as before."""
    yield from ways.through(lab, Inline(), "base64/plain")
    _, probe = _large(lab, name)
    risky = yield probe
    return (
        yield from aftermath.still_reads(
            lab, Inline(), risky, 100 + list(LARGE).index(name), may_end_it=True
        )
    )


#: Width and height. Some processors turn down 1:200 and more; one broke on 1093 by 5.
LONG = {"2000x10": (2000, 10), "10x2000": (10, 2000), "4000x10": (4000, 10), "1093x5": (1093, 5)}


def _long(lab: Lab, name: str) -> Probe:
    strip = variants.plain(lab.pictures["size-16x16"], *LONG[name])
    return questions.ask(questions.image(strip), "What colour is this picture?")


@check(
    Level.MAY,
    spec=sources.IMAGE_REQUIREMENTS,
    over=tuple(LONG),
    needs=(Claim.DATA_URL,),
    may_end_it=True,
)
def long_picture_is_answered_or_refused(lab: Lab, name: str) -> Dialogue:
    """A picture as narrow as a line is answered, or refused with a 4xx and an error object."""
    yield from ways.through(lab, Inline(), "base64/plain")
    probe, what = _long(lab, name), f"a picture of {name} pixels"
    return (yield from refusals.refuses_or(probe, bool, what, "an answer"))


@check(
    Level.MUST,
    spec=sources.ERROR_CODES,
    over=tuple(LONG),
    needs=DATA,
    guess=codes.GUESS,
    one_by_one=True,
)
def long_picture_breaks_nothing(lab: Lab, name: str) -> Dialogue:
    """After a picture as narrow as a line, answered or refused, a plain one is read as before."""
    yield from ways.through(lab, Inline(), "base64/plain")
    risky = yield _long(lab, name)
    return (
        yield from aftermath.still_reads(
            lab, Inline(), risky, 110 + list(LONG).index(name), may_end_it=True
        )
    )
