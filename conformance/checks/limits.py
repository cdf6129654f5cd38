"""How much a request may hold, what becomes of one that holds too much, and of those after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes, variants
from conformance.judging import aftermath, reading, refusals, replies, ways
from conformance.model import (
    Ability,
    Claim,
    Dialogue,
    Failed,
    ImagePart,
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
    Via,
    pictures_of,
)
from conformance.registry import check

DATA = (Claim.DATA_URL, Claim.READING)
SEVERAL = (Claim.SEVERAL, Claim.READING)
MEGA = 1_000_000
#: Weights of one picture, in bytes. As base64 in a body each is a third more.
COMMON = (MEGA // 2, MEGA)
HEAVY = tuple(n * MEGA for n in (2, 5, 10, 20))
#: Numbers of pictures in one message: gateways that count stop at 5, 8, 10, 16 or 20.
MANY = (20, 50)


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
    Level.MAY, spec=sources.IMAGE_REQUIREMENTS, over=_weights(HEAVY), needs=DATA, guess=codes.GUESS
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


@check(Level.SHOULD, spec=sources.ERROR_CODES, needs=DATA, steps=6)
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


@check(Level.MAY, spec=sources.HTTP_CHUNKED, needs=DATA, guess=codes.GUESS)
def heavy_body_in_chunks(lab: Lab) -> Dialogue:
    """A heavy body that is sent in chunks, without a Content-Length, is read or refused."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture, probe = _heavy(lab, HEAVY[0])
    chunked = replace(probe, headers=(("transfer-encoding", "chunked"),))
    what = f"a picture of {HEAVY[0] / MEGA:g} MB in chunks"
    return (yield from refusals.reads_or_refuses(chunked, picture.facts.code, what))


# ---------------------------------------------------------------- large and long pictures

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


@check(Level.MAY, spec=sources.IMAGE_REQUIREMENTS, over=tuple(LARGE), needs=DATA, guess=codes.GUESS)
def large_picture_is_read_or_refused(lab: Lab, name: str) -> Dialogue:
    """A picture of very many pixels is read, or refused with a 4xx and an error object."""
    yield from ways.through(lab, Inline(), "base64/plain")
    picture, probe = _large(lab, name)
    what = f"a picture of {name} pixels"
    smaller = lab.pictures[SMALLER[name]]
    less = refusals.reads_or_refuses(
        questions.ask_code(smaller), smaller.facts.code, "an extreme size"
    )
    yield from aftermath.or_blocked(less, f"base64/extreme-size[{smaller.id}]")
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


@check(Level.MAY, spec=sources.IMAGE_REQUIREMENTS, over=tuple(LONG), needs=(Claim.DATA_URL,))
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


# ---------------------------------------------------------------- many pictures


def _crowd(lab: Lab, via: Via, count: int, place: str) -> tuple[Probe, str]:
    """One code sheet, first or last among small pictures of one other code."""
    sheet, filler = lab.pictures["sheet-18"], lab.pictures["size-64x64"]
    parts: list[ImagePart] = [questions.image(filler, via, "low")] * (count - 1)
    parts.insert(0 if place == "first" else count, questions.image(sheet, via, "low"))
    return questions.ask(*parts, prompts.NTH.format(place)), sheet.facts.code


def _places() -> Iterator[Param]:
    for count in MANY:
        for place in ("first", "last"):
            yield Param(id=f"{count}-{place}", value=(count, place))


@check(
    Level.MAY,
    spec=sources.IMAGE_INPUT,
    over=tuple(_places()),
    needs=SEVERAL,
    abilities=(Ability.CHOOSE,),
    guess=codes.GUESS,
)
def many_pictures_are_read_or_refused(lab: Lab, one: tuple[int, str]) -> Dialogue:
    """Of many pictures in a message the first and the last are read, or the message refused."""
    via = yield from ways.transport(lab)
    probe, code = _crowd(lab, via, *one)
    what = f"{one[0]} pictures in one message"
    every = {picture.facts.code for picture in pictures_of(probe)}
    return (yield from refusals.picks_or_refuses(probe, code, every, what))


@check(
    Level.MUST,
    spec=sources.ERROR_CODES,
    over=MANY,
    needs=SEVERAL,
    guess=codes.GUESS,
    one_by_one=True,
)
def many_pictures_break_nothing(lab: Lab, count: int) -> Dialogue:
    """After a message of many pictures, read or refused, a plain one is read as before."""
    via = yield from ways.transport(lab)
    probe, _ = _crowd(lab, via, count, "last")
    risky = yield probe
    return (yield from aftermath.still_reads(lab, via, risky, count * 10, may_end_it=True))


# ---------------------------------------------------------------- far apart

#: Some 3,000 tokens: engines work through a prompt in batches of 512 to 2,048.
LINES = "\n".join(f"Line {n} is a line that tells nothing of the pictures." for n in range(1, 251))
#: Number of the sample of a request that is sent once more.
ONCE_MORE = 100


@check(
    Level.MUST,
    spec=sources.IMAGE_INPUT,
    over=("first", "again"),
    needs=SEVERAL,
    guess=codes.GUESS,
    steps=2,
)
def pictures_far_apart_are_read_or_refused(lab: Lab, when: str) -> Dialogue:
    """Pictures with thousands of words between them are read, or refused, also a second time."""
    via = yield from ways.transport(lab)
    pictures = [lab.pictures["sheet-17"], lab.pictures["sheet-19"]]
    first, second = (questions.image(picture, via) for picture in pictures)
    noted = questions.turn(prompts.NOTED, role="assistant")
    probe = questions.talk(
        questions.turn(first, "Look at this picture."),
        noted,
        questions.turn(LINES),
        noted,
        questions.turn(second, prompts.CODES),
    )
    if when == "again":
        yield probe
        replies.judgeable((yield replace(probe, sample=ONCE_MORE)))
    wanted = [picture.facts.code for picture in pictures]
    seen = f"every one of {', '.join(wanted)}"
    return (
        yield from refusals.refuses_or(
            probe, reading.gathers(wanted, set()), "pictures far apart", seen
        )
    )
