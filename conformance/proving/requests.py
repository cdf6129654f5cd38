"""What the suite sends when all goes well, as data, so that a plan is made in no time.

``requests.json`` is made of the committed cassettes of the reference endpoint by ``make accept``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conformance.model import Case, Finding, ImagePart, Json, Probe, sent_alone

FILE = Path(__file__).with_name("requests.json")
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A picture of a request: pixels (0 where it does not decode), bytes, and its detail."""

    width: int
    height: int
    size: int
    #: "auto" where none is given.
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, and the ids of the cases that ask it: equal questions are sent once."""

    cases: frozenset[str]
    pictures: tuple[Sent, ...]


@cache
def requests() -> tuple[Asked, ...]:
    """Every request of a whole run against a correct endpoint, in order."""
    document = json.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        Asked(
            cases=frozenset(ids),
            pictures=tuple(
                Sent(width=width, height=height, size=size, detail=detail)
                for width, height, size, detail in pictures
            ),
        )
        for ids, pictures in document["requests"]
    )


def asked_for(cases: Iterable[Case]) -> list[Asked]:
    """The requests that these cases send; one for a case that the reference is not asked."""
    ids = {case.id for case in cases}
    known = [asked for asked in requests() if asked.cases & ids]
    unknown = sorted(ids.difference(*(asked.cases for asked in known)))
    return [*known, *(Asked(cases=frozenset({id}), pictures=()) for id in unknown)]


def document_of(findings: Iterable[Finding]) -> Json:
    """What ``requests.json`` holds, from the findings of every case against a correct endpoint."""
    by_probe: dict[Probe, list[str]] = {}
    for finding in findings:
        for exchange in finding.evidence:
            by_probe.setdefault(sent_alone(exchange.probe), []).append(finding.case.id)
    written = [[ids, list(_pictures(probe))] for probe, ids in by_probe.items()]
    return {"format": FORMAT, "requests": written}


def text_of(document: Json) -> str:
    """One id a line, so that a change is seen in a diff."""
    return (
        f'{{"format":{FORMAT},"requests":[\n{",".join(map(_written, document["requests"]))}\n]}}\n'
    )


def _written(request: Json) -> str:
    ids, pictures = request
    lines = ",\n ".join(map(json.dumps, ids))
    return f"[[\n {lines}],\n {json.dumps(pictures, separators=(',', ':'))}]\n"


def _pictures(probe: Probe) -> Iterator[list[Json]]:
    for turn in probe.turns:
        for part in turn.parts:
            if isinstance(part, ImagePart) and part.picture is not None:
                shown, detail = part.picture, json.loads(part.detail or '"auto"')
                yield [shown.width, shown.height, shown.weight, str(detail)]
