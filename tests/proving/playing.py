"""The suite against one endpoint in some weather, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import hurry

from conformance.model import Case, Finding, Pictures, Target, Verdict
from conformance.proving.rehearsal import TARGET, Around, rehearse
from conformance.reference.endpoint import Endpoint

Make = Callable[..., Endpoint]


#: Nobody vouches for what the model can do: the suite finds out.
UNKNOWN = replace(TARGET, vouched=frozenset())


def played(
    make: Make,
    cases: Sequence[Case],
    pictures: Pictures,
    around: Around = lambda transport: transport,
    target: Target = UNKNOWN,
) -> list[Finding]:
    """The findings of these cases; no pause takes any time."""
    return hurry.run(rehearse(cases, pictures, make, target=target, around=around))


@dataclass(slots=True)
class Tally:
    """Cases by verdict, and the ids of those that are not as they should be."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    left_open: Counter[str] = field(default_factory=Counter)

    @property
    def cases(self) -> int:
        return self.verdicts.total()

    def add(self, other: Tally) -> None:
        self.verdicts += other.verdicts
        self.failed += other.failed
        self.left_open += other.left_open


def tallied(findings: Sequence[Finding]) -> Tally:
    """A run in numbers."""
    tally = Tally()
    for finding in findings:
        tally.verdicts[finding.verdict] += 1
        if finding.verdict is Verdict.FAILED:
            tally.failed[finding.case.id] += 1
        elif finding.verdict is not Verdict.PASSED:
            tally.left_open[finding.case.id] += 1
    return tally


def told(findings: Sequence[Finding], *verdicts: Verdict) -> str:
    """One line for each finding with one of these verdicts."""
    return "\n".join(
        f"{f.case.id} {f.verdict}: {f.actual}" for f in findings if f.verdict in verdicts
    )
