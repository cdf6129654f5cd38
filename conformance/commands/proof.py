"""What became of one fault: who caught it, who was blamed, what was concluded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conformance.diagnosis import context
from conformance.diagnosis.attribution import attributed
from conformance.diagnosis.diagnose import conclude
from conformance.model import Finding, Verdict
from conformance.reference.fault import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One fault against the whole suite. All names are ids of checks."""

    fault: str
    kind: str
    named: tuple[str, ...]
    red: tuple[str, ...]
    #: Red and not explained by another: what is FAILED in the report.
    blamed: tuple[str, ...]
    #: Pairs of a red check that is BLOCKED in the report, and the one that explains it.
    echoes: tuple[tuple[str, str], ...]
    #: Blocked by something that is not red itself.
    orphans: tuple[str, ...]
    unobserved: tuple[str, ...]
    #: Class of the first statement of the diagnosis.
    concluded: str
    words: str
    #: Seconds of processor time.
    seconds: float = 0.0

    @property
    def areas(self) -> set[str]:
        return {area_of(check) for check in self.named}

    @property
    def is_caught(self) -> bool:
        return set(self.named) <= set(self.red)

    @property
    def missed(self) -> tuple[str, ...]:
        """Named and not red."""
        return tuple(check for check in self.named if check not in self.red)

    @property
    def wrongly_blamed(self) -> tuple[str, ...]:
        """Blamed outside the areas of the fault."""
        return tuple(check for check in self.blamed if area_of(check) not in self.areas)


def area_of(check: str) -> str:
    return check.partition("/")[0]


def prove_one(fault: Fault, findings: Sequence[Finding], seconds: float = 0.0) -> Proof:
    """The proof for a fault, from the findings of the whole suite against it."""
    settled = attributed(findings)
    run = context.look_over(settled)
    first = conclude(run)[0]
    blamed = [f.case.check.id for f in settled if f.verdict is Verdict.FAILED]
    echoes = {f.case.check.id: f.blocked_by for f in settled if f.is_echo}
    return Proof(
        fault=fault.name,
        kind=fault.kind,
        named=fault.caught_by,
        red=tuple(run.red),
        blamed=tuple(dict.fromkeys(blamed)),
        echoes=tuple(echoes.items()),
        orphans=tuple(_checks(f for f in settled if _is_orphan(f, run))),
        unobserved=tuple(_checks(f for f in findings if f.verdict is Verdict.UNOBSERVED)),
        concluded=first.kind.value,
        words=first.words,
        seconds=seconds,
    )


def _is_orphan(finding: Finding, run: context.Run) -> bool:
    by = finding.blocked_by.partition("[")[0]
    return finding.verdict is Verdict.BLOCKED and not run.is_red(by)


def _checks(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(f.case.check.id for f in findings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums over proofs; a share of nothing is 1."""

    faults: int
    caught: int
    #: Share of the blamed checks that lie in an area of the fault.
    precision: float
    #: Share of the checks that faults name which turned red.
    recall: float
    #: Share of faults whose class the diagnosis names first.
    concluded: float


def figures(proofs: Sequence[Proof]) -> Figures:
    blamed, wrong = _total(p.blamed for p in proofs), _total(p.wrongly_blamed for p in proofs)
    named, missed = _total(p.named for p in proofs), _total(p.missed for p in proofs)
    return Figures(
        faults=len(proofs),
        caught=sum(p.is_caught for p in proofs),
        precision=_share(blamed - wrong, blamed),
        recall=_share(named - missed, named),
        concluded=_share(sum(p.kind == p.concluded for p in proofs), len(proofs)),
    )


def _total(groups: Iterable[Sequence[str]]) -> int:
    return sum(map(len, groups))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
