"""Requests that show which picture is taken for which other."""

from __future__ import annotations

from typing import Any

from conformance.model import Hosted
from unseen._asking import Asker, assistant, user
from unseen._shown import CODE, CODES, named, shows

SAME = "Which code does this picture show? Reply with the code only."


async def _read(a: Asker, *parts: Any, **members: Any) -> tuple[str, ...]:
    said = await a.ask(*parts, **members)
    assert said.status == 200
    return named(said.text)


def _all(a: Asker, *numbers: int) -> tuple[list[Any], tuple[str, ...]]:
    """Pictures, and what they show."""
    names = [f"sheet-{n:02}" for n in numbers]
    return [a.inline(name) for name in names], tuple(a.code(name) for name in names)


# ---------------------------------------------------------------- of another request


@shows("keeps-pictures-of-streams-by-words")
async def _(a: Asker) -> None:
    (one, other), (first, second) = _all(a, 2, 6)
    assert await _read(a, one, SAME, stream=True) == (first,)
    assert await _read(a, other, SAME, stream=True) == (first,)
    assert await _read(a, other, CODE, stream=True) == (second,)
    assert await _read(a, other, SAME) == (second,)


@shows("keeps-prefixes-by-kilobytes")
async def _(a: Asker) -> None:
    pictures, codes = _all(a, 2, 3, 4, 5, 6, 7, 8, 9)
    after = [await _read(a, SAME, picture) for picture in pictures]
    before = [await _read(a, picture, SAME) for picture in pictures]
    assert before == [(code,) for code in codes]
    wrong = [(found[0], code) for found, code in zip(after, codes, strict=True) if found[0] != code]
    assert wrong
    assert all(found in codes for found, _ in wrong)


@shows("keys-jpegs-by-their-tables")
async def _(a: Asker) -> None:
    first, second = "jpeg-baseline", "jpeg-progressive"
    assert await _read(a, a.inline(first), CODE) == (a.code(first),)
    assert await _read(a, a.inline(second), CODE) == (a.code(first),)
    assert await _read(a, a.hosted(second), CODE) == (a.code(second),)
    assert await _read(a, a.inline("jpeg-grey"), CODE) == (a.code("jpeg-grey"),)


@shows("answers-failed-downloads-from-the-one-before")
async def _(a: Asker) -> None:
    gone = Hosted(status=404)
    assert (await a.ask(a.hosted("sheet-04", gone), CODE)).status == 400
    assert await _read(a, a.hosted("sheet-01"), CODE) == (a.code("sheet-01"),)
    for broken in (gone, Hosted(reset=True), Hosted(refused=True)):
        assert await _read(a, a.hosted("sheet-04", broken), CODE) == (a.code("sheet-01"),)
    assert (await a.ask(a.hosted("sheet-04", Hosted(instead="html")), CODE)).status == 400


# ---------------------------------------------------------------- of another place


@shows("reverses-pictures-of-streams")
async def _(a: Asker) -> None:
    pictures, codes = _all(a, 3, 4, 5)
    assert await _read(a, *pictures, CODES, stream=True) == codes[::-1]
    assert await _read(a, *pictures, CODES) == codes


@shows("fills-interleaved-messages-from-the-end")
async def _(a: Asker) -> None:
    (b, c, d), codes = _all(a, 9, 10, 11)
    labelled = ("Picture B:", b, "Picture C:", c, "Picture A:", d)
    for label, code in zip("BCA", codes[::-1], strict=True):
        question = f"Reply with the code in picture {label} only."
        assert await _read(a, *labelled, question) == (code,)
    assert await _read(a, b, c, d, CODES) == codes
    assert await _read(a, CODES, b, c, d) == codes


@shows("swaps-the-last-two-picture-turns")
async def _(a: Asker) -> None:
    pictures, codes = _all(a, 9, 10, 11)
    turns = [m for p in pictures for m in (user(p, "Look."), assistant("Noted."))]
    three = named((await a.talk([*turns, user(CODES)])).text)
    assert three == (codes[0], codes[2], codes[1])
    assert named((await a.talk([*turns[:4], user(CODES)])).text) == codes[:2]


@shows("stacks-batches-of-eight")
async def _(a: Asker) -> None:
    pictures, codes = _all(a, *range(9, 19))
    assert await _read(a, *pictures, CODES) == codes[8:] + codes[:8]
    assert await _read(a, *pictures[:8], CODES) == codes[:8]
