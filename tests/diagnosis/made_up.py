"""Findings that nobody measured: made up, so that each test says what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from random import Random
from typing import Any

from conformance.asking import prompts
from conformance.asking.questions import ask, image
from conformance.drawing import codes
from conformance.model import (
    Case,
    Check,
    Claim,
    Dialogue,
    Exchange,
    Facts,
    Finding,
    Lab,
    Level,
    Picture,
    Probe,
    Reply,
    Sent,
    Source,
    Symptom,
    Verdict,
    Via,
)

SENT = Sent(method="POST", path="/chat/completions", headers=(), body=b"{}")
ERROR = b'{"error": {"message": "no"}}'
#: Such as are drawn on sheets.
CODES = tuple(codes.draw(Random(number)) for number in range(4))


def nothing_asked(_: Lab) -> Dialogue:
    raise AssertionError("these checks are never played")
    yield


# ---------------------------------------------------------------- pictures and requests


@lru_cache
def picture(
    code: str = CODES[0],
    kind: str = "png",
    mode: str = "RGB",
    width: int = 400,
    height: int = 400,
    weight: int = 100,
) -> Picture:
    """A picture by what a request shows of it; its bytes are none."""
    name = f"{code}-{kind}-{mode}-{width}x{height}-{weight}"
    return Picture(
        id=name,
        file_bytes=bytes(weight),
        sha256=sha256(name.encode()).hexdigest(),
        file=f"{name}.{kind}",
        media_type=f"image/{kind}",
        width=width,
        height=height,
        mode=mode if width else "",
        facts=Facts(code=code),
    )


def looking(
    number: int = 0, via: Via | None = None, detail: Any = ..., stream: bool = False, **params: Any
) -> Probe:
    """One picture and a question; those of different numbers differ in their words alone."""
    words = f"{prompts.CODE} {'Please. ' * number}"
    return ask(image(picture(), via, detail), words, stream=stream, **params)


def talking(number: int = 0, **params: Any) -> Probe:
    """Words alone."""
    return ask(f"Say {number}.", **params)


# ---------------------------------------------------------------- what came back


def exchange(probe: Probe, text: str = "", status: int = 200, **more: Any) -> Exchange:
    """A reply: an answer with this text, or from 400 on an error object."""
    body = ERROR if status >= 400 else b"{}"
    made = Exchange(probe=probe, sent=SENT, status=status, body=body, reply=Reply(text=text))
    return replace(made, **more)


def seen(probe: Probe) -> Exchange:
    """A reply that tells what the first picture shows."""
    return exchange(probe, f"The code is {CODES[0]}.")


# ---------------------------------------------------------------- what was found


def check(name: str, level: Level = Level.MUST, *, claim: Claim | None = None) -> Check:
    """A check that is never played; its requirement is one sentence with its name."""
    return Check(
        id=name,
        area=name.partition("/")[0],
        level=level,
        requirement=f"What {name} is about is so.",
        spec=Source(title="none", url=""),
        dialogue=nothing_asked,
        needs=frozenset({claim} if claim else ()),
        guess=1e-6,
    )


def finding(
    name: str,
    verdict: Verdict,
    about: Exchange | None,
    *,
    level: Level = Level.MUST,
    claim: Claim | None = None,
    **more: Any,
) -> Finding:
    """A finding about one exchange, which is all of its evidence unless ``more`` says otherwise.

    ``name`` is the id of its case; what stands before a bracket is that of its check.
    """
    seen = {"evidence": (about,) if about else ()}
    case = Case(id=name, check=check(name.partition("[")[0], level, claim=claim))
    return Finding(case=case, verdict=verdict, about=about, **(seen | more))


def failed(symptom: Symptom, *probes: Probe, name: str = "red/one", **more: Any) -> list[Finding]:
    """A FAILED finding for each request, of one check."""
    return [
        finding(f"{name}[{n}]", Verdict.FAILED, exchange(probe, "a cat"), symptom=symptom, **more)
        for n, probe in enumerate(probes)
    ]


def passed(*exchanges: Exchange, name: str = "green/one", **more: Any) -> list[Finding]:
    """A PASSED finding for each reply, of one check."""
    return [finding(f"{name}[{n}]", Verdict.PASSED, e, **more) for n, e in enumerate(exchanges)]


def reads(*probes: Probe, name: str = "green/reads") -> list[Finding]:
    """A PASSED finding for each request: its picture was read."""
    return passed(*map(seen, probes), name=name)


def merged(first: Sequence[Finding], second: Sequence[Finding]) -> list[Finding]:
    """The findings of a run in which both went wrong: what failed in either has failed."""
    others = {found.case.id: found for found in second}
    return [
        others.get(found.case.id, found) if found.verdict is not Verdict.FAILED else found
        for found in first
    ]
