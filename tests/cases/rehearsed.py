"""One case's endpoint against some checks in this process, and what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from conformance import data
from conformance.diagnosis import Diagnosis, Statement, diagnose
from conformance.drawing import corpus
from conformance.model import Case, Finding, Pictures, Symptom, Target, Verdict, cases_of
from conformance.proving.rehearsal import TARGET, Around, rehearse
from conformance.proving.zoo import SLOW
from conformance.reference.endpoint import Endpoint
from conformance.registry import all_checks

#: As an endpoint of which nobody says what its model can do.
UNVOUCHED = replace(TARGET, vouched=frozenset())
PLAIN = frozenset({"base64/plain", "url/plain"})


@cache
def pictures() -> Pictures:
    return corpus.load(data.folder("fixtures"))


@cache
def every_case() -> tuple[Case, ...]:
    return tuple(cases_of(all_checks()))


def in_areas(*areas: str) -> set[str]:
    """Ids of the checks of some areas, slow ones apart."""
    return {case.check.id for case in every_case() if case.check.area in areas} - SLOW


def quick() -> set[str]:
    """Ids of every check but the slow ones."""
    return {case.check.id for case in every_case()} - SLOW


def nth(part: int, parts: int) -> list[Case]:
    """Every so many-th case, so that all parts together are one quick run."""
    return [case for case in every_case() if case.check.id not in SLOW][part::parts]


@dataclass(frozen=True)
class Run:
    """The findings of a run, and what is said of them."""

    findings: tuple[Finding, ...]

    @cached_property
    def said(self) -> Diagnosis:
        return diagnose(self.findings)

    @property
    def statements(self) -> tuple[Statement, ...]:
        return self.said.statements

    @property
    def symptoms(self) -> set[Symptom]:
        """Every symptom that some statement names."""
        return {statement.symptom for statement in self.statements}

    @property
    def banners(self) -> dict[str, str]:
        return {banner.kind: banner.words for banner in self.said.banners}

    def of(self, check: str) -> list[Finding]:
        """The findings of a check, or the one of a case."""
        found = [f for f in self.findings if check in (f.case.id, f.case.check.id)]
        assert found, f"{check} was not run"
        return found

    def one(self, case: str) -> Finding:
        (found,) = self.of(case)
        return found

    def verdicts(self, check: str) -> set[Verdict]:
        return {found.verdict for found in self.of(check)}

    def with_verdict(self, *verdicts: Verdict) -> list[Finding]:
        return [found for found in self.findings if found.verdict in verdicts]

    @property
    def failed(self) -> set[str]:
        """Ids of the checks that FAILED."""
        return {found.case.check.id for found in self.with_verdict(Verdict.FAILED)}

    def about(self, symptom: Symptom) -> list[Statement]:
        return [statement for statement in self.statements if statement.symptom is symptom]

    def told(self, *verdicts: Verdict) -> str:
        """A line for each finding with one of these verdicts, or for all that did not pass."""
        found = self.with_verdict(*verdicts or set(Verdict) - {Verdict.PASSED})
        return "\n".join(f"{f.case.id} {f.verdict} ({f.symptom}): {f.actual[:150]}" for f in found)

    @property
    def tally(self) -> Counter[Verdict]:
        return Counter(found.verdict for found in self.findings)


def run(
    make: Callable[..., Endpoint] = Endpoint,
    checks: Collection[str] | None = None,
    *,
    cases: Iterable[Case] | None = None,
    target: Target = UNVOUCHED,
    around: Around | None = None,
) -> Run:
    """What these checks find of the endpoint; the quick ones, where none are named."""
    if cases is None:
        wanted = quick() if checks is None else set(checks)
        cases = [c for c in every_case() if wanted & {c.check.id, c.id}]
    options: dict[str, Any] = {"around": around} if around else {}
    found = asyncio.run(rehearse(list(cases), pictures(), make, target=target, **options))
    return Run(tuple(found))


def verify_nobody_is_accused(seen: Run) -> None:
    """Nothing FAILED, and whatever is blocked names what is not all right itself."""
    assert not seen.failed, seen.told(Verdict.FAILED)
    verify_blocked_by_something(seen)


def verify_blocked_by_something(seen: Run) -> None:
    open_ = {f.case.id for f in seen.with_verdict(Verdict.FAILED, Verdict.UNOBSERVED)}
    blocked = {f.blocked_by for f in seen.with_verdict(Verdict.BLOCKED)}
    assert blocked <= open_, seen.told(Verdict.BLOCKED)
