"""The suite against one endpoint in some weather, and what came of it."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock

import httpx
import hurry
from weather import Around

from conformance import rehearsal
from conformance.model import Case, Finding, Pictures, Verdict
from conformance.reference.endpoint import Endpoint

Make = Callable[..., Endpoint]


def played(
    make: Make, cases: Sequence[Case], pictures: Pictures, around: Around | None = None
) -> list[Finding]:
    """The findings of these cases; no pause takes any time."""
    options: dict[str, Any] = {}
    if "around" in inspect.signature(rehearsal.rehearse).parameters:
        options = {"around": around} if around else {}
        return hurry.run(rehearsal.rehearse(cases, pictures, make, **options))
    with _in(around):
        return hurry.run(rehearsal.rehearse(cases, pictures, make))


@contextmanager
def _in(around: Around | None) -> Iterator[None]:
    """The weather, where a rehearsal has no place for any."""
    if around is None:
        yield
        return
    made = SimpleNamespace(**vars(httpx))
    made.ASGITransport = lambda **options: around(httpx.ASGITransport(**options))
    with mock.patch.object(rehearsal, "httpx", made):
        yield


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
