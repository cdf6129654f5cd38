"""What is kept between requests, or mixed up among them: the same words, other pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from conformance import answers, prompts, sampling
from conformance.checks._lottery import (
    MANY_MISSES,
    REPEATS,
    Outcome,
    billed,
    convicts,
    counted,
    missed,
    outcome,
)
from conformance.codes import GUESS
from conformance.dialogue import (
    Steps,
    answered,
    ask,
    ask_code,
    gathers,
    has_error_object,
    image,
    judgeable,
    quote,
    reads,
    through,
    told,
    transport,
    unread,
    until,
)
from conformance.drawing import collisions
from conformance.model import (
    Blocked,
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    Lab,
    Level,
    Observed,
    Param,
    Part,
    Picture,
    Probe,
    Unobserved,
    again,
    canonical,
)
from conformance.registry import check
from conformance.sources import IMAGE_INPUT, IMAGE_PART, REQUEST
from conformance.symptom import Symptom

ONE = (Claim.READING,)
SEVERAL = (Claim.SEVERAL, Claim.READING)
#: Samples are counted from here, so that none of these requests is shared with another check: a
#: shared reply may be older than what came before it here.
APART = 100
#: For the sheets that another check here asks about with the same words.
AFTER_ALIKE = 3 * APART
MIXED_UP = "replies or pictures are kept, or mixed up, between requests; users may see each other's"


def _reads_own(
    probe: Probe, picture: Picture, others: Collection[Picture], first: int = APART
) -> Steps[Observed]:
    """The picture's own code must be named; the code of one of ``others`` fails at once.

    Such a code is no misreading: codes differ in four places of six.
    """
    expected = f"the code {picture.facts.code}"
    for times in range(sampling.MOST_SAMPLES):
        exchange = yield again(replace(probe, sample=first), times)
        words = answered(exchange, expected)
        if answers.reads(words, picture.facts.code):
            return Observed(expected=expected, actual=told(exchange), about=exchange)
        _verify_no_other(exchange, others, expected)
    attempts = f"and no better in {sampling.MOST_SAMPLES} attempts"
    raise Failed(f"{told(exchange)}, {attempts}", symptom=unread(exchange), expected=expected)


def _verify_no_other(exchange: Exchange, others: Collection[Picture], expected: str) -> None:
    words = answered(exchange, expected)
    named = set(answers.codes_in(words))
    for other in others:
        if other.facts.code in named:
            actual = f"the code of another request's picture, {other.id}: {quote(words)}"
            raise Failed(actual, symptom=Symptom.ANOTHERS, expected=expected, hint=MIXED_UP)


def _without(pictures: Sequence[Picture], own: Picture) -> list[Picture]:
    return [p for p in pictures if p.facts.code and p != own]


# ---------------------------------------------------------------- one after the other


@check(
    Level.MUST,
    spec=REQUEST,
    over=("picture-first", "text-first"),
    needs=ONE,
    guess=GUESS,
    steps=9,
)
def same_words_other_pictures(lab: Lab, order: str) -> Dialogue:
    """One question about eight pictures in a row, then the first again: each its own answer."""
    via = yield from transport(lab)
    pictures = [lab.pictures[f"sheet-{n:02}"] for n in range(2, 10)]
    for n, picture in enumerate([*pictures, pictures[0]]):
        parts: list[Part | str] = [image(picture, via), prompts.SAME]
        probe = ask(*(parts if order == "picture-first" else parts[::-1]))
        first = APART + (10 if n == len(pictures) else 0)
        observed = yield from _reads_own(probe, picture, _without(pictures, picture), first)
    return observed


@check(Level.MUST, spec=REQUEST, needs=ONE, guess=GUESS)
def same_words_with_and_without_pictures(lab: Lab) -> Dialogue:
    """Asked without, with, without, with and without a picture, a question is answered afresh."""
    via = yield from transport(lab)
    pictures = [lab.pictures["sheet-10"], lab.pictures["sheet-11"]]
    bare = ask(prompts.NO_PICTURE)
    for n, picture in enumerate(pictures):
        yield from _names_none(replace(bare, sample=APART + n), pictures)
        probe = ask(image(picture, via), prompts.NO_PICTURE)
        yield from _reads_own(probe, picture, _without(pictures, picture))
    return (yield from _names_none(replace(bare, sample=APART + len(pictures)), pictures))


def _names_none(probe: Probe, pictures: Sequence[Picture]) -> Steps[Observed]:
    exchange = yield probe
    expected = "an answer without the code of another request's picture"
    _verify_no_other(exchange, pictures, expected)
    return Observed(expected=expected, actual=told(exchange))


@check(Level.MUST, spec=REQUEST, needs=(*ONE, Claim.URL), guess=GUESS)
def urls_of_one_name(lab: Lab) -> Dialogue:
    """Pictures at different URLs that end in the same file name are told apart."""
    yield from through(lab, Hosted(), "url/plain")
    pictures = [lab.pictures[f"sheet-{n}"] for n in (12, 13, 14)]
    for picture in pictures:
        probe = ask(image(picture, Hosted(path="scan.png")), prompts.SAME)
        observed = yield from _reads_own(probe, picture, _without(pictures, picture))
    return observed


# ---------------------------------------------------------------- pictures that are alike

#: Pairs that a weak fingerprint takes for one picture. Of the first pair one alone is legible.
TWINS = {
    "raw-bytes": ("twin-raw-1", "twin-raw-2"),
    "palette-indices": ("twin-palette-1", "twin-palette-2"),
    "first-kilobytes": ("twin-head-1", "twin-head-2"),
    "size-and-header": ("twin-size-1", "twin-size-2"),
    "layout": ("sheet-09", "sheet-17"),
}


@check(Level.MUST, spec=REQUEST, over=tuple(TWINS), needs=ONE, guess=GUESS)
def alike_pictures_are_told_apart(lab: Lab, what: str) -> Dialogue:
    """Two pictures with the same raw bytes, palette indices, start, size or layout stay two."""
    via = yield from transport(lab)
    first, second = twins = [lab.pictures[name] for name in TWINS[what]]
    probes = [ask(image(picture, via), prompts.SAME) for picture in twins]
    yield from _reads_own(probes[0], first, _without(twins, first))
    if second.facts.code:
        yield from _reads_own(probes[1], second, [first])
    else:
        yield from _names_none(replace(probes[1], sample=APART), [first])
    return (yield from _reads_own(probes[0], first, _without(twins, first), APART + 10))


@check(Level.MUST, spec=IMAGE_INPUT, over=tuple(TWINS)[1:], needs=SEVERAL, guess=GUESS)
def alike_pictures_in_one_message(lab: Lab, what: str) -> Dialogue:
    """Two pictures that are alike in bytes or layout are both seen in one message."""
    via = yield from transport(lab)
    twins = [lab.pictures[name] for name in TWINS[what]]
    wanted = [picture.facts.code for picture in twins]
    probe = ask(*(image(picture, via) for picture in twins), prompts.CODES)
    expected = f"both {wanted[0]} and {wanted[1]}"
    exchange = yield from until(probe, gathers(wanted, set()), expected)
    return Observed(expected=expected, actual=told(exchange))


#: Sheets of one encoding for each checksum; the second gets bytes that make it that of the first.
COLLIDING = {
    "crc-32": ("jpeg-baseline", "jpeg-progressive"),
    "adler-32": ("jpeg-progressive", "jpeg-baseline"),
    "sha-256-last-16-bits": ("sheet-12", "sheet-13"),
    "md5-first-16-bits": ("sheet-13", "sheet-14"),
}


@check(
    Level.MUST,
    spec=REQUEST,
    over=[
        Param(id=kind, value=kind, needs=frozenset({Claim.JPEG} if "jpeg" in names[0] else ()))
        for kind, names in COLLIDING.items()
    ],
    needs=ONE,
    guess=GUESS,
)
def colliding_pictures_are_told_apart(lab: Lab, kind: str) -> Dialogue:
    """Two pictures whose files have the same weak checksum stay two."""
    via = yield from transport(lab)
    first, second = (lab.pictures[name] for name in COLLIDING[kind])
    try:
        yield from reads(ask_code(first, via), first.facts.code)
    except Failed as failed:
        raise Blocked("base64/format-is-read", failed.actual) from None
    twins = [first, collisions.twin(second, first, kind)]
    for n, picture in enumerate([*twins, first]):
        probe = ask(image(picture, via), prompts.SAME)
        observed = yield from _reads_own(
            probe, picture, _without(twins, picture), AFTER_ALIKE + 10 * n
        )
    return observed


@check(
    Level.MUST,
    spec=REQUEST,
    over=tuple(collisions.OF_URLS),
    needs=(*ONE, Claim.URL),
    guess=GUESS,
)
def colliding_urls_are_told_apart(lab: Lab, kind: str) -> Dialogue:
    """Pictures at two URLs that have the same 32-bit hash are told apart."""
    yield from through(lab, Hosted(), "url/plain")
    _, paths = collisions.OF_URLS[kind]
    pictures = [lab.pictures["sheet-15"], lab.pictures["sheet-16"]]
    for picture, path in zip(pictures, paths, strict=True):
        probe = ask(image(picture, Hosted(path=path, twin=kind)), prompts.SAME)
        observed = yield from _reads_own(probe, picture, _without(pictures, picture))
    return observed


@check(Level.MAY, spec=IMAGE_PART, needs=ONE, guess=GUESS)
def uuid_is_not_the_whole_key(lab: Lab) -> Dialogue:
    """Two pictures of one uuid, a member some servers know, are read or refused, not mixed up."""
    via = yield from transport(lab)
    pictures = [lab.pictures["sheet-17"], lab.pictures["sheet-18"]]
    # Of the run's own making: what another run left behind is no evidence.
    uuid = canonical(f"conformance-{pictures[0].facts.code}-{pictures[1].facts.code}")
    for picture in pictures:
        part = replace(image(picture, via), more=(("uuid", uuid),))
        probe = replace(ask(part, prompts.SAME), sample=APART)
        exchange = yield probe
        if 400 <= exchange.status < 500 and has_error_object(judgeable(exchange)):
            return Observed(expected="a reading, or a refusal", actual=f"refused: {told(exchange)}")
        observed = yield from _reads_own(probe, picture, _without(pictures, picture))
    return observed


# ---------------------------------------------------------------- at the same time

CROWD = (
    *(f"sheet-{n:02}" for n in range(2, 10)),
    "size-200x200", "size-512x512", "size-1024x1024", "size-2048x2048",
    "portrait-768x1366", "landscape-1366x768", "tall-200x2000", "wide-2000x200",
)  # fmt: skip
STREAMED = CROWD[::4]


@check(
    Level.MUST,
    spec=REQUEST,
    over=(
        *(Param(id=name, value=(name, False)) for name in CROWD),
        *(
            Param(id=f"{name}-streamed", value=(name, True), needs=frozenset({Claim.STREAMING}))
            for name in STREAMED
        ),
    ),
    needs=ONE,
    guess=GUESS,
)
def requests_at_once_stay_apart(lab: Lab, one: tuple[str, bool]) -> Dialogue:
    """Of many requests at once, equal but for their pictures, each is answered from its own."""
    # Every case is one of the requests, and all are begun with each: as many are under way at once
    # as --concurrency allows. One that must be asked again is asked again in such a crowd.
    via = yield from transport(lab)
    name, stream = one

    def asked(other: str, streamed: bool) -> Probe:
        # Another first sample than in the checks above: it is sent here and nowhere else.
        shown = image(lab.pictures[other], via)
        return replace(ask(shown, prompts.SAME, stream=streamed), sample=2 * APART)

    streams = () if Claim.STREAMING in lab.target.unclaimed else STREAMED
    crowd = (*(asked(n, False) for n in CROWD), *(asked(n, True) for n in streams))
    probe = replace(asked(name, stream), crowd=crowd)
    own = lab.pictures[name]
    others = _without([lab.pictures[other] for other in CROWD], own)
    return (yield from _reads_own(probe, own, others, 2 * APART))


# ---------------------------------------------------------------- again and again

#: Each case sends all of the equal requests and judges all answers, but begins with another one.
#: Equal questions are sent once, so all are under way a third of the way on.
ROUNDS: Final = (1, 2, 3)


@check(Level.MUST, spec=REQUEST, over=ROUNDS, needs=ONE, guess=GUESS, steps=REPEATS)
def equal_requests_are_answered_alike(lab: Lab, number: int) -> Dialogue:
    """The same request is answered from its picture every time: no back end is blind."""
    via = yield from transport(lab)
    picture = lab.pictures["sheet-15"]
    expected = f"the code {picture.facts.code} each time, of {REPEATS}"
    bare = billed((yield replace(ask(prompts.SAME), sample=APART)))
    paid, worst, tally = 0, "", Counter[Outcome]()
    for n in range(REPEATS):
        sample = APART + (n + REPEATS // len(ROUNDS) * (number - 1)) % REPEATS
        probe = replace(ask(image(picture, via), prompts.SAME), sample=sample)
        exchange = judgeable((yield probe))
        found = outcome(exchange, picture.facts.code, bare, paid)
        tally[found] += 1
        if found is Outcome.SEEN:
            paid = max(paid, billed(exchange))
            continue
        worst = told(exchange)
        if convicts(tally):
            hint = "some of the servers or channels behind this endpoint do not get pictures"
            raise Failed(
                f"{counted(tally)}: {worst}",
                symptom=Symptom.UNSTEADY,
                expected=expected,
                hint=hint,
                about=exchange,
                measured=counted(tally),
            )
    if tally[Outcome.SEEN] == 0 or missed(tally) >= MANY_MISSES:
        words = f"{counted(tally)}: a model that often misreads, or a back end that is blind"
        raise Unobserved(words, expected=expected, hint=f"for example {worst}")
    return Observed(expected=expected, actual=counted(tally))
