"""Findings in the words that pytest shows."""

from __future__ import annotations

from conformance.model import Finding, Verdict
from conformance.report import labels
from conformance.report.text import visible


def failure(finding: Finding) -> str:
    """What is required, what was expected, what came, and where it is written."""
    check = finding.case.check
    lines = [
        f"{check.level} {check.requirement}",
        f"  expected: {visible(finding.expected)}",
        f"  actual:   {visible(finding.actual)}",
    ]
    if finding.hint:
        lines.append(f"  hint:     {visible(finding.hint)}")
    lines.append(f"  source:   {check.spec.title}, {check.spec.url}")
    return "\n".join(lines)


def skip_reason(finding: Finding) -> str:
    if finding.verdict is Verdict.BLOCKED:
        return f"blocked: look at {finding.blocked_by} first ({visible(finding.actual)})"
    why = f" ({labels.WHY[finding.why]})" if finding.why else ""
    return f"not applicable{why}: {visible(finding.actual)}"


def unobserved(finding: Finding) -> str:
    hint = f" ({visible(finding.hint)})" if finding.hint else ""
    if finding.ability:
        cannot = labels.ability(finding.ability)
        return f"the model cannot {cannot}: {visible(finding.actual)}{hint}"
    return f"could not be observed: {visible(finding.actual)}{hint}"
