"""Requests that show what is lost, made up or seen with less in it."""

from __future__ import annotations

import gzip
import json
from typing import Any

from conformance.drawing import variants
from conformance.model import Hosted
from conformance.reference.account import KEY, MODEL
from unseen._asking import Asker, assistant, user
from unseen._shown import (
    ASK_REFERENCE,
    CHART,
    CODE,
    CODES,
    EDGES,
    NOTE,
    is_made_up,
    named,
    shows,
)

FORCED = {"tools": [NOTE], "tool_choice": {"type": "function", "function": {"name": "note_code"}}}
BLIND = "I cannot see a picture here."


async def _reads(asker: Asker, name: str, part: Any, **members: Any) -> bool:
    said = await asker.ask(part, CODE, **members)
    assert said.status == 200
    return named(said.text) == (asker.code(name),)


# ---------------------------------------------------------------- lost


@shows("loses-downloaded-webp")
async def _(a: Asker) -> None:
    assert (await a.ask(a.hosted("webp-lossy"), CODE)).text == BLIND
    assert await _reads(a, "webp-lossy", a.inline("webp-lossy"))
    assert await _reads(a, "gif-still", a.hosted("gif-still"))


@shows("loses-tall-strips")
async def _(a: Asker) -> None:
    assert (await a.ask(a.inline("tall-100x4000"), CODE)).text == BLIND
    assert await _reads(a, "wide-4000x100", a.inline("wide-4000x100"))
    assert await _reads(a, "tall-200x2000", a.inline("tall-200x2000"))


@shows("blanks-grey-jpegs-of-data-urls")
async def _(a: Asker) -> None:
    assert not await _reads(a, "jpeg-grey", a.inline("jpeg-grey"))
    assert await _reads(a, "jpeg-grey", a.hosted("jpeg-grey"))
    assert await _reads(a, "png-grey", a.inline("png-grey"))
    assert await _reads(a, "jpeg-baseline", a.inline("jpeg-baseline"))


@shows("loses-pictures-of-detail-auto")
async def _(a: Asker) -> None:
    assert (await a.ask(a.inline("size-512x512", detail="auto"), CODE)).text == BLIND
    assert await _reads(a, "size-512x512", a.inline("size-512x512", detail="low"))


@shows("loses-heavy-downloads-in-chunks")
async def _(a: Asker) -> None:
    heavy = variants.heavier(a.pictures["sheet-16"], 2_000_000)
    assert (await a.ask(a.placed(heavy, Hosted(chunked=True)), CODE)).text == BLIND
    assert await _reads(a, "sheet-16", a.placed(heavy, Hosted()))
    assert await _reads(a, "sheet-16", a.hosted("sheet-16", Hosted(chunked=True)))


@shows("loses-downloads-beside-data-urls")
async def _(a: Asker) -> None:
    mixed = [a.inline("sheet-09"), a.hosted("sheet-10"), a.inline("sheet-11")]
    wanted = [a.code(f"sheet-{n}") for n in ("09", "10", "11")]
    assert list(named((await a.ask(*mixed, CODES)).text)) == [wanted[0], wanted[2]]
    downloads = [a.hosted(f"sheet-{n}") for n in ("09", "10", "11")]
    assert list(named((await a.ask(*downloads, CODES)).text)) == wanted


@shows("loses-pictures-of-compressed-bodies")
async def _(a: Asker) -> None:
    body = {"model": MODEL, "messages": [user(a.inline("sheet-08"), CODE)]}
    packed = gzip.compress(json.dumps(body).encode())
    headers = {"authorization": f"Bearer {KEY}", "content-encoding": "gzip"}
    said = await a.send("/chat/completions", packed, headers)
    assert (said.status, said.text) == (200, BLIND)


@shows("loses-pictures-of-streamed-calls")
async def _(a: Asker) -> None:
    part, words = a.inline("sheet-07"), "Note the code in this picture."
    assert BLIND in (await a.ask(part, words, stream=True, **FORCED)).arguments
    assert named((await a.ask(part, words, **FORCED)).arguments) == (a.code("sheet-07"),)
    assert await _reads(a, "sheet-07", part, stream=True)


@shows("keeps-the-words-of-system-messages")
async def _(a: Asker) -> None:
    lead = {"role": "system", "content": [a.inline("sheet-06")]}
    assert (await a.talk([lead, user(CODE)])).text == BLIND
    words = {"role": "system", "content": "You read codes from pictures."}
    said = await a.talk([words, user(a.inline("sheet-06"), CODE)])
    assert named(said.text) == (a.code("sheet-06"),)


def _turns(a: Asker, first: int, last: int) -> list[Any]:
    names = [f"sheet-{n:02}" for n in range(first, last + 1)]
    shown = [(user(a.inline(n), "Look at this picture."), assistant("Noted.")) for n in names]
    return [message for pair in shown for message in pair]


@shows("lightens-heavy-conversations")
async def _(a: Asker) -> None:
    assert (await a.talk([*_turns(a, 5, 24), user(CODES)])).text == BLIND
    assert len(named((await a.talk([*_turns(a, 9, 18), user(CODES)])).text)) == 10
    crowd = [a.inline(f"sheet-{n:02}") for n in range(5, 25)]
    assert len(named((await a.ask(*crowd, CODES)).text)) == 20


@shows("loses-the-middle-of-many-pictures")
async def _(a: Asker) -> None:
    names = [f"sheet-{n:02}" for n in range(9, 19)]
    wanted = [a.code(name) for name in names]
    shown = [a.inline(name) for name in names]
    assert list(named((await a.ask(*shown, CODES)).text)) == wanted[:4] + wanted[-4:]
    assert list(named((await a.ask(*shown[:8], CODES)).text)) == wanted[:8]


@shows("tires-of-questions")
async def _(a: Asker) -> None:
    part = a.inline("sheet-15")
    seen = [await _reads(a, "sheet-15", part) for _ in range(30)]
    assert seen == [True] * 20 + [False] * 10
    assert await _reads(a, "sheet-14", a.inline("sheet-14"))


# ---------------------------------------------------------------- words


@shows("loses-emoji-in-streams")
async def _(a: Asker) -> None:
    parts = ("The reference number is 🐟山🍎.", a.inline("sheet-23"), ASK_REFERENCE)
    streamed = (await a.ask(*parts, stream=True)).text
    assert ("山" in streamed, "🐟" in streamed) == (True, False)
    assert "🐟" in (await a.ask(*parts)).text


@shows("begins-at-the-only-picture")
async def _(a: Asker) -> None:
    said, one = "The reference number is X372MC.", a.inline("sheet-23")
    assert named((await a.ask(said, one, ASK_REFERENCE)).text) == ()
    assert named((await a.ask(one, said, ASK_REFERENCE)).text) == ("X372MC",)
    two = (one, a.inline("sheet-24"))
    assert named((await a.ask(said, *two, ASK_REFERENCE)).text) == ("X372MC",)


@shows("masks-numbers-beside-pictures")
async def _(a: Asker) -> None:
    said = "The reference number is X372MC."
    masked = (await a.ask(a.inline("sheet-23"), said, ASK_REFERENCE)).text
    assert (masked.count("*") >= 3, named(masked)) == (True, ())
    assert named((await a.ask(said, ASK_REFERENCE)).text) == ("X372MC",)


# ---------------------------------------------------------------- made up


@shows("makes-up-pictures-beside-offered-tools")
async def _(a: Asker) -> None:
    part = a.inline("sheet-07")
    assert is_made_up(a, (await a.ask(part, CODE, tools=[NOTE])).text)
    assert await _reads(a, "sheet-07", part, tools=[NOTE], tool_choice="none")


@shows("makes-up-captions-of-earlier-turns")
async def _(a: Asker) -> None:
    earlier = [user(a.inline("sheet-19"), "Look at this picture."), assistant("Noted.")]
    assert is_made_up(a, (await a.talk([*earlier, user(CODE)])).text)
    said = await a.talk([*earlier, user(a.inline("sheet-20"), CODE)])
    assert named(said.text) == (a.code("sheet-20"),)


@shows("makes-up-pictures-behind-young-redirects")
async def _(a: Asker) -> None:
    for statuses in ((303,), (307,), (301, 302, 307)):
        said = await a.ask(a.hosted("sheet-03", Hosted(redirects=statuses)), CODE)
        assert is_made_up(a, said.text)
    assert await _reads(a, "sheet-03", a.hosted("sheet-03", Hosted(redirects=(301, 302))))


# ---------------------------------------------------------------- degraded


async def _finest(a: Asker, part: Any, name: str) -> int:
    """Height in pixels of the finest line that is read; 1000 for none."""
    lines = {line.code: line.height for line in a.pictures[name].facts.prints}
    read = named((await a.ask(part, CHART)).text)
    return min((lines[code] for code in read if code in lines), default=1000)


@shows("decodes-large-webp-coarsely")
async def _(a: Asker) -> None:
    png = await _finest(a, a.inline("acuity-png", detail="high"), "acuity-png")
    webp = await _finest(a, a.inline("acuity-webp", detail="high"), "acuity-webp")
    jpeg = await _finest(a, a.inline("acuity-jpeg", detail="high"), "acuity-jpeg")
    assert 1.75 * png < webp < 1000
    assert jpeg <= 1.75 * png
    assert await _reads(a, "webp-lossy", a.inline("webp-lossy"))


@shows("greys-downloads")
async def _(a: Asker) -> None:
    assert await _finest(a, a.hosted("acuity-hue", detail="high"), "acuity-hue") == 1000
    assert await _finest(a, a.inline("acuity-hue", detail="high"), "acuity-hue") < 30
    assert await _finest(a, a.hosted("acuity-png", detail="high"), "acuity-png") < 20


@shows("takes-the-luma-of-jpegs")
async def _(a: Asker) -> None:
    question = "Name the colours row by row."
    for name, right in (("grid-2", False), ("grid-1", True)):
        said = (await a.ask(a.inline(name), question)).text
        assert (said == ", ".join(a.pictures[name].facts.colours)) is right
    assert await _reads(a, "jpeg-baseline", a.inline("jpeg-baseline"))


@shows("crops-wide-data-urls")
async def _(a: Asker) -> None:
    cut = named((await a.ask(a.inline("edges-1", detail="high"), EDGES)).text)
    whole = named((await a.ask(a.hosted("edges-1", detail="high"), EDGES)).text)
    assert set(whole) == set(a.pictures["edges-1"].facts.corners)
    assert 0 < len(set(cut) & set(whole)) < 4
    for name in ("size-1024x1024", "size-2048x2048", "wide-2000x200", "bytes-light"):
        assert await _reads(a, name, a.inline(name))


@shows("shares-one-budget-of-pixels")
async def _(a: Asker) -> None:
    chart = a.inline("chart-1", detail="high")
    assert await _finest(a, chart, "chart-1") <= 24
    words = f"The second picture shows lines of print. {CHART}"
    lines = {line.code: line.height for line in a.pictures["chart-1"].facts.prints}
    read = named((await a.ask(a.inline("sheet-24", detail="low"), chart, words)).text)
    assert min(lines[code] for code in read) > 24
    both = await a.ask(a.inline("corners-1"), a.inline("corners-2"), "Which appears in both?")
    assert named(both.text) == ("34M4HT",)


@shows("shrinks-what-is-large-and-heavy")
async def _(a: Asker) -> None:
    heavy = variants.heavier(a.pictures["chart-1"], 120_000)
    spoilt = a.inline("chart-1", heavy.data, detail="high")
    assert await _finest(a, a.inline("chart-1", detail="high"), "chart-1") <= 24
    assert await _finest(a, spoilt, "chart-1") > 24
    for name in ("size-2048x2048", "size-4096x4096", "size-6000x6000", "noise-heavy"):
        assert await _reads(a, name, a.inline(name))
