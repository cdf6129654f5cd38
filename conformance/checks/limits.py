"""How much a request may hold, what becomes of one that holds too much, and of those after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from conformance import answers, prompts
from conformance.codes import GUESS
from conformance.dialogue import (
    Steps,
    ask,
    ask_code,
    image,
    judgeable,
    reads,
    reads_or_refuses,
    refuses_or,
    through,
    told,
    transport,
    until_reply,
)
from conformance.drawing import padding
from conformance.model import (
    Claim,
    Dialogue,
    Exchange,
    Failed,
    ImagePart,
    Inline,
    Lab,
    Level,
    Observed,
    Param,
    Picture,
    Probe,
    Unobserved,
    Via,
)
from conformance.registry import check
from conformance.sources import ERROR_CODES, IMAGE_INPUT, IMAGE_REQUIREMENTS

DATA = (Claim.DATA_URL, Claim.READING)
SEVERAL = (Claim.SEVERAL, Claim.READING)
MEGA = 1_000_000
#: Weights of one picture, in bytes. As base64 in a body each is a third more.
COMMON = (MEGA // 2, MEGA)
HEAVY = tuple(n * MEGA for n in (2, 5, 10, 20))
#: Numbers of pictures in one message: gateways that count stop at 5, 8, 10, 16 or 20.
MANY = (20, 50)
#: Samples of the controls are counted from here, for each probe its own.
CONTROL = 200


def _weights(sizes: tuple[int, ...]) -> tuple[Param, ...]:
    return tuple(Param(id=f"{size / MEGA:g}MB", value=size) for size in sizes)


@lru_cache(maxsize=16)
def _padded(picture: Picture, size: int) -> Picture:
    """The picture with an empty chunk that makes it ``size`` bytes long. It shows the same."""
    data = padding.grown_to(picture.data, size, f"{size}")
    file = f"{picture.id}-{size}-bytes.png"
    return replace(picture, data=data, sha256=hashlib.sha256(data).hexdigest(), file=file)


def _heavy(lab: Lab, size: int) -> tuple[Picture, Probe]:
    picture = _padded(lab.pictures["sheet-16"], size)
    return picture, ask_code(picture)


@check(Level.SHOULD, spec=IMAGE_REQUIREMENTS, over=_weights(COMMON), needs=DATA, guess=GUESS)
def common_weight_is_read(lab: Lab, size: int) -> Dialogue:
    """A picture as heavy as a common photograph is read."""
    yield from through(lab, Inline(), "base64/plain")
    picture, probe = _heavy(lab, size)
    return (yield from reads(probe, picture.facts.code))


@check(Level.MAY, spec=IMAGE_REQUIREMENTS, over=_weights(HEAVY), needs=DATA, guess=GUESS)
def heavy_picture_is_read_or_refused(lab: Lab, size: int) -> Dialogue:
    """A heavy picture is read, or refused with a 4xx and an error object, not ignored."""
    yield from through(lab, Inline(), "base64/plain")
    picture, probe = _heavy(lab, size)
    what = f"a picture of {size / MEGA:g} MB"
    return (yield from reads_or_refuses(probe, picture.facts.code, what))


@check(Level.MUST, spec=ERROR_CODES, over=_weights(HEAVY[1:]), needs=DATA, guess=GUESS)
def heavy_picture_breaks_nothing(lab: Lab, size: int) -> Dialogue:
    """After a heavy picture, read or refused, a plain one is read as before."""
    yield from through(lab, Inline(), "base64/plain")
    _, probe = _heavy(lab, size)
    risky = yield probe
    return (yield from _still_reads(lab, Inline(), risky, size // MEGA))


def _still_reads(lab: Lab, via: Via, risky: Exchange, number: int) -> Steps[Observed]:
    """A control after a risky request; the sequential test decides, as for any reading."""
    picture = lab.pictures["sheet-01"]
    expected = f"the code {picture.facts.code} as before"
    # Sent apart for every risky request: a shared reply may be older than the damage.
    control = ask(image(picture, via), f"{prompts.CODE} This is question {CONTROL + number}.")

    def accepts(exchange: Exchange) -> bool:
        _verify_alive(exchange, risky, expected)
        return exchange.status == 200 and answers.reads(exchange.reply.text, picture.facts.code)

    exchange = yield from until_reply(control, accepts, expected)
    return Observed(expected=expected, actual=told(exchange))


def _verify_alive(control: Exchange, risky: Exchange, expected: str) -> None:
    """No reply to either says nothing of who is to blame: the way may be cut."""
    if control.failure and risky.failure:
        hint = "whether the heavy request broke the endpoint, or the network did, is not known"
        raise Unobserved(f"{control.failure}, twice", expected=expected, hint=hint)
    if 400 <= judgeable(control).status < 500:
        raise Failed(f"{told(control)}, after {told(risky)}", expected=expected)


# ---------------------------------------------------------------- many pictures


def _crowd(lab: Lab, via: Via, count: int, place: str) -> tuple[Probe, str]:
    """One code sheet, first or last among small pictures of one other code."""
    sheet, filler = lab.pictures["sheet-18"], lab.pictures["size-64x64"]
    parts: list[ImagePart] = [image(filler, via, "low")] * (count - 1)
    parts.insert(0 if place == "first" else count, image(sheet, via, "low"))
    return ask(*parts, prompts.NTH.format(place)), sheet.facts.code


def _places() -> Iterator[Param]:
    for count in MANY:
        for place in ("first", "last"):
            yield Param(id=f"{count}-{place}", value=(count, place))


@check(Level.MAY, spec=IMAGE_INPUT, over=tuple(_places()), needs=SEVERAL, guess=GUESS)
def many_pictures_are_read_or_refused(lab: Lab, one: tuple[int, str]) -> Dialogue:
    """Of many pictures in a message the first and the last are read, or the message refused."""
    via = yield from transport(lab)
    probe, code = _crowd(lab, via, *one)
    what = f"{one[0]} pictures in one message"

    def accepts(words: str) -> bool:
        return answers.codes_in(words)[-1:] == (code,)

    return (yield from refuses_or(probe, accepts, what, f"the code {code} and no other"))


@check(Level.MUST, spec=ERROR_CODES, over=MANY, needs=SEVERAL, guess=GUESS)
def many_pictures_break_nothing(lab: Lab, count: int) -> Dialogue:
    """After a message of many pictures, read or refused, a plain one is read as before."""
    via = yield from transport(lab)
    probe, _ = _crowd(lab, via, count, "last")
    risky = yield probe
    return (yield from _still_reads(lab, via, risky, count * 10))
