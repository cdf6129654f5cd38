"""Pictures of many bytes."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import questions, sources
from conformance.drawing import codes, variants
from conformance.judging import aftermath, reading, refusals, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Failed,
    Inline,
    Lab,
    Level,
    NotApplicable,
    Observed,
    Param,
    Picture,
    Probe,
    Reason,
    Symptom,
)
from conformance.registry import check

DATA = (Claim.DATA_URL, Claim.READING)
MEGA = 1_000_000
#: Weights of one picture, in bytes. As base64 in a body each is a third more.
COMMON = (MEGA // 2, MEGA)
HEAVY = tuple(n * MEGA for n in (2, 5, 10, 20))


def _weights(sizes: tuple[int, ...]) -> tuple[Param, ...]:
    return tuple(Param(id=f"{size / MEGA:g}MB", value=size) for size in sizes)


def _heavy(lab: Lab, size: int) -> tuple[Picture, Probe]:
    picture = variants.heavier(lab.pictures["sheet-16"], size)
    return picture, questions.ask_code(picture)


@check(
    Level.SHOULD,
    spec=sources.IMAGE_REQUIREMENTS,
    over=_weights(COMMON),
    needs=DATA,
    guess=codes.GUESS,
)
def common_weight_is_read(lab: Lab, size: int) -> Dialogue:
    """A picture as heavy as a common photograph is read."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture, probe = _heavy(lab, size)
    promised = lab.target.most_bytes
    if size > (MEGA // 2 if promised is None else promised):
        exchange = yield probe
        if refusals.is_refusal(exchange):
            raise NotApplicable(f"refused openly: {replies.told(exchange)}", why=Reason.LIMIT)
    return (yield from reading.reads(probe, picture.facts.code))


@check(
    Level.MAY,
    spec=sources.IMAGE_REQUIREMENTS,
    over=_weights(HEAVY),
    needs=DATA,
    guess=codes.GUESS,
    may_end_it=True,
)
def heavy_picture_is_read_or_refused(lab: Lab, size: int) -> Dialogue:
    """A heavy picture is read, or refused with a 4xx and an error object, not ignored."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture, probe = _heavy(lab, size)
    what = f"a picture of {size / MEGA:g} MB"
    return (yield from refusals.reads_or_refuses(probe, picture.facts.code, what))


@check(
    Level.MUST,
    spec=sources.ERROR_CODES,
    over=_weights(HEAVY[1:]),
    needs=DATA,
    guess=codes.GUESS,
    one_by_one=True,
)
def heavy_picture_breaks_nothing(lab: Lab, size: int) -> Dialogue:
    """After a heavy picture, read or refused, a plain one is read as before."""
    yield from ways.through(lab, Inline(), "base64/plain")
    _, probe = _heavy(lab, size)
    risky = yield probe
    return (yield from aftermath.still_reads(lab, Inline(), risky, size // MEGA, may_end_it=True))


@check(Level.SHOULD, spec=sources.ERROR_CODES, needs=DATA, steps=6, may_end_it=True)
def heavy_refusal_is_the_same_each_time(lab: Lab) -> Dialogue:
    """A picture that is too heavy is refused with the same status each time it is sent."""
    yield from ways.through(lab, Inline(), "base64/plain")
    expected = "three times the same status, if a heavy picture is refused"
    for size in HEAVY:
        _, probe = _heavy(lab, size)
        found = [replies.judgeable((yield probe)).status]
        if not 400 <= found[0] < 500:
            continue
        for sample in (1, 2):
            found.append(replies.judgeable((yield replace(probe, sample=sample))).status)
        actual = f"{', '.join(map(str, found))} for {size / MEGA:g} MB"
        if len(set(found)) > 1:
            raise Failed(
                actual,
                symptom=Symptom.WRONG_ERROR,
                expected=expected,
                hint="several layers or channels refuse it",
            )
        return Observed(expected=expected, actual=actual)
    return Observed(expected=expected, actual=f"none is refused up to {HEAVY[-1] / MEGA:g} MB")


@check(Level.MAY, spec=sources.HTTP_CHUNKED, needs=DATA, guess=codes.GUESS, may_end_it=True)
def heavy_body_in_chunks(lab: Lab) -> Dialogue:
    """A heavy body that is sent in chunks, without a Content-Length, is read or refused."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture, probe = _heavy(lab, HEAVY[0])
    chunked = replace(probe, headers=(("transfer-encoding", "chunked"),))
    what = f"a picture of {HEAVY[0] / MEGA:g} MB in chunks"
    return (yield from refusals.reads_or_refuses(chunked, picture.facts.code, what))
