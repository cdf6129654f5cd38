"""What all reports count and name alike: areas, findings, and small sentences about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from conformance.model import AREAS
from conformance.report.labels import ORDER

#: Ids of the areas that users ask about first.
HEADLINE = tuple(area.id for area in AREAS if area.is_headline)
_KNOWN = {area.id: area for area in AREAS}

Rows = Sequence[dict[str, Any]]


def title(area: str) -> str:
    """The name of an area for people; its id where it is none of ours."""
    return _KNOWN[area].title if area in _KNOWN else area


def areas(findings: Rows) -> list[str]:
    """Ids of areas with findings, in order; those that are none of ours last, as they come."""
    found = dict.fromkeys(f["area"] for f in findings)
    return sorted(found, key=lambda id: _KNOWN[id].order if id in _KNOWN else len(AREAS))


def of_area(findings: Rows, area: str) -> list[dict[str, Any]]:
    """Findings of one area, failed first, otherwise as they come."""
    return sorted((f for f in findings if f["area"] == area), key=rank)


def rank(finding: dict[str, Any]) -> int:
    """Where a finding's verdict stands in ORDER."""
    return ORDER.index(finding["verdict"])


def gravest_first(doc: dict[str, Any]) -> list[dict[str, Any]]:
    """The failed findings, in the order of the statements that group them."""
    places = {
        case: number
        for number, statement in enumerate(doc["footer"]["diagnosis"])
        for case in statement["cases"]
    }
    failed = [f for f in doc["findings"] if f["verdict"] == "failed"]
    return sorted(failed, key=lambda f: places.get(f["case"], len(places)))


def counts(findings: Rows) -> dict[str, int]:
    """How many findings have each verdict, in ORDER; verdicts without any are left out."""
    tally = Counter(f["verdict"] for f in findings)
    return {v: tally[v] for v in ORDER if tally[v]}


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 case``, ``2 cases``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def guessing(probability: float) -> str:
    """The chance to pass without seeing anything, in words."""
    if probability <= 0:
        return "cannot be passed by guessing"
    if probability > 0.1:
        return f"an endpoint that saw nothing passes by luck {probability:.0%} of the time"
    tries = float(f"{1 / probability:.2g}")
    return f"an endpoint that saw nothing passes by luck about once in {tries:,.0f} tries"
