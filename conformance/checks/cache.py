"""What is kept between requests, or mixed up among them: the same words, other pictures."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from math import log

from conformance import answers, codes, prompts, sampling
from conformance.codes import GUESS
from conformance.dialogue import (
    Steps,
    answered,
    ask,
    gathers,
    image,
    judgeable,
    quote,
    through,
    told,
    transport,
    until,
)
from conformance.model import (
    Claim,
    Dialogue,
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
    Via,
)
from conformance.registry import check
from conformance.sources import IMAGE_INPUT, REQUEST

ONE = (Claim.READING,)
SEVERAL = (Claim.SEVERAL, Claim.READING)
#: Samples are counted from here, so that none of these requests is shared with another check: a
#: shared reply may be older than what came before it here.
APART = 100
MIXED_UP = "replies or pictures are kept, or mixed up, between requests; users may see each other's"


def _reads_own(
    probe: Probe, picture: Picture, others: Collection[Picture], first: int = APART
) -> Steps[Observed]:
    """The picture's own code must be named; the code of one of ``others`` fails at once.

    Such a code is no misreading: codes differ in four places of six.
    """
    expected = f"the code {picture.facts.code}"
    for sample in range(first, first + sampling.MOST_SAMPLES):
        exchange = yield replace(probe, sample=sample)
        words = answered(exchange, expected) if exchange.status < 500 else ""
        judgeable(exchange)
        if answers.reads(words, picture.facts.code):
            return Observed(expected=expected, actual=told(exchange))
        _verify_no_other(words, others, expected)
    attempts = f"and no better in {sampling.MOST_SAMPLES} attempts"
    raise Failed(f"{told(exchange)}, {attempts}", expected=expected)


def _verify_no_other(words: str, others: Collection[Picture], expected: str) -> None:
    named = set(answers.codes_in(words))
    for other in others:
        if other.facts.code in named:
            actual = f"the code of another request's picture, {other.id}: {quote(words)}"
            raise Failed(actual, expected=expected, hint=MIXED_UP)


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
    _verify_no_other(answered(exchange, expected), pictures, expected)
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
    # Every case is one of the requests. The engine begins all cases together, so they are under
    # way at once, as many as --concurrency allows.
    via = yield from transport(lab)
    name, stream = one
    crowd = [lab.pictures[other] for other in CROWD]
    probe = ask(image(lab.pictures[name], via), prompts.SAME, stream=stream)
    # Another first sample than in the checks above: whether it is streamed or not, it is its own.
    own = lab.pictures[name]
    return (yield from _reads_own(probe, own, _without(crowd, own), 2 * APART))


# ---------------------------------------------------------------- again and again

#: A blind back end that serves this part of the requests is looked for.
BLIND = 0.2
#: The part of the answers of one that sees which show no trace of the code all the same.
OFF = 0.03
#: Wald's test between the two. Twenty answers without a miss settle it, which one that is blind
#: to one request in five gives with a probability of 1 %. Such a one is convicted with 94 %, one
#: that sees with under 1 in 10,000 (tests/prove holds these figures). A back end that serves one
#: request in twenty is mostly missed: twenty requests do not even reach it with 36 %.
FALSE_ALARM = 1e-4
MISSED = 0.012
MOST_REPEATS = 100

_LOST = BLIND + (1 - BLIND) * OFF
_PER_MISS = log(_LOST / OFF)
_PER_HIT = log((1 - _LOST) / (1 - OFF))


def lottery(hits: int, misses: int) -> bool | None:
    """True: every request goes to somebody who sees; False: not so; None: ask again."""
    evidence = hits * _PER_HIT + misses * _PER_MISS
    if evidence <= log(MISSED / (1 - FALSE_ALARM)):
        return True
    return False if evidence >= log((1 - MISSED) / FALSE_ALARM) else None


def glimpsed(words: str, code: str) -> bool:
    """Whether an answer shows that its picture was seen: the code, or half of it in its place."""
    runs = (codes.fold(run) for run in re.findall(r"[0-9A-Za-z]+", words[: answers.LIMIT]))
    near = (run for run in runs if len(run) == codes.LENGTH)
    return answers.reads(words, code) or any(codes.distance(run, code) <= 3 for run in near)


@check(Level.MUST, spec=REQUEST, needs=ONE, guess=GUESS, steps=20)
def equal_requests_are_answered_alike(lab: Lab) -> Dialogue:
    """The same request is answered from its picture every time: no back end is blind."""
    via = yield from transport(lab)
    code = lab.pictures["sheet-15"].facts.code
    expected = f"the code {code} each time, of at least twenty"
    hits, misses, worst = 0, 0, ""
    while hits + misses < MOST_REPEATS and lottery(hits, misses) is None:
        seen, actual = yield from _one_more(lab, via, hits + misses, code)
        hits, misses = hits + seen, misses + (not seen)
        worst = worst if seen else actual
    actual = f"{misses} of {hits + misses} answers did not come from the picture"
    if lottery(hits, misses) is False:
        hint = "some of the servers or channels behind this endpoint do not get pictures"
        raise Failed(f"{actual}: {worst}", expected=expected, hint=hint)
    if lottery(hits, misses) is None and misses > BLIND * hits:
        raise Unobserved(f"{actual}, which settles nothing", expected=expected)
    return Observed(expected=expected, actual=actual)


def _one_more(lab: Lab, via: Via, number: int, code: str) -> Steps[tuple[bool, str]]:
    probe = ask(image(lab.pictures["sheet-15"], via), prompts.SAME)
    exchange = judgeable((yield replace(probe, sample=APART + number)))
    good = exchange.status == 200 and not exchange.reply.is_error
    if good and not exchange.reply.text.strip() and exchange.reply.finish_reason == "length":
        answered(exchange, "an answer")
    return good and glimpsed(exchange.reply.text, code), told(exchange)
