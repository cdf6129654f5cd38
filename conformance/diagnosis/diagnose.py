"""The diagnosis of a run: a few statements, the gravest first."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.diagnosis import causes, evidence, subjects, witness
from conformance.diagnosis.classify import kind_of
from conformance.diagnosis.context import Run, look_over
from conformance.diagnosis.kinds import GRAVITY, Kind, Statement
from conformance.model import Finding, Verdict

#: Statements that are made; what else is red stands in the findings.
MOST = 8


def diagnose(findings: Sequence[Finding]) -> tuple[Statement, ...]:
    """At least one statement and at most ``MOST``; total on any findings, none included.

    Only red checks that no other explains are spoken of; see ``causes``. Every statement but a
    reassuring one names the checks and the evidence it rests on.
    """
    return conclude(look_over(findings))


def conclude(run: Run) -> tuple[Statement, ...]:
    """The same for a run that was looked over."""
    groups: dict[tuple[int, str], list[Finding]] = {}
    for check in causes.roots(run):
        for finding in _gravest(run, run.red[check]):
            key = (GRAVITY.index(kind_of(run, finding)), subjects.subject_of(run, finding))
            groups.setdefault(key, []).append(finding)
    made = [_statement(run, GRAVITY[k], s, fs) for (k, s), fs in sorted(groups.items(), key=_rank)]
    return tuple(made[:MOST]) or (_nothing_red(run),)


def _rank(group: tuple[tuple[int, str], list[Finding]]) -> int:
    return group[0][0]


def _gravest(run: Run, findings: Sequence[Finding]) -> list[Finding]:
    """The findings of one check that are of its gravest class."""
    gravest = min(GRAVITY.index(kind_of(run, f)) for f in findings)
    return [f for f in findings if GRAVITY.index(kind_of(run, f)) == gravest]


def _statement(run: Run, kind: Kind, subject: str, findings: list[Finding]) -> Statement:
    checks = tuple(dict.fromkeys(f.case.check.id for f in findings))
    return Statement(
        kind=kind,
        words=subjects.sentence(kind, subject, breaks=all(map(_breaks, findings))),
        evidence=evidence.of(run, findings),
        checks=checks,
    )


def _breaks(finding: Finding) -> bool:
    return not 0 < witness.status(finding) < 500


def _nothing_red(run: Run) -> Statement:
    verdicts = {f.verdict for f in run.findings}
    if not verdicts or verdicts <= {Verdict.NOT_APPLICABLE}:
        return Statement(kind=Kind.NONE, words="Nothing is known: no check was judged.")
    open_ = sum(f.verdict in (Verdict.BLOCKED, Verdict.UNOBSERVED) for f in run.findings)
    if not open_:
        return Statement(kind=Kind.NONE, words="Nothing is wrong with pictures.")
    seen = "Nothing wrong was seen" if Verdict.PASSED in verdicts else "Nothing was seen"
    case = "1 case" if open_ == 1 else f"{open_:,} cases"
    return Statement(kind=Kind.NONE, words=f"{seen}, but {case} could not be judged.")
