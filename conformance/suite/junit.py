"""What JUnit's XML says of the whole run and of each case, as names and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.model import Finding
from conformance.report.selection import partial
from conformance.report.standing import overall

Doc = Mapping[str, Any]


def suite_properties(doc: Doc) -> Iterator[tuple[str, str]]:
    """Properties of the suite, from the report: how much was run, and what to read first."""
    footer, result = doc["footer"], overall(doc)
    yield "selection", partial(doc) or "whole run"
    yield "conclusion", f"{result.words}. {result.note}"
    for banner in footer["banners"]:
        yield "banner", banner["words"]
    for statement in footer["diagnosis"]:
        cases = ", ".join(statement["cases"])
        yield "statement", f"{statement['level']} {statement['words']} ({cases})"
    for row in footer["abilities"]:
        yield f"ability {row['ability']}", row["words"]


def properties(finding: Finding) -> Iterator[tuple[str, str]]:
    """Properties of one case; those that say nothing are left out."""
    check = finding.case.check
    yield "case", finding.case.id
    yield "level", check.level
    yield "verdict", finding.verdict
    yield "requirement", check.requirement
    yield "expected", finding.expected
    yield "actual", finding.actual
    yield "spec", check.spec.url
    more = {
        "symptom": finding.symptom,
        "why": finding.why,
        "ability": finding.ability,
        "blocked_by": finding.blocked_by,
    }
    yield from ((name, value) for name, value in more.items() if value)
