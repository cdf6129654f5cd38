"""More than anybody wants: downloads without end, and pictures that explode."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache

from conformance.asking import questions, sources
from conformance.checks.security._on_demand import risky
from conformance.drawing import codes, flood, magnifying
from conformance.judging import aftermath, answers, refusals, replies, ways
from conformance.model import (
    Claim,
    Dialogue,
    Exchange,
    Failed,
    Hosted,
    Inline,
    Lab,
    Level,
    Observed,
    Param,
    Picture,
    Probe,
    Steps,
    Symptom,
)

URL = (Claim.URL,)
BOMB = "bomb"
DANGERS = (
    *(Param(id=kind, value=kind, needs=frozenset({Claim.URL})) for kind in flood.KINDS),
    Param(id=BOMB, value=BOMB, needs=frozenset({Claim.DATA_URL})),
)
#: Width in pixels of a bomb, 48 times that of the picture it is made of: 377 million pixels.
BOMB_WIDTH = 24576
#: What is asked after a danger is counted from here, apart from what other areas ask.
CONTROL = 1000


def _flooded(lab: Lab, kind: str) -> Probe:
    return questions.ask_code(lab.pictures["sheet-10"], Hosted(instead=kind))


@risky(Level.SHOULD, spec=sources.RESOURCES, over=(flood.ENDLESS, flood.VAST), needs=URL)
def endless_download_is_cut(lab: Lab, kind: str) -> Dialogue:
    """A download that does not end is cut off, and the request refused with a 4xx."""
    yield from ways.through(lab, Hosted(), "url/plain")
    expected = f"a 4xx with an error object, before {_mega(flood.PADDING)} were sent"
    exchange = yield from _outlived(_flooded(lab, kind), expected, _number(kind))
    # What stands between, such as a tunnel, takes all there is and asks nobody.
    is_direct = not lab.target.picture_host_url
    taken = max((fetch.bytes_sent for fetch in exchange.fetches), default=0)
    if is_direct and taken >= flood.PADDING:
        raise Failed(
            f"it took all {_mega(taken)}, then {replies.told(exchange)}",
            symptom=Symptom.LET_IN,
            expected=expected,
        )
    if is_direct and exchange.status == 200 and _is_read(lab, exchange):
        return Observed(expected=expected, actual=f"read from its first {_mega(taken)}")
    return _refused(exchange, expected, f"after {_mega(taken)}")


@risky(Level.SHOULD, spec=sources.BOMBS, needs=URL)
def inflated_download_is_refused(lab: Lab) -> Dialogue:
    """A download that is small and inflates without end is refused with a 4xx."""
    yield from ways.through(lab, Hosted(), "url/plain")
    expected = f"a 4xx with an error object for {_mega(flood.PADDING)} in less than one"
    exchange = yield from _outlived(
        _flooded(lab, flood.INFLATED), expected, _number(flood.INFLATED)
    )
    if _is_read(lab, exchange):
        raise Failed(
            f"it was all inflated: {replies.told(exchange)}",
            symptom=Symptom.LET_IN,
            expected=expected,
        )
    return _refused(exchange, expected, "at once")


@risky(Level.SHOULD, spec=sources.BOMBS, needs=(Claim.DATA_URL,))
def decompression_bomb_is_survived(lab: Lab) -> Dialogue:
    """A small file of very many pixels is answered or refused, without a crash or a hang."""
    yield from ways.through(lab, Inline(), "base64/plain")
    expected = "an answer, or a 4xx with an error object"
    exchange = yield from _outlived(
        questions.ask_code(_bomb(lab.pictures["sheet-11"])), expected, _number(BOMB)
    )
    if exchange.status == 200 and not exchange.reply.is_error:
        return Observed(expected=expected, actual=replies.told(exchange))
    return _refused(exchange, expected, "refused")


def _outlived(probe: Probe, expected: str, number: int) -> Steps[Exchange]:
    """The reply to a risky probe; Failed where there is none, and there is one to a plain one."""
    exchange = replies.judgeable((yield probe), Symptom.REFUSAL_BREAKS)
    # A question of its own: the reply to a shared one may be older than the damage.
    yield from aftermath.verify_alive(expected, sample=CONTROL + number)
    return exchange


def _refused(exchange: Exchange, expected: str, when: str) -> Observed:
    if not 400 <= exchange.status < 500:
        raise Failed(replies.told(exchange), symptom=Symptom.LET_IN, expected=expected)
    if not refusals.has_error_object(exchange):
        raise Failed(
            f"no error object in {replies.told(exchange)}",
            symptom=Symptom.NO_ERROR_OBJECT,
            expected=expected,
        )
    return Observed(expected=expected, actual=f"{when}: {replies.told(exchange)}")


def _is_read(lab: Lab, exchange: Exchange) -> bool:
    return answers.reads(exchange.reply.text, lab.pictures["sheet-10"].facts.code)


def _mega(size: int) -> str:
    return f"{size / 1e6:.0f} MB"


@lru_cache(maxsize=2)
def _bomb(picture: Picture) -> Picture:
    """The picture at 377 million pixels. It shows the same."""
    # Of what it is made of: zlib's bytes differ from one version to the next.
    digest = hashlib.sha256(f"{picture.sha256} at {BOMB_WIDTH}".encode()).hexdigest()
    return replace(
        picture,
        file_bytes=magnifying.in_black_and_white(picture.data, BOMB_WIDTH // picture.width),
        sha256=digest,
        file=f"{picture.id}-bomb.png",
        width=BOMB_WIDTH,
        height=picture.height * BOMB_WIDTH // picture.width,
        mode="1",
    )


def _number(kind: str) -> int:
    """A number of its own for what is asked after each danger."""
    return (*flood.KINDS, BOMB).index(kind)


@risky(
    Level.MUST, spec=sources.ERROR_CODES, over=DANGERS, needs=(Claim.READING,), guess=codes.GUESS
)
def endpoint_is_not_broken(lab: Lab, kind: str) -> Dialogue:
    """After an endless, inflated or exploding picture a plain one is read as before."""
    via = yield from ways.transport(lab)
    probe = (
        questions.ask_code(_bomb(lab.pictures["sheet-11"])) if kind == BOMB else _flooded(lab, kind)
    )
    danger = yield probe
    return (yield from aftermath.still_reads(lab, via, danger, CONTROL + _number(kind)))
