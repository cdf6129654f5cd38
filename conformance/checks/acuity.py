"""How fine print may be and still be read, and what its loss says of the way it took.

The finest legible line is compared with that of a chart which is alike but for one thing: the
encoding, the way, the detail, the size, the colour or the contrast. How well the model itself reads
cancels out, so no height in pixels is asked of anybody.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import comb
from typing import Final

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes
from conformance.judging import answers, reading, replies, sampling, ways
from conformance.model import (
    Ability,
    Blocked,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    ImagePart,
    Inline,
    Json,
    Lab,
    Level,
    Observed,
    Param,
    Picture,
    Probe,
    Steps,
    Symptom,
    Unobserved,
    Via,
    Way,
)
from conformance.registry import check

READ = (Claim.READING,)
FAINT = (Ability.FAINT_PRINT,)
#: How many times as high the finest legible line may be as on the chart that it is compared with.
#: Two steps of the ladder, each of 1.3: a line more or less is chance.
SLACK: Final = 1.75
#: The same for print that is harder to make out by itself, in hue or in contrast: four steps.
#: Chroma is stored at half the size by JPEG, WebP and their like, which is three of them.
HARDER: Final = 3.0
#: Stands for a height where no line is legible.
NONE: Final = 1_000_000
#: A chart has nine lines.
ANY_LINE: Final = 9 * codes.GUESS

WAYS = (
    Param(id="data-url", value=(Inline(), "base64/plain"), needs=frozenset({Claim.DATA_URL})),
    Param(id="url", value=(Hosted(), "url/plain"), needs=frozenset({Claim.URL})),
)


def _high(lab: Lab) -> Json:
    """The detail at which print is finest, left out where detail is not claimed."""
    return ... if Claim.DETAIL in lab.target.unclaimed else "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Legible:
    """The height in pixels of the finest line that was read, NONE for none, and the last reply."""

    height: int
    reply: Exchange


def _finest(lab: Lab, name: str, via: Via, detail: Json, bound: float = NONE - 1) -> Steps[Legible]:
    """The finest line of a chart that is read.

    Asks again until a line within the bound is read, or the sequential test rejects.
    """
    chart = lab.pictures[name]
    probe = questions.ask(questions.image(chart, via, detail), prompts.CHART)
    seen: set[str] = set()
    for sample in range(sampling.MOST_SAMPLES):
        asked = replace(probe, sample=sample)
        exchange = yield from reading.until(asked, lambda _: True, "lines of print")
        words = exchange.reply.text
        seen.update(answers.codes_in(words))
        _verify_own(lab, chart, seen)
        finest = min((p.height for p in chart.facts.prints if p.code in seen), default=NONE)
        if finest <= bound:
            break
    return Legible(height=finest, reply=exchange)


def _verify_own(lab: Lab, picture: Picture, seen: Collection[str]) -> None:
    """What stands in another picture says nothing of this one. A misread code is never that."""
    others = {code for p in lab.pictures.values() for code in _codes(p)} - set(_codes(picture))
    if others.intersection(seen):
        actual = f"codes of another picture than {picture.id}"
        raise Failed(actual, symptom=Symptom.ANOTHERS, expected="lines of print of this picture")


def _codes(picture: Picture) -> tuple[str, ...]:
    facts = picture.facts
    return (facts.code, *facts.corners, *(line.code for line in facts.prints))


def _measure(lab: Lab, name: str, via: Via, detail: Json) -> Steps[Legible]:
    """The finest legible line of a chart that others are compared with. Raises Blocked."""
    finest = yield from _finest(lab, name, via, detail)
    if finest.height == NONE:
        name = (
            "documented-value-is-accepted" if detail == "low" else "fine-print-is-legible-at-high"
        )
        raise Blocked(
            f"detail/{name}", "no line is legible on the chart that others are compared with"
        )
    return finest


#: What was varied, and what was legible then.
Point = tuple[str, Legible]


def _px(height: int) -> str:
    return "no line" if height == NONE else f"{height} px"


def _judged(points: Sequence[Point], slack: float, expected: str, trace: str) -> Observed:
    """Every height after the first must be at most ``slack`` times the first."""
    curve = ", ".join(f"{name} {_px(seen.height)}" for name, seen in points)
    bound = slack * points[0][1].height
    worse = {name: seen.reply for name, seen in points[1:] if seen.height > bound}
    if worse:
        raise Failed(
            f"{curve}: {trace.format(', '.join(worse))}",
            symptom=Symptom.DEGRADED,
            expected=expected,
            shown_by=tuple(worse.values()),
            spared=[seen.reply for name, seen in points if name not in worse],
        )
    return Observed(expected=expected, actual=curve, about=points[-1][1].reply)


# ---------------------------------------------------------------- one chart, sent in several ways

ENCODINGS = (("jpeg", Claim.JPEG), ("webp", Claim.WEBP), ("gif", Claim.GIF))


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=(*READ, Claim.PNG), guess=ANY_LINE, steps=4)
def encodings_are_equally_legible(lab: Lab) -> Dialogue:
    """The same chart of print is about as legible in every encoding."""
    via = yield from ways.transport(lab)
    finest = yield from _measure(lab, "acuity-png", via, _high(lab))
    points = [("png", finest)]
    for name, claim in ENCODINGS:
        if claim not in lab.target.unclaimed:
            points += yield from _unless_refused(lab, name, via, SLACK * finest.height)
    expected = "print about as fine in every encoding as in PNG"
    trace = "{} is decoded coarsely, or shrunk, before the model sees it"
    return _judged(points, SLACK, expected, trace)


def _unless_refused(lab: Lab, name: str, via: Via, bound: float) -> Steps[list[Point]]:
    """The finest line in an encoding; nothing where it is refused or lost, as other checks say."""
    try:
        finest = yield from _finest(lab, f"acuity-{name}", via, _high(lab), bound)
    except Failed:
        return []
    return [] if finest.height == NONE else [(name, finest)]


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    needs=(*READ, Claim.URL, Claim.DATA_URL),
    guess=ANY_LINE,
)
def url_is_as_legible_as_data_url(lab: Lab) -> Dialogue:
    """The same chart of print is about as legible by URL as by data URL, and the other way."""
    yield from ways.through(lab, Inline(), "base64/plain")
    yield from ways.through(lab, Hosted(), "url/plain")
    inline = yield from _measure(lab, "acuity-png", Inline(), _high(lab))
    hosted = yield from _finest(lab, "acuity-png", Hosted(), _high(lab), SLACK * inline.height)
    if hosted.height < NONE:
        inline = yield from _finest(lab, "acuity-png", Inline(), _high(lab), SLACK * hosted.height)
    points = [("data URL", inline), ("URL", hosted)]
    expected = "print about as fine by URL as by data URL"
    trace = "the trace of shrinking on the way of the {}"
    return _judged(sorted(points, key=lambda point: point[1].height), SLACK, expected, trace)


@check(Level.SHOULD, spec=sources.IMAGE_DETAIL, needs=(*READ, Claim.DETAIL), guess=ANY_LINE)
def high_is_no_coarser_than_low(lab: Lab) -> Dialogue:
    """Print that is legible at low is about as legible at high."""
    via = yield from ways.transport(lab)
    low = yield from _measure(lab, "acuity-png", via, "low")
    high = yield from _finest(lab, "acuity-png", via, "high", SLACK * low.height)
    expected = "print at high about as fine as at low, or finer"
    trace = "pictures are shrunk at {} and not at low"
    return _judged([("low", low), ("high", high)], SLACK, expected, trace)


@check(Level.SHOULD, spec=sources.IMAGE_DETAIL, needs=READ, guess=ANY_LINE)
def small_picture_is_no_coarser(lab: Lab) -> Dialogue:
    """Print of the same height in pixels is about as legible in a small picture as in a large."""
    via = yield from ways.transport(lab)
    large = yield from _measure(lab, "acuity-png", via, _high(lab))
    small = yield from _finest(lab, "acuity-small", via, _high(lab), SLACK * large.height)
    if large.height > max(p.height for p in lab.pictures["acuity-small"].facts.prints):
        raise Blocked("detail/fine-print-is-legible-at-high", f"large {_px(large.height)}")
    sizes = [_size(lab.pictures[name]) for name in ("acuity-png", "acuity-small")]
    points = list(zip(sizes, (large, small), strict=True))
    expected = f"print at {sizes[1]} about as fine as at {sizes[0]}, or finer"
    return _judged(points, SLACK, expected, "the trace of shrinking at {}")


def _size(picture: Picture) -> str:
    return f"{picture.width}x{picture.height}"


# ---------------------------------------------------------------- what is lost, and what remains


@check(
    Level.SHOULD, spec=sources.IMAGE_INPUT, over=WAYS, needs=READ, guess=ANY_LINE, abilities=FAINT
)
def colour_alone_is_read(lab: Lab, way: tuple[Way, str]) -> Dialogue:
    """Print that differs from its ground in hue alone is legible."""
    via, by = way
    yield from ways.through(lab, via, by)
    black = yield from _measure(lab, "acuity-png", via, _high(lab))
    coloured = yield from _finest(lab, "acuity-hue", via, _high(lab), HARDER * black.height)
    lost = "the trace of greyscale: {} is not there, black on white is"
    coarse = "the trace of recompression: {} is coarse, black on white is not"
    points = [("black on white", black), ("orange on teal", coloured)]
    expected = f"lines of orange on teal, equally bright, down to {int(HARDER * black.height)} px"
    return _judged(points, HARDER, expected, lost if coloured.height == NONE else coarse)


@check(
    Level.SHOULD, spec=sources.IMAGE_INPUT, over=WAYS, needs=READ, guess=ANY_LINE, abilities=FAINT
)
def faint_print_is_read(lab: Lab, way: tuple[Way, str]) -> Dialogue:
    """Large print in weak contrast is legible."""
    via, by = way
    yield from ways.through(lab, via, by)
    black = yield from _measure(lab, "acuity-png", via, _high(lab))
    faint = yield from _finest(lab, "acuity-faint", via, _high(lab), HARDER * black.height)
    points = [("black on white", black), ("grey on grey", faint)]
    expected = f"lines in an eighth of the contrast, down to {int(HARDER * black.height)} px"
    trace = "the trace of recompression: {} is washed out, black on white is not"
    return _judged(points, HARDER, expected, trace)


@check(
    Level.SHOULD,
    spec=sources.IMAGE_INPUT,
    over=WAYS,
    needs=READ,
    guess=codes.GUESS,
    abilities=(Ability.EDGES,),
)
def edges_are_read(lab: Lab, way: tuple[Way, str]) -> Dialogue:
    """What stands at the very edges of a picture is read."""
    via, by = way
    yield from ways.through(lab, via, by)
    picture = lab.pictures["edges-1"]
    wanted, seen = picture.facts.corners, set[str]()
    expected = f"the codes at the edges, {', '.join(wanted)}"
    probe = questions.ask(questions.image(picture, via, _high(lab)), prompts.EDGES)
    try:
        exchange = yield from reading.until(probe, reading.gathers(wanted, seen), expected)
    except Failed as failed:
        _verify_own(lab, picture, seen)
        count = len(seen & set(wanted))
        trace = f"the trace of cropping: {count} of {len(wanted)} codes at the edges are read"
        raise Failed(
            f"{trace}; {failed.actual}", symptom=Symptom.DEGRADED, expected=expected
        ) from None
    return Observed(expected=expected, actual=replies.told(exchange))


# ---------------------------------------------------------------- to look again

#: Squares that one question asks for, and how many must be right. Of six colours, each as often
#: as every other, the best guess is right with 11 in 64.
ASKED: Final = 20
ENOUGH: Final = 12
BEST_GUESS: Final = 11 / 64
#: Below this share of all squares that were asked for, nobody has looked: a guess gives 17 %. A
#: model that gives three squares of five is accused with a probability under 1 in 1000.
UNSEEN: Final = 0.4
#: The numbers 1 to 64 in an order without a pattern to the eye: 27 and 64 have no common divisor.
NUMBERS: Final = tuple((27 * n + 5) % 64 + 1 for n in range(64))
BOARD_GUESS: Final = (
    len(NUMBERS)
    // ASKED
    * sum(
        comb(ASKED, n) * BEST_GUESS**n * (1 - BEST_GUESS) ** (ASKED - n)
        for n in range(ENOUGH, ASKED + 1)
    )
)


@check(Level.SHOULD, spec=sources.IMAGE_INPUT, needs=READ, guess=BOARD_GUESS)
def second_look_is_possible(lab: Lab) -> Dialogue:
    """A later question about a picture is answered from the picture, not from a caption of it."""
    via = yield from ways.transport(lab)
    yield from _looks(lab, via)
    board = lab.pictures["board-1"]
    shown = questions.image(board, via, _high(lab))
    before = (
        questions.turn(shown, prompts.DESCRIBE),
        questions.turn(prompts.DESCRIBED, role="assistant"),
    )
    expected = f"the colours of at least {ENOUGH} of {ASKED} squares, asked for in a later turn"
    right: list[int] = []
    for attempt in range(len(NUMBERS) // ASKED):
        question = prompts.BOARD.format(_listed(attempt))
        right.append(
            (
                yield from _right(
                    questions.talk(*before, questions.turn(question)), board, attempt, expected
                )
            )
        )
        if right[-1] >= ENOUGH:
            return Observed(expected=expected, actual=f"{right[-1]} of {ASKED} squares")
    actual = f"{', '.join(map(str, right))} of {ASKED} squares"
    if sum(right) >= UNSEEN * ASKED * len(right):
        raise Unobserved(f"{actual}, which settles nothing", expected=expected)
    at_once = yield from _at_once(shown, board, expected)
    if at_once < ENOUGH and Ability.COLOURS not in lab.target.vouched:
        words = f"{at_once} of {ASKED} squares even where they are asked for at once"
        raise Unobserved(words, expected=expected, ability=Ability.COLOURS)
    trace = f"the trace of a caption: {actual}; {at_once} when asked together with the picture"
    hint = "words about the picture, made before the question was known, may stand in its place"
    raise Failed(trace, symptom=Symptom.DEGRADED, expected=expected, hint=hint)


def _at_once(shown: ImagePart, board: Picture, expected: str) -> Steps[int]:
    """The most squares that are right where they are asked for together with the picture."""
    right = []
    for attempt in range(len(NUMBERS) // ASKED):
        probe = questions.ask(shown, prompts.BOARD.format(_listed(attempt)))
        right.append((yield from _right(probe, board, attempt, expected)))
    return max(right)


def _looks(lab: Lab, via: Via) -> Steps[None]:
    """Raises Blocked unless colours are seen, and pictures of earlier turns are."""
    grid, sheet = lab.pictures["grid-1"], lab.pictures["sheet-19"]
    wanted, code = grid.facts.colours, sheet.facts.code
    try:
        probe = questions.ask(questions.image(grid, via), prompts.COLOURS)
        yield from reading.until(
            probe, lambda words: answers.colours_in(words) == wanted, "the colours"
        )
    except Failed as failed:
        if failed.symptom is Symptom.REFUSED:
            raise
        raise Unobserved(failed.actual, ability=Ability.COLOURS) from None
    look = questions.turn(questions.image(sheet, via), "Look at this picture.")
    noted = questions.turn(prompts.NOTED, role="assistant")
    try:
        yield from reading.reads(questions.talk(look, noted, questions.turn(prompts.CODE)), code)
    except Failed as failed:
        raise Blocked("multi-image/earlier-turn-is-seen", failed.actual) from None


def _numbers(attempt: int) -> tuple[int, ...]:
    return NUMBERS[attempt * ASKED : (attempt + 1) * ASKED]


def _listed(attempt: int) -> str:
    return ", ".join(map(str, _numbers(attempt)))


def _right(probe: Probe, board: Picture, attempt: int, expected: str) -> Steps[int]:
    """How many squares of an answer have the colour that they have on the board."""
    exchange = yield probe
    words = replies.answered(exchange, expected)
    numbers = _numbers(attempt)
    named = _squares(words, numbers)
    return sum(named.get(n) == board.facts.colours[n - 1] for n in numbers)


def _squares(words: str, numbers: Sequence[int]) -> dict[int, str]:
    """The colour that an answer names for each number; by their order where it has no numbers."""
    text = words[: answers.LIMIT]
    colours = answers.colours_in(text)
    if len(colours) == len(numbers):
        return dict(zip(numbers, colours, strict=True))
    pieces = re.findall(r"(?<!\d)(\d{1,2})(?!\d)(\D{1,40})", text)
    found = {int(number): answers.colours_in(piece)[:1] for number, piece in pieces[:500]}
    return {number: colour[0] for number, colour in found.items() if colour}
