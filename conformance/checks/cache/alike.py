"""Pictures and URLs that a weak fingerprint takes for one."""

from __future__ import annotations

from dataclasses import replace

from conformance.asking import prompts, questions, sources
from conformance.checks.cache._own_answers import APART, names_none, reads_own, without
from conformance.drawing import codes, collisions
from conformance.judging import premises, reading, refusals, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Hosted,
    Lab,
    Level,
    Observed,
    Param,
    canonical,
)
from conformance.registry import check

ONE = (Claim.READING,)
SEVERAL = (Claim.SEVERAL, Claim.READING)
#: For the sheets that another check here asks about with the same words.
AFTER_ALIKE = 3 * APART
#: Pairs that a weak fingerprint takes for one picture. Of the first pair one alone is legible.
TWINS = {
    "raw-bytes": ("twin-raw-1", "twin-raw-2"),
    "palette-indices": ("twin-palette-1", "twin-palette-2"),
    "first-kilobytes": ("twin-head-1", "twin-head-2"),
    "size-and-header": ("twin-size-1", "twin-size-2"),
    "layout": ("sheet-09", "sheet-17"),
}


@check(Level.MUST, spec=sources.REQUEST, over=tuple(TWINS), needs=ONE, guess=codes.GUESS)
def alike_pictures_are_told_apart(lab: Lab, what: str) -> Dialogue:
    """Two pictures with the same raw bytes, palette indices, start, size or layout stay two."""
    via = yield from ways.transport(lab)
    first, second = twins = [lab.pictures[name] for name in TWINS[what]]
    probes = [questions.ask(questions.image(picture, via), prompts.SAME) for picture in twins]
    yield from reads_own(probes[0], first, without(twins, first))
    if second.facts.code:
        yield from reads_own(probes[1], second, [first])
    else:
        yield from names_none(replace(probes[1], sample=APART), [first])
    return (yield from reads_own(probes[0], first, without(twins, first), APART + 10))


@check(
    Level.MUST, spec=sources.IMAGE_INPUT, over=tuple(TWINS)[1:], needs=SEVERAL, guess=codes.GUESS
)
def alike_pictures_in_one_message(lab: Lab, what: str) -> Dialogue:
    """Two pictures that are alike in bytes or layout are both seen in one message."""
    via = yield from ways.transport(lab)
    twins = [lab.pictures[name] for name in TWINS[what]]
    wanted = [picture.facts.code for picture in twins]
    probe = questions.ask(*(questions.image(picture, via) for picture in twins), prompts.CODES)
    expected = f"both {wanted[0]} and {wanted[1]}"
    exchange = yield from reading.until(probe, reading.gathers(wanted, set()), expected)
    return Observed(expected=expected, actual=replies.told(exchange))


#: Sheets of one encoding for each checksum; the second gets bytes that make it that of the first.
COLLIDING = {
    "crc-32": ("jpeg-baseline", "jpeg-progressive"),
    "adler-32": ("jpeg-progressive", "jpeg-baseline"),
    "sha-256-last-16-bits": ("sheet-12", "sheet-13"),
    "md5-first-16-bits": ("sheet-13", "sheet-14"),
}


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=[
        Param(id=kind, value=kind, needs=frozenset({Claim.JPEG} if "jpeg" in names[0] else ()))
        for kind, names in COLLIDING.items()
    ],
    needs=ONE,
    guess=codes.GUESS,
)
def colliding_pictures_are_told_apart(lab: Lab, kind: str) -> Dialogue:
    """Two pictures whose files have the same weak checksum stay two."""
    via = yield from ways.transport(lab)
    first, second = (lab.pictures[name] for name in COLLIDING[kind])
    read = reading.reads(questions.ask_code(first, via), first.facts.code)
    yield from premises.or_blocked(read, "base64/format-is-read")
    twins = [first, collisions.twin(second, first, kind)]
    for n, picture in enumerate([*twins, first]):
        probe = questions.ask(questions.image(picture, via), prompts.SAME)
        observed = yield from reads_own(
            probe, picture, without(twins, picture), AFTER_ALIKE + 10 * n
        )
    return observed


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=tuple(collisions.OF_URLS),
    needs=(*ONE, Claim.URL),
    guess=codes.GUESS,
)
def colliding_urls_are_told_apart(lab: Lab, kind: str) -> Dialogue:
    """Pictures at two URLs that have the same 32-bit hash are told apart."""
    yield from ways.through(lab, Hosted(), "url/plain")
    _, paths = collisions.OF_URLS[kind]
    pictures = [lab.pictures["sheet-15"], lab.pictures["sheet-16"]]
    for picture, path in zip(pictures, paths, strict=True):
        probe = questions.ask(questions.image(picture, Hosted(path=path, twin=kind)), prompts.SAME)
        observed = yield from reads_own(probe, picture, without(pictures, picture))
    return observed


@check(Level.MAY, spec=sources.IMAGE_PART, needs=ONE, guess=codes.GUESS)
def uuid_is_not_the_whole_key(lab: Lab) -> Dialogue:
    """Two pictures of one uuid, a member some servers know, are read or refused, not mixed up."""
    via = yield from ways.transport(lab)
    pictures = [lab.pictures["sheet-17"], lab.pictures["sheet-18"]]
    # Of the run's own making: what another run left behind is no evidence.
    uuid = canonical(f"conformance-{pictures[0].facts.code}-{pictures[1].facts.code}")
    for picture in pictures:
        part = replace(questions.image(picture, via), more=(("uuid", uuid),))
        probe = replace(questions.ask(part, prompts.SAME), sample=APART)
        exchange = yield probe
        if 400 <= exchange.status < 500 and refusals.has_error_object(replies.judgeable(exchange)):
            return Observed(
                expected="a reading, or a refusal", actual=f"refused: {replies.told(exchange)}"
            )
        observed = yield from reads_own(probe, picture, without(pictures, picture))
    return observed
