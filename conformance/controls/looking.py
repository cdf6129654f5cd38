"""Controls of looking: one picture alone, by whichever way it is seen."""

from __future__ import annotations

from collections.abc import Callable

from conformance.asking import prompts
from conformance.asking.questions import ask, ask_code, image
from conformance.drawing import variants
from conformance.judging import answers
from conformance.judging.reading import accepted, gathers, reads, until
from conformance.judging.ways import WAYS, transport, working
from conformance.model import (
    Blocked,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Lab,
    NotApplicable,
    Observed,
    Picture,
    Reason,
    Steps,
    Symptom,
    Via,
)

#: Height in pixels of small print: the first line of the charts that is finer than what is judged.
SMALL = 22
#: Less common encodings of the documented formats, and what they are written in.
ENCODINGS: dict[str, Claim] = {
    "png-rgba": Claim.PNG,
    "png-palette": Claim.PNG,
    "png-palette-transparent": Claim.PNG,
    "png-grey": Claim.PNG,
    "png-16bit": Claim.PNG,
    "png-interlaced": Claim.PNG,
    "jpeg-progressive": Claim.JPEG,
    "jpeg-grey": Claim.JPEG,
    "jpeg-cmyk": Claim.JPEG,
    "jpeg-icc": Claim.JPEG,
    "webp-lossless": Claim.WEBP,
    "webp-alpha": Claim.WEBP,
}
#: In the order of Facts.corners.
CORNERS = ("top left", "top right", "bottom left", "bottom right")
#: Where the four corners of a square go when it is turned or mirrored, as indices into CORNERS.
MOVES = frozenset(
    {
        (0, 1, 2, 3), (1, 3, 0, 2), (3, 2, 1, 0), (2, 0, 3, 1),
        (1, 0, 3, 2), (2, 3, 0, 1), (0, 2, 1, 3), (3, 1, 2, 0),
    }
)  # fmt: skip


def _ways(lab: Lab) -> Steps[list[Via]]:
    """Every way that pictures get through. Raises Blocked where there is none."""
    found: list[Via] = []
    for claim, _, plain in WAYS:
        if claim not in lab.target.unclaimed:
            via = yield from working(lab, plain)
            found += [via] if via is not None else []
    if not found:
        raise Blocked(WAYS[0][1], "no picture gets through")
    return found


def _in_any_way(lab: Lab, asked: Callable[[Via], Steps[Observed]]) -> Steps[Observed]:
    """What is asked must be met in one of the ways that pictures get through."""
    ways = yield from _ways(lab)
    for via in ways[:-1]:
        try:
            return (yield from asked(via))
        except Failed:
            continue
    return (yield from asked(ways[-1]))


def colours(lab: Lab) -> Dialogue:
    """This model names colours."""
    grid = lab.pictures["grid-1"]
    wanted = grid.facts.colours

    def asked(via: Via) -> Steps[Observed]:
        probe = ask(image(grid, via), prompts.COLOURS)
        return accepted(probe, lambda w: answers.colours_in(w) == wanted, ", ".join(wanted))

    return (yield from _in_any_way(lab, asked))


def count(lab: Lab) -> Dialogue:
    """This model counts discs."""
    rows = lab.pictures["tally-1"]
    wanted = rows.facts.tally

    def asked(via: Via) -> Steps[Observed]:
        probe, expected = ask(image(rows, via), prompts.TALLY), ", ".join(map(str, wanted))
        return accepted(probe, lambda w: answers.numbers_in(w) == wanted, expected)

    return (yield from _in_any_way(lab, asked))


def place(lab: Lab) -> Dialogue:
    """This model finds what is in a corner."""
    via = yield from transport(lab)
    found: list[tuple[int, ...]] = []
    for name in ("corners-1", "corners-2"):
        # On a larger page: what is cut off on the way are its margins, and nothing else.
        picture = variants.framed(lab.pictures[name])
        named: list[int] = []
        for corner in CORNERS:
            code, exchange = yield from _corner(picture, via, corner)
            named.append(code)
        found.append(tuple(named))
    # Turned or mirrored on the way it is found where it was put, all the same.
    expected = "four corners told apart, twice in the same way"
    actual = f"it names corners {', '.join(map(str, found))}"
    if found[0] not in MOVES or found[0] != found[1]:
        raise Failed(actual, symptom=Symptom.ORDER, expected=expected, about=exchange)
    return Observed(expected=expected, actual=actual, about=exchange)


def _corner(picture: Picture, via: Via, corner: str) -> Steps[tuple[int, Exchange]]:
    """Which corner's code is named for this one, by its index; -1 where not one of them is."""
    corners = picture.facts.corners
    probe = ask(image(picture, via), prompts.CORNER.format(corner))
    named: set[str] = set()

    def accepts(words: str) -> bool:
        named.clear()
        named.update(set(answers.codes_in(words)) & set(corners))
        return len(named) == 1

    try:
        exchange = yield from until(probe, accepts, "one code")
    except Failed as failed:
        if failed.about is None or failed.symptom is Symptom.REFUSED:
            raise
        return -1, failed.about
    return corners.index(named.pop()), exchange


def small_print(lab: Lab) -> Dialogue:
    """This model reads small print in a small picture or in a large one."""
    try:
        return (yield from _legible(lab, "acuity-small", SMALL))
    except Failed:
        return (yield from _legible(lab, "acuity-png", SMALL))


def _legible(lab: Lab, chart: str, height: int) -> Steps[Observed]:
    """The chart's lines of this height in pixels, or more, must all be read."""
    picture = lab.pictures[chart]
    wanted = [p.code for p in picture.facts.prints if p.height >= height]
    expected = f"lines of print down to {height} px"
    detail = ... if Claim.DETAIL in lab.target.unclaimed else "high"

    def asked(via: Via) -> Steps[Observed]:
        probe = ask(image(picture, via, detail), prompts.CHART)
        return accepted(probe, gathers(wanted, set()), expected)

    return (yield from _in_any_way(lab, asked))


def faint_print(lab: Lab) -> Dialogue:
    """This model reads large print in weak contrast and in hue alone."""
    for ink in (variants.FAINT, variants.HUE):
        sheet = variants.inked(lab.pictures["sheet-01"], ink)
        seen = yield from _in_any_way(lab, _reading(sheet))
    return seen


def edges(lab: Lab) -> Dialogue:
    """This model reads what stands at the very edge."""
    edges = lab.pictures["edges-1"]

    def asked(via: Via) -> Steps[Observed]:
        wanted = edges.facts.corners
        return accepted(ask(image(edges, via), prompts.EDGES), gathers(wanted, set()), "4 codes")

    return (yield from _in_any_way(lab, asked))


def encodings(lab: Lab) -> Dialogue:
    """This model is shown less common encodings in a way that leaves them legible."""
    claimed = [name for name, claim in ENCODINGS.items() if claim not in lab.target.unclaimed]
    if not claimed:
        raise NotApplicable("none of these formats is claimed", why=Reason.UNCLAIMED)
    lost: list[str] = []
    for name in claimed:
        try:
            seen = yield from _in_any_way(lab, _reading(lab.pictures[name]))
        except Failed as failed:
            lost.append(name)
            about = failed.about
    if lost:
        expected = f"{len(claimed)} encodings"
        actual = f"it does not read {', '.join(lost)}"
        raise Failed(actual, symptom=Symptom.NOT_READ, expected=expected, about=about)
    return Observed(expected=seen.expected, actual=f"all {len(claimed)}", about=seen.about)


def _reading(picture: Picture) -> Callable[[Via], Steps[Observed]]:
    return lambda via: reads(ask_code(picture, via), picture.facts.code)
