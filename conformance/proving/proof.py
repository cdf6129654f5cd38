"""What became of one fault: who caught it, and what was said first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conformance.diagnosis import Statement, diagnose
from conformance.diagnosis.contrast import FEWEST
from conformance.model import Finding, Symptom, Verdict
from conformance.reference.fault import Fault

_QUIET = (Verdict.PASSED, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One fault against the whole suite. All names are ids of checks."""

    fault: str
    symptom: Symptom
    also: tuple[Symptom, ...]
    where: tuple[str, ...]
    named: tuple[str, ...]
    #: What is FAILED in the report.
    red: tuple[str, ...]
    blocked: tuple[str, ...]
    unobserved: tuple[str, ...]
    #: Symptom, dimensions of the traits, and words of the first statement.
    first: Symptom | None
    dimensions: tuple[str, ...]
    words: str
    #: Every symptom that some statement names.
    stated: tuple[Symptom, ...]
    statements: int
    #: Cases that did not pass: their verdict, and the symptom of those that FAILED.
    cases: Mapping[str, tuple[Verdict, Symptom | None]]
    #: Requests of the first statement that show its symptom.
    red_requests: int = 0
    #: Seconds of processor time.
    seconds: float = 0.0

    @property
    def is_caught(self) -> bool:
        return not self.missed

    @property
    def missed(self) -> tuple[str, ...]:
        """Named and not red."""
        return tuple(check for check in self.named if check not in self.red)

    @property
    def is_stated(self) -> bool:
        """True where some statement names a symptom that is the fault's."""
        return not {self.symptom, *self.also}.isdisjoint(self.stated)

    @property
    def is_spoiled(self) -> bool:
        """True where no check that shows it could be judged: beside a fault that spoils all."""
        return {*self.blocked, *self.unobserved}.issuperset(self.named)

    @property
    def is_named(self) -> bool:
        """True where the first statement names the symptom, or a graver one that is as true."""
        return self.first in (self.symptom, *self.also)

    @property
    def is_placed(self) -> bool:
        """True where the first statement names what parts the requests, if anything is to.

        Of a single request no cause may be claimed; the requirement stands there in its place.
        """
        is_single = self.red_requests < FEWEST
        return not self.where or is_single or bool(set(self.where) & set(self.dimensions))


def prove_one(fault: Fault, findings: Sequence[Finding], seconds: float = 0.0) -> Proof:
    """The proof for a fault, from the findings of the whole suite against it."""
    said = diagnose(findings).statements
    first: Statement | None = said[0] if said else None
    return Proof(
        fault=fault.name,
        symptom=fault.symptom,
        also=fault.also,
        where=fault.where,
        named=fault.caught_by,
        red=_checks(findings, Verdict.FAILED),
        blocked=_checks(findings, Verdict.BLOCKED),
        unobserved=_checks(findings, Verdict.UNOBSERVED),
        first=first.symptom if first else None,
        dimensions=first.dimensions if first else (),
        words=first.words if first else "",
        stated=tuple(dict.fromkeys(statement.symptom for statement in said)),
        statements=len(said),
        cases={f.case.id: (f.verdict, f.symptom) for f in findings if f.verdict not in _QUIET},
        red_requests=first.red if first else 0,
        seconds=seconds,
    )


def _checks(findings: Iterable[Finding], verdict: Verdict) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.case.check.id for f in findings if f.verdict is verdict))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums over proofs; a share of nothing is 1."""

    faults: int
    #: Faults of which every named check failed.
    caught: int
    #: Share of faults whose symptom some statement names; and the first one.
    stated: float
    named: float
    #: Share of faults of which the first statement names what parts the requests, too.
    placed: float


def figures(proofs: Sequence[Proof]) -> Figures:
    return Figures(
        faults=len(proofs),
        caught=sum(p.is_caught for p in proofs),
        stated=_share(sum(p.is_stated for p in proofs), len(proofs)),
        named=_share(sum(p.is_named for p in proofs), len(proofs)),
        placed=_share(sum(p.is_named and p.is_placed for p in proofs), len(proofs)),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
