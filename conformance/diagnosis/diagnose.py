"""From the findings of a run to statements: per symptom, groups of requests parted by contrast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.diagnosis.banners import banners, unasked
from conformance.diagnosis.contrast import Group, groups
from conformance.diagnosis.green import green
from conformance.diagnosis.statement import Diagnosis, Statement
from conformance.diagnosis.words import words_of
from conformance.model import GRAVITY, Finding, Level, Symptom, Verdict

_LEVELS = tuple(Level)


def diagnose(findings: Sequence[Finding], ended: str = "") -> Diagnosis:
    """What is to be said. Every FAILED case is in exactly one statement, whoever else failed.

    ``ended`` is why not all was asked, which is told before all else.
    """
    statements = [s for symptom in GRAVITY for s in _statements(symptom, findings)]
    return Diagnosis(
        banners=(*unasked(ended), *banners(findings)),
        statements=tuple(sorted(statements, key=_rank)),
    )


def _rank(statement: Statement) -> tuple[int, int, int]:
    """A MUST before a SHOULD; then by gravity; then the group of more requests."""
    level, gravity = _LEVELS.index(statement.level), GRAVITY.index(statement.symptom)
    return level, gravity, -statement.red


def _statements(symptom: Symptom, findings: Sequence[Finding]) -> Iterator[Statement]:
    red = [f for f in findings if f.verdict is Verdict.FAILED and f.symptom is symptom]
    if not red:
        return
    for group in groups(red, green(symptom, findings)):
        yield _statement(symptom, group)


def _statement(symptom: Symptom, group: Group) -> Statement:
    levels = [finding.case.check.level for finding in group.findings]
    return Statement(
        symptom=symptom,
        level=min(levels, key=_LEVELS.index),
        words=words_of(symptom, group),
        traits=tuple(trait.words for trait in group.traits),
        dimensions=tuple(trait.dimension for trait in group.traits),
        red=group.red,
        judged=group.red + group.green,
        red_without=group.red_without,
        judged_without=group.red_without + group.green_without,
        cases=tuple(finding.case.id for finding in group.findings),
    )
