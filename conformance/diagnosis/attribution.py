"""Who is to blame: what failed only as the echo of another check is blocked by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from conformance.diagnosis import echoes, witness
from conformance.diagnosis.causes import causes
from conformance.diagnosis.context import Run, look_over
from conformance.model import Finding, Verdict


def attributed(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, echoes BLOCKED by what explains them. Applied twice it changes nothing.

    What is blocked by a check that is itself blocked names the one at the end of the chain.
    """
    run = look_over(findings)
    explained = causes(run)
    settled = [_settled(f, explained.get(f.case.check.id, "")) for f in findings]
    failed = {f.case.check.id: f for f in settled if f.verdict is Verdict.FAILED}
    blockers = {f.case.check.id: f.blocked_by for f in settled if f.verdict is Verdict.BLOCKED}
    return [_rooted(run, f, failed, blockers) for f in settled]


def _settled(finding: Finding, cause: str) -> Finding:
    if not cause or not witness.is_red(finding):
        return finding
    hint = f"it fails as {cause} does: look at that first"
    return replace(finding, verdict=Verdict.BLOCKED, blocked_by=cause, is_echo=True, hint=hint)


def _rooted(
    run: Run, finding: Finding, failed: Mapping[str, Finding], blockers: Mapping[str, str]
) -> Finding:
    """A blocked finding with the check at the end of its chain, where that one failed.

    Where it did not, for the endpoint broke later, one that failed with the same words is named.
    """
    if finding.verdict is not Verdict.BLOCKED:
        return finding
    by, seen = finding.blocked_by, set[str]()
    while _check_of(by) not in failed and _check_of(by) in blockers and by not in seen:
        seen.add(by)
        by = blockers[_check_of(by)]
    if _check_of(by) not in failed:
        broken = (c for c, cause in failed.items() if echoes.same_breakdown(run, cause, finding))
        by = next(broken, finding.blocked_by)
    if by == finding.blocked_by:
        return finding
    return replace(finding, blocked_by=by, hint=f"look at {by} first")


def _check_of(case: str) -> str:
    return case.partition("[")[0]
