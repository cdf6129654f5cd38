"""Many pictures in one message."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import aftermath, refusals, ways
from conformance.model import (
    Ability,
    Claim,
    Dialogue,
    ImagePart,
    Lab,
    Level,
    Param,
    Probe,
    Via,
    pictures_of,
)
from conformance.registry import check

SEVERAL = (Claim.SEVERAL, Claim.READING)
#: Numbers of pictures in one message: gateways that count stop at 5, 8, 10, 16 or 20.
MANY = (20, 50)


def crowd(lab: Lab, via: Via, count: int, place: str) -> tuple[Probe, str]:
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
    may_end_it=True,
)
def many_pictures_are_read_or_refused(lab: Lab, one: tuple[int, str]) -> Dialogue:
    """Of many pictures in a message the first and the last are read, or the message refused."""
    via = yield from ways.transport(lab)
    probe, code = crowd(lab, via, *one)
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
    probe, _ = crowd(lab, via, count, "last")
    risky = yield probe
    return (yield from aftermath.still_reads(lab, via, risky, count * 10, may_end_it=True))
