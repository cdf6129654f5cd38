"""What is blamed in a report, and what only names who is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.diagnosis.attribution import attributed
from conformance.diagnosis.diagnose import diagnose
from conformance.model import Finding, Level, Verdict
from conformance.report.document import exit_status

Findings = Callable[[str], list[Finding]]
#: Faults whose echoes reach into many areas.
LOUD = ("errors-are200", "joins-equal-questions", "takes-absent-for-low", "dies-of-tiny-pictures")


@pytest.mark.parametrize("fault", LOUD)
def test_echoes_are_blocked_by_what_failed(fault: str, findings: Findings) -> None:
    before, after = findings(fault), attributed(findings(fault))
    failed = {f.case.check.id for f in after if f.verdict is Verdict.FAILED}
    echoes = [f for f in after if f.is_echo]
    assert failed
    assert echoes
    for finding in echoes:
        assert finding.verdict is Verdict.BLOCKED
        assert finding.blocked_by.partition("[")[0] in failed
        assert finding.evidence, "what was seen stays in the report"
        assert finding.blocked_by in finding.hint
    assert [f.case for f in after] == [f.case for f in before]


@pytest.mark.parametrize("fault", LOUD)
def test_only_failures_become_blocked_and_once(fault: str, findings: Findings) -> None:
    before, after = findings(fault), attributed(findings(fault))
    changed = [a for a, b in zip(before, after, strict=True) if a.verdict != b.verdict]
    assert {f.verdict for f in changed} == {Verdict.FAILED}
    assert attributed(after) == after


def test_who_is_blocked_by_the_blocked_is_told_of_the_first(findings: Findings) -> None:
    blocked = [f for f in attributed(findings("blind")) if f.verdict is Verdict.BLOCKED]
    assert {f.blocked_by for f in blocked} == {"url/plain", "base64/plain"}


@pytest.mark.parametrize("fault", LOUD)
def test_the_conclusions_are_the_same(fault: str, findings: Findings) -> None:
    before = findings(fault)
    assert diagnose(attributed(before)) == diagnose(before)
    assert exit_status(attributed(before)) == exit_status(before)


def test_a_broken_must_stays_one_behind_a_recommendation(findings: Findings) -> None:
    after = attributed(findings("takes-absent-for-low"))
    failed = [f for f in after if f.verdict is Verdict.FAILED]
    assert {f.case.check.level for f in failed} == {Level.SHOULD}
    assert exit_status(after) == 1
