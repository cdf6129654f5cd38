"""Findings by chance: of requests of every kind, and of such as no check would ever send."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from made_up import CODES, ERROR, SENT, check, exchange, finding, picture

from conformance.asking import prompts
from conformance.asking.questions import ask, image, talk, turn
from conformance.asking.traits import traits
from conformance.model import (
    Case,
    Claim,
    Credential,
    Elsewhere,
    Exchange,
    Finding,
    Hosted,
    ImagePart,
    Inline,
    Level,
    LocalFile,
    Part,
    Payload,
    Probe,
    Reply,
    Service,
    Symptom,
    TextPart,
    Turn,
    Usage,
    Verbatim,
    Verdict,
    Via,
)

# ---------------------------------------------------------------- requests

_VIAS: tuple[Via, ...] = (Inline(), Hosted(), Hosted(redirects=(302,)), Inline(scheme="DATA:"))
_SEVERAL = [image(picture(code)) for code in CODES[:3]]
#: Few enough that requests of several findings are the same.
PROBES: tuple[Probe, ...] = (
    *(ask(image(picture(), via), prompts.CODE) for via in _VIAS),
    *(ask(image(picture(), None, d), prompts.CODE) for d in ("low", "high", "odd")),
    *(ask(image(picture(), via), prompts.CODE, stream=True) for via in _VIAS[:2]),
    *(ask(image(picture(kind=kind)), prompts.CODE) for kind in ("jpeg", "webp", "gif")),
    *(ask(image(picture(mode=mode)), prompts.CODE) for mode in ("RGBA", "P")),
    *(ask(image(picture(width=w, height=h)), prompts.CODE) for w, h in ((0, 0), (3000, 90))),
    ask(*_SEVERAL, prompts.CODES),
    ask(prompts.CODES, *_SEVERAL[:2]),
    talk(turn(_SEVERAL[0], "One."), turn("Yes.", role="assistant"), turn(prompts.CODE)),
    talk(turn("Be short.", role="system"), turn(_SEVERAL[1], prompts.CODE)),
    *(ask(f"Say {n}.") for n in range(3)),
    ask("Say 4.", stream=True),
    ask(_SEVERAL[0], prompts.CODE, tools=[{}]),
    replace(ask(_SEVERAL[0], prompts.CODE), credential=Credential.WRONG),
    replace(ask(_SEVERAL[0], prompts.CODE), service=Service.MESSAGES),
    replace(ask("Say 5."), raw_body=b"{"),
)


def probes() -> st.SearchStrategy[Probe]:
    """A sound request, now and then asked once more."""
    return st.builds(
        lambda probe, sample: replace(probe, sample=sample),
        st.sampled_from(PROBES),
        st.sampled_from((0, 0, 0, 1)),
    )


#: Half characters are in what an endpoint sends, and in nothing that we do.
_TEXTS = st.text(max_size=12) | st.sampled_from(("<image>", "a cat", "\ud800", "ش" * 30))
_SIZES = st.integers(0, 9000)


def odd_probes() -> st.SearchStrategy[Probe]:
    """Whatever the nouns allow."""
    pictures = st.builds(
        picture,
        code=st.sampled_from((*CODES, "")),
        kind=st.sampled_from(("png", "jpeg", "octet-stream", "x/y;z")),
        mode=st.sampled_from(("RGB", "I;16", "")),
        width=_SIZES,
        height=_SIZES,
        weight=st.integers(0, 200),
    )
    vias = st.one_of(
        st.builds(Inline, media_type=_TEXTS | st.none(), payload=st.sampled_from(Payload)),
        st.builds(Hosted, path=_TEXTS, status=st.integers(-1, 999), instead=_TEXTS),
        st.builds(Elsewhere, spelling=_TEXTS),
        st.builds(LocalFile, scheme=_TEXTS),
        st.builds(Verbatim, json=_TEXTS, whole_part=st.booleans()),
    )
    named = st.lists(st.tuples(_TEXTS, _TEXTS), max_size=2).map(tuple)
    images = st.builds(
        ImagePart, picture=st.none() | pictures, via=vias, detail=st.none() | _TEXTS, more=named
    )
    parts = st.lists(images | st.builds(TextPart, text=_TEXTS), max_size=3).map(tuple)
    turns = st.builds(Turn, parts=parts, role=_TEXTS | st.just("user"), more=named)
    return st.builds(
        Probe,
        turns=st.lists(turns, max_size=3).map(tuple),
        stream=st.booleans(),
        params=named,
        omit=st.lists(_TEXTS, max_size=2).map(tuple),
        headers=named,
        credential=st.sampled_from(Credential),
        service=st.sampled_from(Service),
        raw_body=st.none() | st.binary(max_size=9),
        sample=st.integers(0, 3),
        is_risky=st.booleans(),
    )


# ---------------------------------------------------------------- replies

_TROUBLES = ("", "", "", "", "500", "429", "reset", "stall", "cut", "a kind that nobody knows")


def _right(probe: Probe) -> str:
    parts: tuple[Part, ...] = tuple(part for each in probe.turns for part in each.parts)
    pictures = [p.picture for p in parts if isinstance(p, ImagePart) and p.picture]
    return " ".join(each.facts.code for each in pictures) or "Ready."


@st.composite
def exchanges(draw: st.DrawFn, of: st.SearchStrategy[Probe] | None = None) -> Exchange:
    """A reply to a request: right, wrong, none, an error, or whatever bytes."""
    probe = draw(probes() if of is None else of)
    status = draw(st.sampled_from((200, 200, 200, 400, 404, 500, 0)))
    text = draw(st.sampled_from((_right(probe), _right(probe), "a cat", "9Z9Z9Z", "")))
    trouble = draw(st.sampled_from(_TROUBLES))
    return Exchange(
        probe=probe,
        sent=SENT,
        status=status,
        body=draw(st.sampled_from((ERROR, b"{}", b"", b"[" * 200, b"\xff"))),
        reply=Reply(
            text=text if status == 200 else "",
            usage=draw(st.sampled_from((None, Usage(prompt=9, completion=1, total=10)))),
            is_error=draw(st.sampled_from((False, False, True))),
        ),
        trouble=trouble,
        troubles=draw(st.sampled_from(((), (), ("500",), ("cut", "429")))),
        reproduced=bool(trouble) and draw(st.booleans()),
    )


# ---------------------------------------------------------------- findings


@st.composite
def _finding(draw: st.DrawFn, name: str, replies: st.SearchStrategy[Exchange]) -> Finding:
    evidence = tuple(draw(st.lists(replies, max_size=3)))
    among = st.sampled_from(evidence) if evidence else st.none()
    verdict = draw(st.sampled_from((Verdict.FAILED, Verdict.PASSED, *Verdict)))
    is_red = verdict is Verdict.FAILED
    claim = draw(st.sampled_from((None, Claim.USAGE)))
    level = draw(st.sampled_from(Level))
    said: dict[str, Any] = {each: draw(_PROSE) for each in ("expected", "actual", "hint")}
    return Finding(
        case=Case(id=name, check=check(name, level, claim=claim)),
        verdict=verdict,
        symptom=draw(st.sampled_from(_FEW) | st.sampled_from(Symptom)) if is_red else None,
        evidence=evidence,
        about=draw(among | st.none() if draw(st.booleans()) else among),
        shown_by=evidence[:2] if is_red and draw(st.booleans()) else (),
        spared=evidence[2:] if is_red and draw(st.booleans()) else (),
        **said,
    )


#: Most findings are of few symptoms, so that there is something to be parted.
_FEW = (Symptom.NOT_READ, Symptom.REFUSED, Symptom.BILL_HIGH, Symptom.OVERLOOKED)
_PROSE = st.sampled_from(("", "200 and “a cat”", json.dumps({"error": "404, not read"})))


@st.composite
def _loose(draw: st.DrawFn, most: int, of: st.SearchStrategy[Probe] | None = None) -> list[Finding]:
    """Findings that have nothing to do with each other, each of another case."""
    number = draw(st.integers(0, most))
    replies = exchanges(of)
    return [draw(_finding(f"area{n % 3}/case-{n}", replies)) for n in range(number)]


#: What some requests have and most have not.
_CULPRITS = sorted(
    trait
    for trait, number in Counter(t for probe in PROBES for t in traits(probe)).items()
    if 2 <= number <= len(PROBES) / 2
)


@st.composite
def _parted(draw: st.DrawFn) -> list[Finding]:
    """What has one trait is red, and all else is green, but for a few."""
    culprit, symptom = draw(st.sampled_from(_CULPRITS)), draw(st.sampled_from(_FEW[:2]))
    numbers = st.sets(st.integers(0, len(PROBES) - 1), max_size=8)
    left_out, turned = draw(numbers), draw(st.sets(st.integers(0, len(PROBES) - 1), max_size=2))
    return [
        _about(n, probe, symptom if (culprit in traits(probe)) != (n in turned) else None)
        for n, probe in enumerate(PROBES)
        if n not in left_out
    ]


def _about(number: int, probe: Probe, symptom: Symptom | None) -> Finding:
    name, level = f"parted/case-{number}", tuple(Level)[number % 3]
    if symptom is None:
        answered = exchange(probe, _right(probe))
        return finding(name, Verdict.PASSED, answered, level=level)
    return finding(name, Verdict.FAILED, exchange(probe), level=level, symptom=symptom)


@st.composite
def _both(draw: st.DrawFn) -> list[Finding]:
    return [*draw(_parted()), *draw(_loose(3))]


def runs() -> st.SearchStrategy[list[Finding]]:
    """The findings of a run, each of another case."""
    return _both() | _both() | _loose(8)


def hostile_runs() -> st.SearchStrategy[list[Finding]]:
    """The same about requests that nobody would send."""
    return _loose(6, of=odd_probes() | probes())
