"""What is kept between requests, or mixed up among them: the same words, other pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from conformance.asking import prompts, questions, sources
from conformance.drawing import codes, collisions
from conformance.judging import answers, lottery, reading, refusals, replies, sampling, ways
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
    Steps,
    Symptom,
    Unobserved,
    again,
    canonical,
)
from conformance.registry import check

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
        words = replies.answered(exchange, expected)
        if answers.reads(words, picture.facts.code):
            return Observed(expected=expected, actual=replies.told(exchange), about=exchange)
        _verify_no_other(exchange, others, expected)
    attempts = f"and no better in {sampling.MOST_SAMPLES} attempts"
    raise Failed(
        f"{replies.told(exchange)}, {attempts}", symptom=reading.unread(exchange), expected=expected
    )


def _verify_no_other(exchange: Exchange, others: Collection[Picture], expected: str) -> None:
    words = replies.answered(exchange, expected)
    named = set(answers.codes_in(words))
    for other in others:
        if other.facts.code in named:
            actual = f"the code of another request's picture, {other.id}: {replies.quote(words)}"
            raise Failed(actual, symptom=Symptom.ANOTHERS, expected=expected, hint=MIXED_UP)


def _without(pictures: Sequence[Picture], own: Picture) -> list[Picture]:
    return [p for p in pictures if p.facts.code and p != own]


# ---------------------------------------------------------------- one after the other


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=("picture-first", "text-first"),
    needs=ONE,
    guess=codes.GUESS,
    steps=9,
)
def same_words_other_pictures(lab: Lab, order: str) -> Dialogue:
    """One question about eight pictures in a row, then the first again: each its own answer."""
    via = yield from ways.transport(lab)
    pictures = [lab.pictures[f"sheet-{n:02}"] for n in range(2, 10)]
    for n, picture in enumerate([*pictures, pictures[0]]):
        parts: list[Part | str] = [questions.image(picture, via), prompts.SAME]
        probe = questions.ask(*(parts if order == "picture-first" else parts[::-1]))
        first = APART + (10 if n == len(pictures) else 0)
        observed = yield from _reads_own(probe, picture, _without(pictures, picture), first)
    return observed


@check(Level.MUST, spec=sources.REQUEST, needs=ONE, guess=codes.GUESS)
def same_words_with_and_without_pictures(lab: Lab) -> Dialogue:
    """Asked without, with, without, with and without a picture, a question is answered afresh."""
    via = yield from ways.transport(lab)
    pictures = [lab.pictures["sheet-10"], lab.pictures["sheet-11"]]
    bare = questions.ask(prompts.NO_PICTURE)
    for n, picture in enumerate(pictures):
        yield from _names_none(replace(bare, sample=APART + n), pictures)
        probe = questions.ask(questions.image(picture, via), prompts.NO_PICTURE)
        yield from _reads_own(probe, picture, _without(pictures, picture))
    return (yield from _names_none(replace(bare, sample=APART + len(pictures)), pictures))


def _names_none(probe: Probe, pictures: Sequence[Picture]) -> Steps[Observed]:
    exchange = yield probe
    expected = "an answer without the code of another request's picture"
    _verify_no_other(exchange, pictures, expected)
    return Observed(expected=expected, actual=replies.told(exchange))


@check(Level.MUST, spec=sources.REQUEST, needs=(*ONE, Claim.URL), guess=codes.GUESS)
def urls_of_one_name(lab: Lab) -> Dialogue:
    """Pictures at different URLs that end in the same file name are told apart."""
    yield from ways.through(lab, Hosted(), "url/plain")
    pictures = [lab.pictures[f"sheet-{n}"] for n in (12, 13, 14)]
    for picture in pictures:
        probe = questions.ask(questions.image(picture, Hosted(path="scan.png")), prompts.SAME)
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


@check(Level.MUST, spec=sources.REQUEST, over=tuple(TWINS), needs=ONE, guess=codes.GUESS)
def alike_pictures_are_told_apart(lab: Lab, what: str) -> Dialogue:
    """Two pictures with the same raw bytes, palette indices, start, size or layout stay two."""
    via = yield from ways.transport(lab)
    first, second = twins = [lab.pictures[name] for name in TWINS[what]]
    probes = [questions.ask(questions.image(picture, via), prompts.SAME) for picture in twins]
    yield from _reads_own(probes[0], first, _without(twins, first))
    if second.facts.code:
        yield from _reads_own(probes[1], second, [first])
    else:
        yield from _names_none(replace(probes[1], sample=APART), [first])
    return (yield from _reads_own(probes[0], first, _without(twins, first), APART + 10))


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
    try:
        yield from reading.reads(questions.ask_code(first, via), first.facts.code)
    except Failed as failed:
        raise Blocked("base64/format-is-read", failed.actual) from None
    twins = [first, collisions.twin(second, first, kind)]
    for n, picture in enumerate([*twins, first]):
        probe = questions.ask(questions.image(picture, via), prompts.SAME)
        observed = yield from _reads_own(
            probe, picture, _without(twins, picture), AFTER_ALIKE + 10 * n
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
        observed = yield from _reads_own(probe, picture, _without(pictures, picture))
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
    spec=sources.REQUEST,
    over=(
        *(Param(id=name, value=(name, False)) for name in CROWD),
        *(
            Param(id=f"{name}-streamed", value=(name, True), needs=frozenset({Claim.STREAMING}))
            for name in STREAMED
        ),
    ),
    needs=ONE,
    guess=codes.GUESS,
)
def requests_at_once_stay_apart(lab: Lab, one: tuple[str, bool]) -> Dialogue:
    """Of many requests at once, equal but for their pictures, each is answered from its own."""
    # Every case is one of the requests, and all are begun with each: as many are under way at once
    # as --concurrency allows. One that must be asked again is asked again in such a crowd.
    via = yield from ways.transport(lab)
    name, stream = one

    def asked(other: str, streamed: bool) -> Probe:
        # Another first sample than in the checks above: it is sent here and nowhere else.
        shown = questions.image(lab.pictures[other], via)
        return replace(questions.ask(shown, prompts.SAME, stream=streamed), sample=2 * APART)

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


@check(
    Level.MUST,
    spec=sources.REQUEST,
    over=ROUNDS,
    needs=ONE,
    guess=codes.GUESS,
    steps=lottery.REPEATS,
)
def equal_requests_are_answered_alike(lab: Lab, number: int) -> Dialogue:
    """The same request is answered from its picture every time: no back end is blind."""
    via = yield from ways.transport(lab)
    picture = lab.pictures["sheet-15"]
    expected = f"the code {picture.facts.code} each time, of {lottery.REPEATS}"
    bare = lottery.billed((yield replace(questions.ask(prompts.SAME), sample=APART)))
    paid, worst, tally = 0, "", Counter[lottery.Outcome]()
    for n in range(lottery.REPEATS):
        sample = APART + (n + lottery.REPEATS // len(ROUNDS) * (number - 1)) % lottery.REPEATS
        probe = replace(questions.ask(questions.image(picture, via), prompts.SAME), sample=sample)
        exchange = replies.judgeable((yield probe))
        found = lottery.outcome(exchange, picture.facts.code, bare, paid)
        tally[found] += 1
        if found is lottery.Outcome.SEEN:
            paid = max(paid, lottery.billed(exchange))
            continue
        worst = replies.told(exchange)
        if lottery.convicts(tally):
            hint = "some of the servers or channels behind this endpoint do not get pictures"
            raise Failed(
                f"{lottery.counted(tally)}: {worst}",
                symptom=Symptom.UNSTEADY,
                expected=expected,
                hint=hint,
                about=exchange,
                measured=lottery.counted(tally),
            )
    if tally[lottery.Outcome.SEEN] == 0 or lottery.missed(tally) >= lottery.MANY_MISSES:
        words = (
            f"{lottery.counted(tally)}: a model that often misreads, or a back end that is blind"
        )
        raise Unobserved(words, expected=expected, hint=f"for example {worst}")
    return Observed(expected=expected, actual=lottery.counted(tally))
