"""Who is to blame: what failed only as the echo of another check is blocked by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conformance.diagnosis import witness
from conformance.diagnosis.causes import causes
from conformance.diagnosis.context import look_over
from conformance.model import Finding, Verdict


def attributed(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, echoes BLOCKED by what explains them. Applied twice it changes nothing."""
    explained = causes(look_over(findings))
    return [_settled(f, explained.get(f.case.check.id, "")) for f in findings]


def _settled(finding: Finding, cause: str) -> Finding:
    if not cause or not witness.is_red(finding):
        return finding
    hint = f"it fails as {cause} does: look at that first"
    return replace(finding, verdict=Verdict.BLOCKED, blocked_by=cause, is_echo=True, hint=hint)
