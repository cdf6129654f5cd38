"""Pictures that come in several ways, or one later than the others."""

from __future__ import annotations

from conformance.asking import prompts, questions, sources
from conformance.checks.multi_image._several_answers import kept
from conformance.checks.multi_image._sheets import READ, codes_of, sheets
from conformance.drawing import codes
from conformance.judging import premises, reading, ways
from conformance.model import Claim, Dialogue, Hosted, Inline, Lab, Level, Via
from conformance.registry import check

#: Seconds by which one picture comes later than the others.
SLOW = 1.0


@check(
    Level.MUST,
    spec=sources.IMAGE_INPUT,
    needs=(*READ, Claim.URL, Claim.DATA_URL),
    guess=codes.GUESS,
)
def url_and_base64_mix(lab: Lab) -> Dialogue:
    """Pictures by URL and pictures as data URLs in one message are all read in order."""
    yield from ways.through(lab, Inline(), "base64/plain")
    yield from ways.through(lab, Hosted(), "url/plain")
    pictures = sheets(lab, 4)
    vias: list[Via] = [Inline(), Hosted(), Inline(), Hosted()]
    parts = [questions.image(p, via) for p, via in zip(pictures, vias, strict=True)]
    wanted = codes_of(pictures)
    return (yield from kept(questions.ask(*parts, prompts.CODES), wanted))


@check(Level.MUST, spec=sources.IMAGE_INPUT, needs=(*READ, Claim.URL), guess=codes.GUESS, steps=10)
def slow_picture_keeps_its_place(lab: Lab) -> Dialogue:
    """Of several pictures by URL the first keeps its place although its host is the slowest."""
    yield from ways.through(lab, Hosted(), "url/plain")
    pictures = sheets(lab, 3)
    vias = [Hosted(path=f"{n}.png", first_byte=0 if n else SLOW) for n in range(3)]
    read = reading.reads(questions.ask_code(pictures[0], vias[0]), pictures[0].facts.code)
    yield from premises.or_blocked(read, "url/slow-host-is-waited-for")
    parts = [questions.image(p, via) for p, via in zip(pictures, vias, strict=True)]
    by = "multi-image/every-picture-is-seen[3]"
    return (yield from kept(questions.ask(*parts, prompts.CODES), codes_of(pictures), by))
