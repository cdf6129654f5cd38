"""Findings in the words that pytest shows."""

from __future__ import annotations

from conformance.model import Finding, Verdict
from conformance.report import labels
from conformance.report.text import unbroken


def failure(finding: Finding) -> str:
    """What is required, what was expected, what came, and where it is written."""
    check = finding.case.check
    lines = [
        f"{check.level} {check.requirement}",
        f"  expected: {unbroken(finding.expected)}",
        f"  actual:   {unbroken(finding.actual)}",
    ]
    if finding.hint:
        lines.append(f"  hint:     {unbroken(finding.hint)}")
    lines.append(f"  source:   {check.spec.title}, {check.spec.url}")
    return "\n".join(lines)


def skip_reason(finding: Finding) -> str:
    if finding.verdict is Verdict.BLOCKED:
        return f"blocked: look at {finding.blocked_by} first ({unbroken(finding.actual)})"
    why = f" ({labels.WHY[finding.why]})" if finding.why else ""
    return f"not applicable{why}: {unbroken(finding.actual)}"


def unobserved(finding: Finding) -> str:
    hint = f" ({unbroken(finding.hint)})" if finding.hint else ""
    if finding.ability:
        cannot = labels.ability(finding.ability)
        return f"the model cannot {cannot}: {unbroken(finding.actual)}{hint}"
    return f"could not be observed: {unbroken(finding.actual)}{hint}"
